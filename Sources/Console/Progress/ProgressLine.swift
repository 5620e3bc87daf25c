import Platform
import Scripting

/// Progress on standard error: a bar that is drawn over itself on a terminal, elsewhere a plain line every ten seconds.
package final class ProgressLine {
  private let isTerminal: Bool
  private var title: String?
  private var start = 0.0
  private var lastDrawn = 0.0
  private var isDrawn = false

  private static let barWidth = 16
  private static let secondsBetweenLines = 10.0
  private static let secondsBetweenFrames = 0.1

  package init(isTerminal: Bool) { self.isTerminal = isTerminal }

  package func update(_ progress: Progress) {
    let now = Machine.seconds
    if title != progress.title {
      end()
      title = progress.title
      start = now
      lastDrawn = isTerminal ? 0 : now
    }
    guard now - lastDrawn >= (isTerminal ? Self.secondsBetweenFrames : Self.secondsBetweenLines) else { return }
    lastDrawn = now
    let elapsed = now - start
    if isTerminal {
      let columns = Output.columns(of: Output.error)
      Output.write("\r\u{1B}[K" + Self.bar(progress, elapsed: elapsed, columns: columns), to: Output.error)
      isDrawn = true
    } else {
      Output.write(Self.line(progress, elapsed: elapsed) + "\n", to: Output.error)
    }
  }

  /// Takes the bar away so that something else can be written; the next update draws it anew.
  package func clear() {
    guard isDrawn else { return }
    Output.write("\r\u{1B}[K", to: Output.error)
    isDrawn = false
    lastDrawn = 0
  }

  package func end() {
    clear()
    title = nil
  }

  /// `training ███████░░░░░  42 %, epoch 12 of 200, loss 31.4, 3 min 20 s left`, cut to the terminal's width.
  package static func bar(_ progress: Progress, elapsed: Double, columns: Int) -> String {
    guard let fraction = progress.fraction else {
      return fitting(([progress.title] + details(progress, elapsed)).joined(separator: ", "), columns: columns)
    }
    let filled = Int((min(max(fraction, 0), 1) * Double(barWidth)).rounded(.down))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
    let number = percent(fraction)
    let padding = String(repeating: " ", count: max(0, 5 - number.count))
    let text = ["\(progress.title) \(bar) \(padding)\(number)"] + details(progress, elapsed)
    return fitting(text.joined(separator: ", "), columns: columns)
  }

  /// `training: 42 %, epoch 12 of 200, loss 31.4, 3 min 20 s left`
  package static func line(_ progress: Progress, elapsed: Double) -> String {
    let parts = (progress.fraction.map { [percent($0)] } ?? []) + details(progress, elapsed)
    return "\(progress.title): \(parts.joined(separator: ", "))"
  }

  private static func percent(_ fraction: Double) -> String {
    "\(Int((min(max(fraction, 0), 1) * 100).rounded(.down))) %"
  }

  private static func details(_ progress: Progress, _ elapsed: Double) -> [String] {
    // Time comes first: a narrow terminal cuts the end.
    var parts: [String] = []
    // The first moments say little about the rest.
    if let fraction = progress.fraction, fraction > 0.001, fraction < 1, elapsed > 2 {
      parts.append("\(duration(seconds: elapsed / fraction * (1 - fraction))) left")
    } else if progress.fraction == nil, elapsed > 2 {
      parts.append(duration(seconds: elapsed))
    }
    if !progress.detail.isEmpty { parts.append(progress.detail) }
    return parts
  }

  private static func fitting(_ text: String, columns: Int) -> String {
    text.count < columns ? text : String(text.prefix(max(0, columns - 2))) + "…"
  }
}

import Platform
import Scripting

/// Progress on standard error: a bar that is drawn over itself on a terminal, elsewhere a plain line every ten seconds.
package final class ProgressLine {
  private let isTerminal: Bool
  private var title: String?
  private var isVague = false
  private var start = 0.0
  /// What was done already when the command began: a training that goes on.
  private var firstFraction = 0.0
  private var lastDrawn = 0.0
  private var isDrawn = false

  private static let barWidth = 16
  private static let secondsBetweenLines = 10.0
  private static let secondsBetweenFrames = 0.1

  package init(isTerminal: Bool) { self.isTerminal = isTerminal }

  package func update(_ progress: Progress) {
    let now = Machine.seconds
    if progress.isVague && title != nil && !isVague { return }
    if title != progress.title {
      end()
      title = progress.title
      isVague = progress.isVague
      start = now
      firstFraction = Self.finite(progress.fraction) ?? 0
      lastDrawn = isTerminal ? 0 : now
    }
    guard now - lastDrawn >= (isTerminal ? Self.secondsBetweenFrames : Self.secondsBetweenLines) else { return }
    lastDrawn = now
    let elapsed = now - start
    if isTerminal {
      let columns = Output.columns(of: Output.error)
      let bar = Self.bar(progress, elapsed: elapsed, since: firstFraction, columns: columns)
      Output.write("\r\u{1B}[K" + bar, to: Output.error)
      isDrawn = true
    } else {
      Output.write(Self.line(progress, elapsed: elapsed, since: firstFraction) + "\n", to: Output.error)
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

  /// `training ███████░░░░░  42 %, 3 min 20 s left, epoch 12 of 200, loss 31.4`, cut to the terminal's width.
  /// - Parameters:
  ///   - elapsed: seconds since the command began.
  ///   - first: the fraction that was done by then.
  package static func bar(_ progress: Progress, elapsed: Double, since first: Double = 0, columns: Int) -> String {
    guard let fraction = finite(progress.fraction) else {
      return fitting(([progress.title] + details(progress, elapsed, first)).joined(separator: ", "), columns: columns)
    }
    let filled = Int((fraction * Double(barWidth)).rounded(.down))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
    let number = percent(fraction)
    let padding = String(repeating: " ", count: max(0, 5 - number.count))
    let text = ["\(progress.title) \(bar) \(padding)\(number)"] + details(progress, elapsed, first)
    return fitting(text.joined(separator: ", "), columns: columns)
  }

  /// `training: 42 %, 3 min 20 s left, epoch 12 of 200, loss 31.4`
  package static func line(_ progress: Progress, elapsed: Double, since first: Double = 0) -> String {
    let parts = (finite(progress.fraction).map { [percent($0)] } ?? []) + details(progress, elapsed, first)
    return parts.isEmpty ? progress.title : "\(progress.title): \(parts.joined(separator: ", "))"
  }

  /// A fraction in 0…1; nil for none and for what is no number.
  private static func finite(_ fraction: Double?) -> Double? {
    guard let fraction, fraction.isFinite else { return nil }
    return min(max(fraction, 0), 1)
  }

  private static func percent(_ fraction: Double) -> String { "\(Int((fraction * 100).rounded(.down))) %" }

  private static func details(_ progress: Progress, _ elapsed: Double, _ first: Double) -> [String] {
    // Time comes first: a narrow terminal cuts the end.
    var parts: [String] = []
    let fraction = finite(progress.fraction)
    // The first moments say little about the rest.
    if let fraction, fraction - first > 0.001, fraction < 1, elapsed > 2 {
      parts.append("\(duration(seconds: elapsed / (fraction - first) * (1 - fraction))) left")
    } else if fraction == nil, elapsed > 2 {
      parts.append(duration(seconds: elapsed))
    }
    if !progress.detail.isEmpty { parts.append(progress.detail.withoutControls) }
    return parts
  }

  private static func fitting(_ text: String, columns: Int) -> String {
    guard text.displayWidth >= columns else { return text }
    var kept = "", width = 0
    for character in text {
      width += character.displayWidth
      if width > columns - 2 { break }
      kept.append(character)
    }
    return kept + (columns > 1 ? "…" : "")
  }
}

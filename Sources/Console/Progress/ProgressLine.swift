import BVAELanguage
import BVAEPlatform
import Synchronization

/// Progress on standard error: a bar that is drawn over itself on a terminal, elsewhere a plain line every ten seconds.
/// Ctrl-C is answered there too, by a thread of its own: whatever is written to the terminal is written through here.
package final class ProgressLine: Sendable {
  /// Whether what was written can be written over.
  let isTerminal: Bool
  private let answersInLines: Bool
  private let state = Mutex(State())

  private struct State {
    var title: String?
    var isVague = false
    var start = 0.0
    /// What was done already when the command began: a training that goes on.
    var firstFraction = 0.0
    var lastDrawn = 0.0
    /// The columns that are drawn, nil where nothing is.
    var drawn: Int?
  }

  private static let barWidth = 16
  private static let secondsBetweenLines = 10.0
  private static let secondsBetweenFrames = 0.1

  /// A line for standard error.
  /// - Parameters:
  ///   - isTerminal: whether what was written can be written over.
  ///   - answersInLines: where it cannot, whether someone is there all the same who presses Ctrl-C.
  package init(isTerminal: Bool, answersInLines: Bool = false) {
    self.isTerminal = isTerminal
    self.answersInLines = answersInLines
  }

  package func update(_ progress: Progress) {
    let now = Machine.seconds
    state.withLock { state in
      if progress.isVague && state.title != nil && !state.isVague { return }
      if state.title != progress.title {
        erase(&state)
        state.title = progress.title
        state.isVague = progress.isVague
        state.start = now
        state.firstFraction = Self.finite(progress.fraction) ?? 0
        state.lastDrawn = isTerminal ? 0 : now
      }
      guard now - state.lastDrawn >= (isTerminal ? Self.secondsBetweenFrames : Self.secondsBetweenLines) else { return }
      state.lastDrawn = now
      let elapsed = now - state.start
      if isTerminal {
        let columns = Output.columns(of: Output.error)
        draw(
          Self.answer(presses: Interruption.pressCount, title: state.title)
            ?? Self.bar(progress, elapsed: elapsed, since: state.firstFraction, columns: columns), columns, &state)
      } else {
        Output.write(Self.line(progress, elapsed: elapsed, since: state.firstFraction) + "\n", to: Output.error)
      }
    }
  }

  /// Says that Ctrl-C was heard, where something is at work that it stops.
  func answer() {
    guard isTerminal || answersInLines else { return }
    state.withLock { state in
      guard Interruption.isAtWork, let text = Self.answer(presses: Interruption.pressCount, title: state.title) else {
        return
      }
      if isTerminal {
        draw(text, Output.columns(of: Output.error), &state)
      } else {
        Output.write(text + "\n", to: Output.error)
      }
    }
  }

  /// Takes the bar away, so that something else can be written; the next update draws it anew.
  package func clear(_ write: () -> Void = {}) {
    state.withLock { state in
      erase(&state)
      state.lastDrawn = isTerminal ? 0 : state.lastDrawn
      write()
    }
  }

  package func end() {
    state.withLock { state in
      erase(&state)
      state.title = nil
    }
  }

  private func draw(_ text: String, _ columns: Int, _ state: inout State) {
    let text = Self.fitting(text, columns: columns)
    Output.write(Self.erasing(state.drawn, columns: columns) + text, to: Output.error)
    state.drawn = text.displayWidth
  }

  private func erase(_ state: inout State) {
    // A terminal may have shown `^C` where nothing else stands in the line.
    guard state.drawn != nil || isTerminal && Interruption.pressCount > 0 else { return }
    Output.write(Self.erasing(state.drawn, columns: Output.columns(of: Output.error)), to: Output.error)
    state.drawn = nil
  }

  /// What erases a line of `drawn` columns. Where the terminal has become narrower it has broken the line.
  package static func erasing(_ drawn: Int?, columns: Int) -> String {
    let above = max(0, (drawn ?? 0) - 1) / max(1, columns)
    return above > 0 ? "\r\u{1B}[\(above)A\u{1B}[J" : "\r\u{1B}[K"
  }

  /// What answers Ctrl-C, nil where it was not pressed.
  package static func answer(presses: Int, title: String?) -> String? {
    switch presses {
    case ...0: nil
    case 1: title == "training" ? "stopping after this step…" : "stopping…"
    default: "still stopping… (Ctrl-\\ kills the program; unsaved work is lost)"
    }
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

  /// A line cut so that the terminal still has room behind it for the `^C` that it may show itself.
  private static func fitting(_ text: String, columns: Int) -> String {
    let room = max(1, columns - 3)
    guard text.displayWidth > room else { return text }
    var kept = "", width = 0
    for character in text {
      width += character.displayWidth
      if width > room - 1 { break }
      kept.append(character)
    }
    return kept + "…"
  }
}

import BVAELanguage
import BVAEPlatform

/// A prompt with a line editor, on a terminal.
package final class EditingPrompt: Prompt {
  /// True.
  package let isTerminal = true
  private let host: TerminalHost
  private let history: InputHistory
  private var decoder = KeyDecoder()
  private var editor: LineEditor
  private var region: ScreenRegion
  private let showsColors: Bool
  /// Keys that came with those before them and wait for their turn.
  private var keys: [Key] = []
  /// Lines that were entered together.
  private var lines: [[UInt8]] = []
  private var columns = 80
  private var rows = 24
  private var hasWarned = false

  /// How long a lone Escape is waited for where it means something; over slow lines keys come in pieces.
  private static let escapeMilliseconds: Int32 = 400
  /// How long the rest of a paste is waited for before what has come is shown.
  private static let pasteMilliseconds: Int32 = 3000

  private init(_ session: Session, _ host: TerminalHost) {
    let history = InputHistory(path: InputHistory.standardPath)
    self.host = host
    self.history = history
    showsColors = Terminfo.showsColors()
    // Without colours what is suggested could not be told from what is typed.
    editor = LineEditor(assistant: SessionAssistant(session: session), suggests: showsColors) { history.entries }
    host.historyEntries = { history.entries }
    region = ScreenRegion(showsColors: showsColors)
  }

  /// The prompt that suits where the lines come from: an editor on a terminal that can move its cursor, else one that
  /// takes lines as they come.
  package static func suitable(for session: Session, host: TerminalHost) -> any Prompt {
    let plain = PlainPrompt()
    let name = Machine.environment("TERM") ?? "dumb"
    guard plain.isTerminal, name != "dumb", Terminal.prepare() else { return plain }
    return EditingPrompt(session, host)
  }

  /// Gives up the lines that were entered together with the last one.
  package func discardRest() -> Int {
    defer { lines = [] }
    return lines.count { Self.says($0) }
  }

  /// Whether a line says something, and is neither blank nor a comment.
  private static func says(_ line: [UInt8]) -> Bool {
    guard let first = line.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else { return false }
    return first != UInt8(ascii: "#")
  }

  /// The next line: of those that were entered together, else edited until one is entered.
  package func nextLine(isContinued: Bool) -> PromptedLine {
    if !lines.isEmpty { return .line(lines.removeFirst()) }
    Terminal.enter(.editing)
    editor.begin()
    region.forget()
    measure()
    defer {
      Terminal.enter(.running)
      heedPresses()
    }
    var isShown = false
    while true {
      while !keys.isEmpty {
        let outcome = editor.handle(keys.removeFirst())
        if let line = finish(outcome, isContinued) { return line }
        isShown = false
      }
      if !isShown { draw(isContinued) }
      isShown = true
      switch StandardInput.next(milliseconds: patience) {
      case .bytes(let bytes): keys = decoder.decode(bytes)
      case .nothing:
        if Terminal.takeContinued() {
          Output.write("\r\u{1B}[J", to: Output.error)
          region.forget()
          measure()
          isShown = false
        } else if Terminal.takeResized() {
          measure()
          Output.write(region.clearAfterResize(columns: columns), to: Output.error)
          isShown = false
        } else {
          keys = decoder.giveUpWaiting()
        }
      case .interrupted:
        keys = []
        if let line = finish(.interrupted, isContinued) { return line }
      case .end:
        // The terminal is gone; with Ctrl-D the text would be empty.
        keep(editor.buffer.text)
        return finish(.ended, isContinued) ?? .end
      }
    }
  }

  /// Ctrl-C that was pressed right after Enter, while keys were still read as they are, stops what was entered; what was
  /// typed before it is given up, as terminals do it.
  private func heedPresses() {
    if StandardInput.isReady, case .bytes(let bytes) = StandardInput.next(milliseconds: 0) {
      keys += decoder.decode(bytes)
    }
    guard let press = keys.lastIndex(of: .control("c")) else { return }
    keys.removeFirst(press + 1)
    Interruption.request()
  }

  private var patience: Int32? {
    switch decoder.waiting {
    case .escape: editor.heedsEscape ? Self.escapeMilliseconds : nil
    case .paste: Self.pasteMilliseconds
    case .nothing, .rest: nil
    }
  }

  private func measure() {
    columns = Output.columns(of: Output.error)
    rows = Output.rows(of: Output.error)
  }

  private func layout(_ isContinued: Bool, isFinal: Bool = false) -> EditorLayout {
    EditorLayout(
      editor, columns: columns, rows: rows, isContinued: isContinued, showsColors: showsColors, isFinal: isFinal)
  }

  private func draw(_ isContinued: Bool) {
    Output.write(region.show(layout(isContinued), columns: columns, rows: rows), to: Output.error)
  }

  private func leave(_ isContinued: Bool, _ ending: String) {
    let text = region.leave(layout(isContinued, isFinal: true), columns: columns, rows: rows)
    Output.write(text + ending, to: Output.error)
  }

  /// What an outcome ends the editing with, nil where it goes on.
  private func finish(_ outcome: LineEditor.Outcome, _ isContinued: Bool) -> PromptedLine? {
    switch outcome {
    case .editing: return nil
    case .accepted:
      leave(isContinued, "\r\n")
      let text = editor.buffer.text
      keep(text)
      lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
      return .line(lines.removeFirst())
    case .interrupted:
      leave(isContinued, "^C")
      let text = editor.buffer.text
      // A block was work, and a signal that ends the program is no wish to lose what is typed.
      if text.contains("\n") || Interruption.endingSignal != nil { keep(text) }
      return .interrupted
    case .ended:
      leave(isContinued, "")
      return .end
    case .cleared:
      Output.write("\u{1B}[H\u{1B}[2J", to: Output.error)
      region.forget()
    case .external: editElsewhere()
    case .suspended:
      leave(isContinued, "")
      Terminal.suspend()
      _ = Terminal.takeContinued()
      measure()
    }
    return nil
  }

  /// Lets the user's editor have the text, and takes it back.
  private func editElsewhere() {
    Output.write(region.clearAfterResize(columns: columns), to: Output.error)
    switch ExternalEditor.edit(editor.buffer.text) {
    case .text(let text): editor.replace(with: text)
    case .unchanged(let reason): editor.say(reason)
    }
    // What was pressed meanwhile was for the other program.
    Interruption.clear()
    Interruption.drain()
    measure()
  }

  private func keep(_ text: String) {
    do {
      try history.add(text)
    } catch {
      if !hasWarned { host.note("the history cannot be saved: \(error)") }
      hasWarned = true
    }
  }
}

import BVAEConsole
import BVAELanguage
import BVAENotebook

/// An editor over the whole language, to which keys are given as a terminal sends them.
struct TestEditor {
  let session: Session
  var editor: LineEditor
  private var decoder = KeyDecoder()

  init(_ script: String = "", history: [String] = [], suggests: Bool = true) {
    let session = Session.full(host: SilentHost())
    if !script.isEmpty { _ = session.run(Source(name: "test", text: script), isInteractive: true) }
    self.session = session
    editor = LineEditor(assistant: SessionAssistant(session: session), suggests: suggests) { history }
  }

  /// Types, and gives what the last key came to.
  @discardableResult
  mutating func type(_ text: String) -> LineEditor.Outcome {
    var outcome = LineEditor.Outcome.editing
    for key in decoder.decode(Array(text.utf8)) + decoder.giveUpWaiting() { outcome = editor.handle(key) }
    return outcome
  }

  /// The text with `|` where the cursor is.
  var state: String {
    let characters = editor.buffer.characters
    return String(characters[..<editor.buffer.cursor]) + "|" + String(characters[editor.buffer.cursor...])
  }
}

/// What typing leaves in the editor.
func edited(_ text: String, history: [String] = []) -> String {
  var editor = TestEditor(history: history)
  editor.type(text)
  return editor.state
}

/// Ctrl with a key, Alt with what follows it, as a terminal sends them.
func control(_ key: Character) -> String { String(Unicode.Scalar((key.asciiValue ?? 0) & 0x1F)) }
func alt(_ key: String) -> String { "\u{1B}" + key }
let up = "\u{1B}[A", down = "\u{1B}[B", right = "\u{1B}[C", left = "\u{1B}[D"

import BVAEConsole
import Testing

/// What the editor takes from the history: suggestions, last words; and what goes to another editor.
@Suite("From the history")
struct SuggestionTests {
  private let history = [
    "print 1", "train model on ones epochs 3", "for k in 0..1\n  print k\nend", "print 1 + 2", "show ones[0]",
  ]

  private func editor(_ text: String, suggests: Bool = true) -> TestEditor {
    var editor = TestEditor(history: history, suggests: suggests)
    editor.type(text)
    return editor
  }

  @Test("the latest entry that begins like the line is suggested; without one there are the hints of the language")
  func hint() {
    #expect(editor("pri").editor.hint == "nt 1 + 2")
    #expect(editor("print 1").editor.hint == " + 2")
    #expect(editor("tr").editor.hint == "ain model on ones epochs 3")
    #expect(editor("train").editor.hint == " model on ones epochs 3")
    // Another way than the entry's: what the command takes.
    #expect(editor("train m").editor.hint.hasPrefix("odel on"))
    #expect(editor("train other ").editor.hint.hasPrefix("on DATASET"))
    // A block is suggested as a whole, of which the first line is seen.
    #expect(editor("for k").editor.hint == " in 0..1 …")
    #expect(editor("for k in 0..1\rpr").editor.hint == "int k …")
    for text in ["", " ", "print 1 + 2", "pri" + left, "pri" + control("r"), up] {
      #expect(editor(text).editor.suggestion == nil, "\(text)")
    }
  }

  @Test("Right, End and Ctrl-E take it at the end of the line, Alt-F and Alt-Right word by word")
  func taking() {
    for key in [right, "\u{1B}[F", control("e"), control("f")] {
      #expect(editor("tr" + key).state == "train model on ones epochs 3|")
    }
    #expect(editor("for k" + right).state == "for k in 0..1\n  print k\nend|")
    #expect(editor("tr" + alt("f")).state == "train|")
    #expect(editor("tr" + alt("f") + "\u{1B}[1;3C" + "\u{1B}[1;5C").state == "train model on|")
    #expect(editor("tr" + right + control("_")).state == "tr|")
    // In the middle of the line they move.
    #expect(editor("tr" + left + right).state == "tr|")
    #expect(editor("tr" + left + left + control("e")).state == "tr|")
    #expect(editor("tr" + left + left + alt("f")).state == "tr|")
  }

  @Test("what cannot be seen is not taken")
  func unseen() {
    #expect(editor("tr" + right, suggests: false).state == "tr|")
    #expect(
      editor("tr", suggests: false).editor.hint
        == "ain MODEL on DATASET [epochs 200] [batch 64] [rate 0.0005] [decay none|linear|cosine] [ratewarmup N] [clip NUMBER] [warmup N] [seed N] [validate DATASET]"
    )
  }

  @Test("Alt-. inserts the last word of the line before, then those of lines further back")
  func lastWords() {
    #expect(editor("x = " + alt(".")).state == "x = ones[0]|")
    #expect(editor("x = " + alt(".") + alt(".")).state == "x = 2|")
    // Of a block the first line counts; a word that is there already is passed over.
    #expect(editor("x = " + alt(".") + alt(".") + alt(".") + " y").state == "x = 0..1 y|")
    #expect(editor(String(repeating: alt("."), count: 9)).state == "1|")
    #expect(editor("ab" + left + alt(".") + alt(".")).state == "a2|b")
    #expect(editor(alt(".") + control("_")).state == "|")
    #expect(editor(alt(".") + " " + alt(".")).state == "ones[0] ones[0]|")
    #expect(edited(alt(".")) == "|")
  }

  @Test(
    "a last word is a text or a bracket as a whole, and no comment",
    arguments: [
      ("load \"my file.npy\"", "\"my file.npy\""), ("print [1, 7]", "[1, 7]"), ("print (mean x)", "(mean x)"),
      ("print max(1, \") \\\" \")  # why", "max(1, \") \\\" \")"), ("quit", "quit"), ("x = 3 ", "3"),
    ])
  func lastWord(entry: String, word: String) {
    #expect(edited(alt("."), history: [entry]) == word + "|")
  }

  @Test("Ctrl-X Ctrl-E asks for another editor, whose text is taken and can be undone")
  func external() {
    var editor = TestEditor()
    #expect(editor.type("print 1" + control("x")) == .editing)
    #expect(editor.type(control("e")) == .external)
    editor.editor.replace(with: "print 1\nprint 2")
    #expect(editor.state == "print 1\nprint 2|")
    editor.type(control("_"))
    #expect(editor.state == "print 1|")
    // Any other key ends Ctrl-X.
    #expect(editor.type(control("x") + "a" + control("e")) == .editing)
    #expect(editor.state == "print 1a|")
  }

  @Test("that prompts were left out of what was pasted is said once")
  func pasted() {
    var editor = TestEditor()
    func paste(_ text: String) -> String { "\u{1B}[200~\(text)\u{1B}[201~" }
    editor.type(paste("print 1"))
    #expect(editor.editor.message == nil)
    editor.type(control("u") + paste("> print 1\r1"))
    #expect(editor.editor.message == "pasted without the prompts and answers that were copied along")
    editor.type(control("u"))
    editor.type(paste("> print 2\r2"))
    #expect(editor.editor.message == nil && editor.state == "print 2|")
  }
}

import BVAEConsole
import Testing

@Test("motions go by characters, words and lines")
func motions() {
  #expect(edited("one two" + left + left + "X") == "one tX|wo")
  #expect(edited("one two" + control("a") + "X") == "X|one two")
  #expect(edited("one two" + control("a") + control("f") + control("b") + control("e") + "X") == "one twoX|")
  #expect(edited("one two_3 " + alt("b") + "X") == "one X|two_3 ")
  #expect(edited("one two" + control("a") + alt("f") + "X") == "oneX| two")
  #expect(edited("one two" + "\u{1B}[1;5D" + "\u{1B}[1;5D" + "\u{1B}[1;5C" + "X") == "oneX| two")
  #expect(edited("a" + left + left + left + "b" + right + right + "c") == "bac|")
  #expect(edited("one\u{1B}[H2\u{1B}[F3") == "2one3|")
}

@Test("deletions, cuts and yanks")
func cuts() {
  #expect(edited("one\u{7F}\u{8}x") == "ox|")
  #expect(edited("one" + control("a") + control("d") + "\u{1B}[3~") == "|e")
  #expect(edited("one two" + alt("b") + control("k")) == "one |")
  #expect(edited("one two" + alt("b") + control("k") + control("a") + control("y")) == "two|one ")
  #expect(edited("one two" + alt("b") + control("u") + control("e") + control("y")) == "twoone |")
  #expect(edited("a (b c" + control("w")) == "a (b |")
  #expect(edited("a.b" + "\u{1B}\u{7F}") == "a.|")
  #expect(edited("one two" + control("a") + alt("d") + control("e") + control("y")) == " twoone|")
  // Cuts that follow each other are one.
  #expect(edited("a b c" + control("w") + control("w") + control("y")) == "a b c|")
  #expect(edited("a b" + control("w") + left + control("k") + control("y")) == "a |")
  // Alt-Y gives earlier ones.
  #expect(edited("a b" + control("w") + left + right + control("w") + control("y") + alt("y")) == "b|")
  #expect(edited(control("y")) == "|")
}

@Test("characters are exchanged, and changes undone")
func transpositionAndUndo() {
  #expect(edited("ab" + control("t")) == "ba|")
  #expect(edited("abc" + left + control("t")) == "acb|")
  #expect(edited("a" + control("t")) == "a|")
  #expect(edited("one two" + control("w") + control("_")) == "one two|")
  // Typing is undone a word at a time.
  #expect(edited("one" + control("_")) == "|")
  var editor = TestEditor()
  for character in "one two" { editor.type(String(character)) }
  editor.type(control("_"))
  #expect(editor.state == "one |")
  editor.type(control("_") + control("_") + control("_"))
  #expect(editor.state == "|")
}

@Test("characters of any width are one step each")
func wideCharacters() {
  #expect(edited("語🙂" + left + "é") == "語é|🙂")
  #expect(edited("a" + "e\u{301}" + "\u{7F}") == "a|")
  // A mark that comes later joins the character before it.
  #expect(edited("xe" + left + right + "\u{301}" + left + "-") == "x-|e\u{301}")
  #expect(edited("👨‍👩‍👧" + "\u{7F}") == "|")
}

@Test("Enter runs what is whole and goes on with what is not")
func entering() {
  var editor = TestEditor()
  #expect(editor.type("print 1\r") == .accepted)
  editor.editor.begin()
  #expect(editor.type("for k in 0..1\r") == .editing)
  #expect(editor.state == "for k in 0..1\n  |")
  #expect(editor.type("if k > 0\r") == .editing)
  #expect(editor.state == "for k in 0..1\n  if k > 0\n    |")
  editor.type("print k\r")
  editor.type("end\r")
  #expect(editor.state == "for k in 0..1\n  if k > 0\n    print k\n  end\n  |")
  #expect(editor.type("end\r") == .accepted)
  #expect(editor.editor.buffer.text == "for k in 0..1\n  if k > 0\n    print k\n  end\nend")
  editor.editor.begin()
  #expect(editor.type("x = 1 + \\\r") == .editing)
  #expect(editor.type("2\r") == .accepted)
  editor.editor.begin()
  #expect(editor.type("a" + alt("\r") + "b") == .editing)
  #expect(editor.state == "a\nb|")
}

@Test("in a block the arrows go through its lines")
func blockArrows() {
  #expect(edited("for k in 0..1\rprint k" + up + "X") == "for k in X|0..1\n  print k")
  #expect(edited("for k in 0..1\rprint k" + up + control("a") + down + "X") == "for k in 0..1\nX|  print k")
  #expect(edited("for k in 0..1\rprint k" + up + control("k") + control("k")) == "for k in |  print k")
  // A shorter line on the way is left at its end, not in the line behind it.
  #expect(edited("for k in 0..1\rk\rprint k, k" + up + "X") == "for k in 0..1\n  kX|\n  print k, k")
}

@Test("Ctrl-C, Ctrl-D, Ctrl-L and Ctrl-Z are told to whoever runs the editor")
func outcomes() {
  var editor = TestEditor()
  #expect(editor.type(control("d")) == .ended)
  #expect(editor.type("x" + control("c")) == .interrupted)
  #expect(editor.type(control("d")) == .editing)
  #expect(editor.type(control("l")) == .cleared)
  #expect(editor.type(control("z")) == .suspended)
}

@Test("what is pasted is not run before Enter")
func pasting() {
  var editor = TestEditor()
  let lines = (0..<50).map { "x\($0) = \($0)" }.joined(separator: "\r")
  #expect(editor.type("\u{1B}[200~\(lines)\r\u{1B}[201~") == .editing)
  #expect(editor.editor.buffer.text == lines.replacing("\r", with: "\n") + "\n")
  #expect(editor.type("\r") == .accepted)
}

@Test("the arrows go through the entries that begin with what was typed")
func historyWalk() {
  let history = ["one", "two", "one more", "for k in 0..1\n  print k\nend"]
  #expect(edited(up, history: history) == "for k in 0..1\n  print k\nend|")
  // In a block through its lines.
  #expect(edited(up + up, history: history) == "for k in 0..1\n  p|rint k\nend")
  #expect(edited(up + up + up, history: history) == "for| k in 0..1\n  print k\nend")
  #expect(edited(up + up + up + up, history: history) == "one more|")
  #expect(edited(control("p") + control("p"), history: history) == "one more|")
  #expect(edited(up + up + down + down, history: history) == "|")
  #expect(edited("one" + up, history: history) == "one more|")
  #expect(edited("one" + up + up + up, history: history) == "one more|")
  #expect(edited("t" + up + up + down, history: history) == "t|")
  #expect(edited("new" + up + "!", history: history) == "new!|")
  #expect(edited("keep" + control("p") + control("a") + control("k") + control("p"), history: history).hasPrefix("for"))
}

@Test("Ctrl-R searches backwards while one types, and Ctrl-S forwards")
func search() {
  let history = ["print 1", "train model", "print 2", "sweep model"]
  #expect(edited(control("r") + "print", history: history) == "|print 2")
  #expect(edited(control("r") + "print" + control("r"), history: history) == "|print 1")
  #expect(edited(control("r") + "print" + control("r") + control("s"), history: history) == "|print 2")
  #expect(edited(control("r") + "model", history: history) == "sweep |model")
  #expect(edited(control("r") + "modelx\u{7F}", history: history) == "sweep |model")
  #expect(edited("typed" + control("r") + "print" + control("g"), history: history) == "typed|")
  #expect(edited(control("r") + "print\u{1B}", history: history) == "|print 2")
  #expect(edited(control("r") + "print" + control("e") + "0", history: history) == "print 20|")
  #expect(edited(control("r") + "nowhere", history: history) == "|")
  var editor = TestEditor(history: history)
  editor.type(control("r") + "train")
  #expect(editor.type("\r") == .accepted)
  #expect(editor.editor.buffer.text == "train model")
}

@Test("Tab completes as far as it can be told, then offers, then goes through what it offers")
func completing() {
  var editor = TestEditor("ones = load mnist count 10\nonly = 3")
  editor.type("tra\t")
  #expect(editor.state == "train |")
  // A blank typed from habit behind a completion is the one that stands there; a second one is meant.
  editor.type(" ")
  #expect(editor.state == "train |")
  editor.type(" m")
  #expect(editor.state == "train  m|")
  editor.type(control("u") + "print on\t")
  #expect(editor.state == "print on|")
  #expect(editor.editor.menu?.candidates.map(\.text) == ["ones", "only"])
  editor.type("\t")
  #expect(editor.state == "print ones|")
  editor.type("\t\t")
  #expect(editor.state == "print on|")
  editor.type("\u{1B}[Z")
  #expect(editor.state == "print only|")
  editor.type("\u{1B}")
  #expect(editor.state == "print on|" && editor.editor.menu == nil)
  editor.type("\t\t\r")
  #expect(editor.state == "print ones|")
  editor.type(".co\t")
  #expect(editor.state == "print ones.count|")
  editor.type(control("u") + "load mnist spl\tte\t")
  #expect(editor.state == "load mnist split test |")
  editor.type(control("u") + "set pic\tsi\t")
  #expect(editor.state == "set pictures sixel |")
  editor.type(control("u") + "print max\t")
  #expect(editor.state == "print max(|")
}

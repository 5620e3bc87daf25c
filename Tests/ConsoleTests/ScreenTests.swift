import BVAEConsole
import ScreenEmulator
import Testing

/// An editor whose rows are drawn on a screen.
private struct Drawn {
  var editor: TestEditor
  var region = ScreenRegion(showsColors: true)
  var screen: Screen

  init(columns: Int, rows: Int, _ editor: TestEditor = TestEditor()) {
    self.editor = editor
    screen = Screen(columns: columns, rows: rows)
    draw()
  }

  var layout: EditorLayout { EditorLayout(editor.editor, columns: screen.columns, rows: screen.rows) }

  mutating func draw() {
    screen.take(Array(region.show(layout, columns: screen.columns, rows: screen.rows).utf8))
  }

  mutating func type(_ text: String) {
    editor.type(text)
    draw()
  }

  mutating func resize(columns: Int, rows: Int) {
    screen.resize(columns: columns, rows: rows)
    screen.take(Array(region.clearAfterResize(columns: columns).utf8))
    draw()
  }

  /// The screen as it would be drawn from nothing.
  var fresh: Screen {
    var fresh = Screen(columns: screen.columns, rows: screen.rows)
    var region = ScreenRegion(showsColors: true, top: region.top)
    fresh.take(Array(region.show(layout, columns: screen.columns, rows: screen.rows).utf8))
    return fresh
  }
}

@Test("long lines go on in the next row, and the cursor goes with them")
func wrapping() {
  var drawn = Drawn(columns: 10, rows: 6)
  drawn.type("12345678")
  #expect(drawn.screen.lines.prefix(2) == ["> 12345678", ""])
  #expect(drawn.screen.row == 1 && drawn.screen.column == 0)
  drawn.type("9")
  #expect(drawn.screen.lines.prefix(2) == ["> 12345678", "9"])
  drawn.type(left + left)
  #expect(drawn.screen.row == 0 && drawn.screen.column == 9)
  drawn.type("語")
  #expect(drawn.screen.lines.prefix(2) == ["> 1234567", "語89"])
  drawn.type("\u{7F}\u{7F}\u{7F}\u{7F}")
  #expect(drawn.screen.text == "> 123489")
}

@Test("blocks show a continuation prompt, hints stay in their row")
func blocks() {
  var drawn = Drawn(columns: 30, rows: 8)
  drawn.type("for k in 0..2\rtrain")
  #expect(drawn.screen.text == "> for k in 0..2\n...   train MODEL on DATASET…")
  #expect(drawn.screen.styles(of: "MODEL").allSatisfy { $0 == "0;90" })
  #expect(drawn.screen.styles(of: "train") == Array(repeating: "0;1;34", count: 5))
  #expect(drawn.screen.column == 11)
}

@Test("text that is higher than the screen shows the part with the cursor")
func scrolling() {
  var drawn = Drawn(columns: 20, rows: 4)
  drawn.type("\u{1B}[200~" + (0..<10).map { "x\($0)" }.joined(separator: "\r") + "\u{1B}[201~")
  #expect(drawn.screen.lines == ["... x6", "... x7", "... x8", "... x9"])
  for _ in 0..<9 { drawn.type(up) }
  #expect(drawn.screen.lines == ["> x0", "... x1", "... x2", "... x3"])
  drawn.type(down)
  #expect(drawn.screen.row == 1)
  let layout = EditorLayout(drawn.editor.editor, columns: 20, rows: 4, isFinal: true)
  drawn.screen.take(Array((drawn.region.leave(layout, columns: 20, rows: 4) + "\r\n").utf8))
  #expect(drawn.screen.past == ["> x0"] + (1...6).map { "... x\($0)" })
  #expect(drawn.screen.lines == ["... x7", "... x8", "... x9", ""])
}

@Test("a search shows what is looked for, a menu what is offered")
func modes() {
  var drawn = Drawn(columns: 60, rows: 8, TestEditor("ones = load mnist count 5\nonly = 3", history: ["print 1"]))
  drawn.type(control("r") + "nt")
  #expect(drawn.screen.text == "(search) 'nt': print 1")
  #expect(drawn.screen.styles(of: "nt 1") == ["0;4", "0;4", "0", "0;33"] || drawn.screen.column == 17)
  drawn.type("x")
  #expect(drawn.screen.text == "(not found) 'ntx': print 1")
  drawn.type(control("g"))
  #expect(drawn.screen.text == ">")
  drawn.type("print on\t\t")
  #expect(drawn.screen.text == "> print ones\n  ones  a dataset\n  only  a number")
  #expect(drawn.screen.styles(of: "ones", row: 1) == Array(repeating: "0;7", count: 4))
  drawn.type(" ")
  #expect(drawn.screen.text.hasPrefix("> print ones") && !drawn.screen.text.contains("only"))
}

@Test("after the terminal has become narrower or wider the text is drawn in it, and nothing else is left")
func resizing() {
  var drawn = Drawn(columns: 40, rows: 8)
  drawn.screen.take(Array("\r\nearlier\r\n".utf8))
  drawn.region.forget()
  drawn.draw()
  drawn.type("print 1, 2, 3, 4, 5, 6, 7, 8, 9, 10")
  drawn.resize(columns: 16, rows: 8)
  #expect(drawn.screen.text == ">\nearlier\n> print 1, 2, 3,\n 4, 5, 6, 7, 8,\n9, 10")
  drawn.resize(columns: 60, rows: 8)
  #expect(drawn.screen.text == ">\nearlier\n> print 1, 2, 3, 4, 5, 6, 7, 8, 9, 10")
}

@Test("whatever is typed, drawing what has changed shows the same as drawing everything", arguments: 0..<12)
func randomKeys(_ seed: Int) {
  var state = UInt64(seed + 1)
  func random(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }
  let pieces =
    [
      "a", "ones ", "train ", "語", "e", "\u{301}", "🙂", "\"", "(", ")", "x = 3", "for k in 0..3\r", "end\r", "# ",
      "\t", "\t\t", "\u{1B}[Z", alt("\r"), "\u{1B}[200~one\rtwo\u{1B}[201~", "load mnist", up, down, left, right,
      "\u{7F}", "\u{1B}[3~", alt("b"), alt("f"), alt("d"), "\u{1B}\u{7F}", alt("y"), "\u{1B}", "\u{200B}", "\\\r",
    ] + "abdefgknprstuwy_".map { control($0) }
  var drawn = Drawn(
    columns: [9, 20, 33, 80][seed % 4], rows: [3, 6, 24][seed % 3],
    TestEditor("ones = load mnist count 5", history: ["print 1", "for k in 0..1\n  print k\nend", "train ones"]))
  for step in 0..<250 {
    if random(40) == 0 {
      drawn.resize(columns: 8 + random(60), rows: 3 + random(20))
    } else {
      let key = pieces[random(pieces.count)]
      let outcome = drawn.editor.type(key)
      if outcome != .editing { drawn.editor.editor.begin() }
      drawn.draw()
    }
    #expect(drawn.screen.unknown == [])
    // Above the text there may be what has been scrolled.
    let fresh = drawn.fresh
    let shift = drawn.screen.row - fresh.row
    guard shift >= 0, drawn.screen.column == fresh.column else {
      Issue.record("step \(step): cursor \(drawn.screen.row) \(drawn.screen.column), not \(fresh.row) \(fresh.column)")
      return
    }
    let count = min(drawn.screen.rows - shift, fresh.rows)
    guard Array(drawn.screen.places[shift..<shift + count]) == Array(fresh.places[..<count]) else {
      Issue.record("step \(step): drawn\n\(drawn.screen.text)\nfresh\n\(fresh.text)")
      return
    }
  }
}

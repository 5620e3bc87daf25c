import BVAEConsole
import BVAELanguage
import BVAENotebook
import BVAEPlatform

extension ReaderUnderTest {
  /// The history of the prompt; what was taken from it is written and read to the same.
  static let historyFile = ReaderUnderTest(
    name: "historyfile",
    read: { bytes, _ in
      let list = HistoryList(HistoryText.entries(of: bytes))
      let written = Array(list.entries.map(HistoryText.line).joined().utf8)
      precondition(HistoryText.entries(of: written) == list.entries, "a history does not come back as it was written")
    }, words: ["\n", "\\n", "\\\\", "\\", "\0", "\u{1B}", "print 1\n", "\u{301}", "\u{85}", "\u{2028}", "\r\n"])

  /// Keys of a terminal, in pieces: they are decoded, edited with, and what is shown is drawn.
  static let keys = ReaderUnderTest(
    name: "keys",
    read: { bytes, _ in
      let session = Session.full(host: SilentHost())
      let history = ["print 1", "for k in 0..1\n  print k\nend"]
      var editor = LineEditor(assistant: SessionAssistant(session: session)) { history }
      var decoder = KeyDecoder(), region = ScreenRegion(showsColors: true)
      var rest = bytes[...]
      while !rest.isEmpty {
        // The bytes themselves say in which pieces they come, on how wide a screen.
        let size = rest.first.map(Int.init) ?? 0
        let piece = rest.prefix(size % 12 + 1)
        rest = rest.dropFirst(piece.count)
        decoder.expectsStrings = size % 3 == 0
        for key in decoder.decode(piece) where editor.handle(key) != .editing { editor.begin() }
        let columns = size % 50, rows = size % 7
        let layout = EditorLayout(editor, columns: columns, rows: rows)
        _ = region.show(layout, columns: columns, rows: rows)
        if size % 31 == 0 { _ = region.clearAfterResize(columns: columns) }
      }
      for key in decoder.giveUpWaiting() { _ = editor.handle(key) }
    },
    words: [
      "\u{1B}[A", "\u{1B}[200~", "\u{1B}[201~", "\t", "\r", "\u{12}", "\u{17}", "\u{19}", "\u{1F}", "\u{B}", "\u{14}",
      "for k in 0..1\r", "end\r", "load ", "語", "\u{301}", "🙂", "\"", "\u{1B}b", "\u{1B}d", "\u{1B}P", "\u{1B}\\",
    ], limit: 600)
}

extension ReaderUnderTest {
  /// Parsing and checking; nothing is run.
  static let script = ReaderUnderTest(
    name: "script",
    read: { bytes, folder in
      let session = Session.full(host: SilentHost())
      let found = session.check(Source(name: "fuzz.bvs", folder: folder, bytes: bytes))
      if !found.isEmpty { throw FileProblem(rendered(found, limit: 3)) }
    },
    words: [
      "for k in 0..3\n", "end\n", "if true\n", "else\n", "define f x\n", "(", ")", "[", "]", "\"", "{", "}", "..", "-",
      "load mnist ", "digits ", "=", "\\\n", "| ", "#", "vae for ", "train ", " on ", "sweep ", "1e999", "x", "\u{301}",
      "include \"fuzz\"\n", "🙂", "and ", "not ", ",", ".", "\t", "\r\n", "\0", "time ", "help ", "set seed ",
    ])

  /// The values of --set.
  static let preset = ReaderUnderTest(
    name: "preset", read: { bytes, _ in _ = try Preset(String(decoding: bytes, as: UTF8.self)) },
    words: ["=", "[", "]", "..", "-", "1e999", "\"", ",", " ", "true", "{"])
}

import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// Texts for terminals that are narrower than they are.
@Suite("Texts for narrow terminals")
struct TerminalTextTests {
  @Test("lines are broken at blanks and hang under where their second column begins")
  func lines() {
    #expect("one two three".fitted(columns: 8) == "one two\nthree")
    #expect("  one two three".fitted(columns: 9) == "  one two\n  three")
    #expect(
      "  epochs N  passes over the images".fitted(columns: 24) == "  epochs N  passes over\n            the images")
    #expect("漢字 漢字 漢字".fitted(columns: 9) == "漢字 漢字\n漢字")
    #expect("short\n\nalso  short".fitted(columns: 80) == "short\n\nalso  short")
    #expect("one two three".fitted(columns: nil) == "one two three")
    // A word that is longer than the terminal is left to it.
    #expect("averylongword and".fitted(columns: 5) == "averylongword\nand")
  }

  @Test("no words are lost or broken, whatever the width", arguments: [1, 7, 20, 33, 60, 79])
  func words(columns: Int) {
    for topic in ["train", "load", "expressions", "interpret", "settings"] {
      let page = Session.full(host: SilentHost()).vocabulary.help(topic) ?? ""
      let fitted = page.fitted(columns: columns)
      #expect(fitted.split { $0 == " " || $0 == "\n" } == page.split { $0 == " " || $0 == "\n" })
      for line in fitted.split(separator: "\n") where line.contains(where: { $0 != " " }) {
        let isOneWord = !line.drop { $0 == " " }.contains(" ")
        #expect(String(line).displayWidth <= columns || isOneWord, "\(line)")
      }
    }
  }

  @Test("a message keeps its excerpt and mark, cut to the terminal, and breaks at words")
  func diagnostic() {
    let line = "x = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + unknown + 12 + 13 + 14 + 15 + 16"
    let source = Source(name: "a.bvs", text: line)
    let span = Span(50, 57)
    let diagnostic = Diagnostic(
      "there is no variable 'unknown' among all those of this script", hint: "did you mean 'known' or something else?",
      source: source, span: span)
    for columns in [50, 60] {
      let text = diagnostic.text(columns: columns)
      let lines = text.split(separator: "\n").map(String.init)
      #expect(lines.allSatisfy { $0.displayWidth <= columns }, "\(text)")
      let excerpt = lines.firstIndex { $0.hasPrefix("  1 | ") } ?? 0
      let start = lines[excerpt].firstRange(of: "unknown")?.lowerBound ?? line.startIndex
      let mark = lines[excerpt + 1].firstIndex(of: "^") ?? line.startIndex
      #expect(
        lines[excerpt].distance(from: lines[excerpt].startIndex, to: start)
          == lines[excerpt + 1].distance(from: lines[excerpt + 1].startIndex, to: mark))
      #expect(text.contains("else?"))
    }
    #expect(diagnostic.text(columns: nil) == diagnostic.description)
  }
}

import BVAEPlatform
import Glibc
import ScreenEmulator
import Testing

/// Pictures on a terminal, by what the terminal says that it can.
@Suite("Pictures at a terminal")
struct PictureSessionTests {
  private let script = "ones = load mnist digits 1 count 1\nshow ones[0]\nprint \"done\""

  @Test("half blocks show the pixels in their colours where nothing better is known")
  func blocks() throws {
    let run = try ScreenRun(["--quiet", "-e", script], rows: 40, knowledge: ["[c": "\u{1B}[?1;2c"])
    #expect(run.ending() == 0)
    let lines = run.screen.lines
    #expect(lines[0].hasSuffix(" (28×28)"))
    #expect(lines[1...14].allSatisfy { $0 == String(repeating: "▀", count: 28) })
    #expect(lines[15] == "done")
    // The corner is black, the stroke in the middle is not.
    let styles = run.screen.places[7].prefix(28).map(\.style)
    #expect(run.screen.places[1][0].style == "38;2;0;0;0;48;2;0;0;0")
    #expect(styles.contains { $0.contains("38;2;2") })
    #expect(run.screen.unknown == [] && run.isRestored)
  }

  @Test("a terminal that does not answer, and one that shows questions as text, are left clean")
  func silence() throws {
    let run = try ScreenRun(["--quiet", "-e", script], rows: 40, environment: ["COLORTERM": nil])
    #expect(run.ending() == 0)
    #expect(run.screen.lines[1].hasPrefix("▀▀▀") && run.screen.lines[15] == "done")
    #expect(run.screen.places[1][0].style.hasPrefix("38;5;16"))
    let inner = try ScreenRun(["--quiet", "-e", script], rows: 40, environment: ["TMUX": "/tmp/x,1,0"])
    #expect(inner.ending() == 0)
    #expect(inner.screen.lines[1].hasPrefix("▀▀▀") && inner.screen.strings == [])
  }

  @Test("a terminal that knows sixels gets them")
  func sixels() throws {
    let run = try ScreenRun(
      ["--quiet", "-e", script], knowledge: ["[c": "\u{1B}[?62;4;22c", "[16": "\u{1B}[6;20;10t"])
    #expect(run.ending() == 0)
    let string = try #require(run.screen.strings.first)
    #expect(string.hasPrefix("P0;1q\"1;1;224;224#0;2;"))
    #expect(run.screen.text.hasSuffix("done"))
  }

  @Test("kitty is asked, and gets files")
  func kitty() throws {
    let run = try ScreenRun(
      ["--quiet", "-e", script],
      knowledge: [
        "[>0q": "\u{1B}P>|kitty(0.31.0)\u{1B}\\", "[c": "\u{1B}[?62;c", "_Gi=31": "\u{1B}_Gi=31;OK\u{1B}\\",
      ])
    #expect(run.ending() == 0)
    #expect(run.screen.strings.count == 2 && run.screen.strings[1].hasPrefix("_Ga=T,f=100,q=2,m=0;iVBOR"))
  }

  @Test("iTerm2 gets files, and keys that were typed meanwhile are kept")
  func iterm() throws {
    let run = try ScreenRun(
      knowledge: [
        "[>0q": "\u{1B}P>|iTerm2 3.5.0\u{1B}\\print ", "[c": "4\u{1B}[?62;4c",
      ])
    run.expectLine(">")
    run.type("ones = load mnist digits 1 count 1\rshow ones[0]\r")
    run.wait("expected a file") { $0.strings.contains { $0.hasPrefix("]1337;File=inline=1;size=") } }
    run.wait("expected what was typed") { $0.cursorLine.hasPrefix("> print 4") }
    run.type("\u{3}\u{4}")
    #expect(run.ending() == 0)
  }

  @Test("'set pictures' chooses, and off shows names alone")
  func setting() throws {
    for (mode, beginning) in [("sixel", "P0;1q"), ("kitty", "_Ga=T"), ("iterm", "]1337;")] {
      let run = try ScreenRun(["--quiet", "-e", "set pictures \(mode)\n" + script], environment: ["TMUX": "x"])
      #expect(run.ending() == 0)
      #expect(run.screen.strings.contains { $0.hasPrefix(beginning) }, "\(mode)")
    }
    let run = try ScreenRun(["--quiet", "-e", "set pictures off\n" + script])
    #expect(run.ending() == 0)
    #expect(run.screen.text.hasSuffix(" (28×28)\ndone") && !run.screen.text.contains("▀"))
    let wrong = try bvaeScript("-e", "set pictures sixels")
    #expect(wrong.status == 2 && wrong.error.contains("did you mean 'sixel'?"))
  }

  @Test("figures are shown where they are written, and a terminal without colours gets the path of a file")
  func figures() throws {
    let folder = try Folder()
    let path = Path.join(folder.path, "one.png")
    let run = try ScreenRun(
      ["--quiet", "-e", "ones = load mnist digits 1 count 1\nfigure (sheet ones) \"\(path)\" caption \"One\""],
      columns: 200, rows: 110, knowledge: ["[c": "\u{1B}[?1;2c"])
    #expect(run.ending() == 0)
    #expect(run.screen.text.hasPrefix("Figure 1: One: \(path)\n▀▀▀"))
    let dumb = try ScreenRun(
      ["--quiet", "-e", script], columns: 400, environment: ["TERM": "dumb", "XDG_CACHE_HOME": folder.path])
    #expect(dumb.ending() == 0)
    let shown = Path.join(folder.path, "bvae-script/shown/picture-1.png")
    #expect(dumb.screen.lines[0].hasSuffix(": \(shown) (28×28)") && Files.exists(shown))
    try Files.remove(shown)
    rmdir(Path.parent(shown))
    rmdir(Path.join(folder.path, "bvae-script"))
  }
}

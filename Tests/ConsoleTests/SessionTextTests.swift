import BVAEConsole
import BVAEPlatform
import Testing

/// Texts that were copied from a session's screen.
@Suite("What is copied from a session")
struct SessionTextTests {
  @Test("prompts and answers are taken away, and what has no prompts stays as it is")
  func copied() {
    let screen = """
      > for k in 0..1
      ...   print k
      ... end
      0
      1
      > print "done"
      done
      """
    let typed = "for k in 0..1\n  print k\nend\nprint \"done\""
    #expect(SessionText(screen).statements == typed)
    // The first prompt was not copied along; the last line break was.
    #expect(SessionText(String(screen.dropFirst(2)) + "\n").statements == typed + "\n")
    // Blanks at the ends of lines are seldom copied.
    #expect(SessionText("> if true\n...\n... print 1\n... end\n1\n>").statements == "if true\n\nprint 1\nend\n")
    for text in ["print 1", "x = 2 \\\n> 1", "", "\n", "| > a quotation\nprint 3", "a\n\nb\n"] {
      #expect(SessionText(text).statements == text)
    }
  }
}

/// What the terminal database says.
@Suite("Kinds of terminals")
struct TerminfoTests {
  /// A compiled entry (term(5)) with these numbers, of 16 or 32 bits.
  private func entry(_ numbers: [Int], wide: Bool = false, names: String = "x|a terminal") -> [UInt8] {
    func short(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    let name = Array(names.utf8) + [0], flags: [UInt8] = [1, 0, 1]
    var bytes = [wide ? 0o1036 : 0o432, name.count, flags.count, numbers.count, 0, 0].flatMap(short) + name + flags
    if bytes.count % 2 == 1 { bytes.append(0) }
    return bytes + numbers.flatMap { wide ? short($0) + short($0 >> 16) : short($0) }
  }

  @Test("the number of colours is read, from either kind of entry")
  func colors() {
    let others = Array(repeating: 7, count: 13)
    for names in ["x|a terminal", "x|the terminal"] {
      #expect(Terminfo(entry(others + [256], names: names))?.colors == 256)
      #expect(Terminfo(entry(others + [0x100_0000], wide: true, names: names))?.colors == 0x100_0000)
      #expect(Terminfo(entry(others + [-1], names: names))?.colors == 0)
      #expect(Terminfo(entry(others + [-1], wide: true, names: names))?.colors == 0)
    }
    #expect(Terminfo(entry([80, 24]))?.colors == 0)
    let whole = entry(others + [8])
    for count in 0..<whole.count { #expect(Terminfo(Array(whole[..<count]))?.colors != 8) }
    #expect(Terminfo(Array(repeating: 255, count: 40)) == nil)
  }

  @Test("the system's own entries: a vt100 has no colours, an xterm has; NO_COLOR and dumb have none")
  func environment() throws {
    func shows(_ environment: [String: String]) -> Bool { Terminfo.showsColors { environment[$0] } }
    try #require(Terminfo(name: "vt100") != nil, "the package ncurses-base is not installed")
    #expect(!shows(["TERM": "vt100"]) && !shows(["TERM": "vt220"]) && !shows(["TERM": "dumb"]) && !shows([:]))
    #expect(shows(["TERM": "xterm-256color"]) && shows(["TERM": "linux"]) && shows(["TERM": "tmux-of-tomorrow"]))
    #expect(!shows(["TERM": "xterm-256color", "NO_COLOR": "1"]))
    #expect(shows(["TERM": "../../etc/passwd"]))
  }
}

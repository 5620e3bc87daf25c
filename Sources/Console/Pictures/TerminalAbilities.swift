import BVAEPlatform

/// What a terminal can show, by what it answers and what the environment says.
package struct TerminalAbilities: Equatable {
  package var showsKitty = false
  package var showsITerm = false
  package var showsSixels = false
  /// The pixels of a character, where it tells them.
  package var cell: Cell?

  package struct Cell: Equatable {
    package let height: Int
    package let width: Int
  }

  /// Whether a terminal of this environment may be asked. Those inside a terminal within a terminal (tmux, screen) pass
  /// pictures on only with help, some show questions that they do not know as text.
  package static func mayAsk(_ environment: (String) -> String?) -> Bool {
    let name = environment("TERM") ?? "dumb"
    if environment("TMUX") != nil || environment("STY") != nil { return false }
    if ["dumb", "linux", "cons25", "vt52", "emacs", "eterm"].contains(name) { return false }
    if name.hasPrefix("screen") || name.hasPrefix("tmux") || name.hasPrefix("eterm") { return false }
    return environment("TERM_PROGRAM") != "Apple_Terminal" && environment("INSIDE_EMACS") == nil
  }

  /// First its name, the size of a character, and last its attributes, to which all terminals answer: what has not come
  /// before them does not come any more.
  package static let question = "\u{1B}[>0q\u{1B}[16t\u{1B}[c"
  /// Whether it takes kitty's protocol, asked of those alone that may: a picture of one pixel that is not shown.
  package static let kittyQuestion = "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\u{1B}[c"

  package init() {}

  /// What the answers to `question` say.
  package init(_ replies: [TerminalReply]) {
    for reply in replies {
      switch reply {
      case .attributes(let numbers): showsSixels = numbers.dropFirst().contains(4)
      case .cell(let height, let width):
        if (1...200).contains(height), (1...200).contains(width) { cell = Cell(height: height, width: width) }
      case .string(let kind, let content):
        guard kind == "P", content.hasPrefix(">|") else { continue }
        let name = content.dropFirst(2).lowercased()
        mayKitty = ["kitty", "ghostty", "wezterm", "konsole", "iterm2", "rio", "warp"].contains { name.hasPrefix($0) }
        showsITerm = ["iterm2", "wezterm", "mintty", "rio"].contains { name.hasPrefix($0) }
      }
    }
  }

  /// Whether the terminal is one that may take kitty's protocol.
  package private(set) var mayKitty = false

  /// Takes the answers to `kittyQuestion` in.
  package mutating func addKitty(_ replies: [TerminalReply]) {
    showsKitty = replies.contains {
      if case .string("_", let content) = $0 { content.hasPrefix("G") && content.hasSuffix(";OK") } else { false }
    }
  }

  /// Adds what the environment says, for terminals that do not tell their names.
  package mutating func add(_ environment: (String) -> String?) {
    if environment("KITTY_WINDOW_ID") != nil || environment("TERM") == "xterm-kitty"
      || environment("TERM") == "xterm-ghostty"
    {
      mayKitty = true
    }
    if environment("TERM_PROGRAM") == "iTerm.app" { showsITerm = true }
  }
}

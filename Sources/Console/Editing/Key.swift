/// What was pressed, pasted or answered, as the editor sees it.
package enum Key: Equatable {
  /// Characters that were typed.
  case text(String)
  /// What was pasted, its lines separated by `\n`, without other control characters than tabs.
  case paste(String)
  /// Ctrl with a letter in lower case, or with `_`, `\`, `]`, `^`, `@`.
  case control(Character)
  /// Alt with a character, or Escape before it.
  case alt(Character)
  case enter
  case altEnter
  case tab
  case backTab
  case backspace
  case altBackspace
  case delete
  case wordDelete
  case escape
  case up
  case down
  case left
  case right
  case home
  case end
  case wordLeft
  case wordRight
  case pageUp
  case pageDown
  /// The terminal's answer to a question.
  case reply(TerminalReply)
  /// A key without a meaning here.
  case unknown
}

/// What a terminal says of itself when it is asked.
package enum TerminalReply: Equatable {
  /// `ESC [ ? 62 ; 4 ; 22 c`: its attributes (DA1).
  case attributes([Int])
  /// `ESC [ 6 ; height ; width t`: the pixels of a character.
  case cell(height: Int, width: Int)
  /// A control string: `ESC _ …` of kitty, `ESC P > | name` of XTVERSION; the kind is the letter behind Escape.
  case string(kind: Character, content: String)
}

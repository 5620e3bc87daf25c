/// The text that is being edited, several lines where a block is typed, and the cursor in it.
package struct LineBuffer: Equatable {
  /// The characters; `\n` between lines.
  package private(set) var characters: [Character] = []
  /// The character before which the cursor stands, `0...characters.count`.
  package private(set) var cursor = 0

  package init() {}

  /// A text with the cursor at its end.
  package init(_ text: String) {
    characters = Array(text)
    cursor = characters.count
  }

  package var text: String { String(characters) }
  package var isEmpty: Bool { characters.isEmpty }
  package var isAtEnd: Bool { cursor == characters.count }
  package var textBeforeCursor: String { String(characters[..<cursor]) }

  // MARK: - Changing

  /// Puts text in at the cursor, which then stands behind it. A mark that combines joins the character before it.
  package mutating func insert(_ text: String) {
    guard !text.isEmpty else { return }
    let lower = max(0, cursor - 1), upper = min(characters.count, cursor + 1)
    let before = String(characters[lower..<cursor]) + text
    let joined = Array(before + String(characters[cursor..<upper]))
    characters.replaceSubrange(lower..<upper, with: joined)
    // What has joined the character behind the cursor is passed as a whole.
    var bytes = before.utf8.count
    cursor = lower
    for character in joined {
      guard bytes > 0 else { break }
      bytes -= character.utf8.count
      cursor += 1
    }
  }

  /// Takes characters out and leaves the cursor where they were.
  /// - Returns: what they were.
  @discardableResult
  package mutating func remove(_ range: Range<Int>) -> String {
    let range = range.clamped(to: 0..<characters.count)
    let removed = String(characters[range])
    characters.removeSubrange(range)
    cursor = range.lowerBound
    return removed
  }

  /// Puts text in place of characters.
  package mutating func replace(_ range: Range<Int>, with text: String) {
    remove(range)
    insert(text)
  }

  /// Exchanges the characters around the cursor, at the end of a line the two before it.
  /// - Returns: whether there are two.
  package mutating func transpose() -> Bool {
    let line = lineRange
    var right = cursor
    if right == line.upperBound { right -= 1 }
    guard right > line.lowerBound, right < line.upperBound else { return false }
    characters.swapAt(right - 1, right)
    cursor = right + 1
    return true
  }

  // MARK: - Moving

  package mutating func move(to place: Int) { cursor = min(max(0, place), characters.count) }
  package mutating func moveLeft() { move(to: cursor - 1) }
  package mutating func moveRight() { move(to: cursor + 1) }
  package mutating func moveToEnd() { cursor = characters.count }

  /// The characters of the line that the cursor is in, without line breaks.
  package var lineRange: Range<Int> {
    let start = characters[..<cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    let end = characters[cursor...].firstIndex(of: "\n") ?? characters.count
    return start..<end
  }

  package var isInFirstLine: Bool { !characters[..<cursor].contains("\n") }
  package var isInLastLine: Bool { !characters[cursor...].contains("\n") }

  /// Moves to the line above or below, keeping the place in the line as far as that goes.
  package mutating func moveLine(up: Bool) {
    let line = lineRange, column = cursor - line.lowerBound
    if up {
      guard line.lowerBound > 0 else { return }
      cursor = line.lowerBound - 1
    } else {
      guard line.upperBound < characters.count else { return }
      cursor = line.upperBound + 1
    }
    let target = lineRange
    cursor = min(target.lowerBound + column, target.upperBound)
  }

  // MARK: - Words

  /// The beginning of the word at or before the cursor: letters, digits and `_`.
  package var wordStart: Int {
    var place = cursor
    while place > 0, !Self.isOfWord(characters[place - 1]) { place -= 1 }
    while place > 0, Self.isOfWord(characters[place - 1]) { place -= 1 }
    return place
  }

  /// The end of the word at or behind the cursor.
  package var wordEnd: Int {
    var place = cursor
    while place < characters.count, !Self.isOfWord(characters[place]) { place += 1 }
    while place < characters.count, Self.isOfWord(characters[place]) { place += 1 }
    return place
  }

  /// The beginning of what stands before the cursor without blanks.
  package var blankDelimitedStart: Int {
    var place = cursor
    while place > 0, characters[place - 1].isWhitespace { place -= 1 }
    while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
    return place
  }

  private static func isOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}

/// What was cut, to be put in again; cuts that follow each other at once make one piece.
package struct KillRing {
  private var pieces: [String] = []
  private var place = 0

  private static let most = 60

  /// The piece that a yank gives.
  package var current: String? { pieces.isEmpty ? nil : pieces[place] }

  /// Keeps a cut.
  /// - Parameter joins: whether it belongs to the cut before it; nil where it is one of its own.
  package mutating func add(_ text: String, joins side: Side? = nil) {
    guard !text.isEmpty else { return }
    if let side, let last = pieces.last {
      pieces[pieces.count - 1] = side == .front ? text + last : last + text
    } else {
      pieces.append(text)
      if pieces.count > Self.most { pieces.removeFirst() }
    }
    place = pieces.count - 1
  }

  /// On which side of the earlier cut a further one stood.
  package enum Side {
    case front
    case back
  }

  /// Goes to the cut before the current one, from the first to the last.
  package mutating func rotate() {
    if !pieces.isEmpty { place = (place + pieces.count - 1) % pieces.count }
  }
}

/// Earlier states of the text; characters that are typed in a row are undone together, a word at a time.
struct UndoStack {
  private var states: [LineBuffer] = []
  private var size = 0
  private var isTyping = false

  /// Characters that all states together may hold.
  private static let largest = 1 << 21

  /// Keeps a state before it is changed.
  /// - Parameter isTyping: whether the change goes on with the typing before it.
  mutating func add(_ state: LineBuffer, isTyping: Bool = false) {
    defer { self.isTyping = isTyping }
    if isTyping && self.isTyping || states.last == state { return }
    states.append(state)
    size += state.characters.count + 1
    while size > Self.largest, states.count > 1 { size -= states.removeFirst().characters.count + 1 }
  }

  /// What follows begins a change of its own.
  mutating func seal() { isTyping = false }

  /// The state before the last change, nil where there is none.
  mutating func undo() -> LineBuffer? {
    isTyping = false
    guard let state = states.popLast() else { return nil }
    size -= state.characters.count + 1
    return state
  }
}

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

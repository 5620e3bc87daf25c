import BVAELanguage

/// Editing as a value: keys go in, the text and what is shown beside it come out. It knows no terminal.
package struct LineEditor {
  /// What a key came to.
  package enum Outcome: Equatable {
    /// Editing goes on.
    case editing
    /// The text was entered.
    case accepted
    /// Ctrl-C: the text is given up.
    case interrupted
    /// Ctrl-D on an empty text.
    case ended
    /// The screen is to be cleared.
    case cleared
    /// Ctrl-Z.
    case suspended
    /// Ctrl-X Ctrl-E: the text is to be edited elsewhere.
    case external
  }

  package private(set) var buffer = LineBuffer()
  package private(set) var search: HistorySearch?
  package private(set) var menu: CompletionMenu?
  /// What the last key is answered with.
  package private(set) var message: String?
  private let assistant: any Assistant
  private let history: () -> [String]
  private let suggests: Bool
  private var hasToldOfPrompts = false
  private var walk: HistoryWalk?
  private var undoStack = UndoStack()
  private var killRing = KillRing()
  /// What the last key was, where the next one may go on with it.
  private var last = Run.none
  private var yanked: Range<Int>?
  private var inserted: LastWord?

  private enum Run {
    case none
    case killing
    case yanking
    /// Completed with a blank behind it.
    case completing
    /// Inserted the last word of an earlier line.
    case inserting
    /// Ctrl-X, which a further key ends.
    case prefix
  }

  /// An editor without text.
  /// - Parameter suggests: whether entries of the history are suggested, which are to be seen in grey.
  package init(assistant: any Assistant, suggests: Bool = true, history: @escaping () -> [String]) {
    self.assistant = assistant
    self.suggests = suggests
    self.history = history
  }

  /// Begins a new text; cuts are kept.
  package mutating func begin() {
    buffer = LineBuffer()
    search = nil
    menu = nil
    message = nil
    walk = nil
    undoStack = UndoStack()
    last = .none
  }

  /// Whether Escape means something now, so that a lone one is worth waiting for.
  package var heedsEscape: Bool { search != nil || menu != nil }

  package mutating func handle(_ key: Key) -> Outcome {
    message = nil
    if search != nil, handleSearch(key) { return .editing }
    if menu != nil, handleMenu(key) { return .editing }
    return handleEditing(key)
  }

  private mutating func handleEditing(_ key: Key) -> Outcome {
    let run = last
    last = .none
    switch key {
    case .enter: return enter()
    case .altEnter: change { $0.insert("\n") }
    // The blank that completion has put there is the one that is typed from habit.
    case .text(" ") where run == .completing: break
    case .text(let text): change(isTyping: text.allSatisfy { !$0.isWhitespace }) { $0.insert(text) }
    case .paste(let text): paste(text)
    case .tab: complete()
    case .up: goUp()
    case .down: goDown()
    case .control("x"): last = .prefix
    case .control("e") where run == .prefix: return .external
    case .alt("."): insertLastWord(run)
    case .control("c"): return .interrupted
    case .control("d"):
      if buffer.isEmpty { return .ended }
      if buffer.isAtEnd { message = howToLeave }
      delete(buffer.cursor..<buffer.cursor + 1)
    case .control("l"): return .cleared
    case .control("z"): return .suspended
    case .control("r"): search = HistorySearch(from: buffer)
    case .control("p"): goThroughHistory(back: true)
    case .control("n"): goThroughHistory(back: false)
    case .control("_"):
      if let earlier = undoStack.undo() {
        buffer = earlier
        walk = nil
      }
    case .control("y"): yank()
    case .alt("y"): if case .yanking = run { yankEarlier() }
    default:
      if !handleDeletion(key, run), !handleMotion(key) { return .editing }
    }
    return .editing
  }

  // MARK: - Changing

  private mutating func change(isTyping: Bool = false, _ body: (inout LineBuffer) -> Void) {
    let before = buffer
    body(&buffer)
    guard buffer.characters != before.characters else { return }
    undoStack.add(before, isTyping: isTyping)
    walk = nil
  }

  /// Puts in what was pasted. At the beginning of a line it may come from a session's screen, with its prompts.
  private mutating func paste(_ text: String) {
    let isAtStart = buffer.characters[buffer.lineRange.lowerBound..<buffer.cursor].allSatisfy(\.isWhitespace)
    let statements = isAtStart ? SessionText(text).statements : text
    change { $0.insert(statements) }
    if statements != text && !hasToldOfPrompts {
      message = "pasted without the prompts and answers that were copied along"
      hasToldOfPrompts = true
    }
  }

  /// Takes the text as it comes back from another editor.
  package mutating func replace(with text: String) {
    change { $0.replace(0..<$0.characters.count, with: text) }
    undoStack.seal()
  }

  /// Answers the last key with a message.
  package mutating func say(_ message: String) { self.message = message }

  /// What Ctrl-D is answered with where it neither ends the session nor deletes anything.
  private var howToLeave: String {
    assistant.completeness(of: buffer.text).isWhole
      ? "Ctrl-D ends the session on an empty line; Ctrl-C discards the line" : InteractiveMode.howToLeaveBlock
  }

  private mutating func delete(_ range: Range<Int>) { change { $0.remove(range) } }

  private mutating func handleDeletion(_ key: Key, _ run: Run) -> Bool {
    let cursor = buffer.cursor, line = buffer.lineRange
    switch key {
    case .backspace: if cursor > 0 { delete(cursor - 1..<cursor) }
    case .delete: delete(cursor..<cursor + 1)
    case .control("t"): change { _ = $0.transpose() }
    case .control("k"):
      // At the end of a line its line break.
      kill(cursor..<max(line.upperBound, line.upperBound == cursor ? cursor + 1 : 0), .back, run)
    case .control("u"): kill((line.lowerBound == cursor ? max(0, cursor - 1) : line.lowerBound)..<cursor, .front, run)
    case .control("w"): kill(buffer.blankDelimitedStart..<cursor, .front, run)
    case .altBackspace: kill(buffer.wordStart..<cursor, .front, run)
    case .alt("d"), .wordDelete: kill(cursor..<buffer.wordEnd, .back, run)
    default: return false
    }
    return true
  }

  private mutating func kill(_ range: Range<Int>, _ side: KillRing.Side, _ run: Run) {
    let range = range.clamped(to: 0..<buffer.characters.count)
    last = .killing
    guard !range.isEmpty else { return }
    if case .killing = run {
      killRing.add(String(buffer.characters[range]), joins: side)
    } else {
      killRing.add(String(buffer.characters[range]))
    }
    delete(range)
  }

  private mutating func yank() {
    guard let text = killRing.current else { return }
    let start = buffer.cursor
    change { $0.insert(text) }
    yanked = start..<buffer.cursor
    last = .yanking
  }

  private mutating func yankEarlier() {
    guard let range = yanked else { return }
    killRing.rotate()
    guard let text = killRing.current else { return }
    change { $0.replace(range, with: text) }
    yanked = range.lowerBound..<buffer.cursor
    last = .yanking
  }

  /// Inserts the last word of the line before; again, in its place that of the line before that.
  private mutating func insertLastWord(_ run: Run) {
    let earlier = run == .inserting ? inserted : nil
    last = .inserting
    let entries = history(), range = earlier?.range ?? buffer.cursor..<buffer.cursor
    guard
      let next = LastWord.next(
        before: earlier?.place ?? entries.count, in: entries, otherThan: String(buffer.characters[range]))
    else { return }
    change { $0.replace(range, with: next.word) }
    inserted = LastWord(range: range.lowerBound..<buffer.cursor, place: next.place)
  }

  // MARK: - Suggesting

  /// What the latest entry of the history that begins with the text goes on with; nil where there is none, or the cursor
  /// is not at the end.
  package var suggestion: String? {
    guard suggests, walk == nil, takesHint else { return nil }
    let text = buffer.text.utf8
    guard text.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }) else { return nil }
    let entry = history().last { $0.utf8.count > text.count && $0.utf8.starts(with: text) }
    return entry.map { String(decoding: $0.utf8.dropFirst(text.count), as: UTF8.self) }
  }

  /// Takes the suggestion, or its next word.
  /// - Returns: whether there is one.
  private mutating func takeSuggestion(wordAlone: Bool) -> Bool {
    guard let suggestion else { return false }
    var whole = LineBuffer(buffer.text + suggestion)
    whole.move(to: buffer.cursor)
    let end = wordAlone ? whole.wordEnd : whole.characters.count
    let taken = String(whole.characters[buffer.cursor..<end])
    change { $0.insert(taken) }
    return true
  }

  // MARK: - Moving

  private mutating func handleMotion(_ key: Key) -> Bool {
    switch key {
    case .right, .control("f"), .end, .control("e"): if takeSuggestion(wordAlone: false) { return true }
    case .wordRight, .alt("f"): if takeSuggestion(wordAlone: true) { return true }
    default: break
    }
    switch key {
    case .left, .control("b"): buffer.moveLeft()
    case .right, .control("f"): buffer.moveRight()
    case .home, .control("a"): buffer.move(to: buffer.lineRange.lowerBound)
    case .end, .control("e"): buffer.move(to: buffer.lineRange.upperBound)
    case .wordLeft, .alt("b"): buffer.move(to: buffer.wordStart)
    case .wordRight, .alt("f"): buffer.move(to: buffer.wordEnd)
    case .alt("<"): buffer.move(to: 0)
    case .alt(">"): buffer.moveToEnd()
    case .pageUp: buffer.move(to: 0)
    case .pageDown: buffer.moveToEnd()
    default: return false
    }
    undoStack.seal()
    return true
  }

  private mutating func goUp() {
    // In a block the arrows go through its lines, also where it came from the history.
    if buffer.isInFirstLine { goThroughHistory(back: true) } else { buffer.moveLine(up: true) }
  }

  private mutating func goDown() {
    if buffer.isInLastLine { goThroughHistory(back: false) } else { buffer.moveLine(up: false) }
  }

  private mutating func goThroughHistory(back: Bool) {
    let entries = history()
    var current = walk ?? HistoryWalk(from: buffer, entries: entries)
    guard let found = current.step(back: back, entries) else { return }
    buffer = found
    walk = current
    undoStack.seal()
  }

  // MARK: - Entering

  /// Runs what is whole; else the block goes on in a new line, indented as deep as it is.
  private mutating func enter() -> Outcome {
    let text = buffer.text
    let whole = assistant.completeness(of: text)
    if whole.isWhole {
      alignEnd(depth: whole.depth)
      buffer.moveToEnd()
      return .accepted
    }
    let depthHere = assistant.completeness(of: buffer.textBeforeCursor).depth
    change { buffer in
      Self.align(&buffer, depth: depthHere)
      buffer.insert("\n")
    }
    let depth = assistant.completeness(of: buffer.textBeforeCursor).depth
    if buffer.isAtEnd { change { $0.insert(String(repeating: "  ", count: min(depth, 20))) } }
    return .editing
  }

  private mutating func alignEnd(depth: Int) {
    guard buffer.characters.contains("\n") else { return }
    change { buffer in
      buffer.moveToEnd()
      Self.align(&buffer, depth: depth)
    }
  }

  /// Moves a line `end` or `else` out to where its block begins.
  private static func align(_ buffer: inout LineBuffer, depth: Int) {
    let line = buffer.lineRange
    let characters = buffer.characters[line]
    let indent = characters.prefix { $0 == " " }.count
    let words = String(characters.dropFirst(indent)).split(separator: " ")
    guard let first = words.first, first == "end" || first == "else", indent > 0 else { return }
    let wanted = max(0, 2 * (first == "end" ? depth : depth - 1))
    guard indent > wanted else { return }
    let offset = buffer.cursor - line.lowerBound
    buffer.remove(line.lowerBound..<line.lowerBound + indent - wanted)
    buffer.move(to: line.lowerBound + max(0, offset - (indent - wanted)))
  }

  // MARK: - Completing

  private mutating func complete() {
    let cursor = buffer.cursor
    let line = String(buffer.characters[buffer.lineRange.lowerBound..<cursor])
    // At the beginning of a line there is nothing to complete yet, but room to indent.
    if line.allSatisfy(\.isWhitespace) && !buffer.isInFirstLine { return change { $0.insert("  ") } }
    let (replacing, found) = assistant.completions(of: buffer.textBeforeCursor)
    guard let first = found.first else { return }
    let start = max(0, cursor - replacing)
    if found.count == 1 {
      let next = cursor < buffer.characters.count ? String(buffer.characters[cursor]) : ""
      let ending = next == first.ending ? "" : first.ending
      change { $0.replace(start..<cursor, with: first.text + ending) }
      if ending == " " { last = .completing }
      return
    }
    let typed = String(buffer.characters[start..<cursor])
    let shared = found.dropFirst().reduce(first.text) { $0.commonPrefix(with: $1.text) }
    if shared.count > typed.count { change { $0.replace(start..<cursor, with: shared) } }
    menu = CompletionMenu(start: start, typed: String(buffer.characters[start..<buffer.cursor]), candidates: found)
  }

  /// - Returns: whether the key was for the menu alone.
  private mutating func handleMenu(_ key: Key) -> Bool {
    guard var menu else { return false }
    switch key {
    case .tab, .down: menu.select(next: true)
    case .backTab, .up: menu.select(next: false)
    case .escape, .control("g"):
      change { $0.replace(menu.start..<$0.cursor, with: menu.typed) }
      self.menu = nil
      return true
    case .enter where menu.selected != nil:
      if let chosen = menu.chosen {
        change { $0.insert(chosen.ending) }
        if chosen.ending == " " { last = .completing }
      }
      self.menu = nil
      return true
    default:
      self.menu = nil
      return false
    }
    let start = menu.start
    let text = menu.chosen?.text ?? menu.typed
    change { $0.replace(start..<$0.cursor, with: text) }
    self.menu = menu
    return true
  }

  // MARK: - Searching

  /// - Returns: whether the key was for the search alone.
  private mutating func handleSearch(_ key: Key) -> Bool {
    guard var search else { return false }
    let entries = history()
    switch key {
    case .text(let text): search.extend(text, entries)
    case .paste(let text): search.extend(text.replacing("\n", with: " "), entries)
    case .backspace: search.shorten(entries)
    case .control("r"): search.again(back: true, entries)
    case .control("s"): search.again(back: false, entries)
    case .control("g"), .control("c"):
      buffer = search.original
      self.search = nil
      return true
    case .escape:
      self.search = nil
      return true
    case .unknown, .reply: return true
    default:
      // Any other key takes what was found and does with it what it does.
      self.search = nil
      return false
    }
    if let found = search.found(entries) {
      if buffer.text != found.text { undoStack.add(buffer) }
      buffer = found
      walk = nil
    }
    self.search = search
    return true
  }

  /// What follows the cursor, in grey: the rest of an entry of the history, else what could be written here. Of several
  /// lines the first is shown.
  package var hint: String {
    guard takesHint else { return "" }
    guard let suggestion else { return assistant.hint(after: buffer.text) }
    let line = suggestion.prefix { $0 != "\n" }
    return line.count < suggestion.count ? line + " …" : String(line)
  }

  private var takesHint: Bool {
    buffer.isAtEnd && !buffer.isEmpty && search == nil && menu == nil && buffer.characters.count < 2000
  }

  /// What each character is.
  package var roles: [Highlight.Role?] {
    var roles = [Highlight.Role?](repeating: nil, count: buffer.characters.count)
    // Beyond some screens of text nobody sees the colours while typing.
    guard buffer.characters.count < 20_000 else { return roles }
    var starts: [Int] = []
    starts.reserveCapacity(roles.count)
    var offset = 0
    for character in buffer.characters {
      starts.append(offset)
      offset += character.utf8.count
    }
    for highlight in assistant.highlights(of: buffer.text) {
      var index = starts.partitioningIndex { $0 >= highlight.span.lower }
      while index < starts.count, starts[index] < highlight.span.upper {
        roles[index] = highlight.role
        index += 1
      }
    }
    return roles
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}

extension Array {
  /// The first index whose element suits, where all behind it suit too.
  fileprivate func partitioningIndex(where suits: (Element) -> Bool) -> Int {
    var low = 0, high = count
    while low < high {
      let middle = (low + high) / 2
      if suits(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Going through the history with the arrows: the entries that begin with what had been typed.
package struct HistoryWalk {
  private let original: LineBuffer
  private let prefix: String
  /// The entry that is shown; the number of entries where it is what had been typed.
  private var place: Int

  package init(from buffer: LineBuffer, entries: [String]) {
    original = buffer
    prefix = buffer.textBeforeCursor
    place = entries.count
  }

  /// The next entry, nil where there is none further in this direction.
  package mutating func step(back: Bool, _ entries: [String]) -> LineBuffer? {
    var next = min(place, entries.count)
    while true {
      next += back ? -1 : 1
      if next < 0 || next > entries.count { return nil }
      if next == entries.count {
        place = next
        return original
      }
      if entries[next].hasPrefix(prefix) && entries[next] != original.text { break }
    }
    place = next
    return LineBuffer(entries[next])
  }
}

/// Searching the history while the words of the search are typed.
package struct HistorySearch {
  /// What was in the line before.
  package let original: LineBuffer
  package private(set) var query = ""
  /// Whether the query was found.
  package private(set) var isFound = true
  private var place: Int?

  package init(from buffer: LineBuffer) { original = buffer }

  package mutating func extend(_ text: String, _ entries: [String]) {
    query += text
    find(from: min(place ?? entries.count - 1, entries.count - 1), back: true, entries)
  }

  package mutating func shorten(_ entries: [String]) {
    guard !query.isEmpty else { return }
    query.removeLast()
    place = nil
    find(from: entries.count - 1, back: true, entries)
  }

  /// Goes on to the next entry in a direction that is another one.
  package mutating func again(back: Bool, _ entries: [String]) {
    guard !query.isEmpty, let place else { return }
    find(from: place + (back ? -1 : 1), back: back, entries)
  }

  /// The entry that was found, with the cursor at what was looked for.
  package func found(_ entries: [String]) -> LineBuffer? {
    guard !query.isEmpty else { return original }
    guard let place, place < entries.count else { return nil }
    var buffer = LineBuffer(entries[place])
    if let range = entries[place].firstRange(of: query) {
      buffer.move(to: entries[place].distance(from: entries[place].startIndex, to: range.lowerBound))
    }
    return buffer
  }

  private mutating func find(from start: Int, back: Bool, _ entries: [String]) {
    guard !query.isEmpty else {
      isFound = true
      return
    }
    var next = start
    while next >= 0, next < entries.count {
      if entries[next].contains(query) {
        place = next
        isFound = true
        return
      }
      next += back ? -1 : 1
    }
    isFound = false
  }
}

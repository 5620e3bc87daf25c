/// What was entered, the latest last; no entry twice.
package struct HistoryList: Equatable, Sendable {
  /// The entries, the earliest first.
  package private(set) var entries: [String] = []

  /// The most entries that are kept.
  package static let most = 5000
  /// The longest entry that is kept, in bytes.
  package static let longest = 1 << 17

  /// A history of entries, of which the latest are kept.
  package init(_ entries: some BidirectionalCollection<String> = []) {
    var seen: Set<String> = []
    var latest: [String] = []
    for entry in entries.reversed() where Self.isWorthKeeping(entry) && seen.insert(entry).inserted {
      latest.append(entry)
      if latest.count == Self.most { break }
    }
    self.entries = latest.reversed()
  }

  /// Adds an entry as the latest; where it was entered before it moves.
  /// - Returns: whether that changed anything.
  @discardableResult
  package mutating func add(_ entry: String) -> Bool {
    guard Self.isWorthKeeping(entry), entries.last != entry else { return false }
    entries.removeAll { $0 == entry }
    entries.append(entry)
    if entries.count > Self.most { entries.removeFirst(entries.count - Self.most) }
    return true
  }

  /// Blanks are not kept, nor what would fill the history alone.
  private static func isWorthKeeping(_ entry: String) -> Bool {
    entry.utf8.count <= longest && entry.contains { !$0.isWhitespace }
  }
}

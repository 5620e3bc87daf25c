import BVAEPlatform

/// The history of the prompt: what was entered in this session and, from the file, in those before it. The file is read
/// when an entry is asked for first; other sessions may add to it at any time.
package final class InputHistory {
  private let log: SharedLog?
  private var last: String?
  /// What could not be written to the file.
  private var unwritten: [String] = []
  private var list: HistoryList?

  /// What is read of the file, in bytes: several times what a full history takes.
  private static let largestFile = 1 << 23

  /// A history that is kept in a file, or nowhere: with no path, and at /dev/null, which is how many programs are told
  /// to keep none.
  package init(path: String?) {
    log = path.flatMap { Files.canonical($0) == "/dev/null" ? nil : SharedLog($0) }
  }

  /// Where the history is kept: `BVAE_HISTORY`, else `history` in the user's state folder.
  package static var standardPath: String? {
    // The prompt may go to another folder.
    Machine.environmentPath("BVAE_HISTORY").map(Path.absolute)
      ?? Machine.stateDirectory.map { Path.join($0, "history") }
  }

  /// The entries, the earliest first.
  package var entries: [String] {
    if let list { return list.entries }
    let bytes = (try? log?.tail(limit: Self.largestFile)) ?? []
    let read = HistoryText.entries(of: bytes)
    let loaded = HistoryList(read + unwritten)
    list = loaded
    // Once in a while what is there twice, or too much, is cleared away.
    if read.count > HistoryList.most + HistoryList.most / 4 || bytes.count > Self.largestFile / 2 { compact() }
    return loaded.entries
  }

  /// Keeps an entry, in the file too.
  /// - Throws: `FileProblem` where it could only be kept for this session.
  package func add(_ entry: String) throws {
    var single = HistoryList()
    guard last != entry, single.add(entry) else { return }
    last = entry
    list?.add(entry)
    do {
      guard let log else { return unwritten.append(entry) }
      try log.append(HistoryText.line(entry))
    } catch {
      unwritten.append(entry)
      throw error
    }
  }

  /// Writes the file anew, without what is there twice. What other sessions have added until now is kept.
  private func compact() {
    try? log?.rewrite(limit: Self.largestFile) { bytes in
      HistoryList(HistoryText.entries(of: bytes)).entries.map(HistoryText.line).joined()
    }
  }
}

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

import BVAEPlatform

/// The files that a script reads and writes as far as their paths are known before it runs.
struct PathUses {
  private struct Use: Hashable {
    let path: String
    let source: ObjectIdentifier
    let span: Span
  }

  /// A path of which only the ends are known: `out/{name}.npy`.
  private struct Pattern: Hashable {
    let prefix: String
    let suffix: String

    /// Whether a file of the pattern may be the one at an absolute path, or lie in the folder there.
    func mayMean(_ path: String) -> Bool {
      if prefix.isEmpty { return path.hasSuffix(suffix) || Path.fileExtension(path).isEmpty }
      let isFolder = Path.fileExtension(path).isEmpty
      return path.hasPrefix(prefix) && (path.hasSuffix(suffix) || isFolder) || prefix.hasPrefix(path + "/")
    }
  }

  private var written: Set<String> = []
  /// The folders that hold what is written, and those above them.
  private var folders: Set<String> = []
  private var patterns: Set<Pattern> = []
  private var writesAnywhere = false
  private var reads: [(path: String, source: Source, span: Span, hint: String?)] = []
  private var writes: [(path: String, source: Source, span: Span)] = []
  private var seen: Set<Use> = []

  /// More patterns than this are taken for all that there could be.
  private static let mostPatterns = 200

  /// Notes a file that is written.
  mutating func write(_ path: String, _ source: Source, _ span: Span) {
    guard seen.insert(Use(path: path, source: ObjectIdentifier(source), span: span)).inserted else { return }
    writes.append((path, source, span))
    let whole = Files.resolved(path)
    written.insert(whole)
    var folder = Path.parent(whole)
    while folder != "/", folders.insert(folder).inserted { folder = Path.parent(folder) }
  }

  /// Notes that some file is written whose path begins and ends so.
  mutating func writeSomewhere(beginning prefix: String, ending suffix: String) {
    // The slash at the end of a folder is a part of how the path begins.
    let folder = prefix.hasSuffix("/") && prefix != "/" ? "/" : ""
    patterns.insert(Pattern(prefix: prefix.isEmpty ? "" : Files.resolved(prefix) + folder, suffix: suffix))
    if patterns.count > Self.mostPatterns { writesAnywhere = true }
  }

  /// Notes a file that is read.
  /// - Parameter hint: what to do where there is none.
  mutating func read(_ path: String, _ source: Source, _ span: Span, hint: String? = nil) {
    guard seen.insert(Use(path: path, source: ObjectIdentifier(source), span: span)).inserted else { return }
    reads.append((path, source, span, hint))
  }

  /// The files that are read, by their paths.
  var inputs: [String] { reads.map(\.path) }

  /// What is wrong: files that are not there and that the script does not write itself, whatever the order, and files
  /// that cannot be written where they are to be.
  var mistakes: [Diagnostic] { missing + unwritable }

  private var missing: [Diagnostic] {
    if writesAnywhere { return [] }
    var suggestions = SuggestionSearch()
    var isThere: [String: Bool] = [:]
    return reads.compactMap { path, source, span, instead in
      let whole = Files.resolved(path)
      if written.contains(whole) || folders.contains(whole) || patterns.contains(where: { $0.mayMean(whole) }) {
        return nil
      }
      let exists = isThere[path] ?? Files.exists(path)
      isThere[path] = exists
      if exists { return nil }
      let folder = Path.parent(path)
      let close = suggestions.closest(
        to: Path.name(path), among: (try? Files.list(folder.isEmpty ? "." : folder)) ?? [])
      return Diagnostic(
        path.isEmpty ? "this path is empty" : "there is no file '\(path)'",
        hint: instead ?? close.map { "did you mean '\(Path.join(folder, $0))'?" }, source: source, span: span)
    }
  }

  private var unwritable: [Diagnostic] {
    writes.compactMap { path, source, span in
      Files.obstacle(toWriting: path).map { Diagnostic("\($0)", source: source, span: span) }
    }
  }
}

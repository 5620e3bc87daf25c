import Platform

/// The files that a script reads and writes as far as their paths are written out.
struct PathUses {
  private var written: Set<String> = []
  private var writesUnknown = false
  private var read: [(path: String, source: Source, span: Span)] = []

  /// Notes a file that is written, or that some file is.
  mutating func write(_ path: String?) {
    if let path { written.insert(Path.absolute(path)) } else { writesUnknown = true }
  }

  /// Notes a file that is read.
  mutating func read(_ path: String, _ source: Source, _ span: Span) { read.append((path, source, span)) }

  /// The files that are not there and that the script does not write itself, whatever the order.
  var missing: [Diagnostic] {
    if writesUnknown { return [] }
    var suggestions = SuggestionSearch()
    return read.compactMap { path, source, span in
      guard !written.contains(Path.absolute(path)), !Files.exists(path) else { return nil }
      let folder = Path.parent(path)
      let close = suggestions.closest(
        to: Path.name(path), among: (try? Files.list(folder.isEmpty ? "." : folder)) ?? [])
      return Diagnostic(
        "there is no file '\(path)'", hint: close.map { "did you mean '\(Path.join(folder, $0))'?" }, source: source,
        span: span)
    }
  }
}

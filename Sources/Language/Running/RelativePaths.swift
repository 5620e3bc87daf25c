import BVAEPlatform

/// Where a typed statement has named files from the working folder. When the prompt has gone to another folder since it
/// began (`cd`), a script that begins where the session did needs the way there.
struct RelativePaths {
  private struct Place: Hashable {
    let source: ObjectIdentifier
    let span: Span
  }

  private var places: Set<Place> = []

  /// Notes an expression whose value is such a path.
  mutating func insert(_ span: Span, of source: Source) {
    places.insert(Place(source: ObjectIdentifier(source), span: span))
  }

  /// What a script writes for each in a source, the last one first.
  /// - Parameter folder: the working folder, from the root.
  func written(from folder: String, in source: Source) -> [(span: Span, text: String)] {
    let way = Value.text(folder == "/" ? folder : folder + "/").literal
    let own = places.filter { $0.source == ObjectIdentifier(source) }.map(\.span).sorted { $0.lower > $1.lower }
    return own.map { span in
      let text = source.text(span)
      return (span, text.hasPrefix("\"") ? "\(way.dropLast())\(text.dropFirst())" : "(\(way) + \(text))")
    }
  }
}

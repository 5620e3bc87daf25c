/// The lines of scripts that have run and that no part of the report has shown yet.
struct RanLines {
  private struct Piece {
    let source: Source
    var lines: ClosedRange<Int>
  }

  private var pieces: [Piece] = []
  /// The last line of each source that has run.
  private var reached: [ObjectIdentifier: Int] = [:]

  /// Takes in a statement with the comments above it. Prose is no code, but ends what stands above it.
  mutating func add(_ span: Span, of source: Source, isProse: Bool) {
    let first = source.line(at: span.lower), last = source.line(at: max(span.lower, span.upper - 1))
    // A script that is included again has been read to its end before.
    let before = reached[ObjectIdentifier(source)].map { $0 < first ? $0 : first - 1 } ?? source.firstLineNumber - 1
    reached[ObjectIdentifier(source)] = last
    let start = min(before + 1, first)
    if isProse {
      if start < first { append(Piece(source: source, lines: start...first - 1)) }
    } else {
      append(Piece(source: source, lines: start...last))
    }
  }

  private mutating func append(_ piece: Piece) {
    if let end = pieces.last, end.source === piece.source, end.lines.upperBound + 1 == piece.lines.lowerBound {
      pieces[pieces.count - 1].lines = end.lines.lowerBound...piece.lines.upperBound
    } else {
      pieces.append(piece)
    }
  }

  /// All of them as they stand in the scripts, without blank lines around; nil where nothing is left. They are forgotten.
  mutating func take() -> String? {
    defer { pieces = [] }
    var lines: [String] = []
    for piece in pieces {
      let text = piece.lines.map { piece.source.text(piece.source.byteRange(ofLine: $0)) }.filter {
        !$0.hasPrefix("#!")
      }
      let isBlank = { (line: String) in line.allSatisfy { $0 == " " || $0 == "\t" } }
      lines += text.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }
}

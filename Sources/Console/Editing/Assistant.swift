import BVAELanguage
import BVAEPlatform

/// What the editor asks of the language.
package protocol Assistant {
  /// What could complete the text up to the cursor, and how many characters at its end that replaces.
  func completions(of text: String) -> (replacing: Int, completions: [Completion])
  /// What could follow the text, in grey.
  func hint(after text: String) -> String
  /// What the stretches of the text are.
  func highlights(of text: String) -> [Highlight]
  /// What an entered text comes to.
  func completeness(of text: String) -> Completeness
}

/// Whether a text can be run.
package struct Completeness: Equatable {
  /// Whether it is whole: blocks have their `end`, no line is continued.
  package let isWhole: Bool
  /// How many blocks are open at its end.
  package let depth: Int
}

/// What a session knows.
package struct SessionAssistant: Assistant {
  private let session: Session

  package init(session: Session) { self.session = session }

  package func completions(of text: String) -> (replacing: Int, completions: [Completion]) {
    session.completions(of: StatementCollector.lastLine(of: text))
  }

  package func hint(after text: String) -> String { session.hint(after: StatementCollector.lastLine(of: text)) }

  package func highlights(of text: String) -> [Highlight] { session.highlights(of: text) }

  package func completeness(of text: String) -> Completeness {
    var collector = StatementCollector()
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      _ = collector.add(line)
    }
    return Completeness(isWhole: !collector.needsMore, depth: collector.depth)
  }
}

/// Completions to choose from.
package struct CompletionMenu {
  /// Where in the text the word begins that is completed.
  package let start: Int
  /// What was typed of it.
  package let typed: String
  package let candidates: [Completion]
  package private(set) var selected: Int?

  /// The candidate that is selected.
  package var chosen: Completion? { selected.map { candidates[$0] } }

  /// Goes to the next candidate, or the one before; past the ends to what was typed.
  package mutating func select(next: Bool) {
    switch (selected, next) {
    case (nil, true): selected = 0
    case (nil, false): selected = candidates.count - 1
    case (let index?, true): selected = index + 1 < candidates.count ? index + 1 : nil
    case (let index?, false): selected = index > 0 ? index - 1 : nil
    }
  }

  /// The candidates that fit into so many rows, the selected one among them.
  package func window(rows: Int) -> Range<Int> {
    let count = min(max(1, rows), candidates.count)
    let start = min(max(0, (selected ?? 0) - count / 2), candidates.count - count)
    return start..<start + count
  }
}

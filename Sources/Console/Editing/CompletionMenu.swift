import BVAELanguage

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

/// Searches for what was meant where scripts bring the names themselves: thousands of unknown words among thousands of
/// names are answered without suggestions when enough has been searched.
struct SuggestionSearch {
  /// How many more names may be compared.
  private var left = 50_000
  /// What a search costs besides: the names may have to be sorted or to be read from a folder.
  private static let overhead = 250

  /// See `Suggestion.hint`.
  package mutating func hint(_ word: String, among names: @autoclosure () -> [String]) -> String? {
    closest(to: word, among: names()).map { "did you mean '\($0)'?" }
  }

  /// See `Suggestion.closest`.
  mutating func closest(to word: String, among names: @autoclosure () -> [String]) -> String? {
    guard left > 0 else { return nil }
    let names = names()
    left -= names.count + Self.overhead
    return Suggestion.closest(to: word, among: names)
  }
}

/// What was probably meant by a word that is not known.
package enum Suggestion {
  /// `did you mean 'epochs'?` where one of the names is close to `word`.
  package static func hint(_ word: String, among names: some Sequence<String>) -> String? {
    closest(to: word, among: names).map { "did you mean '\($0)'?" }
  }

  /// The name nearest to `word`, if any is near: at most a third of its letters differ.
  package static func closest(to word: String, among names: some Sequence<String>) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let letters = Array(word.lowercased())
    var best: (name: String, distance: Int)?
    for name in names where name != word && name.utf8.count <= 64 {
      let other = Array(name.lowercased())
      let limit = max(1, max(letters.count, other.count) / 3)
      // The beginning of a longer name is a likely abbreviation: 'lat' for 'latents'.
      let isAbbreviation = letters.count >= 3 && other.starts(with: letters)
      guard isAbbreviation || abs(letters.count - other.count) <= limit else { continue }
      var distance = self.distance(letters, other)
      if distance > 1 && isAbbreviation { distance = 1 }
      if distance <= limit && distance < (best?.distance ?? Int.max) && distance < letters.count {
        best = (name, distance)
      }
    }
    return best?.name
  }

  /// The least number of letters inserted, removed, changed or swapped with a neighbour (optimal string alignment).
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}

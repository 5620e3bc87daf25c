import Foundation

/// As much of how editors apply TextMate grammars as this repository's grammar uses: lines one by one, a stack of what
/// has begun, at each place the earliest match, the first rule where several begin there.
struct GrammarEngine {
  private final class Rule {
    var name: String?
    var match: NSRegularExpression?
    var begin: NSRegularExpression?
    var end: NSRegularExpression?
    var captures: [Int: String] = [:]
    var beginCaptures: [Int: String] = [:]
    var endCaptures: [Int: String] = [:]
    var patterns: [Rule] = []
  }

  private let root = Rule()

  /// Reads a grammar in JSON.
  init(json: Data) throws {
    let object = try JSONSerialization.jsonObject(with: json) as? [String: Any] ?? [:]
    let repository = object["repository"] as? [String: [String: Any]] ?? [:]
    var known: [String: Rule] = [:]
    for name in repository.keys { known[name] = Rule() }
    func fill(_ rule: Rule, _ entry: [String: Any]) throws {
      rule.name = entry["name"] as? String
      rule.match = try (entry["match"] as? String).map { try NSRegularExpression(pattern: $0) }
      rule.begin = try (entry["begin"] as? String).map { try NSRegularExpression(pattern: $0) }
      rule.end = try (entry["end"] as? String).map { try NSRegularExpression(pattern: $0) }
      rule.captures = names(entry["captures"])
      rule.beginCaptures = names(entry["beginCaptures"])
      rule.endCaptures = names(entry["endCaptures"])
      for pattern in entry["patterns"] as? [[String: Any]] ?? [] {
        if let include = pattern["include"] as? String {
          guard let included = known[String(include.dropFirst())] else { throw GrammarError.unknown(include) }
          rule.patterns.append(included)
        } else {
          let inner = Rule()
          try fill(inner, pattern)
          rule.patterns.append(inner)
        }
      }
    }
    func names(_ captures: Any?) -> [Int: String] {
      var found: [Int: String] = [:]
      for (number, entry) in captures as? [String: [String: Any]] ?? [:] {
        if let number = Int(number), let name = entry["name"] as? String { found[number] = name }
      }
      return found
    }
    for (name, entry) in repository { if let rule = known[name] { try fill(rule, entry) } }
    try fill(root, ["patterns": object["patterns"] ?? []])
  }

  enum GrammarError: Error { case unknown(String) }

  /// The scopes of each UTF-16 unit of a text, the outermost first.
  func scopes(of text: String) -> [[String]] {
    var result: [[String]] = []
    var stack = [root]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      result += scopes(ofLine: String(line), &stack) + [[]]
    }
    return Array(result.dropLast())
  }

  private func scopes(ofLine line: String, _ stack: inout [Rule]) -> [[String]] {
    let whole = NSRange(location: 0, length: line.utf16.count)
    var result = [[String]](repeating: [], count: whole.length)
    var place = 0, idle = 0
    func paint(_ range: NSRange, _ scopes: [String]) {
      guard range.location != NSNotFound else { return }
      for index in range.location..<range.location + range.length { result[index] = scopes }
    }
    func first(_ expression: NSRegularExpression?) -> NSTextCheckingResult? {
      expression?.firstMatch(
        in: line, options: [.withTransparentBounds, .withoutAnchoringBounds],
        range: NSRange(location: place, length: whole.length - place))
    }
    while true {
      let current = stack[stack.count - 1], around = stack.compactMap(\.name)
      var best: (rule: Rule?, match: NSTextCheckingResult)?
      if let end = first(current.end) { best = (nil, end) }
      for rule in flattened(current.patterns) {
        guard let match = first(rule.match ?? rule.begin) else { continue }
        if best.map({ match.range.location < $0.match.range.location }) ?? true { best = (rule, match) }
      }
      guard let (rule, match) = best else {
        paint(NSRange(location: place, length: whole.length - place), around)
        return result
      }
      paint(NSRange(location: place, length: match.range.location - place), around)
      let inner = rule.map { around + ($0.name.map { [$0] } ?? []) } ?? around
      paint(match.range, inner)
      let captures = rule.map { $0.match == nil ? $0.beginCaptures : $0.captures } ?? current.endCaptures
      for (group, name) in captures.sorted(by: { $0.key < $1.key }) where group < match.numberOfRanges {
        paint(match.range(at: group), inner + [name])
      }
      if rule == nil { stack.removeLast() } else if let rule, rule.match == nil { stack.append(rule) }
      let next = match.range.location + match.range.length
      // Rules that begin and end without a character, for ever.
      idle = next == place ? idle + 1 : 0
      place = next
      if idle > 10 { return result }
      if place >= whole.length && stack[stack.count - 1].end == nil { return result }
      if place >= whole.length && first(stack[stack.count - 1].end) == nil { return result }
    }
  }

  private func flattened(_ rules: [Rule]) -> [Rule] {
    rules.flatMap { $0.match == nil && $0.begin == nil ? flattened($0.patterns) : [$0] }
  }
}

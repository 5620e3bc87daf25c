extension Kind {
  /// Whether some value of a type could suit.
  func mayTake(_ type: ValueType) -> Bool {
    if type == .any { return true }
    return switch self {
    case .any: type != .nothing
    case .command: true
    case .number, .integer: type == .number
    case .integers: [.number, .range, .list].contains(type)
    case .named: [.number, .range, .list, .text].contains(type)
    case .numbers, .array: [.list, .range].contains(type)
    case .range: type == .range
    case .list: [.list, .range].contains(type)
    case .text, .inputPath, .outputPath, .folder, .words: type == .text
    case .truth: type == .truth
    case .object(let name): type == .object(name)
    case .name, .topic, .keyword: false
    }
  }

  /// Whether a value suits.
  package func takes(_ value: Value) -> Bool {
    guard mayTake(value.type) else { return false }
    switch (self, value) {
    case (.number(let bounds), .number(let number)): return bounds.contains(number)
    case (.integer(let range), _): return value.whole.map(range.contains) ?? false
    case (.integers(let bounds), _):
      switch value {
      case .range(let range):
        guard range.isWhole else { return false }
        return range.count == 0
          || (range.lower >= Double(bounds.lowerBound) && range.upper <= Double(bounds.upperBound))
      case .list(let list): return list.isAll(of: bounds)
      default: return value.whole.map(bounds.contains) ?? false
      }
    case (.named(let things), .list(let list)):
      return list.elements.allSatisfy { $0.type == .text || Kind.integers(things.range).takes($0) }
    case (.named(let things), _): return value.type == .text || Kind.integers(things.range).takes(value)
    case (.numbers, .list(let list)):
      return list.count == 0 || list.numbers.map { $0.shape.count == 1 && !$0.areTruths } ?? false
    case (.array, .list): return (try? NumberArray(value)) != nil
    case (.array, .range(let range)): return range.isWhole && range.count <= NumberArray.largest
    case (.numbers, .range(let range)): return range.isWhole && range.count <= NumberArray.largest
    case (.list, .range(let range)): return range.isWhole && range.count <= NumberArray.largest
    case (.range, .range(let range)): return range.lower < range.upper && range.lower.isFinite && range.upper.isFinite
    case (.words(let words), .text(let text)): return words.contains(text)
    default: return true
    }
  }
}

extension Parameter {
  /// What is wrong with a value for this parameter, nil where it suits.
  /// - Parameter verb: the command.
  package func complaint(about value: Value, verb: String) -> (message: String, hint: String?)? {
    if kinds.contains(where: { $0.takes(value) }) { return nil }
    // What is printed may well be nothing, as the β of an autoencoder.
    if case .nothing = value, role == .values { return nil }
    var hint: String?
    if case .text(let text) = value { hint = Suggestion.hint(text, among: words) }
    let found = obstacle(in: value) ?? value.found
    return ("\(subject(of: verb)) takes \(expectation); \(found)", hint)
  }

  /// What makes a list unsuitable where lists are taken.
  private func obstacle(in value: Value) -> String? {
    guard case .list(let list) = value else { return nil }
    var offender: Value?
    for kind in kinds {
      switch kind {
      case .integers(let bounds): offender = list.elements.first { !($0.whole.map(bounds.contains) ?? false) }
      case .named: offender = list.elements.first { !kind.takes($0) || $0.type == .list }
      case .numbers: offender = list.elements.first { $0.type != .number }
      case .array:
        do { _ = try NumberArray(value) } catch { return "\(error)" }
      default: continue
      }
      break
    }
    return offender.map { "this list holds \($0.brief)" }
  }

  /// What is wrong with any value of a type for this parameter, nil where one could suit.
  package func complaint(about type: ValueType, verb: String) -> String? {
    if kinds.contains(where: { $0.mayTake(type) }) { return nil }
    return "\(subject(of: verb)) takes \(expectation); \(type.found)"
  }

  /// The parameter in words: `'epochs' of 'train'`, `'train'` for its first value.
  func subject(of verb: String) -> String {
    switch role {
    case .positional, .values: "'\(verb)'"
    case .marker, .option, .toggle: "'\(name)' of '\(verb)'"
    }
  }

  /// Everything that is taken, in words.
  var expectation: String {
    let texts = kinds.flatMap(\.expectations)
    return Kind.alternatives(texts.enumerated().filter { !texts[..<$0.offset].contains($0.element) }.map(\.element))
  }

  /// The bare words that stand for themselves where all others are variables.
  var keywords: [String] {
    kinds.compactMap { if case .keyword(let word) = $0 { word } else { nil } }
  }

  /// The bare words that are taken.
  package var words: [String] {
    kinds.flatMap { if case .words(let words) = $0 { words } else { [String]() } }
  }
}

extension ScriptList {
  /// Whether it holds whole numbers of a range and nothing else.
  fileprivate func isAll(of bounds: ClosedRange<Int>) -> Bool {
    guard count > 0 else { return true }
    guard let numbers, numbers.shape.count == 1, !numbers.areTruths else { return false }
    return numbers.withValues { $0.allSatisfy { Value.number($0).whole.map(bounds.contains) ?? false } }
  }
}

import BVAEPlatform

/// Typed access to the values of a call. Each accessor `x(name)` gives the value of a parameter that is there or has a
/// default; `xIfAny(name)` gives nil where it was left out without one, or is a value of another kind.
extension Invocation {
  /// Any value as it is; a bare word is a text.
  package func value(_ name: String) throws -> Value {
    switch try effective(name) {
    case .value(let value): return value
    case .word(let word): return .text(word)
    case .present: return .truth(true)
    case .values, .command, nil: throw missing(name, "a value")
    }
  }

  /// A value as it is, nil where none or a bare word was given.
  package func valueIfAny(_ name: String) throws -> Value? {
    if case .value(let value) = try effective(name) { value } else { nil }
  }

  /// All values of a parameter declared with `.values`.
  package func values(_ name: String) throws -> [Value] {
    switch try effective(name) {
    case .values(let values): return values
    case .value(let value): return [value]
    default: return []
    }
  }

  /// A whole number.
  package func integer(_ name: String) throws -> Int {
    guard let integer = try integerIfAny(name) else { throw missing(name, "a whole number") }
    return integer
  }

  /// A whole number, if one was given.
  package func integerIfAny(_ name: String) throws -> Int? {
    if case .value(let value) = try effective(name) { value.whole } else { nil }
  }

  /// A number.
  package func number(_ name: String) throws -> Double {
    guard let number = try numberIfAny(name) else { throw missing(name, "a number") }
    return number
  }

  /// A number, if one was given.
  package func numberIfAny(_ name: String) throws -> Double? {
    if case .value(.number(let number)) = try effective(name) { number } else { nil }
  }

  /// A text or a path.
  package func text(_ name: String) throws -> String {
    guard let text = try textIfAny(name) else { throw missing(name, "a text") }
    return text
  }

  /// A text or a path, if one was given; a bare word is none. A leading `~` of a path is expanded.
  package func textIfAny(_ name: String) throws -> String? {
    guard case .value(.text(let text)) = try effective(name) else { return nil }
    return try parameter(name).takesPath ? Path.expandingHome(text) : text
  }

  /// One text, or a list of texts, nil where none were given.
  /// - Throws: where the list holds something else.
  package func textsIfAny(_ name: String) throws -> [String]? {
    guard case .value(let value) = try effective(name) else { return nil }
    if case .text(let text) = value { return [text] }
    return try blaming(name) {
      try value.listed().elements.map { element in
        guard case .text(let text) = element else {
          throw failure(name, "'\(name)' of '\(self.name)' takes texts; this list holds \(element.brief)")
        }
        return text
      }
    }
  }

  /// One of the declared words, given bare or, where only words are taken, as a text.
  package func word(_ name: String) throws -> String {
    guard let word = try wordIfAny(name) else { throw missing(name, "a word") }
    return word
  }

  /// One of the declared words, nil where another kind of value was given.
  package func wordIfAny(_ name: String) throws -> String? {
    switch try effective(name) {
    case .word(let word): return word
    case .value(.text(let text)):
      let parameter = try parameter(name)
      let takesTexts = parameter.kinds.contains { [.text, .inputPath, .outputPath, .any].contains($0) }
      return !takesTexts && parameter.words.contains(text) ? text : nil
    default: return nil
    }
  }

  /// Whether a truth value is true.
  package func truth(_ name: String) throws -> Bool {
    guard case .value(.truth(let truth)) = try effective(name) else { throw missing(name, "true or false") }
    return truth
  }

  /// A range of numbers, if one was given.
  package func rangeIfAny(_ name: String) throws -> ClosedRange<Double>? {
    guard case .value(.range(let range)) = try effective(name), range.lower <= range.upper else { return nil }
    return range.lower...range.upper
  }

  /// Whole numbers given as one, as a range or as a list, nil where none were given.
  /// - Throws: where a range is too long to be listed.
  package func integersIfAny(_ name: String) throws -> [Int]? {
    guard case .value(let value) = try effective(name) else { return nil }
    if let whole = value.whole { return [whole] }
    guard value.type == .list || value.type == .range else { return nil }
    return try blaming(name) { try value.listed().elements.compactMap(\.whole) }
  }

  /// Labels given by number and classes given by name, for a parameter that takes `Kind.labels`; `numbers` is nil where
  /// none were given by number.
  package func labels(_ name: String) throws -> (numbers: [Int]?, names: [String]) {
    guard case .value(let value) = try effective(name) else { return (nil, []) }
    if case .text(let text) = value { return (nil, [text]) }
    guard case .list(let list) = value else { return (try integersIfAny(name), []) }
    let names = list.elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
    let numbers = list.elements.compactMap(\.whole)
    return (numbers.isEmpty && !names.isEmpty ? nil : numbers, names)
  }

  /// Numbers given as a list or a range, nil where none were given.
  package func numbersIfAny(_ name: String) throws -> [Double]? {
    guard case .value(let value) = try effective(name), value.type == .list || value.type == .range else { return nil }
    return try blaming(name) {
      try value.listed().elements.compactMap { if case .number(let number) = $0 { number } else { nil } }
    }
  }

  /// Numbers given as a list, a list of lists or a range, nil where none were given.
  package func arrayIfAny(_ name: String) throws -> NumberArray? {
    guard case .value(let value) = try effective(name), value.type == .list || value.type == .range else { return nil }
    return try blaming(name) { try NumberArray(value) }
  }

  /// An object of a type.
  package func object<Object: ScriptObject>(_ name: String, as type: Object.Type = Object.self) throws -> Object {
    guard let object = try objectIfAny(name, as: type) else { throw missing(name, withArticle(type.typeName)) }
    return object
  }

  /// An object of a type, nil where none or another was given.
  package func objectIfAny<Object: ScriptObject>(_ name: String, as type: Object.Type = Object.self) throws -> Object? {
    if case .value(.object(let object)) = try effective(name) { object as? Object } else { nil }
  }

  /// Runs what was given for a parameter declared with `.command`, and gives its result.
  package func runCommand(_ name: String) throws -> Value {
    guard case .command(let expression) = try effective(name) else { throw missing(name, "a command") }
    return try runner.run(expression)
  }
}

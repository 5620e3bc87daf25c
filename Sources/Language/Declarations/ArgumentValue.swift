import BVAEPlatform

/// A Swift type that a declared property can have.
package protocol ArgumentValue {
  /// Whether nothing need be given.
  static var isOptional: Bool { get }
  /// Whether `read` may refuse a value that suits the kinds.
  static var refusesValues: Bool { get }
  /// What a property of this type takes unless it says otherwise.
  static var usualKinds: [Kind] { get }
  /// What several of them are called, for lists that hold something else: `texts`.
  static var plural: String { get }
  /// The value of what a call gives, or of the default; nil where it is nothing of this type, or nothing is given.
  /// - Parameter verb: the command, for what is said of a value that will not do.
  /// - Throws: `ScriptFailure` saying what is wrong with the value.
  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> Self?
}

extension ArgumentValue {
  /// Something must be given.
  package static var isOptional: Bool { false }
  /// The kinds say all.
  package static var refusesValues: Bool { false }
  /// In general.
  package static var plural: String { "other values" }
  /// None: its properties say what they take.
  package static var usualKinds: [Kind] { [] }
}

/// Nothing, where another kind of value was given or none.
extension Optional: ArgumentValue where Wrapped: ArgumentValue {
  package static var isOptional: Bool { true }
  package static var refusesValues: Bool { Wrapped.refusesValues }
  package static var usualKinds: [Kind] { Wrapped.usualKinds }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> Self? {
    try .some(Wrapped.read(content, for: parameter, of: verb))
  }
}

/// Any value as it is; a bare word is a text.
extension Value: ArgumentValue {
  package static var usualKinds: [Kind] { [.any] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> Value? {
    switch content {
    case .value(let value): value
    case .word(let word): .text(word)
    case .present: .truth(true)
    case .values, .command, nil: nil
    }
  }
}

/// Objects by their type.
extension ScriptObject {
  package static var usualKinds: [Kind] { [.object(Self.self)] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> Self? {
    if case .value(.object(let object)) = content { object as? Self } else { nil }
  }
}

/// Whole numbers.
extension Int: ArgumentValue {
  package static var plural: String { "whole numbers" }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> Int? {
    if case .value(let value) = content { value.whole } else { nil }
  }
}

/// Seeds.
extension UInt64: ArgumentValue {
  package static var usualKinds: [Kind] { [.seed] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> UInt64? {
    Int.read(content, for: parameter, of: verb).map { UInt64(Swift.max(0, $0)) }
  }
}

extension Double: ArgumentValue {
  package static var plural: String { "numbers" }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> Double? {
    if case .value(.number(let number)) = content { number } else { nil }
  }
}

/// Numbers of 32 bits.
extension Float: ArgumentValue {
  package static var refusesValues: Bool { true }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> Float? {
    try Double.read(content, for: parameter, of: verb).map(Float.init(checking:))
  }

  /// The nearest number of 32 bits.
  /// - Throws: `ScriptFailure` where it is too large or too close to 0 for one.
  package init(checking number: Double) throws {
    self = Float(number)
    if !isFinite || (self == 0 && number != 0) {
      throw ScriptFailure(
        "\(number.scriptText) is beyond what is computed with: numbers from about 1e-38 to 1e38, of either sign, and 0")
    }
  }
}

/// Texts; paths, in which a leading `~` is expanded. A bare word is none.
extension String: ArgumentValue {
  package static var plural: String { "texts" }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> String? {
    guard case .value(.text(let text)) = content else { return nil }
    return parameter.takesPath ? Path.expandingHome(text) : text
  }
}

/// True and false; whether a switch is there.
extension Bool: ArgumentValue {
  package static var usualKinds: [Kind] { [.truth] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> Bool? {
    switch content {
    case .value(.truth(let truth)): truth
    case .present: true
    case nil: parameter.role == .toggle ? false : nil
    default: nil
    }
  }
}

/// A range of numbers that ends after it begins.
extension ClosedRange<Double>: ArgumentValue {
  package static var usualKinds: [Kind] { [.range] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> Self? {
    guard case .value(.range(let range)) = content, range.lower <= range.upper else { return nil }
    return range.lower...range.upper
  }
}

/// One value, or those of a list or a whole range.
extension Array: ArgumentValue where Element: ArgumentValue {
  package static var refusesValues: Bool { Element.refusesValues }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> [Element]? {
    switch content {
    case .values(let values): return try values.map { try element($0, parameter, verb) }
    case .value(let value) where value.type == .list || value.type == .range:
      return try value.listed().elements.map { try element($0, parameter, verb) }
    case nil: return parameter.role == .values ? [] : nil
    default: return try Element.read(content, for: parameter, of: verb).map { [$0] }
    }
  }

  private static func element(_ value: Value, _ parameter: Parameter, _ verb: String) throws -> Element {
    if let element = try Element.read(.value(value), for: parameter, of: verb) { return element }
    throw ScriptFailure("\(parameter.subject(of: verb)) takes \(Element.plural); this list holds \(value.brief)")
  }
}

extension NumberArray: ArgumentValue {
  package static var usualKinds: [Kind] { [.array] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> Self? {
    guard case .value(let value) = content, value.type == .list || value.type == .range else { return nil }
    return try NumberArray(value)
  }
}

/// One of a fixed list, by its word: an enumeration of texts is one without further words.
package protocol WordValue: ArgumentValue {
  /// All of them.
  static var choices: [Self] { get }
  /// The word that stands for it.
  var word: String { get }
}

extension WordValue {
  package static var usualKinds: [Kind] { [.words(choices.map(\.word))] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> Self? {
    guard let word = Given.word(content, of: parameter) else { return nil }
    return choices.first { $0.word == word }
  }
}

extension WordValue where Self: CaseIterable & RawRepresentable<String> {
  package static var choices: [Self] { Array(allCases) }
  package var word: String { rawValue }
}

extension Given {
  /// One of an argument's words, bare or, where no other texts are taken, in quotes.
  package static func word(_ content: Content?, of parameter: Parameter) -> String? {
    switch content {
    case .word(let word): return word
    case .value(.text(let text)):
      let takesTexts = parameter.kinds.contains { [.text, .inputPath, .outputPath, .any].contains($0) }
      return !takesTexts && parameter.words.contains(text) ? text : nil
    default: return nil
    }
  }
}

/// Any bare word: the name of something.
package struct NameValue: ArgumentValue {
  /// The word.
  package let text: String

  package static var usualKinds: [Kind] { [.name] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> NameValue? {
    if case .word(let word) = content { NameValue(text: word) } else { nil }
  }
}

/// A call or an expression that the command itself runs.
package struct DeferredCommand: ArgumentValue {
  let expression: Expression
  let runner: CommandRunner

  package static var usualKinds: [Kind] { [.command] }
  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> DeferredCommand? {
    if case .command(let command) = content { command } else { nil }
  }

  /// Its result.
  package func run() throws -> Value { try runner.run(expression) }
}

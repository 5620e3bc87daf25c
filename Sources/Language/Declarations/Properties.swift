import BVAEPlatform

/// A property wrapper that declares arguments.
protocol DeclaredProperty {
  /// The arguments, of which one without a name takes that of the property.
  func arguments(named name: String) -> [any DeclaredArgument]
}

/// A property wrapper around a group.
protocol DeclaredGroup: DeclaredProperty {
  var rules: [Rule] { get }
}

/// A property wrapper around one argument.
protocol DeclaredSlot: DeclaredProperty {
  associatedtype Content: ArgumentValue
  var projectedValue: Slot<Content> { get }
}

extension DeclaredSlot {
  package func arguments(named name: String) -> [any DeclaredArgument] {
    projectedValue.take(name: name)
    return [projectedValue]
  }
}

/// A value in its place behind the command's name: `train MODEL`. One that may be left out has an optional type and
/// comes last.
@propertyWrapper
package struct Positional<Content: ArgumentValue>: DeclaredSlot {
  package let projectedValue: Slot<Content>
  package var wrappedValue: Content { projectedValue.value }

  /// - Parameters:
  ///   - name: what the command calls it; nil for the property's name.
  ///   - summary: what it is, in a few words.
  ///   - kinds: what it takes; without any, what its type usually takes.
  ///   - isWhole: whether it is a whole expression, behind which nothing can follow.
  package init(
    name: String? = nil, _ summary: String, _ kinds: Kind..., placeholder: String? = nil, isWhole: Bool = false
  ) {
    projectedValue = Slot(name, .positional, summary, kinds, nil, placeholder, isWhole: isWhole)
  }

  /// The same for kinds that come from a list.
  package init(name: String? = nil, _ summary: String, anyOf kinds: [Kind]) {
    projectedValue = Slot(name, .positional, summary, kinds, nil, nil)
  }
}

/// All values behind the command's name, whole expressions separated by commas: `print VALUE, …`.
@propertyWrapper
package struct Values<Content: ArgumentValue>: DeclaredSlot {
  package let projectedValue: Slot<[Content]>
  package var wrappedValue: [Content] { projectedValue.value }

  package init(name: String? = nil, _ summary: String, _ kinds: Kind..., placeholder: String? = nil) {
    projectedValue = Slot(
      name, .values, summary, kinds.isEmpty ? Content.usualKinds : kinds, nil, placeholder ?? "…")
  }
}

/// A value behind a word that says its part: `on DATASET`. It is needed unless its type is optional.
@propertyWrapper
package struct Marker<Content: ArgumentValue>: DeclaredSlot {
  package let projectedValue: Slot<Content>
  package var wrappedValue: Content { projectedValue.value }

  package init(name: String? = nil, _ summary: String, _ kinds: Kind..., placeholder: String? = nil) {
    projectedValue = Slot(name, .marker, summary, kinds, nil, placeholder)
  }
}

/// A named value that may be left out: `epochs 200`. It has a default or an optional type. Its aliases are other words for
/// it, which scripts may have from earlier versions.
@propertyWrapper
package struct Option<Content: ArgumentValue>: DeclaredSlot {
  package let projectedValue: Slot<Content>
  package var wrappedValue: Content { projectedValue.value }

  package init(
    name: String? = nil, aliases: [String] = [], _ summary: String, _ kinds: Kind..., default fallback: Fallback? = nil,
    placeholder: String? = nil
  ) {
    projectedValue = Slot(name, .option, summary, kinds, fallback, placeholder, aliases: aliases)
  }
}

/// A word that is there or not: `shuffle`.
@propertyWrapper
package struct Switch: DeclaredSlot {
  package let projectedValue: Slot<Bool>
  package var wrappedValue: Bool { projectedValue.value }

  package init(name: String? = nil, _ summary: String) {
    projectedValue = Slot(name, .toggle, summary, [], nil, nil)
  }
}

/// Arguments that are declared elsewhere, for several commands.
@propertyWrapper
package struct Group<Content: ArgumentGroup>: DeclaredGroup {
  package let wrappedValue: Content

  package init(_ content: Content = Content()) { wrappedValue = content }

  package func arguments(named name: String) -> [any DeclaredArgument] { wrappedValue.arguments }
  var rules: [Rule] { wrappedValue.allRules }
}

/// One argument of a command: what it takes and, in a call, what was given for it.
package protocol DeclaredArgument: AnyObject {
  /// What it takes.
  var parameter: Parameter { get }
  /// Whether values of the right kind may still be refused.
  var refusesValues: Bool { get }
  /// What the call gives for it, nil where it gives nothing.
  var given: Given? { get }
  /// Whether its value is not known.
  var isMissing: Bool { get }
  /// Takes what a call gives before it runs, where that suits whatever it is.
  func look(at given: Given)
  /// Takes what a call gives.
  /// - Parameter verb: the command.
  /// - Throws: `ScriptFailure` at the value where it cannot be what the property holds.
  func bind(_ given: Given, of verb: String) throws
  /// Forgets it, so that the default holds.
  func release()
  /// An error at the argument's value; where the call does not give it the interpreter puts it at the command's name.
  func failure(_ message: String, hint: String?) -> ScriptFailure
}

extension DeclaredArgument {
  /// The word that introduces it.
  package var name: String { parameter.name }

  /// Whether the call gives it.
  package var wasGiven: Bool { given != nil }

  /// What sort of value the call gives, as far as is known; nil where it gives none.
  package var type: ValueType? { given?.type }

  /// The value as the script has it, where it is written out or known.
  package var literal: Value? { if case .value(let value) = given?.content { value } else { nil } }

  /// The bare word that the call gives, nil for other values.
  package var word: String? { if case .word(let word) = given?.content { word } else { nil } }

  /// The path that the call gives, as far as it is written out.
  package var path: Given.WrittenPath? { given?.path }

  /// An error without a hint.
  package func failure(_ message: String) -> ScriptFailure { failure(message, hint: nil) }

  /// Does something with the value, to which its errors then belong: opening the file of a path.
  package func blaming<Result>(_ action: () throws -> Result) throws -> Result {
    do {
      return try action()
    } catch let failure as ScriptFailure where failure.span == nil {
      throw self.failure(failure.message, hint: failure.hint)
    } catch let error where !(error is ScriptFailure || error is Stop || error is Diagnostic) {
      throw failure("\(error)")
    }
  }
}

/// An argument whose values are of one Swift type: what `$property` gives.
package final class Slot<Content: ArgumentValue>: DeclaredArgument {
  package private(set) var parameter: Parameter
  package private(set) var given: Given?
  package let refusesValues: Bool
  /// What holds while the call gives nothing.
  private let usual: Content?
  /// What was read of a call's value.
  private var bound: Content?

  init(
    _ name: String?, _ role: Parameter.Role, _ summary: String, _ kinds: [Kind], _ fallback: Fallback?,
    _ placeholder: String?, isWhole: Bool = false, aliases: [String] = []
  ) {
    let parameter = Parameter(
      name: name ?? "", aliases: aliases, role: role,
      kinds: kinds.isEmpty && role != .toggle ? Content.usualKinds : kinds,
      isWhole: isWhole, isOptional: role == .option || role == .toggle || role == .values || Content.isOptional,
      fallback: fallback, placeholder: placeholder, summary: summary)
    self.parameter = parameter
    refusesValues = Content.refusesValues
    usual = Self.usual(parameter)
  }

  /// An argument that is made from a list.
  package init(_ parameter: Parameter) {
    self.parameter = parameter
    refusesValues = Content.refusesValues
    usual = Self.usual(parameter)
  }

  private static func usual(_ parameter: Parameter) -> Content? {
    (try? Content.read(parameter.fallback?.content, for: parameter, of: "")) ?? nil
  }

  func take(name: String) { if parameter.name.isEmpty { parameter.name = name } }

  /// The value where it is known: always when the command runs, and before only where it is written out.
  package var known: Content? {
    guard let given else { return usual }
    return bound ?? given.content.flatMap { (try? Content.read($0, for: parameter, of: "")) ?? nil }
  }

  /// The value. Asked for only when the command runs.
  package var value: Content {
    guard let known else { preconditionFailure("'\(name)' is read before the call has given it") }
    return known
  }

  package func look(at given: Given) { self.given = given }

  package func bind(_ given: Given, of verb: String) throws {
    self.given = given
    // What is computed is known when it runs.
    guard let content = given.content else { return }
    bound = try blaming { try Content.read(content, for: parameter, of: verb) }
    if bound == nil { throw failure("\(parameter.subject(of: verb)) takes \(parameter.expectation)") }
  }

  package func release() {
    given = nil
    if bound != nil { bound = nil }
  }

  package var isMissing: Bool { known == nil }

  package func failure(_ message: String, hint: String?) -> ScriptFailure {
    ScriptFailure(message, hint: hint, at: given?.span)
  }
}

extension Slot {
  /// The value of an argument that may be left out; nil where it is left out, and where its value is not known yet.
  package func knownOrNil<Wrapped>() -> Wrapped? where Content == Wrapped? { known ?? nil }
}

extension Fallback {
  /// The value that holds, nil where the command itself finds one.
  var content: Given.Content? {
    switch self {
    case .number(let number): .value(.number(number))
    case .word(let word): .word(word)
    case .described: nil
    }
  }
}

/// What a call gives for an argument.
package struct Given {
  package enum Content {
    case value(Value)
    case word(String)
    case values([Value])
    case command(DeferredCommand)
    case present
  }

  /// What is known of a path before the script runs.
  package struct WrittenPath {
    /// The ending of its name, in lower case and without the dot.
    package let ending: String
    /// The name as the script has it, `{k}.png`.
    package let name: String
    /// The whole, where it is written out.
    package let whole: String?

    init(ending: String, name: String, whole: String?) {
      (self.ending, self.name, self.whole) = (ending, name, whole)
    }

    init(_ path: String) {
      self.init(ending: Path.fileExtension(path), name: Path.name(path), whole: path)
    }
  }

  /// What was given; nil where it is known only when it runs.
  let content: Content?
  let type: ValueType
  package let span: Span
  /// The place of the parameter.
  let place: Int
  /// The ending of a path that is known only when it runs.
  private let ending: WrittenPath?

  init(content: Content?, type: ValueType, path: WrittenPath? = nil, span: Span, place: Int) {
    (self.content, self.type, ending, self.span, self.place) = (content, type, path, span, place)
  }

  /// What a call that runs gives.
  init(content: Content, span: Span, place: Int) {
    (self.content, ending, self.span, self.place) = (content, nil, span, place)
    type =
      switch content {
      case .value(let value): value.type
      case .word: .text
      case .values: .list
      case .command: .any
      case .present: .truth
      }
  }

  /// The path, as far as it is known; nil for what is no text.
  package var path: WrittenPath? {
    if case .value(.text(let text)) = content { WrittenPath(text) } else { ending }
  }

  /// Another value in the same place.
  package func replaced(by value: Value) -> Given { Given(content: .value(value), span: span, place: place) }

  /// The marks of what was given.
  var marks: Set<String> {
    switch content {
    case .value(let value): value.marks
    case .values(let values): values.reduce(into: []) { $0.formUnion($1.marks) }
    case .word, .command, .present, nil: []
    }
  }
}

/// A name that a script gives to something, where it stands.
package struct NameUse: Sendable {
  /// What the name belongs to: the same name means something else elsewhere.
  package enum Owner: Hashable, Sendable {
    /// A variable of the script and of what it includes.
    case script
    /// A parameter or a variable of a command that a script defines.
    case definition(ObjectIdentifier)
    /// The variable of a list that is made in brackets; with the place of its brackets.
    case comprehension(ObjectIdentifier, Int)
    /// A command that a script defines.
    case command
  }

  /// The name.
  package let name: String
  /// What it belongs to.
  package let owner: Owner
  /// Where it stands.
  package let source: Source, span: Span
  /// Whether it gets its value or its meaning here.
  package let isSet: Bool

  /// Whether two names mean the same.
  package func isSame(as other: NameUse) -> Bool { name == other.name && owner == other.owner }
}

extension Analysis {
  /// Where the names stand that the script and the files that it includes give, in the order in which they are met.
  package var nameUses: [NameUse] {
    var collector = NameCollector(main)
    collector.collect(main)
    // `n += 1` reads and sets one name in one place.
    var places: [Place: Int] = [:], found: [NameUse] = []
    for use in collector.found {
      let place = Place(source: ObjectIdentifier(use.source), span: use.span)
      if let earlier = places[place] {
        if use.isSet { found[earlier] = use }
      } else {
        places[place] = found.count
        found.append(use)
      }
    }
    return found
  }

  private struct Place: Hashable {
    let source: ObjectIdentifier
    let span: Span
  }

  /// The file that an `include` in the line of a place names.
  package func included(at offset: Int) -> Source? {
    main.includes.first { start, _ in source.line(at: start) == source.line(at: offset) }?.value.source
  }
}

/// Goes through statements and notes the names.
private struct NameCollector {
  private(set) var found: [NameUse] = []
  private var source: Source
  private var visited: Set<ObjectIdentifier> = []
  /// The names that belong to something smaller than the script, the innermost last.
  private var scopes: [(names: Set<String>, owner: NameUse.Owner)] = []

  init(_ main: ScriptFile) { source = main.source }

  mutating func collect(_ file: ScriptFile) {
    guard visited.insert(ObjectIdentifier(file)).inserted else { return }
    let outer = source
    source = file.source
    collect(file.statements)
    source = outer
  }

  private mutating func collect(_ statements: [Statement]) {
    for statement in statements { collect(statement) }
  }

  private mutating func collect(_ statement: Statement) {
    switch statement.kind {
    case .prose(let parts): collect(parts)
    case .assign(let name, let expression):
      collect(expression)
      add(name, isSet: true)
    case .unpack(let names, let expression):
      collect(expression)
      for name in names { add(name, isSet: true) }
    case .change(let name, let accessors, _, let expression):
      add(name)
      collect(accessors)
      collect(expression)
    case .evaluate(let expression): collect(expression)
    case .loop(let names, let range, let body):
      collect(range)
      for name in names { add(name, isSet: true) }
      collect(body)
    case .repetition(let condition, let body):
      collect(condition)
      collect(body)
    case .giveBack(let expression): if let expression { collect(expression) }
    case .choice(let branches, let otherwise):
      for branch in branches {
        collect(branch.condition)
        collect(branch.body)
      }
      collect(otherwise)
    case .define(let definition): collect(definition)
    case .include(let file): if let file { collect(file) }
    case .jump, .invalid: break
    }
  }

  private mutating func collect(_ definition: Definition) {
    found.append(use(of: definition.name, .command, isSet: true))
    for parameter in definition.parameters { if let fallback = parameter.fallback { collect(fallback) } }
    var assignments = Assignments()
    assignments.collect(definition.body)
    let own = Set(definition.parameters.map(\.name.text)).union(assignments.places.keys)
    scopes.append((own, .definition(ObjectIdentifier(definition))))
    for parameter in definition.parameters { add(parameter.name, isSet: true) }
    collect(definition.body)
    scopes.removeLast()
  }

  private mutating func collect(_ parts: [TextPart]) {
    for case .embedded(let expression, _) in parts { collect(expression) }
  }

  private mutating func collect(_ accessors: [Accessor]) {
    for case .index(let parts, _) in accessors {
      for part in parts {
        switch part {
        case .value(let expression): collect(expression)
        case .slice(let lower, let upper): for end in [lower, upper].compactMap({ $0 }) { collect(end) }
        }
      }
    }
  }

  private mutating func collect(_ expression: Expression) {
    switch expression.kind {
    case .number, .truth, .word, .open, .invalid: break
    case .text(let parts): collect(parts)
    case .name(let name): add(Name(text: name, span: expression.span))
    case .list(let elements), .all(let elements), .some(let elements): for element in elements { collect(element) }
    case .range(let lower, let upper), .comparison(_, let lower, let upper), .membership(let lower, let upper, _):
      collect(lower)
      collect(upper)
    case .steps(let lower, let upper, let step): for part in [lower, upper, step] { collect(part) }
    case .negative(let operand), .not(let operand): collect(operand)
    case .arithmetic(let first, let rest):
      collect(first)
      for (_, operand) in rest { collect(operand) }
    case .comprehension(let comprehension):
      collect(comprehension.list)
      let owner = NameUse.Owner.comprehension(ObjectIdentifier(source), expression.span.lower)
      scopes.append((Set(comprehension.names.map(\.text)), owner))
      for name in comprehension.names { add(name, isSet: true) }
      if let condition = comprehension.condition { collect(condition) }
      collect(comprehension.element)
      scopes.removeLast()
    case .access(let base, let accessors):
      collect(base)
      collect(accessors)
    case .function(_, let arguments): for argument in arguments { collect(argument) }
    case .call(let call): collect(call)
    }
  }

  private mutating func collect(_ call: Call) {
    var definition: Definition?
    if case .defined(let defined) = call.target {
      definition = defined
      found.append(use(of: call.verb, .command))
    }
    for argument in call.arguments {
      if let definition, definition.parameters.indices.contains(argument.parameter) {
        addOption(definition.parameters[argument.parameter], of: definition, at: argument.span)
      }
      switch argument.content {
      case .expression(let expression): collect(expression)
      case .expressions(let expressions): for expression in expressions { collect(expression) }
      case .present: break
      }
    }
  }

  /// The name of an option where a call gives it.
  private mutating func addOption(_ parameter: Definition.Parameter, of definition: Definition, at span: Span) {
    let name = parameter.name.text, place = Span(span.lower, span.lower + name.utf8.count)
    guard parameter.written != nil, source.text(place) == name else { return }
    found.append(use(of: Name(text: name, span: place), .definition(ObjectIdentifier(definition))))
  }

  private mutating func add(_ name: Name, isSet: Bool = false) {
    let owner = scopes.last { $0.names.contains(name.text) }?.owner ?? .script
    found.append(use(of: withoutBrackets(name), owner, isSet: isSet))
  }

  /// The name where it stands itself: `(x)` is as an expression as wide as its brackets.
  private func withoutBrackets(_ name: Name) -> Name {
    guard source.text(name.span) != name.text else { return name }
    var scanner = Scanner(Source(name: "", text: source.text(name.span)))
    guard let span = scanner.scan().first(where: { $0.word == name.text })?.span else { return name }
    return Name(text: name.text, span: Span(name.span.lower + span.lower, name.span.lower + span.upper))
  }

  private func use(of name: Name, _ owner: NameUse.Owner, isSet: Bool = false) -> NameUse {
    NameUse(name: name.text, owner: owner, source: source, span: name.span, isSet: isSet)
  }
}

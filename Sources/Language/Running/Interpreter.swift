/// Runs statements by walking their tree. Errors leave it as `Diagnostic`s that know their place, or as `Stop`.
struct Interpreter {
  let session: Session
  var source: Source
  /// The variables of the defined command that is running, nil at the top of the script.
  var locals: VariableTable?
  /// What the last `return` gave.
  private var givenBack = Value.nothing
  private var depth = 0
  private var blockDepth = 0
  private var callDepth = 0
  private var isInteractive: Bool
  private var isIncluded = false

  /// How deep blocks, expressions and defined commands may stand in one another while running.
  static let deepest = 1000
  static let deepestCalls = 100
  private static let longestTrace = 12

  init(session: Session, source: Source, isInteractive: Bool = false) {
    self.session = session
    self.source = source
    self.isInteractive = isInteractive
  }

  /// Runs statements; gives the value of the last one.
  @discardableResult
  mutating func run(_ statements: [Statement]) throws -> Value {
    var last = Value.nothing
    for statement in statements {
      if session.host.interrupted { throw Stop.interrupted }
      if blockDepth == 0 && callDepth == 0 {
        let isProse = if case .prose = statement.kind { true } else { false }
        session.recordRun(statement.span, of: source, isProse: isProse)
      }
      last = try run(statement)
      if isInteractive && blockDepth == 0 && callDepth == 0 && !isIncluded { try answer(statement, last) }
    }
    return last
  }

  /// Shows the value of a statement that was typed.
  private func answer(_ statement: Statement, _ value: Value) throws {
    guard case .evaluate = statement.kind else { return session.recordTyped(statement, of: source, shownBy: nil) }
    defer { if value.type != .nothing { session.variables[VariableTable.lastValue] = value } }
    switch value {
    case .nothing: session.recordTyped(statement, of: source, shownBy: nil)
    case .object(let object):
      guard let picture = try object.preview() else { fallthrough }
      session.recordTyped(statement, of: source, shownBy: session.vocabulary.name(of: .shows))
      try session.host.show(picture: picture)
    default:
      session.recordTyped(statement, of: source, shownBy: session.vocabulary.name(of: .prints))
      try session.show(value, as: value.glance(columns: session.host.columns))
    }
  }

  private mutating func run(_ statement: Statement) throws -> Value {
    switch statement.kind {
    case .prose(let parts):
      let line = source.line(at: statement.span.lower)
      try located(statement.span) {
        try $0.session.add(prose: $0.text(of: parts), script: $0.source.name, line: line)
      }
    case .evaluate(let expression): return try evaluate(expression)
    case .assign(let name, let expression): return try assign(name, expression)
    case .unpack(let names, let expression):
      let value = try evaluate(expression)
      try unpack(value, into: names, at: expression.span)
    case .change(let name, let accessors, let symbol, let expression):
      try change(name, accessors, symbol, expression)
    case .loop(let names, let range, let body):
      try forEach(range, of: "for") { interpreter, element in
        try interpreter.give(element, to: names, at: range.span)
        return try interpreter.round(body)
      }
    case .repetition(let condition, let body):
      while try truth(condition, of: "while") {
        if session.host.interrupted { throw Stop.interrupted }
        guard try round(body) else { break }
      }
    case .jump(let jump): throw Jump.loop(jump)
    case .giveBack(let expression):
      givenBack = try expression.map { try evaluate($0) } ?? .nothing
      throw Jump.result
    case .choice(let branches, let otherwise): return try choose(branches, otherwise)
    case .define: break
    case .include(let file): if let file { try include(file, at: statement.span) }
    case .invalid: throw failure("this line could not be parsed", statement.span)
    }
    return .nothing
  }

  private mutating func assign(_ name: Name, _ expression: Expression) throws -> Value {
    if locals == nil && blockDepth == 0, let preset = session.takePreset(name.text) {
      session.host.note(
        "\(name.text) = \(preset.text) as --set says; the script's own is \(source.text(expression.span))")
      return preset
    }
    let value = try evaluate(expression)
    if case .nothing = value { throw failure("this has no value that '\(name.text)' could keep", expression.span) }
    set(name.text, value)
    return value
  }

  mutating func set(_ name: String, _ value: Value) {
    if locals == nil { session.variables[name] = value } else { locals?[name] = value }
  }

  /// Gives a variable a value, or several the parts of it.
  mutating func give(_ value: Value, to names: [Name], at span: Span) throws {
    if names.count == 1 { set(names[0].text, value) } else { try unpack(value, into: names, at: span) }
  }

  private mutating func unpack(_ value: Value, into names: [Name], at span: Span) throws {
    let list: ScriptList
    switch value {
    case .list, .range: list = try located(span) { _ in try value.listed() }
    default: throw failure("\(names.count) variables take the values of a list; \(value.found)", span)
    }
    guard list.count == names.count else {
      throw failure(
        "\(names.count) variables take a list of \(names.count) values; this is \(value.brief)", span)
    }
    for (place, name) in names.enumerated() { set(name.text, list[place]) }
  }

  /// Changes a part of what a variable holds. Values are not shared: another variable with the same list keeps it.
  private mutating func change(
    _ name: Name, _ accessors: [Accessor], _ symbol: Symbol?, _ expression: Expression
  ) throws {
    if locals != nil, locals?[name.text] == nil {
      if session.variables[name.text] == nil { _ = try variable(name.text, at: name.span) }
      throw failure(
        "'\(name.text)' belongs to the script; a command changes only variables of its own", name.span,
        hint: "give it to the command, and give back what it changes")
    }
    var value = try something(expression)
    let steps = try accessors.map { try step($0) }
    if let symbol {
      let owner = try variable(name.text, at: name.span), new = value
      let old = try located(accessors.last?.span ?? name.span) { _ in try owner.part(at: steps[...]) }
      value = try located(expression.span) { _ in try Arithmetic.apply(symbol, old, new) }
    }
    let new = value, span = name.span.joined(accessors.last?.span ?? name.span)
    try located(span) { interpreter in
      func set(_ owner: inout Value) throws { try owner.set(steps[...], to: new) }
      let isKnown =
        if interpreter.locals == nil {
          try interpreter.session.variables.change(name.text, set)
        } else {
          try interpreter.locals?.change(name.text, set) ?? false
        }
      if !isKnown { _ = try interpreter.variable(name.text, at: name.span) }
    }
  }

  // MARK: - Blocks

  private mutating func block(_ statements: [Statement]) throws -> Value {
    blockDepth += 1
    defer { blockDepth -= 1 }
    return try deeper(statements.first?.span) { try $0.run(statements) }
  }

  /// One round of a loop.
  /// - Returns: whether it goes on.
  private mutating func round(_ body: [Statement]) throws -> Bool {
    do {
      _ = try block(body)
    } catch Jump.loop(let jump) {
      return jump == .next
    }
    return true
  }

  /// Does something with each element of a list, a range or an object with elements, as long as it gives true.
  mutating func forEach(
    _ range: Expression, of word: String, _ body: (inout Interpreter, Value) throws -> Bool
  ) throws {
    let elements = try evaluate(range)
    switch elements {
    case .range(let numbers):
      guard numbers.isWhole else {
        throw failure("\(elements.brief) cannot be looped over: its ends are not whole numbers", range.span)
      }
      // Nothing is written out, so that 0..1e12 costs no memory.
      for index in 0..<numbers.count {
        if session.host.interrupted { throw Stop.interrupted }
        guard try body(&self, .number(numbers.lower + Double(index))) else { return }
      }
    case .list(let list):
      for place in 0..<list.count {
        if session.host.interrupted { throw Stop.interrupted }
        guard try body(&self, list[place]) else { return }
      }
    case .object(let object) where type(of: object).elementType != nil:
      for index in 0..<max(0, object.count) {
        if session.host.interrupted { throw Stop.interrupted }
        let element = try located(range.span) { _ in try object.element(index).marked(elements.marks) }
        guard try body(&self, element) else { return }
      }
    default: throw failure("'\(word)' loops over a list or a range; \(elements.found)", range.span)
    }
  }

  private mutating func choose(_ branches: [Statement.Branch], _ otherwise: [Statement]) throws -> Value {
    for branch in branches where try truth(branch.condition, of: "if") { return try block(branch.body) }
    return try block(otherwise)
  }

  private mutating func include(_ file: ScriptFile, at span: Span) throws {
    let outer = (source, isIncluded)
    (source, isIncluded) = (file.source, true)
    defer { (source, isIncluded) = outer }
    do {
      _ = try deeper(span) { try $0.run(file.statements) }
    } catch let diagnostic as Diagnostic {
      throw diagnostic.reached(by: "included", in: outer.0, at: span, limit: Self.longestTrace)
    }
  }

  // MARK: - Calls

  mutating func run(_ call: Call, span: Span) throws -> Value {
    switch call.target {
    case .defined(let definition): return try run(definition, call, span: span)
    case .command(let command): return try run(command, call)
    }
  }

  private mutating func run(_ command: CommandDeclaration, _ call: Call) throws -> Value {
    var given: [Given] = []
    for argument in call.arguments {
      let parameter = command.parameters[argument.parameter]
      let content: Given.Content
      switch argument.content {
      case .present: content = .present
      case .expressions(let expressions):
        content = .values(try expressions.map { try value(of: $0, for: parameter, of: call) })
      case .expression(let expression):
        if parameter.takesCommand {
          content = .command(DeferredCommand(expression: expression, runner: CommandRunner(interpreter: self)))
        } else if case .word(let word) = expression.kind {
          content = .word(word)
        } else if parameter.takesNames, case .name(let word) = expression.kind,
          locals?[word] == nil, session.variables[word] == nil
        {
          content = .value(.text(word))
        } else {
          content = .value(try value(of: expression, for: parameter, of: call))
        }
      }
      var span = argument.span
      if case .expression(let expression) = argument.content { span = expression.span }
      given.append(Given(content: content, span: span, place: argument.parameter))
    }
    if session.host.interrupted { throw Stop.interrupted }
    var marks: Set<String> = []
    for given in given { marks.formUnion(given.marks) }
    let site = CallSite(
      verb: call.verb, source: source, marks: marks, vocabulary: session.vocabulary,
      definitions: session.definitions, isInteractive: isInteractive && !isIncluded)
    session.work.begin(command.name)
    defer { session.work.end() }
    let instance = session.commands.take(command)
    defer { session.commands.putBack(instance, of: command) }
    let result = try located(call.verb.span) { try instance.run(given, site, $0.session) }
    return result.marked(marks)
  }

  private mutating func value(of expression: Expression, for parameter: Parameter, of call: Call) throws -> Value {
    let value = try evaluate(expression)
    if let complaint = parameter.complaint(about: value, verb: call.verb.text) {
      throw failure(complaint.message, expression.span, hint: complaint.hint)
    }
    if parameter.takesPath, case .text(let path) = value {
      if parameter.takesInput { session.record(input: path) }
      if isInteractive && !path.hasPrefix("/") && !path.hasPrefix("~") {
        session.relativePaths.insert(expression.span, of: source)
      }
    }
    return value
  }

  private mutating func run(_ definition: Definition, _ call: Call, span: Span) throws -> Value {
    // The latest definition of the name holds, also for commands that were defined before it.
    let current = session.definitions[call.verb.text] ?? definition
    guard current.isCalled(like: definition) else {
      throw failure("'\(call.verb.text)' has been redefined: \(current.syntax)", call.verb.span)
    }
    guard callDepth < Self.deepestCalls else {
      throw failure("more than \(Self.deepestCalls) defined commands run inside one another here", call.verb.span)
    }
    var variables = VariableTable()
    for argument in call.arguments {
      guard case .expression(let expression) = argument.content else { continue }
      let value = try evaluate(expression)
      if case .nothing = value { throw failure("this has no value to give to '\(call.verb.text)'", expression.span) }
      variables[current.parameters[argument.parameter].name.text] = value
    }
    let outer = (source, locals)
    (source, locals) = (current.source, variables)
    callDepth += 1
    defer {
      callDepth -= 1
      (source, locals) = outer
    }
    do {
      for parameter in current.parameters {
        guard locals?[parameter.name.text] == nil, let fallback = parameter.fallback else { continue }
        set(parameter.name.text, try something(fallback))
      }
      return try deeper(call.verb.span) { try $0.run(current.body) }
    } catch Jump.result {
      return givenBack
    } catch let diagnostic as Diagnostic {
      throw diagnostic.reached(
        by: "in '\(call.verb.text)', called", in: outer.0, at: span, limit: Self.longestTrace)
    }
  }

  // MARK: - Places

  func failure(_ message: String, _ span: Span, hint: String? = nil) -> Diagnostic {
    Diagnostic(message, hint: hint, source: source, span: span)
  }

  /// Runs something whose errors belong to `span`, unless they know a better place.
  mutating func located<Result>(_ span: Span, _ action: (inout Interpreter) throws -> Result) throws -> Result {
    let here = source
    do {
      return try action(&self)
    } catch let diagnostic as Diagnostic {
      throw diagnostic
    } catch let stop as Stop {
      throw stop
    } catch let failure as ScriptFailure {
      throw Diagnostic(failure.message, hint: failure.hint, source: here, span: failure.span ?? span)
    } catch {
      if session.host.interrupted { throw Stop.interrupted }
      throw Diagnostic("\(error)", source: here, span: span)
    }
  }

  /// Runs something one level deeper in the tree, or says that it is too deep.
  mutating func deeper<Result>(_ span: Span?, _ action: (inout Interpreter) throws -> Result) throws -> Result {
    guard depth < Self.deepest else {
      throw failure("expressions and commands are nested too deeply", span ?? Span(0, 0))
    }
    depth += 1
    defer { depth -= 1 }
    return try action(&self)
  }
}

extension Diagnostic {
  /// The same mistake with one more step of how it was reached.
  fileprivate func reached(by text: String, in source: Source, at span: Span, limit: Int) -> Diagnostic {
    guard trace.count < limit else { return self }
    // A command that calls itself over and over is named once.
    if let last = trace.last, last.source === source, last.span == span { return self }
    return adding(Step(text: text, source: source, span: span))
  }
}

/// Leaves statements before their end.
private enum Jump: Error {
  /// Out of a round of the innermost loop.
  case loop(LoopJump)
  /// Out of a defined command, whose result is kept.
  case result
}

/// Lets a command such as `time` run the command that it was given.
struct CommandRunner {
  let interpreter: Interpreter

  func run(_ expression: Expression) throws -> Value {
    var copy = interpreter
    return try copy.evaluate(expression)
  }
}

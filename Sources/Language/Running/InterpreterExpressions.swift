extension Interpreter {
  /// The value of an expression.
  mutating func evaluate(_ expression: Expression) throws -> Value {
    switch expression.kind {
    case .number(let number): return .number(number)
    case .truth(let truth): return .truth(truth)
    case .word(let word): return .text(word)
    case .name(let name): return try variable(name, at: expression.span)
    case .invalid: throw failure("this could not be parsed", expression.span)
    default: return try deeper(expression.span) { try $0.evaluateDeeper(expression) }
    }
  }

  private mutating func evaluateDeeper(_ expression: Expression) throws -> Value {
    switch expression.kind {
    case .text(let parts): return .text(try located(expression.span) { try $0.text(of: parts) })
    case .list(let elements):
      var values: [Value] = []
      for element in elements { values.append(try something(element)) }
      return try located(expression.span) { _ in .list(try ScriptList(values)) }
    case .range(let lower, let upper):
      return .range(ScriptRange(try bound(lower), try bound(upper)))
    case .steps(let lower, let upper, let step):
      let first = try bound(lower), last = try bound(upper), width = try bound(step)
      return try located(expression.span) { _ in try .numbers(Steps.values(from: first, to: last, by: width)) }
    case .negative(let operand):
      let value = try evaluate(operand)
      return try located(expression.span) { _ in try value.mappingNumbers { -$0 } }
    case .not(let operand):
      let value = try evaluate(operand)
      return try located(operand.span) { _ in try Comparison.negated(value) }
    case .all(let operands): return try combined(operands, of: "and", endsWith: false)
    case .some(let operands): return try combined(operands, of: "or", endsWith: true)
    case .arithmetic(let first, let rest): return try arithmetic(first, rest)
    case .comparison(let symbol, let left, let right):
      let a = try evaluate(left), b = try evaluate(right)
      return try located(expression.span) { _ in try Comparison.apply(symbol, a, b) }
    case .membership(let part, let whole, let isNegated):
      let a = try something(part), b = try something(whole)
      return .truth(try located(expression.span) { _ in try Membership.holds(a, in: b) } != isNegated)
    case .comprehension(let comprehension): return try results(comprehension, at: expression.span)
    case .open: throw failure("a slice without an end stands alone between [ and ]", expression.span)
    case .access(let base, let accessors): return try access(base, accessors)
    case .function(let name, let arguments): return try apply(name, arguments, span: expression.span)
    case .call(let call): return try run(call, span: expression.span)
    default: return try evaluate(expression)
    }
  }

  /// Operands joined by `and` or `or`: the rest is not looked at once one decides; lists of truth values are joined value
  /// by value.
  private mutating func combined(_ operands: [Expression], of word: String, endsWith end: Bool) throws -> Value {
    var result = Value.truth(!end)
    for operand in operands {
      if case .truth(end) = result { return result }
      let value = try evaluate(operand), before = result
      result = try located(operand.span) { _ in try Comparison.joined(before, value, word: word) }
    }
    return result
  }

  /// The results of a comprehension. Its variables are its own: those of the same names keep their values.
  private mutating func results(_ comprehension: Comprehension, at span: Span) throws -> Value {
    let names = comprehension.names
    let before = names.map { locals == nil ? session.variables[$0.text] : locals?[$0.text] }
    defer {
      for (name, value) in zip(names, before) {
        if locals == nil { session.variables[name.text] = value } else { locals?[name.text] = value }
      }
    }
    var results: [Value] = [], total = 0
    try forEach(comprehension.list, of: "for") { interpreter, element in
      try interpreter.give(element, to: names, at: comprehension.list.span)
      if let condition = comprehension.condition, try !interpreter.truth(condition, of: "if") { return true }
      let result = try interpreter.something(comprehension.element)
      results.append(result)
      total += max(1, result.size)
      if total > NumberArray.largest {
        throw ScriptFailure("this list would have more than \(NumberArray.largest.grouped) values", at: span)
      }
      return true
    }
    let found = results
    return try located(span) { _ in .list(try ScriptList(found)) }
  }

  func variable(_ name: String, at span: Span) throws -> Value {
    if let value = locals?[name] ?? session.variables[name] { return value }
    let names = (locals?.keys ?? []) + session.variables.keys
    throw failure(
      "the variable '\(name)' has no value", span, hint: Suggestion.hint(name, among: names.sorted()))
  }

  func truth(of value: Value, at span: Span, for word: String) throws -> Bool {
    guard case .truth(let truth) = value else {
      let hint: String? = if case .list = value { "write all(x > 0) or any(x > 0)" } else { nil }
      throw failure("'\(word)' needs true or false; \(value.found)", span, hint: hint)
    }
    return truth
  }

  mutating func truth(_ expression: Expression, of word: String) throws -> Bool {
    try truth(of: evaluate(expression), at: expression.span, for: word)
  }

  private mutating func bound(_ expression: Expression) throws -> Double {
    let value = try evaluate(expression)
    guard case .number(let number) = value, number.isFinite else {
      throw failure("a range goes from number to number; \(value.found)", expression.span)
    }
    return number
  }

  /// The value of an expression that has to give one.
  mutating func something(_ expression: Expression) throws -> Value {
    let value = try evaluate(expression)
    if case .nothing = value { throw failure("this has no value", expression.span) }
    return value
  }

  private mutating func arithmetic(_ first: Expression, _ rest: [(Symbol, Expression)]) throws -> Value {
    var result = try something(first)
    for (symbol, operand) in rest {
      let right = try something(operand)
      if case .number(let a) = result, case .number(let b) = right, let number = Arithmetic.quick(symbol, a, b) {
        result = .number(number)
        continue
      }
      let left = result
      result = try located(first.span.joined(operand.span)) { _ in try Arithmetic.apply(symbol, left, right) }
    }
    return result
  }

  private mutating func apply(_ name: Name, _ arguments: [Expression], span: Span) throws -> Value {
    var values: [Value] = []
    for argument in arguments { values.append(try something(argument)) }
    guard let function = session.vocabulary.function(name.text) else {
      throw failure("there is no function '\(name.text)'", name.span)
    }
    if let complaint = function.complaint(aboutCount: values.count) {
      throw failure(complaint, name.span, hint: function.syntax)
    }
    for (index, value) in values.enumerated() {
      if let complaint = function.complaint(about: value.type, at: index) {
        throw failure(complaint, arguments[index].span)
      }
    }
    let result = try located(span) { interpreter in
      try function.apply?(values) ?? function.draw?(values, interpreter.session) ?? .nothing
    }
    guard case .object = result else { return result }
    return result.marked(values.reduce(into: []) { $0.formUnion($1.marks) })
  }

  /// The text with every `{…}` replaced by its value.
  mutating func text(of parts: [TextPart]) throws -> String {
    var whole = ""
    for part in parts {
      switch part {
      case .literal(let text): whole += text
      case .embedded(let expression, let format):
        let value = try something(expression)
        whole += try located(expression.span) { _ in try format?.text(of: value) ?? value.text }
      }
      try Arithmetic.checkLength(whole.utf8.count)
    }
    return whole
  }

  // MARK: - Fields and elements

  private mutating func access(_ base: Expression, _ accessors: [Accessor]) throws -> Value {
    var value = try evaluate(base)
    for accessor in accessors {
      let owner = value
      switch accessor {
      case .field(let name): value = try located(name.span) { _ in try Self.field(name.text, of: owner) }
      case .index(let parts, let span):
        let indices = try parts.map { try index($0) }
        let hint = if case .name("arguments") = base.kind { Self.argumentsHint } else { nil as String? }
        value = try located(span) { _ in try Indexing(indices, hint: hint).apply(to: owner) }
      }
      if case .object = owner { value = value.marked(owner.marks) }
    }
    return value
  }

  /// What an accessor chooses, for a change.
  mutating func step(_ accessor: Accessor) throws -> ChangeStep {
    switch accessor {
    case .field(let name): return .field(name.text)
    case .index(let parts, let span):
      if parts.count == 1, case .value(let expression) = parts[0], case .text(let name) = try evaluate(expression) {
        return .field(name)
      }
      return .index(try parts.map { try index($0) }, span)
    }
  }

  private static let argumentsHint = "arguments follow the script: bvae-script FILE.bvs ARGUMENT…"

  private mutating func index(_ part: IndexPart) throws -> Indexing.Index {
    switch part {
    case .value(let expression): return .value(try evaluate(expression))
    case .slice(let lower, let upper): return .slice(try lower.map { try end($0) }, try upper.map { try end($0) })
    }
  }

  private mutating func end(_ expression: Expression) throws -> Int {
    let value = try evaluate(expression)
    guard let whole = value.whole else {
      throw failure("a slice goes between whole numbers; \(value.found)", expression.span)
    }
    return whole
  }

  private static func field(_ name: String, of value: Value) throws -> Value {
    switch value {
    case .text(let text) where name == "count": return .number(text.count)
    case .list(let list) where name == "count": return .number(list.count)
    case .range(let range) where name == "count": return .number(range.count)
    case .object(let object):
      if let found = try object.value(ofField: name) { return found }
      let names = type(of: object).fields(named: ())
      throw ScriptFailure(
        "\(value.type) has no field '\(name)'",
        hint: Suggestion.hint(name, among: names) ?? (names.isEmpty ? nil : "it has \(Kind.list(names))"))
    default: throw ScriptFailure("\(value.type) has no field '\(name)'")
    }
  }
}

extension ScriptObject {
  fileprivate static func fields(named: Void) -> [String] { fields.map(\.name) }
}

/// The types of expressions, and what is wrong with them whatever the values.
extension Checker {
  mutating func type(of expression: Expression) -> ValueType {
    switch expression.kind {
    case .invalid: return .any
    case .number: return .number
    case .truth: return .truth
    case .word: return .text
    case .name(let name): return type(ofVariable: name, at: expression.span)
    case .text(let parts):
      check(parts)
      return .text
    case .list(let elements):
      for element in elements { expectValue(element) }
      return .list
    case .range(let lower, let upper):
      expect([.number], lower, "a range goes from number to number")
      expect([.number], upper, "a range goes from number to number")
      warnIfEmpty(lower, upper, expression.span)
      return .range
    case .steps(let lower, let upper, let step):
      for part in [lower, upper, step] { expect([.number], part, "a range goes from number to number") }
      if case .number(0) = step.kind { report("a step of 0 leads nowhere", step.span) }
      if case .number(let low) = lower.kind, case .number(let high) = upper.kind, case .number(let width) = step.kind,
        (high - low) * width < 0
      {
        warn(
          "this range is empty: its step leads away from its end", expression.span,
          hint: "to count downward write 10..0 step -1")
      }
      return .list
    case .open:
      report("a slice without an end stands alone between [ and ]", expression.span)
      return .any
    case .membership(let part, let whole, _):
      let value = type(of: part), owner = type(of: whole)
      if let complaint = Membership.complaint(about: value, in: owner) {
        report(complaint, owner == .text ? part.span : whole.span)
      }
      return .truth
    case .comprehension(let comprehension): return type(of: comprehension)
    case .negative(let operand):
      let type = expect([.number, .list, .range], operand, "only numbers can be negated")
      return type == .range ? .list : type
    case .not(let operand): return expectTruths([operand], of: "not")
    case .all(let operands): return expectTruths(operands, of: "and")
    case .some(let operands): return expectTruths(operands, of: "or")
    case .arithmetic(let first, let rest): return type(ofArithmetic: first, rest)
    case .comparison(let symbol, let left, let right):
      let leftType = type(of: left), rightType = type(of: right)
      if let complaint = Comparison.complaint(symbol, leftType, rightType) {
        report(complaint, expression.span)
      }
      return Comparison.result(symbol, leftType, rightType)
    case .access(let base, let accessors): return type(ofAccess: base, accessors)
    case .function(let name, let arguments): return type(ofFunction: name, arguments, at: expression.span)
    case .call(let call): return type(ofCall: call, at: expression.span)
    }
  }

  /// `3..0`, written out, holds nothing.
  private mutating func warnIfEmpty(_ lower: Expression, _ upper: Expression, _ span: Span) {
    guard case .number(let low) = lower.kind, case .number(let high) = upper.kind, high < low else { return }
    warn(
      "this range ends before it begins and is empty", span,
      hint: "ranges count upward: \(high.scriptText)..\(low.scriptText)")
  }

  mutating func check(_ parts: [TextPart]) {
    for case .embedded(let expression, _) in parts { expectValue(expression) }
  }

  private mutating func type(of comprehension: Comprehension) -> ValueType {
    let element = elementType(ofLoopOver: comprehension.list), names = comprehension.names
    let before = names.map { (scope[$0.text], constants[$0.text]) }
    give(element, to: names, at: comprehension.list.span)
    // Of an empty list nothing is computed.
    skippable += 1
    if let condition = comprehension.condition { expectTruth(condition, of: "if") }
    expectValue(comprehension.element)
    skippable -= 1
    for (name, old) in zip(names, before) { (scope[name.text], constants[name.text]) = old }
    return .list
  }

  mutating func expectTruth(_ expression: Expression, of word: String) {
    let type = self.type(of: expression)
    guard type != .any && type != .truth else { return }
    report(
      "'\(word)' needs true or false; \(type.found)", expression.span,
      hint: type == .list ? "write all(x > 0) or any(x > 0)" : nil)
  }

  /// Truth values, or lists of them, which are joined value by value.
  private mutating func expectTruths(_ operands: [Expression], of word: String) -> ValueType {
    var types: [ValueType] = []
    for (index, operand) in operands.enumerated() {
      skippable += index == 0 ? 0 : 1
      types.append(expect([.truth, .list], operand, "'\(word)' needs true or false"))
      skippable -= index == 0 ? 0 : 1
    }
    return types.allSatisfy { $0 == .truth } ? .truth : types.contains(.list) ? .list : .any
  }

  @discardableResult
  private mutating func expect(_ allowed: [ValueType], _ expression: Expression, _ rule: String) -> ValueType {
    let type = self.type(of: expression)
    if type != .any && !allowed.contains(type) { report("\(rule); \(type.found)", expression.span) }
    return allowed.contains(type) ? type : allowed.count == 1 ? allowed[0] : .any
  }

  mutating func expectValue(_ expression: Expression) {
    if type(of: expression) == .nothing { report("this has no value", expression.span) }
  }

  private mutating func type(ofArithmetic first: Expression, _ rest: [(Symbol, Expression)]) -> ValueType {
    var type = self.type(of: first)
    var isSound = true
    for (symbol, operand) in rest {
      let right = self.type(of: operand)
      if let complaint = Arithmetic.complaint(symbol, type, right) {
        report(complaint, first.span.joined(operand.span))
        type = .any
        isSound = false
      } else {
        if (symbol == .divide || symbol == .remainder), case .number(0) = operand.kind {
          report("division by 0", first.span.joined(operand.span))
          isSound = false
        }
        type = Arithmetic.result(symbol, type, right)
      }
    }
    if isSound { foldArithmetic(first, rest) }
    return type
  }

  // MARK: - Functions

  private mutating func type(ofFunction name: Name, _ arguments: [Expression], at span: Span) -> ValueType {
    let types = arguments.map { type(of: $0) }
    guard let function = vocabulary.function(name.text) else { return .any }
    if let complaint = function.complaint(aboutCount: arguments.count) {
      report(complaint, name.span, hint: function.syntax)
      return .any
    }
    var isSound = true
    for (index, type) in types.enumerated() {
      if let complaint = function.complaint(about: type, at: index) {
        report(complaint, arguments[index].span)
        isSound = false
      }
    }
    if isSound { fold(function, arguments, at: span) }
    return function.result(types)
  }

  // MARK: - Fields and elements

  private mutating func type(ofAccess base: Expression, _ accessors: [Accessor]) -> ValueType {
    var type = self.type(of: base)
    for accessor in accessors {
      switch accessor {
      case .field(let name): type = self.type(ofField: name, of: type)
      case .index(let parts, let span): type = self.type(ofIndex: parts, span, of: type)
      }
    }
    return type
  }

  mutating func type(ofField name: Name, of type: ValueType) -> ValueType {
    switch type {
    case .any: return .any
    case .list, .range, .text:
      if name.text == "count" { return .number }
      report(
        "\(type) has no field '\(name.text)'", name.span,
        hint: ForeignWord.member(name.text, vocabulary) ?? "it has count")
    case .object(let typeName):
      guard let declaration = vocabulary.objectType(typeName) else { return .any }
      if let field = declaration.fields.first(where: { $0.name == name.text }) { return field.type }
      if declaration.hasOwnFields { return .any }
      let names = declaration.fields.map(\.name)
      let hint =
        Suggestion.hint(name.text, among: names) ?? ForeignWord.member(name.text, vocabulary)
        ?? (names.isEmpty ? nil : "it has \(Kind.list(names))")
      report("\(type) has no field '\(name.text)'", name.span, hint: hint)
    case .number, .truth, .nothing: report("\(type) has no fields", name.span)
    }
    return .any
  }

  private mutating func type(ofIndex part: IndexPart) -> ValueType? {
    switch part {
    case .slice(let lower, let upper):
      for end in [lower, upper].compactMap({ $0 }) {
        expect([.number], end, "a slice goes between whole numbers")
      }
      return .range
    case .value(let index):
      let type = self.type(of: index)
      guard [.number, .range, .list, .text, .any].contains(type) else {
        report(
          "an index is a whole number, a range or a list of them; \(type.found)", index.span,
          hint: type == .truth ? "to compare lists value by value write equal(a, b)" : nil)
        return nil
      }
      if case .number(let number) = index.kind, number != number.rounded() {
        report("an index is a whole number; this is \(number.scriptText)", index.span)
      }
      return type
    }
  }

  /// The first field of a value that is a list, for whoever takes the value for one: `code.mean`.
  private func hint(forListsOf type: ValueType, _ span: Span) -> String? {
    guard case .object(let name) = type,
      let field = vocabulary.objectType(name)?.fields.first(where: { $0.type == .list })
    else { return nil }
    return "write x.\(field.name)\(source.text(span)): \(field.summary)"
  }

  mutating func type(ofIndex parts: [IndexPart], _ span: Span, of type: ValueType) -> ValueType {
    let types = parts.map { self.type(ofIndex: $0) }
    guard !types.contains(nil) else { return .any }
    if parts.count > 1 {
      if type != .list && type != .any {
        report(
          "\(type) has no dimensions to take \(parts.count) indices", span, hint: hint(forListsOf: type, span))
      }
      return .any
    }
    let indexType = types[0] ?? .any
    if indexType == .list, case .object(let name) = type, vocabulary.objectType(name)?.namedElementType != nil {
      return .any
    }
    if indexType == .text { return self.type(ofNamed: parts[0], span, of: type) }
    let element: ValueType?
    let slice: ValueType?
    switch type {
    case .any: return .any
    case .list: (element, slice) = (.any, .list)
    case .range: (element, slice) = (.number, .list)
    case .object(let name):
      guard let declaration = vocabulary.objectType(name) else { return .any }
      (element, slice) = (declaration.elementType, declaration.sliceType)
    default: (element, slice) = (nil, nil)
    }
    let isSlice = indexType == .range || indexType == .list
    let wanted = indexType == .number ? element : isSlice ? slice : element ?? slice
    guard let wanted else {
      report("\(type) cannot be \(isSlice && element != nil ? "sliced" : "indexed")", span)
      return .any
    }
    return indexType == .any ? wanted.merged(slice ?? wanted) : wanted
  }

  /// `table["digit"]`
  private mutating func type(ofNamed part: IndexPart, _ span: Span, of type: ValueType) -> ValueType {
    guard type != .any else { return .any }
    if case .object(let name) = type, let found = vocabulary.objectType(name)?.namedElementType { return found }
    let isObject = if case .object = type { true } else { false }
    if isObject {
      report("\(type) has no elements with names", span)
    } else if case .value(let index) = part {
      report("an index is a whole number, a range or a list of them; this is a text", index.span)
    }
    return .any
  }

  mutating func elementType(ofLoopOver range: Expression) -> ValueType {
    switch type(of: range) {
    case .range: return .number
    case .list, .any: return .any
    case .object(let name):
      guard let declaration = vocabulary.objectType(name) else { return .any }
      if let element = declaration.elementType { return element }
      report("'for' loops over a list or a range; this is \(withArticle(name))", range.span)
    case .number:
      report("'for' loops over a list or a range; this is a number", range.span, hint: "to count write 0..n")
    case let type: report("'for' loops over a list or a range; \(type.found)", range.span)
    }
    return .any
  }
}

import BVAEPlatform

/// What pairs, chooses and repeats the values of lists.
extension FunctionDeclaration {
  static let sequences: [FunctionDeclaration] = [
    FunctionDeclaration(
      name: "zip", syntax: "zip(a, b, …)", summary: "a list of the first values of several lists, one of the second, …",
      example: "for name, beta in zip([\"low\", \"high\"], [1, 8])\n  print name, beta\nend", arity: 2...Int.max,
      parameters: [[.any]], result: { _ in .list },
      apply: { arguments in
        let parts = try arguments.map { try Elements($0) }
        guard let count = parts.map(\.count).min(), parts.allSatisfy({ $0.count == count }) else {
          throw ScriptFailure(
            "'zip' takes lists of equal length; these have \(Kind.list(parts.map { String($0.count) }))")
        }
        return .list(try ScriptList((0..<count).map { i in .list(try ScriptList(parts.map { try $0[i] })) }))
      }),
    FunctionDeclaration(
      name: "enumerate", syntax: "enumerate(list)", summary: "a list of pairs: the place of each value from 0, and it",
      example: "for k, name in enumerate([\"a\", \"b\"])\n  print k, name\nend", arity: 1...1,
      parameters: [[.any]], result: { _ in .list },
      apply: { arguments in
        let list = try Elements(arguments[0])
        return .list(try ScriptList((0..<list.count).map { .list(try ScriptList([.number($0), try list[$0]])) }))
      }),
    FunctionDeclaration(
      name: "equal", syntax: "equal(a, b)",
      summary: "value by value whether two lists hold the same; == compares them as wholes",
      example: "labels = [3, 1, 3]\nguesses = [3, 1, 1]\nprint mean(equal(labels, guesses))", arity: 2...2,
      parameters: [[.list, .range], [.list, .range]], result: { _ in .list },
      apply: { arguments in
        let a = try arguments[0].listed(), b = try arguments[1].listed()
        if let first = a.numbers, let second = b.numbers, first.areTruths == second.areTruths,
          let result = NumberArray.combined(first, second, areTruths: true, { $0 == $1 ? 1 : 0 })
        {
          return .list(ScriptList(result))
        }
        guard a.count == b.count else {
          throw ScriptFailure("lists of \(a.count) and \(b.count) values cannot be compared value by value")
        }
        return .list(try ScriptList((0..<a.count).map { .truth(Comparison.isEqual(a[$0], b[$0])) }))
      }),
    FunctionDeclaration(
      name: "where", syntax: "where(condition, a, b)",
      summary: "value by value that of a where a condition is true, else that of b; a and b are lists or single values",
      example: "x = [1, -2, 3]\nprint where(x > 0, x, 0)", arity: 3...3, parameters: [[.list, .truth], [.any]],
      result: { $0[0] == .list ? .list : .any },
      apply: { arguments in
        if case .truth(let truth) = arguments[0] { return truth ? arguments[1] : arguments[2] }
        if case .list(let condition) = arguments[0], condition.count == 0 { return .list(.empty) }
        guard case .list(let condition) = arguments[0], let truths = condition.numbers, truths.areTruths else {
          throw ScriptFailure("a condition is a list of truth values, such as x > 0; \(arguments[0].found)")
        }
        func side(_ value: Value) throws -> (Int) throws -> Value {
          guard value.type == .list || value.type == .range else { return { _ in value } }
          let list = try value.listed()
          if let array = list.numbers, array.shape == truths.shape {
            let flat = ScriptList(array.flattened)
            return { flat[$0] }
          }
          guard truths.shape.count == 1, list.count == truths.count else {
            throw ScriptFailure("\(counted(truths.count, "condition")) cannot choose from \(value.brief)")
          }
          return { list[$0] }
        }
        let a = try side(arguments[1]), b = try side(arguments[2])
        let chosen = try truths.withValues { try $0.enumerated().map { try $1 != 0 ? a($0) : b($0) } }
        let list = try ScriptList(chosen)
        guard truths.shape.count > 1, let array = list.numbers else { return .list(list) }
        return .list(ScriptList(array.reshaped(truths.shape)))
      }),
    FunctionDeclaration(
      name: "clip", syntax: "clip(x, low, high)",
      summary: "x, but no less than low and no more than high, of a number or of each in a list",
      example: "print clip([-2, 0.5, 7], 0, 1)", arity: 3...3, parameters: [numeric, [.number], [.number]],
      result: { $0[0] == .number ? .number : $0[0] == .any ? .any : .list },
      apply: {
        guard case .number(let low) = $0[1], case .number(let high) = $0[2], low <= high else {
          throw ScriptFailure("'clip' needs a low that is not above its high")
        }
        return try $0[0].mappingNumbers { $0.isNaN ? $0 : Swift.min(high, Swift.max(low, $0)) }
      }),
    FunctionDeclaration(
      name: "repeat", syntax: "repeat(x, n)",
      summary: "a list of n times the same value; of a list, n of them in a list",
      example: "zeros = repeat(0, 5)\nprint zeros, repeat([1, 2], 2)", arity: 2...2, parameters: [[.any], [.number]],
      result: { _ in .list },
      apply: {
        let n = try count($0[1], "how often a value is repeated", from: 0)
        let size = if case .list(let list) = $0[0] { list.numbers?.count ?? list.count } else { 1 }
        guard n * Swift.max(1, size) <= NumberArray.largest else {
          throw ScriptFailure("this list would have more than \(NumberArray.largest.grouped) values")
        }
        return .list(try ScriptList(Array(repeating: $0[0], count: n)))
      }),
  ]
}

/// The elements of a list, a range, or an object that has some.
private struct Elements {
  private let value: Value
  private let list: ScriptList
  let count: Int

  init(_ value: Value) throws {
    self.value = value
    if case .object(let object) = value {
      guard type(of: object).elementType != nil else { throw ScriptFailure("\(value.brief) has no elements") }
      (list, count) = (.empty, object.count)
    } else {
      list = try value.listed()
      count = list.count
    }
  }

  subscript(place: Int) -> Value {
    get throws {
      if case .object(let object) = value { try object.element(place).marked(value.marks) } else { list[place] }
    }
  }
}

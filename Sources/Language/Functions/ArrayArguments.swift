/// The arguments of functions of arrays, and declarations that many of them share.
extension FunctionDeclaration {
  static let listed: Set<ValueType> = [.list, .range]
  static let numeric: Set<ValueType> = [.number, .list, .range]

  /// The numbers of a list, a range or a single number.
  static func array(_ value: Value) throws -> NumberArray {
    if case .number(let number) = value { return try NumberArray(shape: [1], values: [number]) }
    if case .list(let list) = value, let array = list.numbers, array.areTruths { return array.asNumbers }
    return try NumberArray(value)
  }

  /// The numbers of a list of one dimension.
  static func vector(_ value: Value) throws -> [Double] {
    let array = try array(value)
    guard array.shape.count == 1 else { throw ScriptFailure("expected a list of numbers, not one of lists") }
    return array.values
  }

  /// The rows of a list of lists of as many numbers each.
  static func matrix(_ value: Value) throws -> (rows: Int, columns: Int, values: [Double]) {
    let array = try array(value)
    guard array.shape.count == 2 else {
      throw ScriptFailure("expected a list of lists of as many numbers each; this has the shape \(array.shape)")
    }
    return (array.shape[0], array.shape[1], array.values)
  }

  /// Each column with each other one: more of them would take hours.
  static func checkColumns(_ columns: Int) throws {
    guard columns <= 1024 else {
      throw ScriptFailure("\(columns) columns are too many to hold against one another; up to 1024 can be")
    }
  }

  static func count(_ value: Value, _ name: String, from least: Int = 1) throws -> Int {
    guard let whole = value.whole, whole >= least, whole <= NumberArray.largest else {
      throw ScriptFailure("\(name) is a whole number of \(least) or more; \(value.found)")
    }
    return whole
  }

  /// A number of all numbers of a list, or with an axis of the numbers along it: `mean(x)`, `mean(x, 0)`.
  /// - Parameters:
  ///   - least: how many numbers it needs.
  ///   - ofRange: what it makes of a range of whole numbers that is not empty, without writing it out.
  ///   - body: what it makes of them.
  static func along(
    _ name: String, _ summary: String, example: String, least: Int = 1,
    ofRange: (@Sendable (ScriptRange) throws -> Double)? = nil, _ body: @escaping @Sendable ([Double]) throws -> Double
  ) -> FunctionDeclaration {
    FunctionDeclaration(
      name: name, syntax: "\(name)(x, axis)",
      summary: "\(summary), of all numbers of a list or along an axis: 0 goes over the rows", example: example,
      arity: 1...2,
      parameters: [numeric, [.number]], result: { $0.count == 1 ? .number : .any },
      apply: { arguments in
        if let ofRange, arguments.count == 1, case .range(let range) = arguments[0], range.isWhole, range.count > 0 {
          return .number(try ofRange(range))
        }
        let array = try array(arguments[0])
        func checked(_ values: [Double]) throws -> Double {
          guard values.count >= least else {
            throw ScriptFailure(
              values.isEmpty ? "an empty list has no \(name)" : "'\(name)' needs \(least) numbers or more")
          }
          return try body(values)
        }
        guard arguments.count > 1 else { return .number(try checked(array.values)) }
        return try array.reduced(along: try axis(arguments[1], of: array), checked)
      })
  }

  static func axis(_ value: Value, of array: NumberArray) throws -> Int {
    guard let axis = value.whole, (-array.shape.count..<array.shape.count).contains(axis) else {
      throw ScriptFailure(
        "an axis of this list is a whole number from 0 to \(array.shape.count - 1); \(value.found)")
    }
    return axis < 0 ? axis + array.shape.count : axis
  }

  /// A list of the numbers of a list of one dimension.
  static func ofVector(
    _ name: String, _ summary: String, example: String, _ body: @escaping @Sendable ([Double]) throws -> [Double]
  ) -> FunctionDeclaration {
    FunctionDeclaration(
      name: name, syntax: "\(name)(x)", summary: summary, example: example, arity: 1...1, parameters: [listed],
      result: { _ in .list }, apply: { try .numbers(body(vector($0[0]))) })
  }
}

extension NumberArray {
  /// A number for the numbers along each line of an axis.
  func reduced(along axis: Int, _ body: ([Double]) throws -> Double) throws -> Value {
    let extent = shape[axis], inner = shape[(axis + 1)...].reduce(1, *), outer = shape[..<axis].reduce(1, *)
    let rest = Array(shape[..<axis] + shape[(axis + 1)...])
    let results = try withValues { values in
      try (0..<outer * inner).map { line in
        let start = line / inner * extent * inner + line % inner
        return try body((0..<extent).map { values[start + $0 * inner] })
      }
    }
    return rest.isEmpty ? .number(results[0]) : try .numbers(results, shape: rest)
  }
}

/// A function of the expressions: `mean(history.loss)`.
package struct FunctionDeclaration: Sendable {
  /// The name.
  package let name: String
  /// How it is called: `round(x, decimals)`.
  package let syntax: String
  /// What it gives, as a phrase.
  package let summary: String
  /// Statements that show its use.
  package let example: String
  /// How many arguments it takes.
  package let arity: ClosedRange<Int>
  /// What each argument may be; the last ones, so many as `repeats` says, hold for all that follow.
  let parameters: [Set<ValueType>]
  let repeats: Int
  /// What it gives for arguments of these types.
  let result: @Sendable ([ValueType]) -> ValueType
  /// The texts that its last argument may be, given the value of its first, for completion; nil where any text may.
  var choices: (@Sendable (Value) -> [String])?
  /// What it does with arguments of allowed number and types; nil where that depends on the session.
  let apply: (@Sendable ([Value]) throws -> Value)?
  /// The same where it draws random numbers.
  let draw: (@Sendable ([Value], Session) throws -> Value)?

  /// Declares a function.
  package init(
    name: String, syntax: String, summary: String, example: String, arity: ClosedRange<Int>,
    parameters: [Set<ValueType>], repeats: Int = 1,
    result: @escaping @Sendable ([ValueType]) -> ValueType, choices: (@Sendable (Value) -> [String])? = nil,
    apply: @escaping @Sendable ([Value]) throws -> Value
  ) {
    (self.name, self.syntax, self.summary, self.example) = (name, syntax, summary, example)
    (self.arity, self.parameters, self.repeats, self.result) = (arity, parameters, repeats, result)
    (self.choices, self.apply, draw) = (choices, apply, nil)
  }

  /// Declares a function that draws random numbers, from the session's seed.
  package init(
    drawing name: String, syntax: String, summary: String, example: String, arity: ClosedRange<Int>,
    parameters: [Set<ValueType>], result: @escaping @Sendable ([ValueType]) -> ValueType,
    draw: @escaping @Sendable ([Value], Session) throws -> Value
  ) {
    (self.name, self.syntax, self.summary, self.example) = (name, syntax, summary, example)
    (self.arity, self.parameters, repeats, self.result) = (arity, parameters, 1, result)
    (choices, apply, self.draw) = (nil, nil, draw)
  }

  func parameter(_ index: Int) -> Set<ValueType> {
    guard index >= parameters.count, !parameters.isEmpty else {
      return parameters.isEmpty ? [.any] : parameters[index]
    }
    return parameters[parameters.count - repeats + (index - parameters.count) % repeats]
  }

  /// What is wrong with an argument of a type, nil where it could suit.
  func complaint(about type: ValueType, at index: Int) -> String? {
    let allowed = parameter(index)
    if type == .any || allowed.contains(.any) || allowed.contains(type) { return nil }
    let names = allowed.map(\.description).sorted()
    let advice = type == .truth && allowed.contains(.list) ? "; to compare lists value by value write equal(a, b)" : ""
    return "'\(name)' takes \(Kind.alternatives(names)); \(type.found)\(advice)"
  }

  /// What is wrong with the number of arguments, nil where it is right.
  func complaint(aboutCount count: Int) -> String? {
    if arity.contains(count) { return nil }
    let wanted =
      arity.upperBound == Int.max
      ? "\(arity.lowerBound) or more"
      : arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) or \(arity.upperBound)"
    return "'\(name)' takes \(wanted) argument\(wanted == "1" ? "" : "s"), this gives it \(count)"
  }
}

/// `+ - * / %` on values.
enum Arithmetic {
  /// The longest text that joining texts may give, in bytes.
  static let longestText = 1 << 24

  static func apply(_ symbol: Symbol, _ left: Value, _ right: Value) throws -> Value {
    switch (left, right) {
    case (.number(let a), .number(let b)): return .number(try number(symbol, a, b))
    case (.text, _) where symbol == .plus, (_, .text) where symbol == .plus: return try joined(left, right)
    case (.list(let a), .list(let b)): return try elementwise(symbol, a, b)
    case (.list(let list), .number(let b)) where list.numbers?.areTruths == false:
      return try elementwise(symbol, list, ScriptList([.number(b)]))
    case (.number(let a), .list(let list)) where list.numbers?.areTruths == false:
      return try elementwise(symbol, ScriptList([.number(a)]), list)
    case (.range, .list), (.list, .range), (.range, .range):
      return try elementwise(symbol, left.listed(), right.listed())
    case (.range, .number): return try apply(symbol, .list(left.listed()), right)
    case (.number, .range): return try apply(symbol, left, .list(right.listed()))
    case (.list(let list), .number):
      return .list(try ScriptList(list.elements.map { try apply(symbol, $0, right) }))
    case (.number, .list(let list)):
      return .list(try ScriptList(list.elements.map { try apply(symbol, left, $0) }))
    default: throw ScriptFailure(complaint(symbol, left.type, right.type) ?? "these values cannot be combined")
    }
  }

  /// The result of two numbers, which loops ask for a million times; nil where something may be wrong with it.
  @inline(__always)
  static func quick(_ symbol: Symbol, _ a: Double, _ b: Double) -> Double? {
    let result: Double
    switch symbol {
    case .plus: result = a + b
    case .minus: result = a - b
    case .times: result = a * b
    case .divide where b != 0: result = a / b
    case .remainder where b != 0: result = remainder(a, b)
    default: return nil
    }
    return result.isFinite ? result : nil
  }

  /// What is wrong with operands of these types, nil where some values of them can be combined.
  static func complaint(_ symbol: Symbol, _ left: ValueType, _ right: ValueType) -> String? {
    let numeric: Set<ValueType> = [.number, .list, .range, .any]
    if symbol == .plus && (left == .text || right == .text) {
      return left == .nothing || right == .nothing ? "a missing value cannot be joined to a text" : nil
    }
    if numeric.contains(left) && numeric.contains(right) { return nil }
    if symbol == .plus && (left == .any || right == .any) { return nil }
    switch symbol {
    case .plus: return "\(left) and \(right) cannot be added"
    case .minus: return "\(right) cannot be subtracted from \(left)"
    case .times: return "\(left) cannot be multiplied by \(right)"
    default: return "\(left) cannot be divided by \(right)"
    }
  }

  /// What operands of these types give.
  static func result(_ symbol: Symbol, _ left: ValueType, _ right: ValueType) -> ValueType {
    if symbol == .plus && (left == .text || right == .text) { return .text }
    if left == .any || right == .any { return .any }
    return left == .number && right == .number ? .number : .list
  }

  private static func number(_ symbol: Symbol, _ a: Double, _ b: Double) throws -> Double {
    let result: Double
    switch symbol {
    case .plus: result = a + b
    case .minus: result = a - b
    case .times: result = a * b
    case .divide:
      guard b != 0 else { throw ScriptFailure("\(a.scriptText) cannot be divided by 0") }
      result = a / b
    default:
      guard b != 0 else { throw ScriptFailure("the remainder of \(a.scriptText) by 0 is undefined") }
      result = remainder(a, b)
    }
    if result.isInfinite && a.isFinite && b.isFinite { throw ScriptFailure("the result is too large for a number") }
    return result
  }

  private static func joined(_ left: Value, _ right: Value) throws -> Value {
    if case .nothing = left { throw ScriptFailure("a missing value cannot be joined to a text") }
    if case .nothing = right { throw ScriptFailure("a missing value cannot be joined to a text") }
    let a = left.text, b = right.text
    try checkLength(a.utf8.count + b.utf8.count)
    return .text(a + b)
  }

  static func checkLength(_ length: Int) throws {
    guard length <= longestText else { throw ScriptFailure("this text would be longer than \(longestText) bytes") }
  }

  private static func elementwise(_ symbol: Symbol, _ a: ScriptList, _ b: ScriptList) throws -> Value {
    if let first = a.numbers, let second = b.numbers, !first.areTruths, !second.areTruths {
      return .list(ScriptList(try combined(symbol, first, second)))
    }
    guard a.count == b.count else {
      throw ScriptFailure(
        "lists of \(a.count) and \(b.count) values cannot be combined value by value",
        hint: symbol == .plus ? "to concatenate them write join(a, b)" : nil)
    }
    return .list(try ScriptList(zip(a.elements, b.elements).map { try apply(symbol, $0, $1) }))
  }
}

extension Arithmetic {
  private static func combined(_ symbol: Symbol, _ a: NumberArray, _ b: NumberArray) throws -> NumberArray {
    let found: NumberArray? =
      switch symbol {
      case .plus: NumberArray.combined(a, b) { $0 + $1 }
      case .minus: NumberArray.combined(a, b) { $0 - $1 }
      case .times: NumberArray.combined(a, b) { $0 * $1 }
      case .divide: NumberArray.combined(a, b) { $0 / $1 }
      default: NumberArray.combined(a, b) { remainder($0, $1) }
      }
    guard let found else {
      throw ScriptFailure(
        a.shape.count == 1 && b.shape.count == 1
          ? "lists of \(a.count) and \(b.count) values cannot be combined value by value"
          : "lists of the shapes \(a.shape) and \(b.shape) cannot be combined value by value",
        hint: symbol == .plus ? "to concatenate them write join(a, b)" : nil)
    }
    // Where a number is not finite, the first pair that made it says why.
    if !found.areFinite {
      var problem: (any Error)?
      _ = NumberArray.combined(a, b) { left, right in
        guard problem == nil else { return 0 }
        do { _ = try number(symbol, left, right) } catch { problem = error }
        return 0
      }
      if let problem { throw problem }
    }
    return found
  }

  /// With the sign of the divisor, so that -1 % 12 is 11.
  private static func remainder(_ a: Double, _ b: Double) -> Double {
    let remainder = a.truncatingRemainder(dividingBy: b)
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }
}

/// `== != < <= > >=` on values. `==` and `!=` compare two lists, ranges or objects as wholes, a list with a range by their
/// values; with a single value, and by the other four, a list is compared value by value.
enum Comparison {
  static func apply(_ symbol: Symbol, _ left: Value, _ right: Value) throws -> Value {
    guard isByValue(symbol, left.type, right.type) else { return .truth(try compare(symbol, left, right)) }
    let a = try sides(left), b = try sides(right)
    if let first = a.numbers, let second = b.numbers, !first.areTruths, !second.areTruths {
      guard let result = compared(symbol, first, second) else {
        throw ScriptFailure("lists of the shapes \(first.shape) and \(second.shape) cannot be compared value by value")
      }
      return .list(ScriptList(result))
    }
    let count = isListed(left.type) ? a.count : b.count
    guard a.count == b.count || !isListed(left.type) || !isListed(right.type) else {
      throw ScriptFailure("lists of \(a.count) and \(b.count) values cannot be compared value by value")
    }
    return .list(
      try ScriptList(
        (0..<count).map { i in
          try apply(symbol, isListed(left.type) ? a[i] : left, isListed(right.type) ? b[i] : right)
        }))
  }

  /// A list as it is, a range written out, a single value as a list of one.
  private static func sides(_ value: Value) throws -> ScriptList {
    isListed(value.type) ? try value.listed() : try ScriptList([value])
  }

  private static func compared(_ symbol: Symbol, _ a: NumberArray, _ b: NumberArray) -> NumberArray? {
    switch symbol {
    case .equal: NumberArray.combined(a, b, areTruths: true) { $0 == $1 ? 1 : 0 }
    case .unequal: NumberArray.combined(a, b, areTruths: true) { $0 != $1 ? 1 : 0 }
    case .less: NumberArray.combined(a, b, areTruths: true) { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: NumberArray.combined(a, b, areTruths: true) { $0 <= $1 ? 1 : 0 }
    case .greater: NumberArray.combined(a, b, areTruths: true) { $0 > $1 ? 1 : 0 }
    default: NumberArray.combined(a, b, areTruths: true) { $0 >= $1 ? 1 : 0 }
    }
  }

  /// Whether values of these types are compared value by value; false where that is not known.
  private static func isByValue(_ symbol: Symbol, _ left: ValueType, _ right: ValueType) -> Bool {
    if symbol == .equal || symbol == .unequal {
      return isListed(left) && isSingle(right) || isSingle(left) && isListed(right)
    }
    return isListed(left) || isListed(right)
  }

  /// What comparing values of these types gives.
  static func result(_ symbol: Symbol, _ left: ValueType, _ right: ValueType) -> ValueType {
    if isByValue(symbol, left, right) { return .list }
    let mayBeListed = (left == .any && right != .nothing) || (right == .any && left != .nothing)
    return mayBeListed ? .any : .truth
  }

  /// Truth values, or lists of them, joined by `and` or `or`.
  static func joined(_ left: Value, _ right: Value, word: String) throws -> Value {
    let isAnd = word == "and"
    if case .truth(let a) = left, case .truth(let b) = right { return .truth(isAnd ? a && b : a || b) }
    let a = try truths(left, word), b = try truths(right, word)
    guard
      let result = NumberArray.combined(a, b, areTruths: true, { isAnd ? Swift.min($0, $1) : Swift.max($0, $1) })
    else { throw ScriptFailure("lists of the shapes \(a.shape) and \(b.shape) cannot be joined value by value") }
    return .list(ScriptList(result))
  }

  static func negated(_ value: Value) throws -> Value {
    if case .truth(let truth) = value { return .truth(!truth) }
    return .list(ScriptList(try truths(value, "not").map(areTruths: true) { 1 - $0 }))
  }

  private static func truths(_ value: Value, _ word: String) throws -> NumberArray {
    switch value {
    case .truth(let truth): return try NumberArray(shape: [1], values: [truth ? 1 : 0], areTruths: true)
    case .list(let list): if let array = list.numbers, array.areTruths { return array }
    default: break
    }
    throw ScriptFailure("'\(word)' needs true or false; \(value.found)")
  }

  /// One truth value.
  static func compare(_ symbol: Symbol, _ left: Value, _ right: Value) throws -> Bool {
    if let complaint = complaint(symbol, left.type, right.type) { throw ScriptFailure(complaint) }
    switch symbol {
    case .equal: return isEqual(left, right)
    case .unequal: return !isEqual(left, right)
    default: break
    }
    switch (left, right) {
    case (.number(let a), .number(let b)): return ordered(symbol, a, b)
    case (.text(let a), .text(let b)): return ordered(symbol, a, b)
    default: throw ScriptFailure("these values cannot be ordered")
    }
  }

  /// What is wrong with operands of these types, nil where some values of them can be compared.
  static func complaint(_ symbol: Symbol, _ left: ValueType, _ right: ValueType) -> String? {
    if symbol == .equal || symbol == .unequal { return nil }
    if isByValue(symbol, left, right),
      [left, right].allSatisfy({ isListed($0) || $0 == .number || $0 == .text || $0 == .any })
    {
      return nil
    }
    let ordered: Set<ValueType> = [.number, .text, .any]
    if ordered.contains(left) && ordered.contains(right) && (left == right || left == .any || right == .any) {
      return nil
    }
    return "\(left) and \(right) cannot be ordered"
  }

  private static func isListed(_ type: ValueType) -> Bool { type == .list || type == .range }

  private static func isSingle(_ type: ValueType) -> Bool { [.number, .text, .truth].contains(type) }

  private static func ordered<T: Comparable>(_ symbol: Symbol, _ a: T, _ b: T) -> Bool {
    switch symbol {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    default: a >= b
    }
  }

  static func isEqual(_ left: Value, _ right: Value) -> Bool {
    if case .list(let a) = left, case .list(let b) = right, let first = a.numbers, let second = b.numbers {
      return first.areTruths == second.areTruths && first.shape == second.shape
        && first.withValues { first in second.withValues { first.elementsEqual($0) } }
    }
    return switch (left, right) {
    case (.nothing, .nothing): true
    case (.number(let a), .number(let b)): a == b
    case (.text(let a), .text(let b)): a == b
    case (.truth(let a), .truth(let b)): a == b
    case (.range(let a), .range(let b)): a == b
    case (.range(let range), .list(let list)), (.list(let list), .range(let range)):
      range.isWhole && range.count == list.count
        && (0..<list.count).allSatisfy { isEqual(.number(range.lower + Double($0)), list[$0]) }
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a.elements, b.elements).allSatisfy { isEqual($0, $1) }
    case (.object(let a), .object(let b)): a.isEqual(to: b)
    default: false
    }
  }
}

/// `x in list`, `part in text`
enum Membership {
  static func holds(_ value: Value, in whole: Value) throws -> Bool {
    if let complaint = complaint(about: value.type, in: whole.type) { throw ScriptFailure(complaint) }
    switch (value, whole) {
    case (.text(let part), .text(let text)): return part.isEmpty || text.components(by: part).count > 1
    case (.number(let number), .range(let range)):
      let isBetween = range.lower <= number && number <= range.upper
      // What counts holds whole numbers, what does not all between its ends.
      return isBetween && (!range.isWhole || number == number.rounded())
    default:
      let list = try whole.listed()
      if case .number(let number) = value, let array = list.numbers, array.shape.count == 1, !array.areTruths {
        return array.withValues { $0.contains(number) }
      }
      return (0..<list.count).contains { Comparison.isEqual(list[$0], value) }
    }
  }

  /// What is wrong with such a question, nil where some values can be asked for.
  static func complaint(about value: ValueType, in whole: ValueType) -> String? {
    switch whole {
    case .any, .list, .range: nil
    case .text: value == .text || value == .any ? nil : "a part of a text is a text; \(value.found)"
    default: "what a value is looked for in is a list, a range or a text; \(whole.found)"
    }
  }
}

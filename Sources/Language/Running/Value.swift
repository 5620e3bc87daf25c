import BVAEPlatform

/// What a variable holds and an expression gives.
package enum Value {
  /// What commands without a result give.
  case nothing
  /// A number; whole numbers are exact up to ±2⁵³.
  case number(Double)
  /// A text.
  case text(String)
  /// True or false.
  case truth(Bool)
  /// A range such as `0..9`, both ends included.
  case range(ScriptRange)
  /// A list of values.
  case list(ScriptList)
  /// A value of a domain: a dataset, a model, a figure, …
  indirect case object(any ScriptObject)

  /// The largest whole number that is told apart from its neighbours: 2⁵³.
  package static let largestWhole: Double = 9_007_199_254_740_992

  /// A whole number.
  package static func number(_ value: Int) -> Value { .number(Double(value)) }

  /// A number.
  package static func number(_ value: Float) -> Value { .number(Double(value)) }

  /// A list of numbers.
  /// - Throws: `ScriptFailure` when there are more than `NumberArray.largest`.
  package static func numbers(_ values: some Sequence<Double>) throws -> Value {
    let values = Array(values)
    return try numbers(values, shape: [values.count])
  }

  /// A list of numbers.
  /// - Throws: `ScriptFailure` when there are more than `NumberArray.largest`.
  package static func numbers(_ values: some Sequence<Float>) throws -> Value { try numbers(values.map(Double.init)) }

  /// Numbers with a shape, as lists in lists.
  /// - Throws: `ScriptFailure` when there are more than `NumberArray.largest`.
  package static func numbers(_ values: [Double], shape: [Int]) throws -> Value {
    .list(ScriptList(try NumberArray(shape: shape, values: values)))
  }

  /// What sort of value this is.
  package var type: ValueType {
    switch self {
    case .nothing: .nothing
    case .number: .number
    case .text: .text
    case .truth: .truth
    case .range: .range
    case .list: .list
    case .object(let object): .object(object.typeName)
    }
  }

  /// How many numbers or values it holds.
  var size: Int { if case .list(let list) = self { list.numbers?.count ?? list.extent.total } else { extent.total } }

  /// How deep lists and records stand in it, and how many values it holds: 0 and 0 of a single value.
  var extent: (depth: Int, total: Int) {
    switch self {
    case .list(let list): list.extent
    case .object(let object): (object as? RecordValue)?.extent ?? (0, 0)
    default: (0, 0)
    }
  }

  /// The text that this value is, or those of a list of texts that is not empty; nil for all else.
  var names: [String]? {
    switch self {
    case .text(let text): return [text]
    case .list(let list) where list.numbers == nil && list.count > 0:
      let texts = list.elements.compactMap { if case .text(let text) = $0 { text } else { nil as String? } }
      return texts.count == list.count ? texts : nil
    default: return nil
    }
  }

  /// The whole number that this value is, if it is one.
  package var whole: Int? {
    guard case .number(let number) = self, number.magnitude <= Self.largestWhole else { return nil }
    return Int(exactly: number)
  }
}

/// A sort of value, as declarations name it.
package enum ValueType: Hashable, Sendable, CustomStringConvertible {
  /// Not known before the script runs.
  case any
  /// No value.
  case nothing
  /// A number.
  case number
  /// A text.
  case text
  /// True or false.
  case truth
  /// A range.
  case range
  /// A list.
  case list
  /// An object by the name of its type.
  case object(String)

  /// The type of an object.
  package static func object(_ type: any ScriptObject.Type) -> ValueType { .object(type.typeName) }

  /// In words with the article: `a number`, `an image`.
  package var description: String {
    switch self {
    case .any: "a value"
    case .nothing: "nothing"
    case .number: "a number"
    case .text: "a text"
    case .truth: "a truth value"
    case .range: "a range"
    case .list: "a list"
    case .object(let name): withArticle(name)
    }
  }

  /// Both where they agree, else `any`.
  func merged(_ other: ValueType) -> ValueType { self == other ? self : .any }
}

/// `a model`, `an image`
func withArticle(_ noun: String) -> String {
  // Of several things no one is meant.
  if noun.hasSuffix("s"), !noun.hasSuffix("ss") { return noun }
  return "aeio".contains(noun.lowercased().first ?? "x") ? "an \(noun)" : "a \(noun)"
}

/// A range of numbers, both ends included; one that ends before it begins is empty. Nothing is stored for what lies
/// between its ends.
package struct ScriptRange: Equatable, Sendable {
  /// The first number.
  package let lower: Double
  /// The last number.
  package let upper: Double

  /// The range `lower..upper`; both are numbers, not NaN.
  package init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Whether it can be counted through: its ends are whole numbers that are kept exactly.
  package var isWhole: Bool { Value.number(lower).whole != nil && Value.number(upper).whole != nil }

  /// How many whole numbers it has, 0 unless `isWhole`.
  package var count: Int {
    guard let first = Value.number(lower).whole, let last = Value.number(upper).whole else { return 0 }
    return max(0, last - first + 1)
  }
}

/// `0..10 step 2`
enum Steps {
  /// first, first + width, … as far as last, which is among them where rounding alone keeps it out.
  static func values(from first: Double, to last: Double, by width: Double) throws -> [Double] {
    guard width != 0 else { throw ScriptFailure("a step of 0 leads nowhere") }
    let count = ((last - first) / width + 1e-9).rounded(.down) + 1
    guard count <= Double(NumberArray.largest) else {
      throw ScriptFailure("this range would have more than \(NumberArray.largest.grouped) numbers")
    }
    return (0..<Int(max(0, count))).map { first + Double($0) * width }
  }
}

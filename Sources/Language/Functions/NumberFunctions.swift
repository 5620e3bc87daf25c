import BVAEPlatform
import Glibc

extension FunctionDeclaration {
  /// Every function of the language, in the order in which help lists them.
  static let all: [FunctionDeclaration] =
    reductions + statistics + elementwise + rounding + lists + sequences + arrays + texts + [record]

  // MARK: - Many numbers to one

  private static let reductions: [FunctionDeclaration] = [
    reduction("min", "the smallest of numbers, or of a list", example: "print min(3, 1, 2), min([0.5, 0.25])") {
      $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1)
    },
    reduction("max", "the largest of numbers, or of a list", example: "print max(3, 1, 2), max(0..9)") {
      $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1)
    },
  ]

  private static func reduction(
    _ name: String, _ summary: String, example: String, _ choose: @escaping @Sendable (Double, Double) -> Double
  ) -> FunctionDeclaration {
    FunctionDeclaration(
      name: name, syntax: "\(name)(a, b, …)", summary: summary, example: example, arity: 1...Int.max,
      parameters: [numeric],
      result: { $0.count == 2 && $0[0] != .number ? .any : .number },
      apply: {
        // Of a list of lists, along an axis; of several numbers, of them all.
        if $0.count == 2, case .list = $0[0] {
          let array = try array($0[0])
          return try array.reduced(along: try axis($0[1], of: array)) {
            guard let first = $0.first else { throw ScriptFailure("an empty list has no \(name)") }
            return $0.dropFirst().reduce(first, choose)
          }
        }
        guard let chosen = try Numbers($0).reduce(choose) else {
          throw ScriptFailure("an empty list has no \(name)")
        }
        return .number(chosen)
      })
  }

  // MARK: - Number by number

  private static let elementwise: [FunctionDeclaration] = [
    map("abs", "the absolute value", example: "print abs(-3), abs([-1, 1])") { $0.magnitude },
    map("sqrt", "the square root", example: "print sqrt(2), sqrt([1, 4, 9])") {
      guard !($0 < 0) else { throw ScriptFailure("\($0.scriptText) has no square root") }
      return $0.squareRoot()
    },
    map("exp", "e to the power of x", example: "print exp(1)", exp),
    map("log", "the natural logarithm", example: "print log(10)") {
      guard !($0 <= 0) else { throw ScriptFailure("\($0.scriptText) has no logarithm") }
      return log($0)
    },
    map("sin", "the sine", example: "print sin(1)", sin),
    map("cos", "the cosine", example: "print cos(0)", cos),
    map("tan", "the tangent", example: "print tan(1)", tan),
    map("tanh", "the hyperbolic tangent", example: "print tanh(1)", tanh),
    FunctionDeclaration(
      name: "pow", syntax: "pow(x, y)", summary: "x to the power of y, of numbers or of each in lists",
      example: "print pow(2, 10), pow([1, 2, 3], 2)", arity: 2...2, parameters: [numeric, numeric],
      result: { $0 == [.number, .number] ? .number : .any },
      apply: {
        let a = try array($0[0]), b = try array($0[1])
        guard let result = NumberArray.combined(a, b, { pow($0, $1) }) else {
          throw ScriptFailure("lists of the shapes \(a.shape) and \(b.shape) have no powers value by value")
        }
        if case .number = $0[0], case .number = $0[1] { return .number(try finite(result.values[0])) }
        return .list(ScriptList(result))
      }),
    map("floor", "the largest whole number not above x", example: "print floor(2.7), floor(-2.7)") {
      $0.rounded(.down)
    },
    map("ceiling", "the smallest whole number not below x", example: "print ceiling(2.1)") { $0.rounded(.up) },
  ]

  private static func map(
    _ name: String, _ summary: String, example: String, _ body: @escaping @Sendable (Double) throws -> Double
  )
    -> FunctionDeclaration
  {
    FunctionDeclaration(
      name: name, syntax: "\(name)(x)", summary: "\(summary), of a number or of each in a list", example: example,
      arity: 1...1,
      parameters: [numeric], result: { $0.first == .number ? .number : $0.first == .any ? .any : .list },
      apply: {
        try $0[0].mappingNumbers { number in number.isFinite ? try finite(body(number)) : try body(number) }
      })
  }

  private static let rounding: [FunctionDeclaration] = [
    FunctionDeclaration(
      name: "round", syntax: "round(x, decimals)",
      summary: "the nearest number with so many decimals (0), of a number or of each in a list; halfway between two it "
        + "is the even one: round(2.5) is 2", example: "print round(2.5), round(3.14159, 2)",
      arity: 1...2,
      parameters: [numeric, [.number]],
      result: { $0.first == .number ? .number : $0.first == .any ? .any : .list },
      apply: {
        let decimals = $0.count > 1 ? try decimals($0[1]) : 0
        return try $0[0].mappingNumbers { $0.rounded(decimals: decimals) }
      })
  ]

  static func decimals(_ value: Value) throws -> Int {
    guard let decimals = value.whole, (0...15).contains(decimals) else {
      throw ScriptFailure("decimals are a whole number from 0 to 15; \(value.found)")
    }
    return decimals
  }
}

extension Double {
  /// The number nearest to the decimal number with so many decimals that is nearest to this one; of two that are equally
  /// near that with an even last digit. It is the exact value of the binary number that is rounded: 2.675 is a little
  /// less than its digits say, and becomes 2.67. `text` writes the same decimal number.
  fileprivate func rounded(decimals: Int) -> Double {
    // From here on all numbers are whole.
    guard magnitude < Value.largestWhole else { return self }
    return Double(formatted(decimals: decimals)) ?? self
  }
}

/// The numbers of a function's arguments: several numbers, a list, or a range that is not written out.
private struct Numbers {
  private var values: [Double] = []
  private var range: ScriptRange?

  init(_ arguments: [Value]) throws {
    if arguments.count == 1, case .range(let range) = arguments[0] {
      guard range.isWhole else { throw ScriptFailure("\(arguments[0].brief) is not a range of whole numbers") }
      self.range = range
    } else if arguments.count == 1, case .list(let list) = arguments[0] {
      if let array = list.numbers, !array.areTruths {
        values = array.values
      } else {
        values = try list.elements.map(Self.number)
      }
    } else {
      values = try arguments.map(Self.number)
    }
  }

  private static func number(_ value: Value) throws -> Double {
    guard case .number(let number) = value else { throw ScriptFailure("expected numbers; \(value.found)") }
    return number
  }

  func reduce(_ choose: (Double, Double) -> Double) -> Double? {
    if let range { return range.count == 0 ? nil : choose(range.lower, range.upper) }
    return values.first.map { values.dropFirst().reduce($0, choose) }
  }
}

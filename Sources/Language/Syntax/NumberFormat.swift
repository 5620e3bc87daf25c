import BVAEPlatform

/// How a value is written in a text: `{x:.3}` with three decimals, `{x:.3g}` with three significant digits, `{x:.2e}`,
/// `{x:.1%}`, `{x:8.2}` at the right of eight characters, `{name:<12}` at the left, `{n:,}` with commas between thousands.
struct NumberFormat {
  private enum Notation: Character {
    case decimals = "f"
    case digits = "g"
    case exponent = "e"
    case percent = "%"
  }

  private var alignment: Character?
  private var width = 0
  private var isGrouped = false
  private var precision: Int?
  private var notation: Notation?

  /// How wide a value may be made, and how many decimals or digits it may be given.
  private static let widest = 200, mostDecimals = 15

  static let hint =
    "a format is [< > ^][width][,][.decimals][f, g, e or %], as in {x:.3}, {x:8.2}, {x:.3g}, {x:.1%} and {name:<12}"

  /// - Parameter text: what stands behind the colon; nil where it is no format.
  init?(_ text: String) {
    var rest = text.withoutOuterBlanks[...]
    if let first = rest.first, "<>^".contains(first) { alignment = rest.removeFirst() }
    func number() -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty, let number = Int(digits) else { return nil }
      rest.removeFirst(digits.count)
      return number
    }
    width = number() ?? 0
    if rest.first == "," {
      isGrouped = true
      rest.removeFirst()
    }
    if rest.first == "." {
      rest.removeFirst()
      guard let found = number(), found <= Self.mostDecimals else { return nil }
      precision = found
    }
    if let last = rest.first, let found = Notation(rawValue: last) {
      notation = found
      rest.removeFirst()
    }
    let isEmpty = alignment == nil && width == 0 && !isGrouped && precision == nil && notation == nil
    guard rest.isEmpty, width <= Self.widest, !isEmpty else { return nil }
  }

  /// The value as text; of a list each number is written so.
  func text(of value: Value) throws -> String {
    guard precision != nil || notation != nil || isGrouped else { return padded(value.text) }
    switch value {
    case .number(let number): return padded(written(number))
    case .list, .range:
      let list = try value.listed()
      guard list.count <= Self.mostOfList else {
        throw ScriptFailure("\(value.brief) is too long to be written with a format; take a part of it")
      }
      return "[" + (try list.elements.map(text)).joined(separator: ", ") + "]"
    default: throw ScriptFailure("only numbers have decimals and digits; \(value.found)")
    }
  }

  private static let mostOfList = 10_000

  private func written(_ number: Double) -> String {
    guard number.isFinite else { return number.scriptText }
    let plain =
      switch notation {
      case .percent: (number * 100).formatted(decimals: precision ?? 0) + "%"
      case .digits: number.formatted(digits: max(1, precision ?? 6))
      case .exponent: number.formatted(exponentDecimals: precision ?? 6)
      case .decimals: number.formatted(decimals: precision ?? 6)
      case nil: precision.map { number.formatted(decimals: $0) } ?? number.scriptText
      }
    guard isGrouped else { return plain }
    let sign = plain.hasPrefix("-") ? "-" : "", digits = plain.dropFirst(sign.count).prefix(while: \.isNumber)
    guard let whole = Int(digits) else { return plain }
    return sign + whole.grouped + plain.dropFirst(sign.count + digits.count)
  }

  /// Numbers stand at the right of their width unless told otherwise, everything else at the left.
  private func padded(_ text: String) -> String {
    let missing = max(0, width - text.count)
    guard missing > 0 else { return text }
    let isNumber = Double(text.filter { $0 != "," && $0 != "%" }) != nil
    let left: Int
    switch alignment ?? (isNumber ? ">" : "<") {
    case "<": left = 0
    case "^": left = missing / 2
    default: left = missing
    }
    return String(repeating: " ", count: left) + text + String(repeating: " ", count: missing - left)
  }
}

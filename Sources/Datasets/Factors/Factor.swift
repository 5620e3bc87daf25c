import BVAEPlatform

/// Something that varies from image to image and is known: a shape, a slant, a light.
public struct Factor: Sendable, Hashable {
  /// What values it takes.
  public enum Kind: Sendable, Hashable {
    /// One of several, which the value numbers from 0.
    case categorical([String])
    /// A number of a range.
    case continuous(ClosedRange<Float>)
  }

  /// One or two words: `slant`.
  public let name: String
  /// What it is, with the unit of its values.
  public let summary: String
  /// What values it takes.
  public let kind: Kind
  /// Whether the ends of its range mean the same, as those of an angle do; correlations do not see such a factor.
  public let isCircular: Bool

  /// A factor.
  public init(_ name: String, _ summary: String, _ kind: Kind, isCircular: Bool = false) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.isCircular = isCircular
  }

  /// Whether a value is one of the factor's.
  public func admits(_ value: Float) -> Bool {
    switch kind {
    case .categorical(let names): value >= 0 && value < Float(names.count) && value.rounded() == value
    case .continuous(let range): range.contains(value)
    }
  }

  /// The values in words: `square, ellipse or heart`, `-0.15 to 0.3`.
  public var expectation: String {
    switch kind {
    case .categorical(let names): Self.shortened(names).listed("or")
    case .continuous(let range): "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
    }
  }

  /// Names for a sentence: all of them, or of many the first and the last.
  static func shortened(_ names: [String]) -> [String] {
    names.count > 26 ? names.prefix(3) + ["…"] + names.suffix(1) : names
  }

  /// The shortest text that means this float: `0.3`, `16`.
  private static func text(_ value: Float) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

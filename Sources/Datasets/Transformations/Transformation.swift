import BVAEPlatform

/// What can be done to an image by a number, which is then a known factor of it.
///
/// A new kind is a case here and what it does in `ImageTransformation`.
public enum Transformation: String, CaseIterable, Sendable {
  /// Degrees clockwise about the middle of the image.
  case rotation
  /// The new size of what is in the image, for one unit of the old, about the middle.
  case scale
  /// Pixels by which bright strokes grow at each side, or shrink.
  case thickness

  /// The factor that its values are.
  public var factor: Factor {
    switch self {
    case .rotation:
      Factor("rotation", "the angle that the image is turned by, in degrees clockwise", .continuous(-90...90))
    case .scale: Factor("scale", "the size of what is in the image, 1 for what it was", .continuous(0.25...4))
    case .thickness:
      Factor("thickness", "by how many pixels bright strokes have grown at each side", .continuous(-4...4))
    }
  }

  /// The values that it can have.
  public var range: ClosedRange<Float> {
    guard case .continuous(let range) = factor.kind else { return 0...0 }
    return range
  }

  /// The name of the factor that says which image was transformed.
  public static let image = "image"

  /// That factor, for so many images; its values are their places.
  static func imageFactor(_ count: Int) -> Factor {
    Factor(image, "the image that was transformed, by its number", .categorical((0..<count).map(String.init)))
  }

  /// The factors of a table of images that were transformed, by their names; nil where there are others among them, or not
  /// that which says which image.
  static func factors(_ names: [String], images: Int) -> [Factor]? {
    guard names.contains(image) else { return nil }
    let found = names.compactMap { $0 == image ? imageFactor(images) : Transformation(rawValue: $0)?.factor }
    return found.count == names.count ? found : nil
  }
}

/// How images are transformed.
public struct TransformationWish: Sendable {
  /// The values of each kind, which are drawn evenly from the range.
  public var ranges: [Transformation: ClosedRange<Float>]
  /// How often each image is taken.
  public var times: Int
  /// The kind that goes over its range in `times` steps, while an image's other values stay.
  public var vary: Transformation?
  /// What is drawn with.
  public var seed: UInt64

  /// A wish.
  public init(
    _ ranges: [Transformation: ClosedRange<Float>], times: Int = 1, vary: Transformation? = nil, seed: UInt64 = 1
  ) {
    (self.ranges, self.times, self.vary, self.seed) = (ranges, times, vary, seed)
  }
}

/// Why images cannot be transformed.
public enum TransformationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nothing is said that is to be done.
  case nothing
  /// Values that a kind does not take.
  case range(Transformation, ClosedRange<Float>)
  /// A kind whose values are to be gone over in steps, and of which there is one alone.
  case nothingVaries(Transformation)
  /// Less than one time, or fewer than two steps.
  case times(Int, least: Int)
  /// More images than there is memory for.
  case memory(bytes: Int, limit: Int)
  /// No images.
  case noImages

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .nothing:
      "nothing is said that is to be done; expected a range for \(Transformation.allCases.map(\.rawValue).listed("or"))"
    case .range(let kind, let range):
      "\(kind.rawValue) is from \(Self.words(range)); expected values within \(Self.words(kind.range))"
    case .nothingVaries(let kind): "\(kind.rawValue) has one value, so it cannot be varied; expected a range of it"
    case .times(let times, let least): "each image is taken \(times) times; expected \(least) or more"
    case .memory(let bytes, let limit): Limits.memoryWords("the transformed images", bytes, limit)
    case .noImages: "there are no images to transform"
    }
  }

  /// `-30 to 30`
  static func words(_ range: ClosedRange<Float>) -> String {
    func text(_ value: Float) -> String { Double(value).formatted(digits: 6) }
    return range.lowerBound == range.upperBound
      ? text(range.lowerBound) : "\(text(range.lowerBound)) to \(text(range.upperBound))"
  }
}

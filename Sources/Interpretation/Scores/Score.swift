import BVAEPlatform

/// A number that says how well codes tell generating factors apart, or why there is none.
public struct Score: Sendable, Equatable {
  /// What it is called: `MIG`.
  public let name: String
  /// The score, 0…1; nil where it would mean nothing.
  public let value: Double?
  /// What the same codes score when shuffled over the images, so that no code belongs to its image: what chance gives. nil
  /// where there is no score, and where it was not asked for.
  public let shuffled: Double?
  /// A 95 % interval, within 0…1, of the score that this model would have with as many images as disentanglement_lib draws
  /// (`ScoredCodes.mostImages`); the scores of models trained from other seeds vary by more. nil where there is no score, and
  /// where it was not asked for.
  public let interval: ClosedRange<Double>?
  /// Why there is no score.
  public let reason: String?

  /// Half the width of the interval; 0 without one.
  public var error: Double { interval.map { 0.5 * ($0.upperBound - $0.lowerBound) } ?? 0 }
}

/// Codes that cannot be scored because they do not belong to the factors.
public enum ScoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Codes are [images, latents].
  case shape([Int])
  /// As many images must have codes as have factors.
  case counts(codes: Int, factors: Int)
  /// Every factor must have a value for each image.
  case values([Int])

  /// The mistake in words.
  public var description: String {
    switch self {
    case .shape(let shape):
      "codes need a row for each image and a column for each latent; these have the shape \(shape)"
    case .counts(let codes, let factors):
      "\(codes.grouped) images have codes, but \(factors.grouped) have factors"
    case .values(let counts):
      "the factors have different numbers of values: \(counts.map(\.grouped).listed("and"))"
    }
  }
}

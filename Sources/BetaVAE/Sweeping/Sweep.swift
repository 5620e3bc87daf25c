import BVAECPU

/// Where a latent is taken along in a sweep.
public enum SweepRange: Hashable, Sendable {
  /// Each latent's own range on the data that the model was trained on.
  case automatic
  /// −3 … 3 for every latent; of an InfoGAN the range that a code is drawn from.
  case prior
  /// The same range for every latent.
  case fixed(Float, Float)
}

/// What a sweep starts from.
public enum SweepStart: Sendable {
  /// An image, [height, width, planes] in 0…1.
  case image(Tensor)
  /// A code, one value a latent.
  case code([Float])
  /// A draw from the prior: a code, and what an image is made of beside it.
  case draw(Draw)
}

/// One latent's traversal: the other latents stay, this one takes values over its range, and each is decoded.
public struct SweepRow: Sendable {
  /// The latent, counted from 0.
  public let latent: Int
  /// The latent's value in each frame.
  public let values: [Float]
  /// The decoded images, [steps, height, width, planes] in 0…1.
  public let frames: Tensor
  /// How many categories the latent has; nil for a continuous one.
  public let categories: Int?
  /// Variance of the latent's mean over the training data; nil where the model was not trained here.
  public let meanVariance: Double?
  /// Mean KL divergence on the training data, in nats; nil where the model was not trained here, and for
  /// an InfoGAN.
  public let divergence: Double?

  /// Whether the latent is in use; nil where that is not known.
  public var isActive: Bool? { meanVariance.map(LatentStatistics.isActive) }
}

/// A traversal of one or more latents (paper, "Experiments", testing).
public struct Sweep: Sendable {
  /// The image that was encoded; nil where the sweep began from a code or a draw.
  public let image: Tensor?
  /// The decoded code, with no latent varied.
  public let reconstruction: Tensor
  /// The code that the sweep began from.
  public let code: [Float]
  /// One row a latent.
  public let rows: [SweepRow]

  /// The same sweep with some of its rows.
  package subscript(range: Range<Int>) -> Sweep {
    Sweep(image: image, reconstruction: reconstruction, code: code, rows: Array(rows[range]))
  }
}

extension Model {
  /// Varies latents one at a time and decodes. A category takes all of its values, whatever range and steps are.
  /// - Parameters:
  ///   - latents: which, counted from 0; all where nil.
  ///   - steps: frames a row, from the lower to the upper end of the range; one frame is its middle.
  /// - Throws: `ModelError` when the image or code does not fit or a latent does not exist.
  public func sweep(
    from start: SweepStart, latents wanted: [Int]? = nil, range: SweepRange = .automatic, steps: Int = 12
  )
    throws -> Sweep
  {
    guard (1...1000).contains(steps) else { throw ModelError.unsupported("steps must be from 1 to 1000, not \(steps)") }
    let chosen = wanted ?? Array(0..<latents)
    let values = try values(of: chosen, over: range, steps: steps)
    let origin = try origin(of: start), code = origin.code
    let draw = { (_: Int) in origin.draw }
    let reconstruction = try decode(Tensor(shape: [1, code.count], values: code), draw: draw)[0]
    let rows = try zip(chosen, values).map { latent, values in
      var codes: [Float] = []
      for value in values {
        var changed = code
        changed[latent] = value
        codes += changed
      }
      return SweepRow(
        latent: latent, values: values,
        frames: try decode(Tensor(shape: [values.count, code.count], values: codes), draw: draw),
        categories: objective.code.declared?.categories(of: latent),
        meanVariance: latentStatistics?.meanVariance[latent],
        divergence: objective.code.declared == nil ? latentStatistics?.divergence[latent] : nil)
    }
    return Sweep(image: origin.image, reconstruction: reconstruction, code: code, rows: rows)
  }

  /// The code that something starts from.
  /// - Throws: `ModelError` when the image or code does not fit.
  public func code(of start: SweepStart) throws -> [Float] { try origin(of: start).code }

  /// The image that something starts from, its code, and the draw of what images are made of beside it.
  func origin(of start: SweepStart) throws -> (image: Tensor?, code: [Float], draw: Draw) {
    switch start {
    case .image(let image):
      return (image, try encode(Tensor(shape: [1] + image.shape, values: image.values)).mean.values, Draw())
    case .code(let values):
      guard values.count == latents else {
        throw ModelError.codeLength(found: values.count, expected: latents)
      }
      return (nil, values, Draw())
    case .draw(let draw): return (nil, code(of: draw), draw)
    }
  }

  /// The values that each of some latents takes over its range, from the lower to the upper end; a category takes all of
  /// its values, whatever range and steps are.
  /// - Throws: `ModelError` when a latent does not exist, or its range is not known.
  func values(of chosen: [Int], over range: SweepRange, steps: Int) throws -> [[Float]] {
    for latent in chosen where !(0..<latents).contains(latent) {
      throw ModelError.unsupported(
        "there is no latent Z\(latent): the model has Z0 to Z\(latents - 1)")
    }
    let ends = try rangeEnds(range)
    return chosen.map { latent in
      objective.code.declared?.categories(of: latent).map { (0..<$0).map(Float.init) }
        ?? Self.values(between: ends(latent), steps)
    }
  }

  /// The lower and upper end of each latent's range.
  private func rangeEnds(_ range: SweepRange) throws -> (Int) -> (Double, Double) {
    switch range {
    case .prior:
      let code = objective.code
      return { latent in
        let range = code.priorRange(of: latent)
        return (range.lowerBound, range.upperBound)
      }
    case .fixed(let lower, let upper): return { _ in (Double(lower), Double(upper)) }
    case .automatic where objective.code.declared != nil: return try rangeEnds(.prior)
    case .automatic:
      guard let statistics = latentStatistics else {
        throw ModelError.unsupported(
          "the ranges of this model's latents are unknown, because it was not trained here; "
            + "give a range, such as range prior or range -3..3")
      }
      return { (statistics.lower[$0], statistics.upper[$0]) }
    }
  }

  private static func values(between ends: (Double, Double), _ steps: Int) -> [Float] {
    guard steps > 1 else { return [Float(0.5 * (ends.0 + ends.1))] }
    return (0..<steps).map { Float(ends.0 + (ends.1 - ends.0) * Double($0) / Double(steps - 1)) }
  }
}

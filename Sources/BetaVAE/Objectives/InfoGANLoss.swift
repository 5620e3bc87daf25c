/// What an InfoGAN is trained for (Chen et al. 2016, equation 3): its judge and its generator play
///
///     min over G, Q  max over D:   V(D, G) − λ L_I
///
/// with the information L_I of Q about the declared codes; see `InfoGANTraining`. There is no reconstruction error and no KL
/// divergence.
package struct InfoGANLoss: SystemLoss {
  package static let name = "infogan"
  /// What its images are made of.
  package let declared: GeneratorCode
  /// λ, the weight of the information.
  package let weight: Float
  /// The slope of the judge's leaky rectifiers.
  package let slope: Float

  package init(_ declared: GeneratorCode, weight: Float = 1, slope: Float = InfoGAN.slopes.paper) {
    (self.declared, self.weight, self.slope) = (declared, weight, slope)
  }

  package init(_ settings: SavedSettings) throws {
    self.init(
      try GeneratorCode(
        noise: try settings.whole("noise"), categories: try settings.wholes("categories"),
        continuous: try settings.whole("continuous")),
      weight: try settings.number("lambda"), slope: try settings.number("slope"))
  }

  package let kind = "InfoGAN"
  package var code: Objective.CodeKind { .declared(declared) }
  package var settings: [LossSetting] {
    [
      LossSetting("categories", declared.categories.isEmpty ? "" : "categories", wholes: declared.categories),
      LossSetting("continuous", "continuous", declared.continuous), LossSetting("noise", "noise", declared.noise),
      LossSetting("lambda", "λ", weight), LossSetting("slope", "", slope),
    ]
  }
  package var takesWarmup: Bool { false }
  /// As published.
  package var usualBatch: Int { 128 }
  package var terms: [String] { InfoGANTerms.names }

  /// The judge's loss and the generator's.
  package func loss(divergence: Double, terms: [Double]) -> Double { terms.prefix(2).reduce(0, +) }
}

extension Objective {
  /// The objective of an InfoGAN (Chen et al. 2016).
  /// - Parameters:
  ///   - code: what its images are made of.
  ///   - lambda: the weight of the information that Q has about the codes.
  ///   - slope: of the judge's leaky rectifiers, 0…1: 0.1 in the paper, 0.01 in the authors' code.
  /// - Throws: `ModelError.unsupported` where one is out of range.
  public static func infoGAN(
    _ code: GeneratorCode, lambda: Float = 1, slope: Float = InfoGAN.slopes.paper
  ) throws -> Objective {
    guard (0...1).contains(slope) else {
      throw ModelError.unsupported(
        "the slope of a leaky ReLU is 0 to 1, not \(Double(slope).formatted(digits: 3))")
    }
    return Objective(InfoGANLoss(code, weight: try checked(lambda, "lambda"), slope: slope))
  }
}

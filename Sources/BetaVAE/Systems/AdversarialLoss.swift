import Glibc

/// What the judge of an InfoGAN learns, and what its generator does, of the logits d that say "real" (Goodfellow et al. 2014,
/// equation 1, with the generator's loss of section 3):
///
///     judge:       mean softplus(−d(x)) + mean softplus(d(G))
///     generator:   mean softplus(−d(G))
///
/// softplus(−d) = −ln σ(d) and softplus(d) = −ln (1 − σ(d)). Of an undecided judge the first is 2 ln 2 = 1.386, the second
/// ln 2.
package struct AdversarialLoss {
  /// In nats.
  package let value: Double
  /// The derivative by each image's logit.
  package let gradient: [Float]

  /// The loss of logits, one an image, that should all say one thing.
  package init(_ logits: [Float], shouldBeReal: Bool) {
    self.init(exact: logits.map(Double.init), shouldBeReal: shouldBeReal)
  }

  /// The same of logits that are no floats.
  init(exact logits: some Collection<Double>, shouldBeReal: Bool) {
    let sign = shouldBeReal ? -1.0 : 1.0, share = 1 / Double(max(1, logits.count))
    var sum = 0.0, gradient: [Float] = []
    for logit in logits {
      let wrong = sign * logit
      // ln(1 + eˣ) without overflow.
      sum += max(wrong, 0) + log1p(exp(-abs(wrong)))
      gradient.append(Float(sign * share / (1 + exp(-wrong))))
    }
    value = sum * share
    self.gradient = gradient
  }
}

/// How much of the codes Q tells from the images that were made of them: lower bounds of the mutual information, in nats
/// (Chen et al. 2016, equation 5), with the prior's entropy added to the first and taken to the second, so that both are 0 for
/// a Q that knows nothing:
///
///     L_cat = Σ over categorical codes of  ln K − mean CE(logits, category)
///     L_cont = Σ over continuous codes of  mean ½ [c² − (c − m)²]
///
/// The second is the log likelihood of a Gaussian whose σ is 1. The most that they can be is ln K and, as c is uniform in
/// −1…1, 1/6 a code.
public struct CodeInformation {
  /// L_cat and L_cont.
  public let categorical: Double, continuous: Double
  /// The derivative of −weight · (L_cat + L_cont) by Q's output, [images × outputs].
  package let gradient: [Float]

  /// - Parameters:
  ///   - output: Q's, [images × outputs].
  ///   - inputs: what the images were made of.
  ///   - weight: λ.
  package init(_ output: [Float], of inputs: GeneratorInputs, weight: Float) {
    let code = inputs.code, size = code.outputs, share = 1 / Double(max(1, inputs.count)), weight = Double(weight)
    var categorical = 0.0, continuous = 0.0, gradient = [Float](repeating: 0, count: output.count)
    for image in 0..<inputs.count {
      let start = image * size
      for (range, category) in zip(code.logits, inputs.categories(of: image)) {
        let logits = range.map { Double(output[start + $0]) }, probabilities = CategoryProbabilities(logits)
        categorical += log(Double(range.count)) + logits[category] - probabilities.logarithmOfSum
        for (i, place) in range.enumerated() {
          gradient[start + place] = Float(weight * share * (probabilities.values[i] - (i == category ? 1 : 0)))
        }
      }
      for (place, number) in zip(code.means, inputs.continuous(of: image)) {
        let c = Double(number), distance = c - Double(output[start + place])
        continuous += 0.5 * (c * c - distance * distance)
        gradient[start + place] = Float(-weight * share * distance)
      }
    }
    self.categorical = categorical * share
    self.continuous = continuous * share
    self.gradient = gradient
  }

  /// L_I = L_cat + L_cont.
  public var total: Double { categorical + continuous }
}

/// The softmax of logits.
struct CategoryProbabilities {
  let values: [Double]
  /// ln Σ eˣ.
  let logarithmOfSum: Double

  init(_ logits: [Double]) {
    let largest = logits.max() ?? 0, powers = logits.map { exp($0 - largest) }, sum = powers.reduce(0, +)
    values = powers.map { $0 / sum }
    logarithmOfSum = largest + log(sum)
  }
}

import BVAEArrays
import Glibc

/// The mutual information gap by exact densities, as Chen, Li, Grosse and Duvenaud (2018, section 4.1 and appendix C)
/// estimate it: with the mixture `q(zⱼ) = 1/N Σₙ n(zⱼ; μₙⱼ, σₙⱼ²)` of the images' own posteriors and `q(zⱼ | v)`, that of
/// the images with the value v of a factor,
///
///     I(zⱼ; v) = E ln q(zⱼ | v) − E ln q(zⱼ),
///
/// each expectation by one z drawn for each image. The gap is that of the two latents with most information, over the
/// factor's entropy, and the score its mean over the factors that have an order: the authors leave out the shape.
package enum ExactInformationGap {
  /// At most so many images are in the mixture; of more, a random subset.
  static let mostImages = 10_000

  /// - Parameters:
  ///   - generator: chooses among more than 10,000 images.
  ///   - noise: of the draws.
  package static func gap(
    _ sample: ScoreSample, _ generator: inout RandomGenerator, noise: RandomGenerator
  ) -> Double {
    let sample = sample.selecting(generator.subset(of: sample.count, atMost: mostImages))
    let densities = (0..<sample.latents).map { LatentDensity(sample, latent: $0, noise: noise) }
    let all = Array(0..<sample.count)
    let marginal = densities.map { $0.entropy(of: all) }
    let gaps = sample.factors.filter(\.isOrdered).map { factor -> Double in
      var groups = [[Int]](repeating: [], count: factor.levelCount)
      for (image, level) in factor.levels.enumerated() { groups[level].append(image) }
      let shares = groups.map { Double($0.count) / Double(sample.count) }
      let shared = densities.indices.map { latent in
        let conditional = zip(groups, shares).reduce(0) { sum, group in
          group.0.isEmpty ? sum : sum + group.1 * densities[latent].entropy(of: group.0)
        }
        return max(0, marginal[latent] - conditional)
      }.sorted(by: >)
      let entropy = shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
      return entropy > 0 ? (shared[0] - shared[1]) / entropy : 0
    }
    return gaps.reduce(0, +) / Double(max(1, gaps.count))
  }
}

/// The posteriors of one latent, and a draw from each.
private struct LatentDensity {
  /// One an image, in single precision: sums of exponentials of many images are good to six digits.
  private let mean: [Float], precision: [Float], drawn: [Float]

  init(_ sample: ScoreSample, latent: Int, noise: RandomGenerator) {
    let places = (0..<sample.count).map { $0 * sample.latents + latent }
    let means = places.map { sample.codes[$0] }
    // A posterior of next to no width would have no density.
    let precisions = places.map { min(exp(-0.5 * sample.logVariances[$0]), 1e6) }
    drawn = places.indices.map { row in
      Float(means[row] + noise.normalPair(at: UInt64(places[row])).0 / precisions[row])
    }
    mean = means.map(Float.init)
    precision = precisions.map(Float.init)
  }

  /// `−E ln q`, q being the mixture of some images' posteriors, over these images' draws, in nats but for ½ ln 2π.
  func entropy(of images: [Int]) -> Double {
    let means = images.map { mean[$0] }, precisions = images.map { precision[$0] }
    let sum = images.reduce(0.0) { $0 + log(Self.sum(at: drawn[$1], means, precisions) / Double(images.count)) }
    return -sum / Double(images.count)
  }

  /// `Σ p exp(−½ p² (z − μ)²)`
  private static func sum(at z: Float, _ means: [Float], _ precisions: [Float]) -> Double {
    typealias Lanes = SIMD8<Float>
    let lanes = Lanes.scalarCount
    return means.withUnsafeBufferPointer { means in
      precisions.withUnsafeBufferPointer { precisions in
        var total = Lanes.zero
        var place = 0
        while place < means.count {
          // Behind the end a precision of 0 adds nothing.
          var mean = Lanes(repeating: 0), precision = mean
          for lane in 0..<min(lanes, means.count - place) {
            mean[lane] = means[place + lane]
            precision[lane] = precisions[place + lane]
          }
          let distance = (z - mean) * precision
          total += precision * Self.exponential(-0.5 * distance * distance)
          place += lanes
        }
        return (0..<lanes).reduce(0.0) { $0 + Double(total[$1]) }
      }
    }
  }

  /// eˣ for x ≤ 0: 2ⁿ · 2ᶠ with |f| ≤ ½, and Taylor's polynomial of 2ᶠ, whose remainder is below 2e-7.
  private static func exponential(_ x: SIMD8<Float>) -> SIMD8<Float> {
    typealias Lanes = SIMD8<Float>
    // Adding 1.5 · 2²³ rounds to whole numbers, which are then the lowest bits.
    let magic = Lanes(repeating: 12_582_912)
    let scaled = pointwiseMax(x, Lanes(repeating: -87)) * 1.442_695_04
    let shifted = scaled + magic
    let f = (scaled - (shifted - magic)) * 0.693_147_18
    var power = f * (1 / 720) + 1 / 120
    power = power * f + 1 / 24
    power = power * f + 1 / 6
    power = power * f + 0.5
    power = power * f + 1
    power = power * f + 1
    let bits = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23 &+ 0x3F80_0000
    return power * unsafeBitCast(bits, to: Lanes.self)
  }
}

import BVAEPlatform
import Glibc

/// How evenly an InfoGAN's categories are used by real images. Each of them is drawn equally often for the generator, so
/// that one which no real image is given stands for images that are not in the data, and all images in one category say
/// nothing.
public struct CategoryUse: Sendable, Equatable {
  /// The share of images that each category is given, for each categorical code.
  public let shares: [[Double]]

  package init(shares: [[Double]]) { self.shares = shares }

  /// The share of images whose likeliest category each is.
  /// - Parameter code: that of real images.
  public init(ofLikeliest code: Code) {
    shares = code.probabilities.indices.map { latent in
      var counts = [Double](repeating: 0, count: code.probabilities[latent].shape[1])
      for image in 0..<code.count { counts[Int(code.mean.values[image * code.latents + latent])] += 1 }
      return counts.map { $0 / Double(max(1, code.count)) }
    }
  }

  /// The mean probabilities of a code.
  /// - Parameter code: that of real images.
  public init(_ code: Code) {
    shares = code.probabilities.map { tensor in
      let size = tensor.shape[1]
      var sums = [Double](repeating: 0, count: size)
      for (i, value) in tensor.values.enumerated() { sums[i % size] += Double(value) }
      return sums.map { $0 / Double(max(1, tensor.count)) }
    }
  }

  /// The entropy of each code's shares, in nats: ln K where all are equal, 0 where there is one.
  public var entropies: [Double] {
    shares.map { $0.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 } }
  }

  /// The entropies of all codes together, in nats; 0 where there are no categories.
  public var totalEntropy: Double { entropies.reduce(0, +) }

  /// The part of ln K below which categories have collapsed: 2 nats for 10 of them.
  package static let leastShare = 2 / log(10.0)

  /// Which categorical codes have collapsed, and what to try, in words; nil where none has.
  public var warning: String? {
    let collapsed = shares.indices.filter { entropies[$0] < Self.leastShare * log(Double(shares[$0].count)) }
    guard !collapsed.isEmpty else { return nil }
    let facts = collapsed.map { i in
      let size = shares[i].count
      return "Z\(i) has an entropy of \(entropies[i].formatted(digits: 3)) nats over real images, where \(size) "
        + "categories used evenly have \(log(Double(size)).formatted(digits: 3))"
    }
    return
      "the categories have collapsed: \(facts.listed("and")); most images are given to few categories. Another seed "
      + "often helps; so do more steps while L_cat still rises, a larger lambda, and as many categories "
      + "as there are kinds of images that are about equally frequent"
  }
}

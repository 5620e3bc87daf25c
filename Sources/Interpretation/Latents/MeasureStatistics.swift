import BVAEArrays
import BVAEPlatform

/// How the measures vary, and go together, over the images of a dataset: what changes are compared with.
public struct MeasureStatistics: Sendable {
  /// What measures images of this size.
  public let meter: ImageMeter
  /// The measures, in the order of all lists here.
  public let measures: [ImageMeasure]
  /// The mean of each measure, by the direction of the sum of vectors for angles; NaN where no image has one.
  public let mean: [Double]
  /// The standard deviation of each measure from its mean, at least `smallestSpread`.
  public let spread: [Double]
  /// How the measures go together, in units of their spreads: `cov(i, j) / (spread(i) · spread(j))`. That is Pearson's
  /// correlation, less for measures that vary by less than the smallest spread; 0 where one does not vary, 1 for a measure
  /// with itself.
  public let correlation: [[Double]]

  /// The images that were measured, by their places in the dataset.
  let places: [Int]
  /// For each measure how far each of these images deviates from the mean; NaN where it has none.
  let deviations: [[Double]]

  /// At most so many images are measured; of more, a random subset.
  static let mostImages = 2000

  /// Measures the images of a dataset.
  /// - Parameter seed: of the choice among more than 2000 images.
  public init(of images: ByteImages, workers: Workers, seed: UInt64 = 1) {
    let meter = ImageMeter(for: images, seed: seed)
    var generator = RandomGenerator(seed: seed, stream: .subset, index: 12)
    places = generator.subset(of: images.count, atMost: Self.mostImages)
    let values = meter.measure(images, at: places, workers: workers)
    let measures = meter.measures
    let columns = measures.indices.map { column in values.map { $0[column] } }
    let mean = measures.indices.map { Periodic.mean(columns[$0].filter(\.isFinite), measures[$0].period) }
    let deviations = measures.indices.map { k in columns[k].map { Periodic.wrapped($0 - mean[k], measures[k].period) } }
    self.deviations = deviations
    self.meter = meter
    self.measures = measures
    self.mean = mean
    let side = Double(min(meter.shape.height, meter.shape.width))
    let deviation = deviations.map { all in
      let finite = all.filter(\.isFinite)
      return (finite.reduce(0) { $0 + $1 * $1 } / Double(max(1, finite.count))).squareRoot()
    }
    let spread = measures.indices.map { max(deviation[$0], measures[$0].smallestSpread(side)) }
    self.spread = spread
    correlation = measures.indices.map { i in
      measures.indices.map { j in
        if i == j { return 1 }
        let r = Association.pearson(deviations[i], deviations[j])
        return r.isFinite ? r * deviation[i] / spread[i] * deviation[j] / spread[j] : 0
      }
    }
  }

  /// How closely each measure goes with a latent's means over the dataset: the size of Spearman's correlation, 0 where
  /// there is none.
  func agreement(with means: [Double]) -> [Double] {
    let means = places.map { means[$0] }
    return deviations.map { measured in
      let rho = abs(Association.spearman(means, measured))
      return rho.isFinite ? rho : 0
    }
  }
}

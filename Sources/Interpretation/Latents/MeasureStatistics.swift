import Numerics

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
  /// Pearson's correlation of each pair of measures; 0 where one does not vary.
  public let correlation: [[Double]]

  /// At most so many images are measured, evenly spaced over the dataset.
  static let mostImages = 2000

  /// Measures the images of a dataset.
  public init(of images: ByteImages, workers: Workers) {
    let meter = ImageMeter(for: images)
    let step = max(1, (images.count + Self.mostImages - 1) / Self.mostImages)
    let values = meter.measure(images, at: Array(stride(from: 0, to: images.count, by: step)), workers: workers)
    let measures = meter.measures
    let columns = measures.indices.map { column in values.map { $0[column] } }
    let mean = measures.indices.map { Periodic.mean(columns[$0].filter(\.isFinite), measures[$0].period) }
    let deviations = measures.indices.map { k in columns[k].map { Periodic.wrapped($0 - mean[k], measures[k].period) } }
    self.meter = meter
    self.measures = measures
    self.mean = mean
    let side = Double(min(meter.shape.height, meter.shape.width))
    spread = measures.indices.map { k in
      let finite = deviations[k].filter(\.isFinite)
      let variance = finite.reduce(0) { $0 + $1 * $1 } / Double(max(1, finite.count))
      return max(variance.squareRoot(), measures[k].smallestSpread(side))
    }
    correlation = measures.indices.map { i in
      measures.indices.map { j in
        if i == j { return 1 }
        let r = Association.pearson(deviations[i], deviations[j])
        return r.isFinite ? r : 0
      }
    }
  }
}

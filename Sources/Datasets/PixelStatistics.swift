import BVAEArrays

/// The values of all images of a dataset, 0…1.
public struct PixelStatistics: Sendable, Equatable {
  /// The least and the greatest value.
  public let least: Double, greatest: Double
  /// The mean of all values, and their standard deviation.
  public let mean: Double, deviation: Double

  /// The statistics of images, all zero where there are none.
  public init(_ images: ByteImages) {
    var counts = [Int](repeating: 0, count: 256)
    for byte in images.bytes { counts[Int(byte)] += 1 }
    let total = Double(max(1, images.bytes.count))
    let mean = counts.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) } / total
    let square = counts.enumerated().reduce(0) {
      $0 + (Double($1.offset) - mean) * (Double($1.offset) - mean) * Double($1.element)
    }
    least = Double(counts.firstIndex { $0 > 0 } ?? 0) / 255
    greatest = Double(counts.lastIndex { $0 > 0 } ?? 0) / 255
    self.mean = mean / 255
    deviation = (square / total).squareRoot() / 255
  }
}

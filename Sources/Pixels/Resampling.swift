import Glibc

extension Bitmap {
  /// The picture in another size, stretched where the proportions differ: separable resampling by Lanczos' windowed sinc
  /// of three lobes, widened when the picture shrinks so that every pixel counts (as Pillow's LANCZOS).
  public func resized(width newWidth: Int, height newHeight: Int) -> Bitmap {
    precondition(newWidth > 0 && newHeight > 0)
    if newWidth == width && newHeight == height { return self }
    let across = ResamplingRow.rows(from: width, to: newWidth), down = ResamplingRow.rows(from: height, to: newHeight)
    // Rows first: [height, newWidth, planes].
    var between = [Float](repeating: 0, count: height * newWidth * planes)
    for y in 0..<height {
      for (x, row) in across.enumerated() {
        for plane in 0..<planes {
          var sum: Float = 0
          for (place, weight) in row.weights.enumerated() {
            sum += weight * Float(bytes[(y * width + row.first + place) * planes + plane])
          }
          between[(y * newWidth + x) * planes + plane] = sum
        }
      }
    }
    let stride = newWidth * planes
    var result = [UInt8](repeating: 0, count: newHeight * stride)
    for (y, row) in down.enumerated() {
      for x in 0..<stride {
        var sum: Float = 0
        for (place, weight) in row.weights.enumerated() { sum += weight * between[(row.first + place) * stride + x] }
        result[y * stride + x] = UInt8(max(0, min(255, sum.rounded())))
      }
    }
    return Bitmap(width: newWidth, height: newHeight, planes: planes, bytes: result)
  }

  /// The same picture with one plane: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded.
  public var grey: Bitmap {
    if planes == 1 { return self }
    let values = stride(from: 0, to: bytes.count, by: 3).map { place in
      let sum = 19_595 * Int(bytes[place]) + 38_470 * Int(bytes[place + 1]) + 7_471 * Int(bytes[place + 2])
      return UInt8((sum + 0x8000) >> 16)
    }
    return Bitmap(width: width, height: height, planes: 1, bytes: values)
  }
}

/// Which pixels of a line make one of the resampled line, and how much of each.
private struct ResamplingRow {
  let first: Int
  let weights: [Float]

  /// The rows for a line of `count` pixels that becomes one of `newCount`.
  static func rows(from count: Int, to newCount: Int) -> [ResamplingRow] {
    let scale = Double(count) / Double(newCount), width = max(scale, 1), reach = 3 * width
    return (0..<newCount).map { index in
      let center = (Double(index) + 0.5) * scale
      let first = max(0, Int(center - reach + 0.5)), end = min(count, Int(center + reach + 0.5))
      let weights = (first..<end).map { lanczos((Double($0) + 0.5 - center) / width) }
      let sum = weights.reduce(0, +)
      return ResamplingRow(first: first, weights: weights.map { Float($0 / sum) })
    }
  }

  private static func lanczos(_ x: Double) -> Double {
    if x == 0 { return 1 }
    guard x.magnitude < 3 else { return 0 }
    let angle = Double.pi * x
    return 3 * sin(angle) * sin(angle / 3) / (angle * angle)
  }
}

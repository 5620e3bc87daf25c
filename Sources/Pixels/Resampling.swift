import Glibc

extension Bitmap {
  /// The picture in another size, stretched where the proportions differ: separable resampling by Lanczos' windowed sinc
  /// of three lobes, widened when the picture shrinks so that every pixel counts (as Pillow's LANCZOS).
  package func resized(width newWidth: Int, height newHeight: Int) -> Bitmap {
    if newWidth == width && newHeight == height { return self }
    return resampled(0..<Double(width), 0..<Double(height), width: newWidth, height: newHeight)
  }

  /// The middle of the picture in another size: as much of it as has the new proportions (as Pillow's ImageOps.fit).
  package func cropped(width newWidth: Int, height newHeight: Int) -> Bitmap {
    let (width, height) = (Double(self.width), Double(self.height))
    let proportion = Double(newWidth) / Double(newHeight)
    if width / height == proportion { return resized(width: newWidth, height: newHeight) }
    let isWide = width / height > proportion
    let keptWidth = isWide ? proportion * height : width, keptHeight = isWide ? height : width / proportion
    let left = (width - keptWidth) / 2, top = (height - keptHeight) / 2
    return resampled(left..<left + keptWidth, top..<top + keptHeight, width: newWidth, height: newHeight)
  }

  /// The whole picture in its proportions in the middle of another size, with a colour around it (as Pillow's
  /// ImageOps.pad). Around a grey picture there is the colour's grey.
  package func padded(width newWidth: Int, height newHeight: Int, with color: Color) -> Bitmap {
    let found = Double(width) / Double(height), wanted = Double(newWidth) / Double(newHeight)
    if found == wanted { return resized(width: newWidth, height: newHeight) }
    func side(_ value: Double, _ most: Int) -> Int { max(1, min(most, Int(value.rounded(.toNearestOrEven)))) }
    let inner =
      found > wanted
      ? resized(width: newWidth, height: side(Double(height) / Double(width) * Double(newWidth), newHeight))
      : resized(width: side(Double(width) / Double(height) * Double(newHeight), newWidth), height: newHeight)
    let left = Int((Double(newWidth - inner.width) / 2).rounded(.toNearestOrEven))
    let top = Int((Double(newHeight - inner.height) / 2).rounded(.toNearestOrEven))
    let around = Bitmap(width: 1, height: 1, planes: 3, bytes: [color.red, color.green, color.blue])
    let pixel = planes == 1 ? around.grey.bytes : around.bytes
    var bytes = [UInt8]((0..<newWidth * newHeight).lazy.flatMap { _ in pixel })
    for row in 0..<inner.height {
      let target = ((top + row) * newWidth + left) * planes, source = row * inner.width * planes
      bytes.replaceSubrange(
        target..<target + inner.width * planes, with: inner.bytes[source..<source + inner.width * planes])
    }
    return Bitmap(width: newWidth, height: newHeight, planes: planes, bytes: bytes)
  }

  /// A part of the picture, whose edges may cut pixels, in another size.
  private func resampled(
    _ columns: Range<Double>, _ lines: Range<Double>, width newWidth: Int, height newHeight: Int
  ) -> Bitmap {
    precondition(newWidth > 0 && newHeight > 0)
    let across = ResamplingRow.rows(columns, of: width, to: newWidth)
    let down = ResamplingRow.rows(lines, of: height, to: newHeight)
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

  /// The rows for a part of a line of `count` pixels that becomes a line of `newCount`.
  static func rows(_ part: Range<Double>, of count: Int, to newCount: Int) -> [ResamplingRow] {
    let scale = (part.upperBound - part.lowerBound) / Double(newCount), width = max(scale, 1), reach = 3 * width
    return (0..<newCount).map { index in
      let center = part.lowerBound + (Double(index) + 0.5) * scale
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

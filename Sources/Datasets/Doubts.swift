import BVAEArrays
import BVAEPlatform

extension Dataset {
  /// What looks wrong with the images and labels, a sentence each: images that are nearly black or of one value, light
  /// ground where MNIST's is dark, classes without an image, images that are there twice.
  public var doubts: [String] {
    guard count > 0 else { return [] }
    return [brightnessDoubt, constantDoubt, groundDoubt, classDoubt, duplicateDoubt].compactMap { $0 }
  }

  private var brightnessDoubt: String? {
    let statistics = PixelStatistics(images)
    if statistics.greatest == statistics.least {
      return "all values of all images are \(statistics.least.formatted(digits: 3))"
    }
    if statistics.greatest < 0.25 {
      let scale = Scale.text((statistics.greatest * 255).rounded())
      return
        "the images are nearly black: no value is above \(statistics.greatest.formatted(digits: 3)); where their file "
        + "has other values for white, say so with 'scale', as 'scale 0..\(scale)'"
    }
    if statistics.least > 0.75 {
      return "the images are nearly white: no value is below \(statistics.least.formatted(digits: 3))"
    }
    return nil
  }

  private var constantDoubt: String? {
    let flat = (0..<count).filter { place in
      let image = images[place]
      return image.allSatisfy { $0 == image.first }
    }
    guard let first = flat.first, flat.count < count || PixelStatistics(images).deviation > 0 else { return nil }
    return
      "\(counted(flat.count, "image")) \(flat.count == 1 ? "has" : "have") one value everywhere, the first of them image "
      + "\(first.grouped)"
  }

  /// Grey images whose border is light and whose middle is darker, as ink on paper.
  private var groundDoubt: String? {
    let shape = images.shape
    guard shape.planes == 1, synthetic == nil, shape.height > 4, shape.width > 4 else { return nil }
    var border = 0, inside = 0, borderCount = 0, insideCount = 0
    // A thousand images tell as much as all.
    for image in stride(from: 0, to: count, by: max(1, count / 1000)) {
      let pixels = images[image]
      for row in 0..<shape.height {
        for column in 0..<shape.width {
          let value = Int(pixels[pixels.startIndex + row * shape.width + column])
          if row == 0 || column == 0 || row == shape.height - 1 || column == shape.width - 1 {
            border += value
            borderCount += 1
          } else {
            inside += value
            insideCount += 1
          }
        }
      }
    }
    let edge = Double(border) / Double(borderCount) / 255, middle = Double(inside) / Double(insideCount) / 255
    guard edge > 0.75, middle < edge - 0.02 else { return nil }
    return "the images are dark on light ground, where MNIST's are light on dark; 'load' turns them around with 'scale "
      + "\(options.scale.flatMap { Scale(black: $0.white, white: $0.black) }?.description ?? "[255, 0]")'"
  }

  /// Classes without an image, where most have some: whoever chooses a few knows it.
  private var classDoubt: String? {
    guard let labels, let largest = labels.max() else { return nil }
    let total = classes?.count ?? 10, found = Set(labels.map { Int($0) })
    guard largest < total else { return nil }
    let missing = (0..<total).filter { !found.contains($0) }
    guard !missing.isEmpty, missing.count * 3 <= total else { return nil }
    return "there is no image of \(labelNames.list(missing))"
  }

  private var duplicateDoubt: String? {
    // The first image of each hash, and the few others that have it too and differ.
    var places: [Fingerprint: Int] = [:], others: [Fingerprint: [Int]] = [:], repeated = 0
    var first: (Int, Int)?
    for place in 0..<count {
      let image = images[place]
      var hash = Fingerprint()
      image.withUnsafeBufferPointer { hash.add($0) }
      guard let known = places[hash] else {
        places[hash] = place
        continue
      }
      if let earlier = ([known] + (others[hash] ?? [])).first(where: { images[$0] == image }) {
        repeated += 1
        if first == nil { first = (earlier, place) }
      } else {
        others[hash, default: []].append(place)
      }
    }
    guard let first else { return nil }
    return "\(counted(repeated, "image")) \(repeated == 1 ? "repeats" : "repeat") an earlier one; the first is image "
      + "\(first.1.grouped), which is image \(first.0.grouped) again"
  }
}

/// The values of all images of a dataset, 0…1.
public struct PixelStatistics: Sendable, Equatable {
  /// The least and the greatest value.
  public let least: Double, greatest: Double
  /// The mean of all values, and their standard deviation.
  public let mean: Double, deviation: Double

  /// The statistics of images, all zero where there are none.
  public init(_ images: ByteImages) {
    var counts = [Int](repeating: 0, count: 256)
    images.forEachPart { for byte in $0 { counts[Int(byte)] += 1 } }
    let total = Double(max(1, images.count * images.shape.count))
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

import Numerics

/// A picture in the making: red, green and blue as planes of side × side values.
struct Photograph {
  let side: Int
  var planes: [[Float]]

  /// A black picture.
  init(side: Int) {
    self.side = side
    planes = [[Float]](repeating: [Float](repeating: 0, count: side * side), count: 3)
  }

  /// Blurs like a lens, by a Gaussian of a standard deviation in pixels; beyond the edges it goes on as at them.
  mutating func blur(deviation: Float) {
    let reach = max(1, Int((deviation * 2.7).rounded(.up)))
    var weights = (-reach...reach).map { offset in
      Float(Elementary.decay(min(Double(offset * offset) / Double(2 * deviation * deviation), 16)))
    }
    let sum = weights.reduce(0, +)
    for index in weights.indices { weights[index] /= sum }
    for plane in planes.indices { Photograph.convolve(&planes[plane], side, weights) }
  }

  /// Adds noise of a standard deviation, mostly the same in all planes, as sensors do after their colours are mixed.
  mutating func addNoise(deviation: Float, _ generator: RandomGenerator, from position: UInt64) {
    for pixel in 0..<side * side {
      let block = generator.block(at: position + UInt64(pixel))
      let common = Photograph.bell(block.w) * 0.8
      for plane in 0..<3 { planes[plane][pixel] += deviation * (common + Photograph.bell(block[plane]) * 0.6) }
    }
  }

  /// Smooths colours, and lightness a little, as JPEG and the resizing of crops do.
  mutating func soften() {
    var lightness = [Float](repeating: 0, count: side * side)
    for pixel in lightness.indices { lightness[pixel] = self[pixel].lightness }
    for plane in 0..<3 {
      for pixel in lightness.indices { planes[plane][pixel] -= lightness[pixel] }
      Photograph.convolve(&planes[plane], side, [0.11, 0.24, 0.3, 0.24, 0.11])
    }
    Photograph.convolve(&lightness, side, [0.12, 0.76, 0.12])
    for plane in 0..<3 { for pixel in lightness.indices { planes[plane][pixel] += lightness[pixel] } }
  }

  /// Adds the picture, [side, side, 3], to `bytes`.
  func write(to bytes: inout [UInt8]) {
    for pixel in 0..<side * side {
      for plane in 0..<3 { bytes.append(UInt8((min(max(planes[plane][pixel], 0), 1) * 255).rounded())) }
    }
  }

  /// A pixel's colour.
  subscript(pixel: Int) -> StreetColor {
    get { StreetColor(planes[0][pixel], planes[1][pixel], planes[2][pixel]) }
    set { for plane in 0..<3 { planes[plane][pixel] = newValue[plane] } }
  }

  /// About normal, mean 0 and deviation 1: the sum of the four bytes of a random number.
  private static func bell(_ word: UInt32) -> Float {
    let sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + word >> 24
    return (Float(sum) - 510) / 147.8
  }

  /// Weighs each value with its neighbours, along rows and then along columns.
  private static func convolve(_ plane: inout [Float], _ side: Int, _ weights: [Float]) {
    let reach = weights.count / 2
    var line = [Float](repeating: 0, count: side + 2 * reach)
    for (step, jump) in [(1, side), (side, 1)] {
      for index in 0..<side {
        let start = index * jump
        for place in line.indices { line[place] = plane[start + min(max(place - reach, 0), side - 1) * step] }
        for place in 0..<side {
          var sum: Float = 0
          for tap in weights.indices { sum += weights[tap] * line[place + tap] }
          plane[start + place * step] = sum
        }
      }
    }
  }
}

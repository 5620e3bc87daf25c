import BVAEArrays

/// A picture in the making, side × side pixels of red, green, blue, and one value more that calculations may use.
struct Photograph {
  private let side: Int
  private var pixels: [SIMD4<Float>]

  /// A black picture.
  init(side: Int) {
    self.side = side
    pixels = [SIMD4<Float>](repeating: .zero, count: side * side)
  }

  /// A pixel's colour.
  subscript(pixel: Int) -> StreetColor {
    get { pixels[pixel].color }
    set { pixels[pixel] = SIMD4(newValue, 0) }
  }

  /// Blurs like a lens, by a Gaussian of a standard deviation in pixels; beyond the edges it goes on as at them.
  mutating func blur(deviation: Float) {
    let reach = max(1, Int((deviation * 2.7).rounded(.up)))
    let weights = (-reach...reach).map { offset in
      Float(Elementary.decay(min(Double(offset * offset) / Double(2 * deviation * deviation), 16)))
    }
    let sum = weights.reduce(0, +)
    convolve(weights.map { SIMD4(repeating: $0 / sum) })
  }

  /// Adds noise of a standard deviation, mostly the same in all colours, as sensors do after theirs are mixed.
  mutating func addNoise(deviation: Float, _ generator: RandomGenerator, from position: UInt64) {
    for pixel in pixels.indices {
      let noise = Photograph.bell(generator.block(at: position + UInt64(pixel)))
      let color = StreetColor(noise.x, noise.y, noise.z) * 0.6 + StreetColor(repeating: noise.w * 0.8)
      pixels[pixel] += SIMD4(color * deviation, 0)
    }
  }

  /// Smooths colours, and lightness less, as JPEG and the resizing of crops do.
  mutating func soften() {
    for pixel in pixels.indices {
      let lightness = pixels[pixel].color.lightness
      pixels[pixel] = SIMD4(pixels[pixel].color - StreetColor(repeating: lightness), lightness)
    }
    let colors: [Float] = [0.11, 0.24, 0.3, 0.24, 0.11], lightness: [Float] = [0.03, 0.2, 0.54, 0.2, 0.03]
    convolve(zip(colors, lightness).map { SIMD4($0, $0, $0, $1) })
    for pixel in pixels.indices { self[pixel] = pixels[pixel].color + StreetColor(repeating: pixels[pixel].w) }
  }

  /// Adds the picture, [side, side, 3], to `bytes`.
  func write(to bytes: inout [UInt8]) {
    for pixel in pixels {
      let value = (pixel.clamped(lowerBound: .zero, upperBound: .one) * 255).rounded(.toNearestOrAwayFromZero)
      bytes.append(UInt8(value.x))
      bytes.append(UInt8(value.y))
      bytes.append(UInt8(value.z))
    }
  }

  /// About normal, mean 0 and deviation 1: the sums of the four bytes of random numbers.
  private static func bell(_ words: SIMD4<UInt32>) -> SIMD4<Float> {
    let low = words & 0x00FF_00FF, high = (words &>> 8) & 0x00FF_00FF
    let pairs = low &+ high
    let sums = (pairs & 0xFFFF) &+ (pairs &>> 16)
    return (SIMD4<Float>(sums) - 510) / 147.8
  }

  /// Weighs each pixel with its neighbours, along rows and then along columns.
  private mutating func convolve(_ weights: [SIMD4<Float>]) {
    let reach = weights.count / 2
    var line = [SIMD4<Float>](repeating: .zero, count: side + 2 * reach)
    for (step, jump) in [(1, side), (side, 1)] {
      for index in 0..<side {
        let start = index * jump
        for place in line.indices { line[place] = pixels[start + min(max(place - reach, 0), side - 1) * step] }
        for place in 0..<side {
          var sum = SIMD4<Float>.zero
          for tap in weights.indices { sum += weights[tap] * line[place + tap] }
          pixels[start + place * step] = sum
        }
      }
    }
  }
}

extension SIMD4<Float> {
  fileprivate var color: StreetColor { StreetColor(x, y, z) }
}

/// Red, green and blue, 0…1, as a picture stores them.
typealias StreetColor = SIMD3<Float>

extension SIMD3<Float> {
  /// The weights of red, green and blue in what looks light (ITU-R BT.601, as in JPEG).
  private static var weights: SIMD3<Float> { SIMD3(0.299, 0.587, 0.114) }

  /// How light it looks, 0…1.
  var lightness: Float { (self * Self.weights).sum() }

  /// A colour as light as wanted.
  /// - Parameters:
  ///   - hue: 0 red, 1/3 green, 2/3 blue, 1 red again.
  ///   - saturation: 0 grey, 1 as colourful as that lightness allows.
  package init(lightness: Float, hue: Float, saturation: Float) {
    let lightness = Swift.min(Swift.max(lightness, 0.02), 0.98)
    let six = (hue - hue.rounded(.down)) * 6
    func ramp(_ distance: Float) -> Float { Swift.min(Swift.max(distance, 0), 1) }
    let pure = SIMD3<Float>(ramp((six - 3).magnitude - 1), ramp(2 - (six - 2).magnitude), ramp(2 - (six - 4).magnitude))
    let own = pure.lightness
    // As far from grey as neither a plane below 0 nor one above 1 comes of it.
    let most = Swift.min(lightness / own, (1 - lightness) / (1 - own), 1)
    self = SIMD3(repeating: lightness) + (pure - SIMD3(repeating: own)) * (saturation * most)
  }
}

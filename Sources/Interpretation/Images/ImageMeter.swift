import BVAEArrays
import BVAEPlatform
import BetaVAE
import Glibc

/// Measures images of one size.
public struct ImageMeter: Sendable {
  /// The images' size.
  public let shape: ImageShape
  /// Whether what crosses the left and right border is left out: in street numbers other digits stand there.
  public let isolatesCentre: Bool
  /// What is measured on such images.
  public let measures: [ImageMeasure]
  private let window: [Double]
  private let border: Border, centre: [Int]

  /// A meter for images of a size.
  /// - Parameter isolatesCentre: multiplies the mask by a window over the columns: 1 in the middle 60 %, from there falling
  ///   to 0 at the edges as `cos²` does.
  public init(_ shape: ImageShape, isolatesCentre: Bool = false) {
    self.shape = shape
    self.isolatesCentre = isolatesCentre
    measures = ImageMeasure.allCases.filter {
      (!$0.needsColour || shape.planes == 3) && (!$0.needsNeighbours || isolatesCentre)
    }
    window = isolatesCentre ? Self.window(shape.width) : Array(repeating: 1, count: shape.width)
    border = Border(shape)
    centre = (0..<shape.height * shape.width).filter { pixel in
      let x = pixel % shape.width, y = pixel / shape.width
      return 4 * x >= shape.width && 4 * x < 3 * shape.width && 4 * y >= shape.height && 4 * y < 3 * shape.height
    }
  }

  /// From at most so many images a meter is chosen; of more, from a random subset.
  static let mostImages = 400

  /// A meter that suits some images: it isolates the centre where on average more than 8 % of the left and right border
  /// belong to what deviates from the background.
  /// - Parameter seed: of the choice among more than 400 images.
  public init(for images: ByteImages, seed: UInt64 = 1) {
    let shape = images.shape
    let plain = ImageMeter(shape)
    var generator = RandomGenerator(seed: seed, stream: .subset, index: 11)
    let border = plain.border.pixels.filter { pixel in
      min(pixel % shape.width, shape.width - 1 - pixel % shape.width) < Border.thickness(shape)
    }
    var covered = 0.0, count = 0.0
    for index in generator.subset(of: images.count, atMost: Self.mostImages) {
      let image = plain.parts(images[index].map { Float($0) / 255 })
      covered += border.reduce(0) { $0 + image.mask[$1] }
      count += Double(border.count)
    }
    self.init(shape, isolatesCentre: shape.planes == 3 && count > 0 && covered / count > 0.08)
  }

  private static func window(_ width: Int) -> [Double] {
    (0..<width).map { x in
      let distance = abs((Double(x) + 0.5) / Double(width) - 0.5)
      guard distance > 0.3 else { return 1 }
      let cosine = cos((distance - 0.3) / 0.2 * 0.5 * .pi)
      return cosine * cosine
    }
  }

  func parts(_ values: some RandomAccessCollection<Float>) -> MeasuredImage {
    MeasuredImage(values, border: border, window: window)
  }

  /// One value for each of `measures`, NaN where the image has none: the height of a digit that is not there, the hue
  /// of grey.
  /// - Parameter values: the image, [height, width, planes] in 0…1.
  /// - Throws: `ModelError.unsupported` where these are not `shape.count` values.
  public func measure(_ values: some RandomAccessCollection<Float>) throws -> [Double] {
    guard values.count == shape.count else {
      throw ModelError.unsupported("an image of \(shape) has \(shape.count) values, not \(values.count)")
    }
    return quantities(of: values)
  }

  private func quantities(of values: some RandomAccessCollection<Float>) -> [Double] {
    let parts = parts(values)
    let geometry = parts.hasShape ? ShapeGeometry(mask: parts.mask, rows: shape.height, columns: shape.width) : nil
    let red = parts.mean[0], green = shape.planes == 3 ? parts.mean[1] : red, blue = parts.mean[shape.planes - 1]
    let chroma = max(red, green, blue) - min(red, green, blue)
    let height = geometry?.height ?? .nan, width = geometry?.width ?? .nan
    return measures.map { measure in
      switch measure {
      case .rotation: geometry?.rotation ?? .nan
      case .slant: geometry?.slant ?? .nan
      case .height: height
      case .width: width
      case .size: (height * width).squareRoot()
      case .aspect: height / width
      case .thickness: geometry?.thickness ?? .nan
      case .centreX: (geometry?.centreX ?? .nan) - 0.5 * Double(shape.width)
      case .centreY: (geometry?.centreY ?? .nan) - 0.5 * Double(shape.height)
      case .contrast: MeasuredImage.luminance(parts.difference)
      case .visibility: parts.visibility
      case .ink: parts.deviation.reduce(0) { $0 + max(0, $1) } / Double(parts.deviation.count)
      case .brightness: MeasuredImage.luminance(parts.mean)
      case .surroundings: MeasuredImage.luminance(parts.level)
      case .lightFromRight: MeasuredImage.luminance(parts.slopeX)
      case .lightFromBelow: MeasuredImage.luminance(parts.slopeY)
      case .borderAgainstCentre: borderAgainstCentre(Array(values))
      case .leftNeighbour: parts.coverage(columns: 0..<shape.width / 5)
      case .rightNeighbour: parts.coverage(columns: shape.width - shape.width / 5..<shape.width)
      case .hue:
        chroma > 0.02
          ? (atan2(3.0.squareRoot() * (green - blue), 2 * red - green - blue) * 180 / .pi + 360)
            .truncatingRemainder(dividingBy: 360) : .nan
      case .saturation: chroma
      case .warmth: red - blue
      }
    }
  }

  private func borderAgainstCentre(_ values: [Float]) -> Double {
    func brightness(_ pixels: [Int]) -> Double {
      var sums = [Double](repeating: 0, count: shape.planes)
      for pixel in pixels { for plane in sums.indices { sums[plane] += Double(values[pixel * shape.planes + plane]) } }
      return MeasuredImage.luminance(sums) / Double(max(1, pixels.count))
    }
    return brightness(border.pixels) - brightness(centre)
  }

  /// Measures images, [images, height, width, planes] in 0…1, on several threads.
  /// - Returns: for each image one value for each of `measures`.
  /// - Throws: `ModelError` for images of another size.
  public func measure(_ images: Tensor, workers: Workers) throws -> [[Double]] {
    guard Array(images.shape.dropFirst()) == [shape.height, shape.width, shape.planes] else {
      throw ModelError.unsupported("expected images of \(shape), found the shape \(images.shape)")
    }
    return measure(count: images.count, workers: workers) { image in
      Array(images.values[image * shape.count..<(image + 1) * shape.count])
    }
  }

  /// Measures the images at some places of a set of them.
  func measure(_ images: ByteImages, at places: [Int], workers: Workers) -> [[Double]] {
    measure(count: places.count, workers: workers) { images[places[$0]].map { Float($0) / 255 } }
  }

  private func measure(
    count: Int, workers: Workers, _ values: @Sendable (Int) -> [Float]
  ) -> [[Double]] {
    workers.map(count) { image in quantities(of: values(image)).map { Double(Float($0)) } }
  }
}

/// The size of one image: rows, columns and colour planes (1 grey, 3 red-green-blue).
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// Values a pixel.
  public let planes: Int

  /// An image size; all three must be positive.
  package init(height: Int, width: Int, planes: Int) {
    precondition(height > 0 && width > 0 && planes > 0)
    self.height = height
    self.width = width
    self.planes = planes
  }

  /// An image size.
  /// - Throws: `ImageError.extent` where rows or columns are not 1…4096, or planes neither 1 nor 3.
  public init(rows: Int, columns: Int, planes: Int = 1) throws(ImageError) {
    for (name, extent) in [("rows", rows), ("columns", columns)] where !(1...4096).contains(extent) {
      throw .extent(name, extent, expected: "1 to 4,096")
    }
    guard planes == 1 || planes == 3 else { throw .extent("planes", planes, expected: "1 (grey) or 3 (colour)") }
    self.init(height: rows, width: columns, planes: planes)
  }

  /// Values an image.
  public var count: Int { height * width * planes }

  /// `28×28×1`
  public var description: String { "\(height)×\(width)×\(planes)" }

  /// MNIST's 28×28×1.
  public static let mnist = ImageShape(height: 28, width: 28, planes: 1)
  /// SVHN's 32×32×3.
  public static let svhn = ImageShape(height: 32, width: 32, planes: 3)
}

/// Images as bytes, 0…255 standing for 0…1: image after image, row after row, the planes of a pixel together.
public struct ByteImages: Sendable, Equatable {
  /// The size of each image.
  public let shape: ImageShape
  /// `count · shape.count` bytes.
  public private(set) var bytes: [UInt8]

  /// Images of one size, of a caller's own bytes.
  /// - Parameters:
  ///   - bytes: [images, rows, columns, planes], the last index running fastest; 0 is black, 255 white.
  /// - Throws: `ImageError`, where the size is none or the bytes are not a whole number of images.
  public init(rows: Int, columns: Int, planes: Int = 1, bytes: [UInt8]) throws(ImageError) {
    let shape = try ImageShape(rows: rows, columns: columns, planes: planes)
    guard bytes.count % shape.count == 0 else { throw .bytes(bytes.count, shape) }
    self.init(shape: shape, bytes: bytes)
  }

  /// Images of one size; the bytes must be a whole number of images.
  package init(shape: ImageShape, bytes: [UInt8] = []) {
    precondition(bytes.count % shape.count == 0)
    self.shape = shape
    self.bytes = bytes
  }

  /// The number of images.
  public var count: Int { bytes.count / shape.count }

  /// The bytes of one image.
  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[index * shape.count..<(index + 1) * shape.count] }

  /// Puts the images into another order in place: `order[i]` is where the image that becomes the i-th one stands. Takes no
  /// memory but for one image.
  /// - Parameter order: each of 0..<count once.
  package mutating func arrange(_ order: [Int]) {
    precondition(order.count == count && Set(order).isSubset(of: 0..<count))
    let size = shape.count
    var isPlaced = [Bool](repeating: false, count: count)
    bytes.withUnsafeMutableBufferPointer { bytes in
      func move(_ from: Int, _ to: Int) {
        for place in 0..<size { bytes[to * size + place] = bytes[from * size + place] }
      }
      for start in order.indices where !isPlaced[start] {
        let first = Array(bytes[start * size..<(start + 1) * size])
        var place = start
        while order[place] != start {
          move(order[place], place)
          isPlaced[place] = true
          place = order[place]
        }
        isPlaced[place] = true
        for (offset, byte) in first.enumerated() { bytes[place * size + offset] = byte }
      }
    }
  }

  /// Some of the images, in the order of their places.
  /// - Throws: `ImageError.place` where there is no image.
  public func images(at places: some Sequence<Int>) throws(ImageError) -> ByteImages {
    let places = Array(places)
    for place in places where !(0..<count).contains(place) { throw .place(place, count: count) }
    return selecting(places)
  }

  /// The images at `indices`, in that order.
  package func selecting(_ indices: some Sequence<Int>) -> ByteImages {
    var chosen: [UInt8] = []
    chosen.reserveCapacity(indices.underestimatedCount * shape.count)
    for index in indices { chosen += self[index] }
    return ByteImages(shape: shape, bytes: chosen)
  }
}

/// Images that cannot be.
public enum ImageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A number of rows, columns or planes that images cannot have.
  case extent(String, Int, expected: String)
  /// Bytes that are not a whole number of images of a size.
  case bytes(Int, ImageShape)
  /// A place where there is no image.
  case place(Int, count: Int)

  /// What is wrong.
  public var description: String {
    switch self {
    case .extent(let name, let found, let expected): "images of \(found) \(name); expected \(expected)"
    case .bytes(let count, let shape):
      "\(count) bytes are not a whole number of images of \(shape), which take \(shape.count) each"
    case .place(let place, let count): "there is no image \(place): there are \(count), the first is image 0"
    }
  }
}

/// The size of one image: rows, columns and colour planes (1 grey, 3 red-green-blue).
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// Values a pixel.
  public let planes: Int

  /// An image size; all three must be positive.
  public init(height: Int, width: Int, planes: Int) {
    precondition(height > 0 && width > 0 && planes > 0)
    self.height = height
    self.width = width
    self.planes = planes
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

  /// Images of one size; the bytes must be a whole number of images.
  public init(shape: ImageShape, bytes: [UInt8] = []) {
    precondition(bytes.count % shape.count == 0)
    self.shape = shape
    self.bytes = bytes
  }

  /// The number of images.
  public var count: Int { bytes.count / shape.count }

  /// The bytes of one image.
  public subscript(index: Int) -> ArraySlice<UInt8> { bytes[index * shape.count..<(index + 1) * shape.count] }

  /// The images at `indices`, in that order.
  public func selecting(_ indices: some Sequence<Int>) -> ByteImages {
    var chosen: [UInt8] = []
    for index in indices { chosen += self[index] }
    return ByteImages(shape: shape, bytes: chosen)
  }
}

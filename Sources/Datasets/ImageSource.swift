import Numerics

/// Images to be chosen from: a file or several. They are read from front to back, once, and only those wanted are kept.
protocol ImageSource {
  /// The number of images.
  var count: Int { get }
  /// What the labels stand for, by their number; nil where they are just numbers.
  var classes: [String]? { get }
  /// The factors of every image; nil where they are not known.
  var factors: FactorTable? { get }
  /// What the images are called where a program drew them, see `Dataset.synthetic`.
  var synthetic: String? { get }
  /// What was left out or assumed, known in full once the images have been read.
  var remarks: [LoadRemark] { get }
  /// The label of every image, as many as there are images; nil where there are none.
  mutating func labels() throws -> [UInt8]?
  /// The images at `places`, which ascend.
  mutating func images(at places: [Int]) throws -> ByteImages
}

extension ImageSource {
  var classes: [String]? { nil }
  var factors: FactorTable? { nil }
  var synthetic: String? { nil }
  var remarks: [LoadRemark] { [] }
}

/// Images in an IDX file and their labels in another.
struct IDXImages: ImageSource {
  private var images: IDXReader
  private var labelReader: IDXReader?
  private let path, labelsPath: String
  private let largestLabel: UInt8
  private let isTransposed: Bool

  /// - Parameters:
  ///   - largestLabel: the largest label that is accepted.
  ///   - isTransposed: whether the files hold column after column, as those of EMNIST do.
  init(
    images: IDXReader, path: String, labels: IDXReader?, labelsPath: String, largestLabel: UInt8, isTransposed: Bool
  ) throws(IDXError) {
    guard case .images = images.content else { throw images.wrongKind }
    (self.images, labelReader) = (images, labels)
    (self.path, self.labelsPath) = (path, labelsPath)
    (self.largestLabel, self.isTransposed) = (largestLabel, isTransposed)
    try images.checkSize()
  }

  var count: Int { images.count }

  mutating func labels() throws -> [UInt8]? {
    guard let labels = try labelReader?.labels(upTo: largestLabel) else { return nil }
    guard labels.count == images.promised else {
      throw LibraryError.countsDiffer(path, images.promised, labelsPath, labels.count)
    }
    return Array(labels.prefix(count))
  }

  mutating func images(at places: [Int]) throws -> ByteImages {
    let read = try images.images(at: places)
    return isTransposed ? read.transposed : read
  }
}

extension ByteImages {
  /// The images with rows and columns exchanged.
  var transposed: ByteImages {
    let turned = ImageShape(height: shape.width, width: shape.height, planes: shape.planes)
    let order = columnMajorOrder(of: turned, planesFirst: false)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for start in stride(from: 0, to: bytes.count, by: shape.count) {
      result.append(contentsOf: order.lazy.map { bytes[start + $0] })
    }
    return ByteImages(shape: turned, bytes: result)
  }
}

/// Where each value of an image, row after row with the planes of a pixel together, lies in the same image stored column
/// after column.
/// - Parameter planesFirst: whether planes are stored one after the other, as MATLAB does, rather than pixel by pixel.
func columnMajorOrder(of shape: ImageShape, planesFirst: Bool) -> [Int] {
  var order: [Int] = []
  order.reserveCapacity(shape.count)
  for row in 0..<shape.height {
    for column in 0..<shape.width {
      let pixel = column * shape.height + row
      for plane in 0..<shape.planes {
        order.append(planesFirst ? plane * shape.height * shape.width + pixel : pixel * shape.planes + plane)
      }
    }
  }
  return order
}

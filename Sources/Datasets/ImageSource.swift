import BVAEArrays
import BVAEPlatform

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
  /// What was left out or assumed; complete when labels and images have been read.
  var remarks: [LoadRemark] { get }
  /// The number of images that a file should have, where it is cut off.
  var promised: Int { get }
  /// Whether the images are on the scale that the options ask for.
  var isScaled: Bool { get }
  /// Whether there are labels.
  var hasLabels: Bool { get }
  /// The label of every image, as many as there are images; nil where there are none.
  mutating func labels() throws -> [UInt8]?
  /// The images at `places`, which ascend.
  /// - Parameter storage: where they are kept.
  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages
}

extension ImageSource {
  var classes: [String]? { nil }
  var factors: FactorTable? { nil }
  var synthetic: String? { nil }
  var promised: Int { count }
  var isScaled: Bool { true }
  var hasLabels: Bool { false }
  var remarks: [LoadRemark] { [] }
}

extension ByteImages {
  /// The images with rows and columns exchanged.
  func transposed(_ storage: ImageStorage) throws(FileProblem) -> ByteImages {
    let turned = ImageShape(height: shape.width, width: shape.height, planes: shape.planes)
    let order = columnMajorOrder(of: turned, planesFirst: false)
    return try ByteImages.collecting(turned, count: count, storage: storage) { image, bytes in
      let image = self[image]
      bytes.append(contentsOf: order.lazy.map { image[image.startIndex + $0] })
    }
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

/// Images of one file with their labels from another.
struct LabelledImages: ImageSource {
  private var images: any ImageSource
  private let path: String, labelsPath: String
  private let all: Labels

  /// - Parameter path: the images' file, for error messages.
  init(_ images: any ImageSource, path: String, labels: Labels, labelsPath: String) {
    (self.images, self.path, all, self.labelsPath) = (images, path, labels, labelsPath)
  }

  var count: Int { images.count }
  var promised: Int { images.promised }
  var hasLabels: Bool { true }
  var classes: [String]? { all.classes ?? images.classes }
  var factors: FactorTable? { images.factors }
  var synthetic: String? { images.synthetic }
  var remarks: [LoadRemark] { images.remarks + all.remarks }

  func labels() throws -> [UInt8]? {
    guard all.values.count == promised else {
      throw FileProblem(
        "it has \(counted(promised, "image")) but '\(labelsPath)' has \(counted(all.values.count, "label"))", of: path,
        advice: "they do not belong together")
    }
    return Array(all.values.prefix(count))
  }

  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages {
    try images.images(at: places, storage: storage)
  }
}

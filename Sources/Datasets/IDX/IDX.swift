import BVAEArrays
import BVAEPlatform

/// The IDX format of MNIST and its relatives, plain or in gzip: a magic number, the extent of each dimension as a
/// big-endian 32-bit number, then the values: bytes with or without sign, or big-endian numbers of 16 to 64 bits.
///
/// Labels have one dimension [count], or two of which the first column is taken, as QMNIST's do; images three
/// [count, rows, columns], or four with [planes], the planes of a pixel together. The kind of a file is told by its content,
/// whatever its name.
public enum IDX {
  /// How many rows and how many columns an image may have.
  public static let sides = 1...4096

  /// All images of a file.
  /// - Throws: `FileProblem` where the file cannot be read or its content is wrong in any way.
  public static func images(_ path: String) throws -> ByteImages {
    try FileProblem.naming(path) {
      var reader = try IDXReader(FileBytes(path: path))
      var converter = PixelConverter(reader.number, scale: nil)
      return try reader.images(storage: ImageStorage(), &converter)
    }
  }

  /// All labels of a file, each 0…9.
  /// - Throws: `FileProblem` where the file cannot be read or its content is wrong in any way.
  public static func labels(_ path: String) throws -> [UInt8] {
    try FileProblem.naming(path) {
      var reader = try IDXReader(FileBytes(path: path))
      return try reader.labels().values
    }
  }
}

/// IDX among the formats of files.
struct IDXFormat: FileFormat {
  let words = "IDX, plain or in gzip, as MNIST's files"

  func recognises(_ beginning: [UInt8]) -> Bool {
    beginning.starts(with: [0, 0]) && MATLAB4.firstVariable(beginning) == nil
  }

  func images(_ file: DataFile, part: Split?, _ options: LoadOptions) throws -> any ImageSource {
    let isTransposed = Self.isEMNIST(file.path)
    let note = "the images are turned upright, for the name says that they are EMNIST's, which lie on their side"
    return try IDXImages(
      IDXReader(file.content, isPartial: options.isPartial), isTransposed: isTransposed, options,
      remarks: isTransposed ? [.note(note)] : [])
  }

  func labels(_ file: DataFile, upTo largest: UInt8) throws -> Labels? {
    var reader = try IDXReader(file.content)
    return try reader.labels(upTo: largest)
  }

  /// Nothing in EMNIST's files says that they hold column after column: their name has to.
  private static func isEMNIST(_ path: String) -> Bool {
    let name = Path.name(path).lowercased()
    return name.hasPrefix("emnist-") || name.hasPrefix("emnist_")
  }
}

/// Images in an IDX file, without labels.
struct IDXImages: ImageSource {
  private var images: IDXReader
  private(set) var remarks: [LoadRemark]
  private let isTransposed: Bool
  private var converter: PixelConverter

  /// - Parameter isTransposed: whether the files hold column after column, as those of EMNIST do.
  /// - Throws: `FileProblem`, without the path.
  init(
    _ images: IDXReader, isTransposed: Bool, _ options: LoadOptions, remarks: [LoadRemark] = []
  ) throws(FileProblem) {
    self.remarks = remarks
    guard case .images = images.content else { throw images.wrongKind }
    (self.images, self.isTransposed) = (images, isTransposed)
    converter = PixelConverter(images.number, scale: options.scale)
    try images.checkSize()
  }

  var count: Int { images.count }

  func labels() throws -> [UInt8]? { nil }

  /// The number of images that the header promises, and so of labels.
  var promised: Int { images.promised }

  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages {
    let read = try images.images(at: places, storage: storage, &converter)
    if let darkness = converter.darkness { remarks.append(darkness) }
    return isTransposed ? try read.transposed(storage) : read
  }
}

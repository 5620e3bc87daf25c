import BVAEArrays
import BVAEPlatform

/// Which part of a dataset.
public enum Split: String, CaseIterable, Sendable {
  /// What models are trained on.
  case train
  /// What they are tested on.
  case test
  /// What choices are made on while models are trained.
  case val

  /// `training`, `test` or `validation`, as in "training images".
  public var adjective: String {
    switch self {
    case .train: "training"
    case .test: "test"
    case .val: "validation"
    }
  }
}

/// What a reader left out or assumed, in a sentence for the person at the keyboard.
public struct LoadRemark: Sendable, Hashable {
  /// A sentence without a capital letter or a full stop.
  public let text: String
  /// Whether something is probably not as it was meant.
  public let isWarning: Bool

  /// Something that is good to know.
  public static func note(_ text: String) -> LoadRemark { LoadRemark(text: text, isWarning: false) }
  /// Something that is probably not as it was meant.
  public static func warning(_ text: String) -> LoadRemark { LoadRemark(text: text, isWarning: true) }
}

extension ByteImages {
  /// A word about images that are not kept as bytes in memory; nil of all others.
  var keepingRemark: LoadRemark? { keepingNote.map { .note($0) } }
}

/// Images with or without labels, and where they come from.
public struct Dataset: Sendable {
  /// What people call it: `MNIST`, or the name of the file.
  public let name: String
  /// Which part of it, where it has parts.
  public let split: Split?
  /// The images.
  public let images: ByteImages
  /// The label of every image: its digit, or the number of its class, 0…255.
  public let labels: [UInt8]?
  /// `embedded sample of MNIST`, or the path of the images' file.
  public let origin: String
  /// The licence of the data, as far as it is known.
  public let licence: String
  /// What the labels stand for, by their number; nil where they are just numbers.
  public let classes: [String]?
  /// Whether the labels are known to be digits.
  public let hasDigits: Bool
  /// The values of what varies in the images, where that is known.
  public let factors: FactorTable?
  /// What drawn images are called, `synthetic streets`, which whatever is made of them has to say; nil for images that
  /// were taken from the world.
  public let synthetic: String?
  /// What the reader of the files left out or assumed; empty for what is made of a dataset.
  public let remarks: [LoadRemark]
  /// How the file was read, where it came from one.
  public let options: LoadOptions
  /// Sixteen hexadecimal digits that stand for size, bytes and labels, in this order.
  public let fingerprint: String

  /// A dataset.
  /// - Throws: `DatasetError.countsDiffer` where there is another number of labels, or of rows of factors, than of images;
  ///   `DatasetError.unreadable` for images in a file that the disk does not give back.
  public init(
    name: String, split: Split?, images: ByteImages, labels: [UInt8]?, origin: String, licence: String,
    classes: [String]? = nil, hasDigits: Bool = false, factors: FactorTable? = nil, synthetic: String? = nil,
    remarks: [LoadRemark] = [], options: LoadOptions = LoadOptions()
  ) throws(DatasetError) {
    for (what, count) in [("label", labels?.count), ("factor row", factors?.count)] {
      if let count, count != images.count { throw .countsDiffer(images: images.count, other: what, count) }
    }
    self.name = name
    self.split = split
    self.images = images
    self.labels = labels
    self.origin = origin
    self.licence = licence
    self.classes = classes
    self.hasDigits = hasDigits
    self.factors = factors
    self.synthetic = synthetic
    self.remarks = remarks
    self.options = options
    fingerprint = Dataset.fingerprint(images, labels)
    try check()
  }

  /// The number of images.
  public var count: Int { images.count }

  /// The images of a range, as a dataset of their own.
  /// - Throws: `DatasetError.index` where it is not within 0…count.
  public subscript(range: Range<Int>) -> Dataset { get throws(DatasetError) { try selecting(range) } }

  /// Some of the images with all that is known about them, in the order wanted.
  /// - Throws: `DatasetError.index` where an index is not within 0..<count.
  public func selecting(_ indices: some Sequence<Int>) throws(DatasetError) -> Dataset {
    let indices = Array(indices)
    if let wrong = indices.first(where: { !(0..<count).contains($0) }) { throw .index(wrong, count: count) }
    let chosen = images.selecting(indices)
    try check()
    return try Dataset(
      name: name, split: split, images: chosen,
      labels: labels.map { all in indices.map { all[$0] } },
      origin: origin, licence: licence, classes: classes, hasDigits: hasDigits,
      factors: factors?.selecting(indices), synthetic: synthetic, options: options)
  }

  /// The images that suit, in the order wanted, see `Selection`.
  /// - Throws: `SelectionError`.
  public func choosing(_ selection: Selection) throws(SelectionError) -> Dataset {
    let places = try selection.places(
      among: count, labels: labels, factors: factors, classes: classes, hasDigits: hasDigits)
    // They are places of this dataset: only the disk can fail.
    do { return try selecting(places) } catch { throw .unreadable("\(error)") }
  }

  /// Checks that the images that were looked at could be read.
  private func check() throws(DatasetError) {
    do { try images.check() } catch { throw .unreadable(error) }
  }

  /// One image as numbers in 0…1, [height, width, planes].
  /// - Throws: `DatasetError.index` where the index is not within 0..<count.
  public func float(_ index: Int) throws(DatasetError) -> Tensor {
    guard (0..<count).contains(index) else { throw .index(index, count: count) }
    let shape = images.shape, bytes = images[index]
    try check()
    return Tensor(shape: [shape.height, shape.width, shape.planes], values: bytes.map { Float($0) / 255 })
  }

  /// How many images of each label there are, where there are labels: of 0…9, and as far beyond as labels go.
  public var digitCounts: [Int]? {
    labels.map { labels in
      var counts = [Int](repeating: 0, count: max(10, Int(labels.max() ?? 0) + 1))
      for label in labels { counts[Int(label)] += 1 }
      return counts
    }
  }

  private static func fingerprint(_ images: ByteImages, _ labels: [UInt8]?) -> String {
    var fingerprint = Fingerprint()
    for extent in [images.count, images.shape.height, images.shape.width, images.shape.planes] {
      fingerprint.add(extent)
    }
    images.add(to: &fingerprint)
    fingerprint.add(labels?.count ?? -1)
    fingerprint.add(labels ?? [])
    return fingerprint.description
  }
}

/// A dataset that cannot be, or an image that it does not have.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Another number of something than of images.
  case countsDiffer(images: Int, other: String, Int)
  /// An index outside of 0..<count.
  case index(Int, count: Int)
  /// Images in a file that the disk does not give back.
  case unreadable(FileProblem)

  /// What is wrong.
  public var description: String {
    switch self {
    case .countsDiffer(let images, let other, let count):
      "\(counted(images, "image")) but \(counted(count, other)); expected one for every image"
    case .unreadable(let problem): "\(problem)"
    case .index(let index, let count):
      "there is no image \(index); "
        + (count == 0 ? "there are none" : "the \(counted(count, "image")) are 0 to \(count - 1)")
    }
  }
}

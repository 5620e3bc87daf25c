import BVAEPlatform

/// Takes images piece by piece, as they come out of a file, and keeps them in the form that suits them, see `ImageStorage`.
/// Beside what is kept a piece of them is in memory.
///
/// A set that is larger than what is always kept as bytes begins as bits. With the first image that has a third value all
/// that came before becomes bytes, in memory or in a file.
package struct ImageCollector {
  /// Where the next pixels are appended, of any part of an image; `store` takes them from there.
  package var pixels: [UInt8] = []
  private let shape: ImageShape
  private let order: [Int]?
  private let storage: ImageStorage
  /// The images that were announced.
  private let count: Int
  private var form = Form.bytes
  /// How many bytes of `pixels` are images as they stay.
  private var done = 0

  private enum Form {
    /// All images are in `pixels`.
    case bytes
    /// The images but for the last piece, a bit for each value.
    case bits([UInt8], ValuePair?)
    /// The images but for the last piece are in a file.
    case file(FiledImages)
  }

  /// Before this many bytes are together, `store` leaves them.
  private static let piece = 1 << 18

  /// An empty set.
  /// - Parameters:
  ///   - count: how many images will come; by it the form is chosen.
  ///   - order: where each value of an image stands in what is appended; nil where it stands there itself.
  ///   - reserves: whether memory is taken for all of them at once; not for images that a file only promises.
  /// - Throws: `FileProblem` where so many images have no room, neither in memory nor in a file.
  package init(
    _ shape: ImageShape, count: Int, order: [Int]? = nil, reserves: Bool = true, storage: ImageStorage
  ) throws(FileProblem) {
    (self.shape, self.order, self.storage) = (shape, order, storage)
    self.count = count
    let total = count * shape.count
    if total <= min(storage.largestPlain, ImageStorage.memory) {
      if reserves { pixels.reserveCapacity(total) }
    } else if total / 8 <= ImageStorage.memory {
      var bits: [UInt8] = []
      if reserves { bits.reserveCapacity(count * ((shape.count + 7) / 8)) }
      form = .bits(bits, nil)
    } else {
      try storage.checkDisk(count, shape)
      form = .file(try FiledImages(size: shape.count, in: storage.folder))
    }
  }

  /// Takes the whole images of `pixels`, or leaves them there until there are more.
  /// - Throws: `FileProblem` where they have no room.
  package mutating func store() throws(FileProblem) {
    if case .bytes = form, order == nil { return }
    if pixels.count - done >= max(Self.piece, shape.count) { try storeAll() }
  }

  /// All images that have come, which must be whole.
  /// - Throws: `FileProblem` where they have no room.
  package mutating func images() throws(FileProblem) -> ByteImages {
    try storeAll()
    precondition(pixels.count == done, "images are whole")
    switch form {
    case .bytes: return ByteImages(shape: shape, bytes: pixels)
    case .bits(let bits, let pair):
      return ByteImages(shape: shape, BitImages(size: shape.count, bits: bits, pair ?? ValuePair(0)))
    case .file(let images): return ByteImages(shape: shape, images)
    }
  }

  private mutating func storeAll() throws(FileProblem) {
    let size = shape.count, whole = (pixels.count - done) / size
    arrange(whole)
    switch form {
    case .bytes: done += whole * size
    case .bits(var bits, var pair):
      form = .bytes
      let stored = appendBits(whole, &bits, &pair)
      form = .bits(bits, pair)
      pixels.removeFirst(stored * size)
      guard stored < whole, let pair else { return }
      try leaveBits(BitImages(size: size, bits: bits, pair))
      // These are in their order already.
      try append(whole - stored)
    case .file: try append(whole)
    }
  }

  /// Puts the values of the next `whole` images into their order.
  private mutating func arrange(_ whole: Int) {
    guard let order else { return }
    let size = shape.count
    pixels.withUnsafeMutableBufferPointer { pixels in
      for start in stride(from: done, to: done + whole * size, by: size) {
        let image = Array(pixels[start..<start + size])
        for (place, source) in order.enumerated() { pixels[start + place] = image[source] }
      }
    }
  }

  /// How many of the next `whole` images have the two values.
  private func appendBits(_ whole: Int, _ bits: inout [UInt8], _ pair: inout ValuePair?) -> Int {
    guard whole > 0 else { return 0 }
    let size = shape.count
    return pixels.withUnsafeBufferPointer { pixels in
      var values = pair ?? ValuePair(pixels[0])
      defer { pair = values }
      for image in 0..<whole {
        let isPair = values.append(UnsafeBufferPointer(rebasing: pixels[image * size..<(image + 1) * size]), to: &bits)
        if !isPair { return image }
      }
      return whole
    }
  }

  /// There is a third value: all that came before becomes bytes.
  private mutating func leaveBits(_ earlier: BitImages) throws(FileProblem) {
    let images = ByteImages(shape: shape, earlier), total = count * shape.count
    if total <= storage.inMemory {
      let rest = pixels
      pixels = []
      pixels.reserveCapacity(total)
      images.forEachPart { pixels += $0 }
      done = pixels.count
      pixels += rest
      form = .bytes
      return
    }
    try storage.checkDisk(count, shape)
    let file = try FiledImages(size: shape.count, in: storage.folder)
    try images.forEachPart { (bytes) throws(FileProblem) in try storage.append(bytes, to: file) }
    form = .file(file)
  }

  /// Takes the next `whole` images, whose values are in their order.
  private mutating func append(_ whole: Int) throws(FileProblem) {
    let bytes = whole * shape.count
    guard case .file(let file) = form else {
      done += bytes
      return
    }
    var problem: FileProblem?
    pixels.withUnsafeBufferPointer { pixels in
      do throws(FileProblem) {
        try storage.append(UnsafeBufferPointer(rebasing: pixels[..<bytes]), to: file)
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    pixels.removeFirst(bytes)
  }
}

extension ImageStorage {
  /// Appends whole images to a file.
  fileprivate func append(_ images: UnsafeBufferPointer<UInt8>, to file: FiledImages) throws(FileProblem) {
    do throws(FileProblem) {
      try file.append(images)
    } catch {
      throw FileProblem(
        "its images have no room in memory, and writing them to a file in '\(folder)' failed: \(error.found)",
        advice: Self.advice)
    }
  }
}

extension ByteImages {
  /// Images of whatever keeping suits them, of images that are made one after the other.
  /// - Parameter make: appends the bytes of an image.
  /// - Throws: `FileProblem` where they have no room.
  package static func collecting(
    _ shape: ImageShape, count: Int, storage: ImageStorage, _ make: (_ image: Int, _ bytes: inout [UInt8]) -> Void
  ) throws(FileProblem) -> ByteImages {
    var collector = try ImageCollector(shape, count: count, storage: storage)
    for image in 0..<count {
      make(image, &collector.pixels)
      try collector.store()
    }
    return try collector.images()
  }
  /// The images of several sets of one size, one after the other.
  /// - Throws: `FileProblem` where they have no room.
  package static func joined(_ sets: [ByteImages], _ storage: ImageStorage) throws(FileProblem) -> ByteImages {
    guard let shape = sets.first?.shape else { return ByteImages(shape: .mnist) }
    var collector = try ImageCollector(shape, count: sets.reduce(0) { $0 + $1.count }, storage: storage)
    for images in sets {
      try images.forEachPart { (bytes) throws(FileProblem) in
        collector.pixels += bytes
        try collector.store()
      }
      try images.check()
    }
    return try collector.images()
  }

  /// The images in the form that suits them; `self` where they are few.
  /// - Throws: `FileProblem` where they have no room.
  package func kept(in storage: ImageStorage) throws(FileProblem) -> ByteImages {
    guard count * shape.count > storage.largestPlain else { return self }
    return try ByteImages.joined([self], storage)
  }

  /// What to say of images that are not kept as bytes; nil of all others.
  package var keepingNote: String? {
    func gigabytes(_ bytes: Int) -> String { "\((Double(bytes) / 1e9).formatted(decimals: 1)) GB" }
    let whole = "the \(count.grouped) images, \(gigabytes(count * shape.count)),"
    switch content {
    case .bytes: return nil
    case .kept(let kept, _):
      guard let file = kept as? FiledImages else {
        return "\(whole) have two values and are kept as bits, in \(gigabytes(kept.count * ((kept.size + 7) / 8)))"
      }
      return "\(whole) are kept in a file in '\(file.file.folder)' that is gone when the program ends"
    }
  }
}

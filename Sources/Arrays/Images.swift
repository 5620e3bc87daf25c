import BVAEPlatform

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
///
/// Large sets are not kept so: images of two values take a bit for each value, and what has no room in memory is in a file,
/// see `ImageCollector`. They are the same images, whatever their keeping.
public struct ByteImages: Sendable, Equatable {
  /// The size of each image.
  public let shape: ImageShape
  private(set) var content: Content

  enum Content: Sendable {
    case bytes([UInt8])
    /// All images that are kept, or those at some places, in this order.
    case kept(any KeptImages, places: [Int32]?)
  }

  /// How images are kept.
  package enum Keeping: Equatable {
    case bytes, bits, file
  }

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
    content = .bytes(bytes)
  }

  /// Images that are kept otherwise.
  init(shape: ImageShape, _ kept: any KeptImages) {
    precondition(kept.size == shape.count)
    self.shape = shape
    content = .kept(kept, places: nil)
  }

  /// The number of images.
  public var count: Int {
    switch content {
    case .bytes(let bytes): bytes.count / shape.count
    case .kept(let kept, let places): places?.count ?? kept.count
    }
  }

  /// All images, `count · shape.count` bytes. Of a large set that is not kept so they are made, and take that much memory.
  public var bytes: [UInt8] {
    if case .bytes(let bytes) = content { return bytes }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * shape.count)
    forEachPart { bytes += $0 }
    return bytes
  }

  /// How the images are kept.
  package var keeping: Keeping {
    switch content {
    case .bytes: .bytes
    case .kept(let kept, _): kept is BitImages ? .bits : .file
    }
  }

  /// The bytes of one image.
  package subscript(index: Int) -> ArraySlice<UInt8> {
    switch content {
    case .bytes(let bytes): bytes[index * shape.count..<(index + 1) * shape.count]
    case .kept(let kept, let places):
      [UInt8](unsafeUninitializedCapacity: shape.count) { bytes, filled in
        kept.read(
          places.map { Int($0[index]) } ?? index, into: UnsafeMutableBufferPointer(rebasing: bytes[..<shape.count]))
        filled = shape.count
      }[...]
    }
  }

  /// Gives all bytes from front to back, in parts of whole images.
  package func forEachPart<Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    let part = max(1, (1 << 18) / shape.count)
    for start in stride(from: 0, to: count, by: part) {
      var failure: Failure?
      withImages(start..<min(count, start + part)) { bytes in
        do throws(Failure) { try body(bytes) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  private func withImages(_ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    let size = shape.count
    switch content {
    case .bytes(let bytes): bytes[range.lowerBound * size..<range.upperBound * size].withUnsafeBufferPointer(body)
    case .kept(let kept, let places):
      let bytes = [UInt8](unsafeUninitializedCapacity: range.count * size) { bytes, filled in
        for (row, index) in range.enumerated() {
          kept.read(
            places.map { Int($0[index]) } ?? index,
            into: UnsafeMutableBufferPointer(rebasing: bytes[row * size..<(row + 1) * size]))
        }
        filled = range.count * size
      }
      bytes.withUnsafeBufferPointer(body)
    }
  }

  /// Whether a byte of an image is one that is looked for.
  package func contains(where isWanted: (UInt8) -> Bool) -> Bool {
    (0..<count).contains { self[$0].contains(where: isWanted) }
  }

  /// Takes all bytes into a fingerprint, which is the same whatever the keeping.
  package func add(to fingerprint: inout Fingerprint) { forEachPart { fingerprint.add($0) } }

  /// Whether all images are the same, whatever their keeping.
  public static func == (a: ByteImages, b: ByteImages) -> Bool {
    guard a.shape == b.shape, a.count == b.count else { return false }
    if case (.bytes(let own), .bytes(let others)) = (a.content, b.content) { return own == others }
    return (0..<a.count).allSatisfy { a[$0] == b[$0] }
  }

  /// Has images that are in a file fetched ahead of their use, without waiting for them.
  package func prefetch(_ indices: some Sequence<Int>) {
    guard case .kept(let kept, let places) = content, kept is FiledImages else { return }
    for index in indices { kept.prefetch(places.map { Int($0[index]) } ?? index) }
  }

  /// Checks that all images that were looked at so far could be read: of those in a file the disk may fail.
  /// - Throws: `FileProblem`.
  package func check() throws(FileProblem) {
    if case .kept(let kept, _) = content, let problem = kept.problem { throw problem }
  }

  /// Puts the images into another order in place: `order[i]` is where the image that becomes the i-th one stands. Takes no
  /// memory but for one image; of images that are not kept as bytes the order alone is kept.
  /// - Parameter order: each of 0..<count once.
  package mutating func arrange(_ order: [Int]) {
    precondition(order.count == count && Set(order).isSubset(of: 0..<count))
    let size = shape.count
    if case .kept(let kept, let places) = content {
      content = .kept(kept, places: order.map { places?[$0] ?? Int32($0) })
      return
    }
    guard case .bytes(var bytes) = content else { return }
    content = .bytes([])
    var isPlaced = [Bool](repeating: false, count: order.count)
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
    content = .bytes(bytes)
  }

  /// Some of the images, in the order of their places.
  /// - Throws: `ImageError.place` where there is no image.
  public func images(at places: some Sequence<Int>) throws(ImageError) -> ByteImages {
    let places = Array(places)
    for place in places where !(0..<count).contains(place) { throw .place(place, count: count) }
    return selecting(places)
  }

  /// The images at `indices`, in that order. Many images of a set that is not kept as bytes stay where they are.
  package func selecting(_ indices: some Sequence<Int>) -> ByteImages {
    if case .kept(let kept, let places) = content {
      let indices = Array(indices)
      if indices.count * shape.count > ImageStorage.largestCopy {
        var images = self
        images.content = .kept(kept, places: indices.map { places?[$0] ?? Int32($0) })
        return images
      }
      prefetch(indices)
      return copying(indices)
    }
    return copying(indices)
  }

  private func copying(_ indices: some Sequence<Int>) -> ByteImages {
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

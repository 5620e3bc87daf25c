import Numerics
import Platform

/// Reads one IDX file: its header when it is made, then its content from front to back, once.
struct IDXReader {
  /// What a header tells.
  enum Content: Equatable {
    case images(count: Int, shape: ImageShape)
    case labels(count: Int)
  }

  private(set) var content: Content
  /// The number of images that the header promises.
  let promised: Int
  private let isPartial: Bool
  private var source: ByteSource

  init(path: String) throws {
    try self.init(path: path, bytes: try Files.read(path, limit: IDX.largest))
  }

  /// - Parameters:
  ///   - path: the name for error messages.
  ///   - isPartial: whether the images that are whole are taken where the file is cut off; `count` is their number.
  init(path: String, bytes: [UInt8], isPartial: Bool = false) throws(IDXError) {
    self.isPartial = isPartial
    source = try ByteSource(path: path, bytes: bytes, acceptsTruncation: isPartial)
    content = try IDXReader.header(&source)
    promised =
      switch content {
      case .images(let count, _), .labels(let count): count
      }
    guard isPartial, case .images(let count, let shape) = content else { return }
    var counting = try ByteSource(path: path, bytes: bytes, acceptsTruncation: true)
    _ = try IDXReader.header(&counting)
    let whole = try counting.skip(min(count * shape.count, IDX.largest)) / shape.count
    guard whole > 0 else { throw source.failure(.noWholeImage(promise: "\(counted(count, "image")) of \(shape)")) }
    content = .images(count: whole, shape: shape)
  }

  /// The number of items.
  var count: Int {
    switch content {
    case .images(let count, _), .labels(let count): count
    }
  }

  /// The error that this is not what was wanted.
  var wrongKind: IDXError {
    if case .images = content { source.failure(.imagesForLabels) } else { source.failure(.labelsForImages) }
  }

  /// Checks that the file is as large as its header says, as far as that can be told before it is read. A byte of
  /// deflate data stands for at most 1032.
  func checkSize() throws(IDXError) {
    guard case .images(let count, let shape) = content else { return }
    let promise = "\(counted(count, "image")) of \(shape)", bytes = count * shape.count
    try checkSize(promise, bytes)
    // Four million places take little memory; that the data end early is told better when they do.
    guard source.remaining != nil || count <= max(source.size * 1032, 1 << 22) else {
      throw source.failure(.tooLarge(promise: promise, bytes: bytes, limit: source.size * 1032))
    }
  }

  /// The images at `places`, or all; `places` must ascend. Only these are kept in memory, the whole file is checked.
  mutating func images(at places: [Int]? = nil) throws(IDXError) -> ByteImages {
    guard case .images(let count, let shape) = content else { throw source.failure(.labelsForImages) }
    let bytes = count * shape.count
    let promise = "\(counted(count, "image")) of \(shape)"
    try checkSize(promise, bytes)
    let wanted = (places?.count ?? count) * shape.count, limit = Limits.kept(from: source.size)
    var chosen: [UInt8] = []
    // Plain files are all there; of gzip data a header may promise what it likes.
    if source.remaining != nil {
      chosen.reserveCapacity(wanted)
    } else {
      guard wanted <= limit else { throw source.failure(.tooLarge(promise: promise, bytes: wanted, limit: limit)) }
      if places != nil { chosen.reserveCapacity(wanted) }
    }
    try forEachItem(
      count: count, size: shape.count, at: places,
      read: { (wanted, item) throws(IDXError) in
        let piece = try source.read(wanted)
        guard piece.count == wanted else {
          throw source.failure(.tooFew(promise: promise, bytes: bytes, found: item * shape.count + piece.count))
        }
        return piece
      }, take: { (_, image) throws(IDXError) in chosen += image })
    if count == promised { try checkEnd(promise, bytes) }
    return ByteImages(shape: shape, bytes: chosen)
  }

  /// All labels, each 0…`largest`.
  mutating func labels(upTo largest: UInt8 = 9) throws(IDXError) -> [UInt8] {
    guard case .labels(let count) = content else { throw source.failure(.imagesForLabels) }
    let promise = counted(count, "label")
    try checkSize(promise, count)
    let limit = Limits.kept(from: source.size) / 4
    guard source.remaining != nil || count <= limit else {
      throw source.failure(.tooLarge(promise: promise, bytes: count, limit: limit))
    }
    let labels = try source.read(count)
    guard labels.count == count else {
      throw source.failure(.tooFew(promise: promise, bytes: count, found: labels.count))
    }
    try checkEnd(promise, count)
    if let item = labels.firstIndex(where: { $0 > largest }) {
      throw source.failure(.label(Int(labels[item]), item: item))
    }
    return labels
  }

  private func checkSize(_ promise: String, _ bytes: Int) throws(IDXError) {
    guard bytes <= IDX.largest else {
      throw source.failure(.tooLarge(promise: promise, bytes: bytes, limit: IDX.largest))
    }
    guard let found = source.remaining else { return }
    if found < bytes { throw source.failure(.tooFew(promise: promise, bytes: bytes, found: found)) }
    if found > bytes && !isPartial { throw source.failure(.tooMany(promise: promise, bytes: bytes, found: found)) }
  }

  private mutating func checkEnd(_ promise: String, _ bytes: Int) throws(IDXError) {
    guard try source.read(1).isEmpty else {
      throw source.failure(.tooMany(promise: promise, bytes: bytes, found: nil))
    }
  }

  private static func header(_ source: inout ByteSource) throws(IDXError) -> Content {
    let magic = try source.read(4)
    guard magic.starts(with: [0, 0]), magic.count == 4 || magic.allSatisfy({ $0 == 0 || $0 == 8 }) else {
      throw source.failure(.unrecognised(beginning: magic + (try source.read(4))))
    }
    guard magic.count == 4 else { throw source.failure(.shortHeader(found: magic.count, needed: 4)) }
    guard magic[2] == 0x08 else {
      // Only the types that the format knows make this an IDX file at all.
      let isType = [0x09, 0x0B, 0x0C, 0x0D, 0x0E].contains(magic[2])
      throw source.failure(isType ? .elementType(magic[2]) : .unrecognised(beginning: magic))
    }
    let dimensionCount = Int(magic[3])
    guard [1, 3, 4].contains(dimensionCount) else { throw source.failure(.dimensions(dimensionCount)) }
    let bytes = try source.read(4 * dimensionCount)
    guard bytes.count == 4 * dimensionCount else {
      throw source.failure(.shortHeader(found: 4 + bytes.count, needed: 4 + 4 * dimensionCount))
    }
    let extents = (0..<dimensionCount).map { i in bytes[4 * i..<4 * i + 4].reduce(0) { $0 << 8 | Int($1) } }
    // Every extent is bounded before any are multiplied: at most 2³² · 4096 · 4096 · 3, far from overflow.
    let side = "\(IDX.sides.lowerBound) to \(IDX.sides.upperBound.grouped)"
    for (i, extent) in extents.enumerated() {
      let (name, accepted, fine) =
        switch i {
        case 0: ("items", "at least 1", extent > 0)
        case 1: ("rows", side, IDX.sides.contains(extent))
        case 2: ("columns", side, IDX.sides.contains(extent))
        default: ("colour planes", "1 or 3", extent == 1 || extent == 3)
        }
      guard fine else {
        throw source.failure(.dimension(name: name, byte: 4 + 4 * i, found: extent, accepted: accepted))
      }
    }
    if dimensionCount == 1 { return .labels(count: extents[0]) }
    let planes = dimensionCount == 4 ? extents[3] : 1
    return .images(count: extents[0], shape: ImageShape(height: extents[1], width: extents[2], planes: planes))
  }
}

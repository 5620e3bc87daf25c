import BVAEArrays
import BVAEPlatform

/// Reads one IDX file: its header when it is made, then its content from front to back, once.
struct IDXReader {
  /// What a header tells.
  enum Content: Equatable {
    case images(count: Int, shape: ImageShape)
    case labels(count: Int, columns: Int)
  }

  private(set) var content: Content
  /// The number of items that the header promises.
  let promised: Int
  /// How the values lie.
  let number: BinaryNumber
  private let isPartial: Bool
  private var source: ByteSource

  init(path: String) throws {
    try self.init(path: path, bytes: try Files.read(path, limit: Limits.memory))
  }

  /// - Parameters:
  ///   - path: the name for error messages.
  ///   - isPartial: whether the images that are whole are taken where the file is cut off; `count` is their number.
  init(path: String, bytes: [UInt8], isPartial: Bool = false) throws(IDXError) {
    self.isPartial = isPartial
    source = try ByteSource(path: path, bytes: bytes, acceptsTruncation: isPartial)
    (content, number) = try IDXReader.header(&source)
    promised =
      switch content {
      case .images(let count, _), .labels(let count, _): count
      }
    guard isPartial, case .images(let count, let shape) = content else { return }
    var counting = try ByteSource(path: path, bytes: bytes, acceptsTruncation: true)
    _ = try IDXReader.header(&counting)
    let size = shape.count * number.size
    let whole = try counting.skip(min(count * size, Limits.inflated(from: bytes.count))) / size
    guard whole > 0 else { throw source.failure(.noWholeImage(promise: "\(counted(count, "image")) of \(shape)")) }
    content = .images(count: whole, shape: shape)
  }

  /// The number of items.
  var count: Int {
    switch content {
    case .images(let count, _), .labels(let count, _): count
    }
  }

  /// The error that this is not what was wanted.
  var wrongKind: IDXError {
    switch content {
    case .images: source.failure(.imagesForLabels)
    case .labels(_, let columns): source.failure(.labelsForImages(columns: columns))
    }
  }

  /// Checks that the file is as large as its header says, as far as that can be told before it is read.
  func checkSize() throws(IDXError) {
    guard case .images(let count, let shape) = content else { return }
    try checkSize("\(counted(count, "image")) of \(shape)", count * shape.count * number.size)
  }

  /// The images at `places`, or all; `places` must ascend. Only these are kept in memory, the whole file is checked.
  /// - Parameter converter: makes pixels of the numbers, and knows afterwards which ones there were.
  mutating func images(at places: [Int]? = nil, _ converter: inout PixelConverter) throws(IDXError) -> ByteImages {
    guard case .images(let count, let shape) = content else { throw wrongKind }
    let size = shape.count * number.size, bytes = count * size
    let promise = "\(counted(count, "image")) of \(shape)"
    try checkSize(promise, bytes)
    let wanted = (places?.count ?? count) * shape.count, limit = Limits.memory
    guard wanted <= limit else { throw source.failure(.memory(bytes: wanted, limit: limit)) }
    var chosen: [UInt8] = []
    // Plain files are all there; of gzip data a header may promise more than comes.
    if source.remaining != nil || places != nil { chosen.reserveCapacity(wanted) }
    try forEachItem(
      count: count, size: size, at: places,
      read: { (wanted, item) throws(IDXError) in
        let piece = try source.read(wanted)
        guard piece.count == wanted else {
          throw source.failure(.tooFew(promise: promise, bytes: bytes, found: item * size + piece.count))
        }
        return piece
      },
      take: { (item, image) throws(IDXError) in
        converter.append(image, to: &chosen, from: item * shape.count, size: shape.count)
      })
    if count == promised { try checkEnd(promise, bytes) }
    do {
      try converter.check()
    } catch {
      throw source.failure(.pixels(error))
    }
    return ByteImages(shape: shape, bytes: chosen)
  }

  /// All labels, each 0…`largest`; of several columns the first.
  mutating func labels(upTo largest: UInt8 = 9) throws(IDXError) -> Labels {
    guard case .labels(let count, let columns) = content else { throw source.failure(.imagesForLabels) }
    let size = columns * number.size, bytes = count * size
    let promise = counted(count, "label") + (columns == 1 ? "" : " of \(columns) columns")
    try checkSize(promise, bytes)
    let memory = bytes + 9 * count * columns, limit = Limits.memory
    guard memory <= limit else { throw source.failure(.memory(bytes: memory, limit: limit)) }
    let read = try source.read(bytes)
    guard read.count == bytes else {
      throw source.failure(.tooFew(promise: promise, bytes: bytes, found: read.count))
    }
    try checkEnd(promise, bytes)
    var numbers = number.values(read), remarks: [LoadRemark] = []
    if columns > 1 {
      let all = numbers
      (numbers, remarks) = Labels.oneOfEach(rows: count, columns: columns) { all[$0 * columns + $1] }
    }
    var labels: [UInt8] = []
    labels.reserveCapacity(count)
    for (item, value) in numbers.enumerated() {
      guard value >= 0, value <= Double(largest), value == value.rounded() else {
        throw source.failure(
          .label(
            Scale.text(value), item: item, byte: 4 + 4 * (columns > 1 ? 2 : 1) + item * size, largest: Int(largest)))
      }
      labels.append(UInt8(value))
    }
    return Labels(values: labels, remarks: remarks)
  }

  private func checkSize(_ promise: String, _ bytes: Int) throws(IDXError) {
    guard let found = source.remaining else {
      let most = Limits.inflated(from: source.size)
      if bytes > most { throw source.failure(.overpromised(promise: promise, bytes: bytes, packed: source.size)) }
      return
    }
    if found < bytes { throw source.failure(.tooFew(promise: promise, bytes: bytes, found: found)) }
    if found > bytes && !isPartial { throw source.failure(.tooMany(promise: promise, bytes: bytes, found: found)) }
  }

  private mutating func checkEnd(_ promise: String, _ bytes: Int) throws(IDXError) {
    guard try source.read(1).isEmpty else {
      throw source.failure(.tooMany(promise: promise, bytes: bytes, found: nil))
    }
  }

  /// How values of a type lie, by its number in the header.
  private static func number(_ type: UInt8) -> BinaryNumber? {
    switch type {
    case 0x08: BinaryNumber(kind: .unsigned, size: 1, order: .big)
    case 0x09: BinaryNumber(kind: .signed, size: 1, order: .big)
    case 0x0B: BinaryNumber(kind: .signed, size: 2, order: .big)
    case 0x0C: BinaryNumber(kind: .signed, size: 4, order: .big)
    case 0x0D: BinaryNumber(kind: .floating, size: 4, order: .big)
    case 0x0E: BinaryNumber(kind: .floating, size: 8, order: .big)
    default: nil
    }
  }

  private static func header(_ source: inout ByteSource) throws(IDXError) -> (Content, BinaryNumber) {
    let magic = try source.read(4)
    guard magic.starts(with: [0, 0]), magic.count == 4 || magic.count < 3 || number(magic[2]) != nil else {
      throw source.failure(.unrecognised(beginning: magic + (try source.read(4))))
    }
    guard magic.count == 4 else { throw source.failure(.shortHeader(found: magic.count, needed: 4)) }
    guard let number = number(magic[2]) else { throw source.failure(.unrecognised(beginning: magic)) }
    let dimensionCount = Int(magic[3])
    guard (1...4).contains(dimensionCount) else { throw source.failure(.dimensions(dimensionCount)) }
    let bytes = try source.read(4 * dimensionCount)
    guard bytes.count == 4 * dimensionCount else {
      throw source.failure(.shortHeader(found: 4 + bytes.count, needed: 4 + 4 * dimensionCount))
    }
    let extents = (0..<dimensionCount).map { i in bytes[4 * i..<4 * i + 4].reduce(0) { $0 << 8 | Int($1) } }
    // Every extent is bounded before any are multiplied: at most 2³² · 4096 · 4096 · 3 · 8, far from overflow.
    let side = "\(IDX.sides.lowerBound) to \(IDX.sides.upperBound.grouped)"
    for (i, extent) in extents.enumerated() {
      let (name, accepted, fine) =
        switch i {
        case 0: ("items", "at least 1", extent > 0)
        case 1 where dimensionCount == 2:
          ("columns of labels", "1 to 64, or 3 or 4 dimensions (images)", (1...64).contains(extent))
        case 1: ("rows", side, IDX.sides.contains(extent))
        case 2: ("columns", side, IDX.sides.contains(extent))
        default: ("colour planes", "1 or 3", extent == 1 || extent == 3)
        }
      guard fine else {
        throw source.failure(.dimension(name: name, byte: 4 + 4 * i, found: extent, accepted: accepted))
      }
    }
    guard extents[0] <= Limits.images else {
      throw source.failure(
        .dimension(
          name: "items", byte: 4, found: extents[0], accepted: "at most \(Limits.images.grouped)"))
    }
    if dimensionCount < 3 { return (.labels(count: extents[0], columns: dimensionCount == 2 ? extents[1] : 1), number) }
    let planes = dimensionCount == 4 ? extents[3] : 1
    return (
      .images(count: extents[0], shape: ImageShape(height: extents[1], width: extents[2], planes: planes)), number
    )
  }
}

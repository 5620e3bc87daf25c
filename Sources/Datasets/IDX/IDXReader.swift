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
  private var stream: ByteStream
  /// The file's own bytes.
  private let size: Int

  /// - Parameter isPartial: whether the images that are whole are taken where the file is cut off; `count` is their number.
  /// - Throws: `FileProblem`, without the path, as all that follow.
  init(_ bytes: FileBytes, isPartial: Bool = false) throws(FileProblem) {
    self.isPartial = isPartial
    size = bytes.count
    stream = try ByteStream(file: bytes, acceptsTruncation: isPartial)
    (content, number) = try IDXReader.header(&stream)
    promised =
      switch content {
      case .images(let count, _), .labels(let count, _): count
      }
    guard isPartial, case .images(let count, let shape) = content else { return }
    var counting = try ByteStream(file: bytes, acceptsTruncation: true)
    _ = try IDXReader.header(&counting)
    let size = shape.count * number.size
    let whole = try counting.skip(min(count * size, Limits.inflated(from: bytes.count))) / size
    guard whole > 0 else {
      throw FileProblem(
        "its header promises \(counted(count, "image")) of \(shape), but it ends before the first one does",
        advice: "fetch it again")
    }
    content = .images(count: whole, shape: shape)
  }

  /// The number of items.
  var count: Int {
    switch content {
    case .images(let count, _), .labels(let count, _): count
    }
  }

  /// The error that this is not what was wanted.
  var wrongKind: FileProblem {
    switch content {
    case .images: FileProblem("it holds images", expected: "labels")
    case .labels(_, 1): FileProblem("it holds labels", expected: "images")
    case .labels(_, let columns):
      FileProblem(
        "its 2 dimensions are those of labels in \(counted(columns, "column"))", expected: "images, which have 3 or 4")
    }
  }

  /// Checks that the file is as large as its header says, as far as that can be told before it is read.
  func checkSize() throws(FileProblem) {
    guard case .images(let count, let shape) = content else { return }
    try checkSize("\(counted(count, "image")) of \(shape)", count * shape.count * number.size)
  }

  /// The images at `places`, or all; `places` must ascend. Only these are kept in memory, the whole file is checked.
  /// - Parameter converter: makes pixels of the numbers, and knows afterwards which ones there were.
  mutating func images(
    at places: [Int]? = nil, storage: ImageStorage, _ converter: inout PixelConverter
  ) throws(FileProblem) -> ByteImages {
    guard case .images(let count, let shape) = content else { throw wrongKind }
    let size = shape.count * number.size, bytes = count * size
    let promise = "\(counted(count, "image")) of \(shape)"
    try checkSize(promise, bytes)
    // Plain files are all there; of gzip data a header may promise more than comes.
    var chosen = try ImageCollector(
      shape, count: places?.count ?? count, reserves: stream.remaining != nil || places != nil, storage: storage)
    try forEachItem(
      count: count, size: size, at: places,
      read: { (wanted, item) throws(FileProblem) in
        let piece = try stream.read(wanted)
        guard piece.count == wanted else { throw tooFew(promise, bytes, found: item * size + piece.count) }
        return piece
      },
      take: { (item, image) throws(FileProblem) in
        converter.append(image, to: &chosen.pixels, from: item * shape.count, size: shape.count)
        try chosen.store()
      })
    if count == promised { try checkEnd(promise, bytes) }
    try converter.check()
    return try chosen.images()
  }

  /// All labels, each 0…`largest`; of several columns the first.
  mutating func labels(upTo largest: UInt8 = 9) throws(FileProblem) -> Labels {
    guard case .labels(let count, let columns) = content else { throw wrongKind }
    let size = columns * number.size, bytes = count * size
    let promise = counted(count, "label") + (columns == 1 ? "" : " of \(columns) columns")
    try checkSize(promise, bytes)
    try Limits.checkMemory(bytes + 9 * count * columns)
    let read = try stream.read(bytes)
    guard read.count == bytes else { throw tooFew(promise, bytes, found: read.count) }
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
        let byte = 4 + 4 * (columns > 1 ? 2 : 1) + item * size
        throw FileProblem(
          "label \(Scale.text(value)) of item \(item)", at: IDXReader.place(byte, stream), expected: "0 to \(largest)")
      }
      labels.append(UInt8(value))
    }
    return Labels(values: labels, remarks: remarks)
  }

  private func checkSize(_ promise: String, _ bytes: Int) throws(FileProblem) {
    guard let found = stream.remaining else {
      guard bytes > Limits.inflated(from: size) else { return }
      throw FileProblem(
        "its header promises \(promise), \(counted(bytes, "byte")), more than its \(size.grouped) compressed bytes can "
          + "stand for")
    }
    if found < bytes { throw tooFew(promise, bytes, found: found) }
    if found > bytes && !isPartial { throw tooMany(promise, bytes, found: found.grouped) }
  }

  private mutating func checkEnd(_ promise: String, _ bytes: Int) throws(FileProblem) {
    guard try stream.read(1).isEmpty else {
      throw tooMany(promise, bytes, found: "more")
    }
  }

  private func tooFew(_ promise: String, _ bytes: Int, found: Int) -> FileProblem {
    FileProblem(
      "its header promises \(promise), \(counted(bytes, "byte")), but only \(found.grouped) follow",
      advice: "the file is incomplete, fetch it again", isCutOff: true)
  }

  private func tooMany(_ promise: String, _ bytes: Int, found: String) -> FileProblem {
    FileProblem("its header promises \(promise), \(counted(bytes, "byte")), but \(found) follow")
  }

  /// A byte of the file, or of what its gzip data hold.
  private static func place(_ byte: Int, _ stream: ByteStream) -> FileProblem.Place {
    .byte(byte, of: stream.remaining == nil ? "the inflated data" : nil)
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

  private static func header(_ stream: inout ByteStream) throws(FileProblem) -> (Content, BinaryNumber) {
    let magic = try stream.read(4)
    guard magic.starts(with: [0, 0]), magic.count == 4 || magic.count < 3 || number(magic[2]) != nil else {
      throw foreign(magic + (try stream.read(4)))
    }
    guard magic.count == 4 else { throw short(magic.count, of: 4) }
    guard let number = number(magic[2]) else { throw foreign(magic) }
    let dimensionCount = Int(magic[3])
    guard (1...4).contains(dimensionCount) else {
      throw FileProblem(
        counted(dimensionCount, "dimension"), at: place(3, stream), expected: "1 or 2 (labels), 3 or 4 (images)")
    }
    let bytes = try stream.read(4 * dimensionCount)
    guard bytes.count == 4 * dimensionCount else { throw short(4 + bytes.count, of: 4 + 4 * dimensionCount) }
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
        throw FileProblem("\(extent.grouped) \(name)", at: place(4 + 4 * i, stream), expected: accepted)
      }
    }
    guard extents[0] <= Limits.images else {
      throw FileProblem(
        "\(extents[0].grouped) items", at: place(4, stream), expected: "at most \(Limits.images.grouped)")
    }
    if dimensionCount < 3 { return (.labels(count: extents[0], columns: dimensionCount == 2 ? extents[1] : 1), number) }
    let planes = dimensionCount == 4 ? extents[3] : 1
    return (
      .images(count: extents[0], shape: ImageShape(height: extents[1], width: extents[2], planes: planes)), number
    )
  }

  private static func foreign(_ beginning: [UInt8]) -> FileProblem {
    if beginning.isEmpty { return FileProblem("it is empty", expected: "an IDX file") }
    return FileProblem(
      "it is not an IDX file: it begins with \(ForeignFiles.signature(beginning))",
      expected: "00 00 08 03 or 00 00 08 04 (images) or 00 00 08 01 (labels), with 09 or 0B to 0E in place of 08 where "
        + "its values are no unsigned bytes")
  }

  private static func short(_ found: Int, of needed: Int) -> FileProblem {
    FileProblem(
      "it ends within the header, after \(counted(found, "byte"))", expected: "\(needed)", isCutOff: true)
  }
}

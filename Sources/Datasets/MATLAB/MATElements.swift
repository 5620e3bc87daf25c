import BVAEPlatform

/// The elements of a MATLAB file from front to back: a tag of type and size, content, padding. What can go wrong is told
/// with its place.
struct MATElements {
  /// What begins an element.
  struct Tag {
    /// One of `MATType`'s numbers, or another.
    let type: Int
    /// Bytes of content, without padding.
    let count: Int
    /// Content of four bytes and fewer may stand in the tag itself.
    let content: [UInt8]?
    let place: FileProblem.Place
  }

  let order: ByteOrder
  /// Where the outermost element begins in the file.
  let element: Int
  let isCompressed: Bool
  private var stream: ByteStream
  /// Where the stream begins in the file.
  private let start: Int

  /// The content of an outermost element.
  /// - Parameters:
  ///   - element: where its tag begins.
  ///   - content: where its content lies, as far as it is there.
  init(
    bytes: [UInt8], order: ByteOrder, element: Int, content: Range<Int>, isCompressed: Bool, acceptsTruncation: Bool
  ) throws(FileProblem) {
    (self.order, self.element, self.isCompressed) = (order, element, isCompressed)
    start = content.lowerBound
    guard isCompressed else {
      stream = ByteStream(FileBytes(bytes), in: content)
      return
    }
    do {
      stream = ByteStream(
        inflating: try Inflater(FileBytes(bytes), in: content, format: .zlib, acceptsTruncation: acceptsTruncation))
    } catch {
      throw MATElements.problem(error, element)
    }
  }

  /// Where the next byte lies.
  var place: FileProblem.Place {
    isCompressed
      ? .byte(stream.position, of: "the inflated element at byte \(element.grouped)")
      : .byte(start + stream.position)
  }

  /// How many bytes are left of the element, where that is known.
  var remaining: Int? { stream.remaining }

  /// The next `count` bytes, or fewer where the element ends.
  mutating func readAvailable(_ count: Int) throws(FileProblem) -> [UInt8] {
    do {
      return try stream.read(count)
    } catch {
      throw MATElements.problem(error, element)
    }
  }

  /// Passes over `count` bytes, or fewer where the element ends; how many.
  mutating func skipAvailable(_ count: Int) throws(FileProblem) -> Int {
    do {
      return try stream.skip(count)
    } catch {
      throw MATElements.problem(error, element)
    }
  }

  /// The next `count` bytes, which belong to `part`.
  mutating func read(_ count: Int, _ part: String) throws(FileProblem) -> [UInt8] {
    let bytes = try readAvailable(count)
    guard bytes.count == count else {
      throw FileProblem("the element ends in the middle of \(part)", at: place, isCutOff: true)
    }
    return bytes
  }

  /// The tag of the next element.
  mutating func tag(_ part: String) throws(FileProblem) -> Tag {
    let place = place
    let bytes = try read(8, "the tag of \(part)")
    let type = order.integer(bytes[0..<4])
    // In the short form the upper half of the first number is the size, and the content follows at once.
    if type >> 16 != 0 {
      let count = type >> 16
      guard count <= 4 else {
        throw MATElements.otherSize(count, of: part, at: place, expected: "at most 4 in a short element")
      }
      return Tag(type: type & 0xFFFF, count: count, content: Array(bytes[4..<4 + count]), place: place)
    }
    return Tag(type: type, count: order.integer(bytes[4..<8]), content: nil, place: place)
  }

  /// The content of an element whose tag was read, and its padding.
  mutating func content(of tag: Tag, _ part: String) throws(FileProblem) -> [UInt8] {
    if let content = tag.content { return content }
    let bytes = try read(tag.count, part)
    // Some programs leave the padding at the very end out.
    _ = try readAvailable((8 - tag.count % 8) % 8)
    return bytes
  }

  /// A small element of a type and size that is known.
  mutating func small(_ part: String, types: [MATType], sizes: ClosedRange<Int>, unit: Int = 1) throws(FileProblem)
    -> [UInt8]
  {
    let tag = try tag(part)
    guard types.contains(where: { $0.rawValue == tag.type }) else {
      throw MATElements.otherType(tag, of: part, expected: types.map { String($0.rawValue) }.joined(separator: " or "))
    }
    guard sizes.contains(tag.count), tag.count % unit == 0 else {
      let bounds =
        sizes.lowerBound == sizes.upperBound ? "\(sizes.lowerBound)" : "\(sizes.lowerBound) to \(sizes.upperBound)"
      throw MATElements.otherSize(
        tag.count, of: part, at: tag.place, expected: bounds + (unit == 1 ? "" : ", a multiple of \(unit)"))
    }
    return try content(of: tag, part)
  }

  /// An element of another type than belongs there.
  static func otherType(_ tag: Tag, of part: String, expected: String) -> FileProblem {
    FileProblem("the type of \(part) is \(tag.type)", at: tag.place, expected: expected)
  }

  static func otherSize(
    _ found: Int, of part: String, at place: FileProblem.Place, expected: String
  ) -> FileProblem {
    FileProblem("the size of \(part) is \(counted(found, "byte"))", at: place, expected: expected)
  }

  /// Values that take another number of bytes than the dimensions of their variable ask for.
  static func otherSize(_ found: Int, ofValues name: String, at place: FileProblem.Place, asked: Int) -> FileProblem {
    FileProblem(
      "the values of '\(name)' take \(counted(found, "byte")); its dimensions ask for \(asked.grouped)", at: place)
  }

  /// A problem with the compressed data of an outermost element.
  private static func problem(_ problem: FileProblem, _ element: Int) -> FileProblem {
    var placed = problem
    placed.place = .byte(element)
    placed.found = "in the element that begins here, \(problem.found)"
    return placed
  }
}

/// The types of elements that matter here, by their numbers.
enum MATType: Int {
  case int8 = 1
  case uint8 = 2
  case int16 = 3
  case uint16 = 4
  case int32 = 5
  case uint32 = 6
  case single = 7
  case double = 9
  case int64 = 12
  case uint64 = 13
  case matrix = 14
  case compressed = 15
  case utf8 = 16

  /// How a number of this type lies in the file; nil for what is no number.
  func number(_ order: ByteOrder) -> BinaryNumber? {
    switch self {
    case .int8: BinaryNumber(kind: .signed, size: 1, order: order)
    case .uint8: BinaryNumber(kind: .unsigned, size: 1, order: order)
    case .int16: BinaryNumber(kind: .signed, size: 2, order: order)
    case .uint16: BinaryNumber(kind: .unsigned, size: 2, order: order)
    case .int32: BinaryNumber(kind: .signed, size: 4, order: order)
    case .uint32: BinaryNumber(kind: .unsigned, size: 4, order: order)
    case .single: BinaryNumber(kind: .floating, size: 4, order: order)
    case .double: BinaryNumber(kind: .floating, size: 8, order: order)
    case .int64: BinaryNumber(kind: .signed, size: 8, order: order)
    case .uint64: BinaryNumber(kind: .unsigned, size: 8, order: order)
    case .matrix, .compressed, .utf8: nil
    }
  }
}

/// The classes of variables, by their numbers.
enum MATClass: Int {
  case cell = 1
  case structure, object, character, sparse, double, single, int8, uint8, int16, uint16, int32, uint32, int64, uint64
  case function, opaque

  /// MATLAB's word for it.
  var word: String {
    switch self {
    case .structure: "struct"
    case .character: "char"
    case .function: "function_handle"
    default: "\(self)"
    }
  }

  var isNumeric: Bool { (MATClass.double.rawValue...MATClass.uint64.rawValue).contains(rawValue) }
}

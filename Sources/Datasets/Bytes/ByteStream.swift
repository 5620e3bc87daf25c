import BVAEArrays
import BVAEPlatform

/// Bytes from front to back: a part of a file as it is, or inflated on the way.
struct ByteStream {
  private enum Content {
    case plain(FileBytes, Range<Int>)
    case packed(Inflater)
  }

  private var content: Content
  /// How many bytes were given so far.
  private(set) var position = 0

  /// A part of a file as it is.
  init(_ bytes: FileBytes, in range: Range<Int>) { content = .plain(bytes, range) }

  /// A file's bytes, inflated where they are gzip data.
  /// - Parameter acceptsTruncation: whether gzip data that are cut off end there rather than with an error.
  init(file bytes: FileBytes, acceptsTruncation: Bool = false) throws(FileProblem) {
    content =
      try Gzip.recognises(bytes.read(0..<2))
      ? .packed(Inflater(bytes, acceptsTruncation: acceptsTruncation)) : .plain(bytes, 0..<bytes.count)
  }

  /// Bytes that are inflated.
  init(inflating inflater: Inflater) { content = .packed(inflater) }

  /// How many bytes are left, where that is known before they are read.
  var remaining: Int? {
    if case .plain(_, let rest) = content { rest.count } else { nil }
  }

  /// The next `count` bytes; fewer only where the data end.
  mutating func read(_ count: Int) throws(FileProblem) -> [UInt8] {
    switch content {
    case .packed(let inflater):
      let bytes = try inflater.read(count)
      position += bytes.count
      return bytes
    case .plain(let file, let rest):
      let end = rest.lowerBound + min(rest.count, count), bytes = try file.read(rest.lowerBound..<end)
      // Where the file has become shorter nothing follows.
      content = .plain(file, end..<(rest.lowerBound + bytes.count < end ? end : rest.upperBound))
      position += bytes.count
      return bytes
    }
  }

  /// Passes over `count` bytes, or fewer where the data end; how many.
  mutating func skip(_ count: Int) throws(FileProblem) -> Int {
    var skipped = 0
    while skipped < count {
      let piece = try read(min(count - skipped, 1 << 18)).count
      if piece == 0 { break }
      skipped += piece
    }
    return skipped
  }
}

/// Gives the items at ascending `places`, or all, of `count` equally large ones that are read from front to back; the
/// others are read too, and dropped.
/// - Parameters:
///   - size: bytes an item.
///   - read: gives exactly so many bytes, beginning with this item, or throws.
///   - take: takes one item.
func forEachItem<Failure: Error>(
  count: Int, size: Int, at places: [Int]?, read: (_ bytes: Int, _ item: Int) throws(Failure) -> [UInt8],
  take: (_ item: Int, ArraySlice<UInt8>) throws(Failure) -> Void
) throws(Failure) {
  var rest = (places ?? [])[...]
  let block = max(1, (1 << 18) / size)
  for start in stride(from: 0, to: count, by: block) {
    let end = min(count, start + block)
    let piece = try read((end - start) * size, start)
    func item(_ place: Int) -> ArraySlice<UInt8> { piece[(place - start) * size..<(place - start + 1) * size] }
    if places == nil {
      for place in start..<end { try take(place, item(place)) }
    } else {
      while let place = rest.first, place < end {
        try take(place, item(place))
        rest.removeFirst()
      }
    }
  }
}

/// How much a file may make of itself. It is read from front to back in pieces, so that only what is kept of it takes
/// memory; that is bounded by the memory there is, and by what the file's own bytes can stand for.
enum Limits {
  /// The most bytes that `packed` bytes of deflate data can stand for: 258 bytes take two bits at least.
  static func inflated(from packed: Int) -> Int { min(packed, 1 << 40) * 1032 + 1024 }

  /// The most bytes that are kept of a file: three quarters of the memory that is free, for what is made of them too.
  static var memory: Int { ImageStorage.memory }

  /// What is wrong where `what`, which takes so many bytes, is more than `limit`; ends with what to do.
  static func memoryWords(_ what: String, _ bytes: Int, _ limit: Int) -> String {
    "\(what) take \(counted(bytes, "byte")), more than the \(limit.grouped) of free memory that can be used; take fewer "
      + "with 'count' or 'each'"
  }

  /// Checks that the images that are wanted have room in memory.
  static func checkMemory(_ bytes: Int) throws(FileProblem) {
    guard bytes > memory else { return }
    throw FileProblem(memoryWords("its images", bytes, memory))
  }

  /// The most images that a file may promise, so that a label of each takes little memory.
  static let images = 1 << 24
}

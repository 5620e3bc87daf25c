import BVAEPlatform
import CBVAEZlib

/// Reading gzip data (RFC 1952).
public enum Gzip {
  /// Whether the bytes begin as gzip data do.
  public static func recognises(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Inflates gzip data of one or several members; padding with zero bytes at the end is accepted.
  /// - Parameter limit: the most bytes that the result may have. Memory is taken as data arrive, in small steps, so
  ///   that a hostile file cannot claim more than this.
  /// - Throws: `FileProblem`, without a path.
  public static func inflate(_ bytes: [UInt8], limit: Int) throws(FileProblem) -> [UInt8] {
    try inflate(bytes, limit: limit, acceptsTruncation: false)
  }

  /// - Parameter acceptsTruncation: whether data that are cut off end there rather than with an error.
  static func inflate(_ bytes: [UInt8], limit: Int, acceptsTruncation: Bool) throws(FileProblem) -> [UInt8] {
    let inflater = try Inflater(FileBytes(bytes), acceptsTruncation: acceptsTruncation)
    let output = try inflater.read(limit)
    guard try inflater.read(1).isEmpty else {
      throw FileProblem("inflated it is larger than the \(limit.grouped) bytes that are accepted here")
    }
    return output
  }
}

/// Inflates deflate data piece by piece.
final class Inflater {
  /// What stands around the deflate data.
  enum Format {
    /// Gzip's header and checksum (RFC 1952), several times perhaps.
    case gzip
    /// zlib's header and checksum (RFC 1950).
    case zlib
    /// Nothing (RFC 1951).
    case raw

    /// What such data are called.
    var words: String { self == .gzip ? "gzip" : "compressed" }

    /// As zlib is told: 15 bits of window, the most that the format allows, and what stands around.
    var windowBits: Int32 {
      switch self {
      case .gzip: 15 + 16
      case .zlib: 15
      case .raw: -15
      }
    }
  }

  private let input: FileBytes
  /// A piece of the input, and where it begins; all of it where it is in memory.
  private var piece: [UInt8], pieceStart = 0
  private let format: Format
  private let acceptsTruncation: Bool
  private var position: Int
  private var end: Int
  private var finished = false
  // zlib keeps the address of its stream, so that it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  /// Inflates a part of `input`, or all; places in errors count from the beginning of `input`.
  /// - Parameter acceptsTruncation: whether data that are cut off end there rather than with an error.
  init(
    _ input: FileBytes, in range: Range<Int>? = nil, format: Format = .gzip, acceptsTruncation: Bool = false
  ) throws(FileProblem) {
    let range = (range ?? 0..<input.count).clamped(to: 0..<input.count)
    let beginning = try input.read(range.prefix(2))
    guard format != .gzip || Gzip.recognises(beginning) else {
      throw FileProblem("it does not begin with 1F 8B, as gzip data do")
    }
    self.input = input
    piece = input.inMemory ?? []
    self.format = format
    self.acceptsTruncation = acceptsTruncation
    (position, end) = (range.lowerBound, range.upperBound)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(stream, format.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw FileProblem("zlib cannot work (status \(status))") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The next `count` bytes; fewer only where the data end.
  func read(_ count: Int) throws(FileProblem) -> [UInt8] {
    var output: [UInt8] = []
    while output.count < count && !finished {
      try fetch()
      var status: Int32 = Z_OK
      let piece = [UInt8](unsafeUninitializedCapacity: min(count - output.count, 1 << 18)) { buffer, got in
        (status, got) = step(into: buffer)
      }
      if output.isEmpty { output = piece } else { output += piece }
      try check(status)
    }
    return output
  }

  /// Sees to it that there is input for zlib, unless all has been read.
  private func fetch() throws(FileProblem) {
    guard position < end, !(pieceStart..<pieceStart + piece.count).contains(position) else { return }
    piece = try input.read(position..<min(end, position + 1 << 18))
    pieceStart = position
    // The file has become shorter.
    if piece.isEmpty { end = position }
  }

  /// One call of zlib: what it returned and how many bytes it wrote.
  private func step(into output: UnsafeMutableBufferPointer<UInt8>) -> (status: Int32, written: Int) {
    piece.withUnsafeBufferPointer { piece in
      let available = max(0, min(min(end, pieceStart + piece.count) - position, 1 << 30))
      stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.baseAddress.map { $0 + position - pieceStart })
      stream.pointee.avail_in = UInt32(available)
      stream.pointee.next_out = output.baseAddress
      stream.pointee.avail_out = UInt32(output.count)
      let status = CBVAEZlib.inflate(stream, Z_NO_FLUSH)
      position += available - Int(stream.pointee.avail_in)
      return (status, output.count - Int(stream.pointee.avail_out))
    }
  }

  private func check(_ status: Int32) throws(FileProblem) {
    switch status {
    case Z_OK: return
    case Z_STREAM_END: try endMember()
    case Z_BUF_ERROR where acceptsTruncation: finished = true
    case Z_BUF_ERROR:
      throw FileProblem(
        "the \(format.words) data end too early, after \(position.grouped) bytes",
        advice: "the file is incomplete, fetch it again", isCutOff: true)
    case Z_MEM_ERROR: throw FileProblem("zlib cannot work (not enough memory)")
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)"
      throw FileProblem(
        "the \(format.words) data are damaged near byte \(position.grouped) (\(reason))", advice: "fetch the file again"
      )
    }
  }

  private func endMember() throws(FileProblem) {
    let rest = position..<end, beginning = try input.read(rest.prefix(2))
    if format == .gzip && Gzip.recognises(beginning) {
      inflateReset(stream)
    } else if try isZero(rest) {
      finished = true
    } else if acceptsTruncation && format == .gzip && rest.count == 1 && beginning == [0x1F] {
      finished = true
    } else {
      throw FileProblem(
        "\(counted(rest.count, "byte")) that \(rest.count == 1 ? "is" : "are") not \(format.words) data follow from byte "
          + "\(position.grouped) on")
    }
  }
}

extension Inflater {
  private func isZero(_ range: Range<Int>) throws(FileProblem) -> Bool {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 18) {
      let piece = try input.read(start..<min(range.upperBound, start + 1 << 18))
      if piece.contains(where: { $0 != 0 }) { return false }
    }
    return true
  }
}

/// Compresses piece by piece, without anything around the deflate data.
final class Deflater {
  private let stream: UnsafeMutablePointer<z_stream>

  /// - Throws: `FileProblem` where zlib cannot work.
  init() throws(FileProblem) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size), bits = Inflater.Format.raw.windowBits
    let status = deflateInit2_(stream, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    guard status == Z_OK else { throw FileProblem("zlib cannot work (status \(status))", action: "write") }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Compresses some bytes.
  /// - Parameters:
  ///   - isLast: whether nothing follows.
  ///   - write: takes what comes out, which may be nothing yet.
  func add(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool = false, _ write: ([UInt8]) throws -> Void
  ) throws {
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
    stream.pointee.avail_in = UInt32(bytes.count)
    var isFull = true
    while isFull {
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        isFull = stream.pointee.avail_out == 0
        filled = buffer.count - Int(stream.pointee.avail_out)
      }
      if !piece.isEmpty { try write(piece) }
    }
  }
}

/// Compressing in one go.
enum Deflate {
  /// Deflate data with what stands around it in `format`; nil where zlib could not work.
  /// - Parameter content: less than 4 GB.
  static func packed(_ content: [UInt8], _ format: Inflater.Format) -> [UInt8]? {
    guard let count = UInt32(exactly: content.count) else { return nil }
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(&stream, 6, Z_DEFLATED, format.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    guard let bound = UInt32(exactly: deflateBound(&stream, UInt(count))) else { return nil }
    var status: Int32 = Z_OK
    let packed = content.withUnsafeBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: Int(bound)) { output, written in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = count
        stream.next_out = output.baseAddress
        stream.avail_out = bound
        status = deflate(&stream, Z_FINISH)
        written = Int(bound - stream.avail_out)
      }
    }
    return status == Z_STREAM_END ? packed : nil
  }
}

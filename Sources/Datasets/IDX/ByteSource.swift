import BVAEPlatform

/// The content of an IDX file from front to back, inflated on the way where it is gzip data; its errors name the file.
struct ByteSource {
  let path: String
  /// The file's own bytes.
  let size: Int
  private var stream: ByteStream

  /// Tells by the content whether `bytes` are gzip data; `path` is the name for error messages.
  /// - Parameter acceptsTruncation: whether gzip data that are cut off end there rather than with an error.
  init(path: String, bytes: [UInt8], acceptsTruncation: Bool = false) throws(IDXError) {
    self.path = path
    size = bytes.count
    guard Gzip.recognises(bytes) else {
      stream = ByteStream(bytes[...])
      return
    }
    do {
      stream = ByteStream(inflating: try Inflater(bytes, acceptsTruncation: acceptsTruncation))
    } catch {
      throw IDXError(path: path, compressed: true, problem: .gzip(error))
    }
  }

  /// How many bytes are left, where that is known before they are read.
  var remaining: Int? { stream.remaining }

  /// The next `count` bytes; fewer only where the data end.
  mutating func read(_ count: Int) throws(IDXError) -> [UInt8] {
    do {
      return try stream.read(count)
    } catch {
      throw failure(.gzip(error))
    }
  }

  /// Passes over `count` bytes, or fewer where the data end; how many.
  mutating func skip(_ count: Int) throws(IDXError) -> Int {
    do {
      return try stream.skip(count)
    } catch {
      throw failure(.gzip(error))
    }
  }

  /// An error about this file.
  func failure(_ problem: IDXError.Problem) -> IDXError {
    IDXError(path: path, compressed: remaining == nil, problem: problem)
  }
}

import Platform

/// The content of an IDX file from front to back, inflated on the way where it is gzip data; its errors name the file.
struct ByteSource {
  private enum Content {
    case plain(ArraySlice<UInt8>)
    case gzip(Inflater)
  }

  let path: String
  /// The file's own bytes.
  let size: Int
  private var content: Content

  /// Tells by the content whether `bytes` are gzip data; `path` is the name for error messages.
  init(path: String, bytes: [UInt8]) throws(IDXError) {
    self.path = path
    size = bytes.count
    do {
      content = Gzip.recognises(bytes) ? .gzip(try Inflater(bytes)) : .plain(bytes[...])
    } catch {
      throw IDXError(path: path, compressed: true, problem: .gzip(error))
    }
  }

  /// How many bytes are left, where that is known before they are read.
  var remaining: Int? {
    if case .plain(let rest) = content { rest.count } else { nil }
  }

  /// The next `count` bytes; fewer only where the data end.
  mutating func read(_ count: Int) throws(IDXError) -> [UInt8] {
    switch content {
    case .gzip(let inflater):
      do {
        return try inflater.read(count)
      } catch {
        throw failure(.gzip(error))
      }
    case .plain(let rest):
      content = .plain(rest.dropFirst(count))
      return Array(rest.prefix(count))
    }
  }

  /// An error about this file.
  func failure(_ problem: IDXError.Problem) -> IDXError {
    IDXError(path: path, compressed: remaining == nil, problem: problem)
  }
}

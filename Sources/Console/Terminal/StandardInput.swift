import BVAELanguage
import BVAEPlatform
import Glibc
import Synchronization

/// Reading standard input in pieces, so that Ctrl-C can end the waiting.
package enum StandardInput {
  /// What waiting for input gave.
  package enum Piece {
    case bytes([UInt8])
    case interrupted
    case end
    /// Something else is to be looked at: the terminal's size, the time.
    case nothing
  }

  /// Reads a whole script.
  /// - Throws: `FileProblem` where it is longer than `limit` bytes, `Stop.interrupted` with Ctrl-C.
  package static func readAll(limit: Int = 1 << 26) throws -> [UInt8] {
    try readAll(from: 0, name: "standard input", limit: limit)
  }

  /// Whether a path leads to a pipe, a terminal or another thing that may keep its reader waiting.
  package static func mayWait(for path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }

  /// Reads a whole script from a pipe or a device, for which a plain read would wait without listening to Ctrl-C.
  /// - Throws: as `readAll(limit:)`.
  package static func readAll(ofPipe path: String, limit: Int = 1 << 26) throws -> [UInt8] {
    // Without O_NONBLOCK opening would wait already, for someone who writes.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw FileProblem(String(cString: strerror(errno)), of: path)
    }
    defer { close(descriptor) }
    return try readAll(from: descriptor, name: path, limit: limit)
  }

  private static func readAll(from descriptor: Int32, name: String, limit: Int) throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      switch next(from: descriptor) {
      case .bytes(let bytes): all += bytes
      case .interrupted: throw Stop.interrupted
      case .nothing: break
      case .end: return all
      }
      guard all.count <= limit else {
        throw FileProblem("it is larger than the \(limit.grouped) bytes that are accepted", of: name)
      }
    }
  }

  /// Whether something can be read without waiting.
  package static var isReady: Bool {
    var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, 0) > 0
  }

  /// What was read already and belongs in front of the rest: keys that came while the terminal was asked something.
  private static let pushedBack = Mutex<[UInt8]>([])

  /// Puts bytes of standard input back.
  static func pushBack(_ bytes: [UInt8]) { pushedBack.withLock { $0 += bytes } }

  /// Waits for the next piece.
  /// - Parameter milliseconds: how long at most; nil for as long as it takes.
  package static func next(from descriptor: Int32 = 0, milliseconds: Int32? = nil) -> Piece {
    if descriptor == 0 {
      let bytes = pushedBack.withLock { bytes in
        defer { bytes = [] }
        return bytes
      }
      if !bytes.isEmpty { return .bytes(bytes) }
    }
    while true {
      var descriptors = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Interruption.wakeUpDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&descriptors, 2, milliseconds ?? -1)
      if Interruption.wasRequested {
        Interruption.drain()
        return .interrupted
      }
      if ready < 0 && errno == EINTR { continue }
      // What Ctrl-C wrote before it was forgotten, or another signal.
      if descriptors[1].revents != 0 { Interruption.drain() }
      if ready == 0 || descriptors[0].revents == 0 { return .nothing }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      return count > 0 ? .bytes(Array(chunk[..<count])) : .end
    }
  }
}

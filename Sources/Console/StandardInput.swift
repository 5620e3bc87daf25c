import Glibc
import Platform
import Scripting

/// Reading standard input in pieces, so that Ctrl-C can end the waiting.
public enum StandardInput {
  /// What waiting for input gave.
  enum Piece {
    case bytes([UInt8])
    case interrupted
    case end
  }

  /// Reads a whole script.
  /// - Throws: `FileError` where it is longer than `limit` bytes, `Stop.interrupted` with Ctrl-C.
  public static func readAll(limit: Int = 1 << 26) throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      switch next() {
      case .bytes(let bytes): all += bytes
      case .interrupted: throw Stop.interrupted
      case .end: return all
      }
      guard all.count <= limit else {
        throw FileError(path: "standard input", reason: "more than the \(limit) bytes that are accepted from")
      }
    }
  }

  /// Waits for the next piece.
  static func next() -> Piece {
    while true {
      var descriptors = [
        pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Interruption.wakeUpDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&descriptors, 2, -1)
      if Interruption.wasRequested {
        Interruption.drain()
        return .interrupted
      }
      if ready < 0 && errno == EINTR { continue }
      // What Ctrl-C wrote before it was forgotten.
      if descriptors[1].revents != 0 { Interruption.drain() }
      if ready > 0 && descriptors[0].revents == 0 { continue }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(0, &chunk, chunk.count)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      return count > 0 ? .bytes(Array(chunk[..<count])) : .end
    }
  }
}

import BVAEConsole
import BVAELanguage
import BVAEPlatform
import Glibc

/// Messages on standard input and output: `Content-Length: 42`, an empty line, and so many bytes of JSON.
final class Wire {
  /// What came.
  enum Incoming {
    case message(JSON)
    /// Something that is no message.
    case garbage
  }

  private var buffer: [UInt8] = []
  private var start = 0
  /// How many bytes of a message that is too long are still to be passed over.
  private var skipping = 0
  private var hasEnded = false
  private let output: Int32
  /// Whether nobody reads any more.
  private(set) var hasNoReader = false

  private static let longestHeader = 8192, longestField = 64, longestBody = 1 << 26
  private static let gap = Array("\r\n\r\n".utf8)

  /// Takes standard output for itself: whatever else is written there goes to standard error.
  init() {
    output = fcntl(Output.standard, F_DUPFD_CLOEXEC, 3)
    dup2(Output.error, Output.standard)
  }

  /// Whether more has come already, so that what takes time can wait.
  var hasMore: Bool { start < buffer.count || StandardInput.isReady }

  /// The next message; nil at the end of input, or where a signal ends the program.
  func next() -> Incoming? {
    while true {
      if Interruption.endingSignal != nil || hasNoReader { return nil }
      if let found = taken() { return found }
      if hasEnded { return nil }
      switch StandardInput.next() {
      case .bytes(let bytes):
        buffer.removeFirst(start)
        start = 0
        buffer += bytes
      case .interrupted: Interruption.clear()
      case .end: hasEnded = true
      case .nothing: break
      }
    }
  }

  /// Writes a message.
  func write(_ message: JSON) {
    let body = message.bytes
    let text = "Content-Length: \(body.count)\r\n\r\n" + String(decoding: body, as: UTF8.self)
    hasNoReader = hasNoReader || Output.write(text, to: output) != 0
  }

  /// What the buffer begins with, as far as it has come.
  private func taken() -> Incoming? {
    if skipping > 0 {
      let count = min(skipping, buffer.count - start)
      skipping -= count
      start += count
      return skipping == 0 && count > 0 ? .garbage : nil
    }
    guard let end = headerEnd() else {
      guard buffer.count - start > Self.longestHeader else { return nil }
      // No header is so long; what comes behind, or at the very end, may be one.
      start += Self.longestHeader - Self.longestField
      return .garbage
    }
    let header = String(decoding: buffer[start..<end], as: UTF8.self)
    guard let length = Self.length(header), length <= Self.longestBody else {
      start = end + Self.gap.count
      skipping = Self.length(header) ?? 0
      return skipping == 0 ? .garbage : taken()
    }
    let body = end + Self.gap.count
    guard buffer.count - body >= length else { return nil }
    start = body + length
    return JSON(Array(buffer[body..<body + length])).map { .message($0) } ?? .garbage
  }

  private func headerEnd() -> Int? {
    var place = start
    let last = min(buffer.count, start + Self.longestHeader + Self.gap.count) - Self.gap.count
    while place <= last {
      if buffer[place] == Self.gap[0], buffer[place..<place + Self.gap.count].elementsEqual(Self.gap) { return place }
      place += 1
    }
    return nil
  }

  /// The number of bytes that a header announces. It is looked for at the end of what precedes the empty line: in front of
  /// it may stand other fields, or the rest of a message whose own number was wrong.
  private static func length(_ header: String) -> Int? {
    guard let field = header.lowercased().ranges(of: "content-length:").last else { return nil }
    let digits = header.lowercased()[field.upperBound...].drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
    return Int(digits)
  }
}

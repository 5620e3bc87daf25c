import BVAEConsole
import BVAELanguage
import BVAEPlatform

/// The requests on standard input, a line each. It is also looked at while a script runs, so that `stop` is heard.
final class ServerInput {
  /// The requests that wait for their turn, nil for a line that is none.
  private var waiting: [JSON?] = []
  /// How many of them ask for what runs to be stopped.
  private var stops = 0
  private var line: [UInt8] = []
  private var isTooLong = false
  private var hasEnded = false
  private var nextLook = 0.0

  /// The longest line that is read.
  static let longestLine = 1 << 26
  /// How often standard input is looked at while something runs, in seconds.
  static let interval = 0.02

  /// The next request; nil for a line that is none.
  /// - Throws: `Stop.quit` at the end of input, `Stop.interrupted` where a signal ends the program.
  func next() throws -> JSON? {
    while waiting.isEmpty {
      if Interruption.endingSignal != nil { throw Stop.interrupted }
      if hasEnded { throw Stop.quit }
      read(StandardInput.next())
    }
    let request = waiting.removeFirst()
    if Self.isStop(request) { stops -= 1 }
    return request
  }

  private static func isStop(_ request: JSON?) -> Bool { request?["request"]?.text == "stop" }

  /// Takes out the requests that ask for what runs to be stopped, as far as they have come.
  /// - Returns: whether there were any, with each of them.
  func takeStops() -> [JSON] {
    let now = Machine.seconds
    if now >= nextLook, !hasEnded {
      nextLook = now + Self.interval
      while !hasEnded, StandardInput.isReady, !Interruption.wasRequested { read(StandardInput.next(milliseconds: 0)) }
    }
    guard stops > 0 else { return [] }
    let found = waiting.filter(Self.isStop).compactMap { $0 }
    waiting.removeAll(where: Self.isStop)
    stops = 0
    return found
  }

  private func read(_ piece: StandardInput.Piece) {
    switch piece {
    case .bytes(let bytes): read(bytes)
    case .interrupted: if Interruption.endingSignal == nil { Interruption.clear() }
    case .end:
      hasEnded = true
      if !line.isEmpty { endLine() }
    case .nothing: break
    }
  }

  private func read(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      take(rest[..<end])
      endLine()
      rest = rest[(end + 1)...]
    }
    take(rest)
  }

  private func take(_ bytes: ArraySlice<UInt8>) {
    isTooLong = isTooLong || line.count + bytes.count > Self.longestLine
    if isTooLong { line = [0] } else { line += bytes }
  }

  private func endLine() {
    defer { (line, isTooLong) = ([], false) }
    if line.allSatisfy({ $0 <= 32 && $0 != 0 }) { return }
    let request = isTooLong ? nil : JSON(line)
    if Self.isStop(request) { stops += 1 }
    waiting.append(request)
  }
}

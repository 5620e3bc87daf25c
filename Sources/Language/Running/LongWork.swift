import BVAEPlatform

/// Tells the host that a command is still at work, where the command itself says nothing of it.
final class LongWork {
  private let host: any Host
  private var calls: [(verb: String, start: Double)] = []
  private var hasTold = false

  /// How long a command may take before anything is said, in seconds.
  private static let patience = 0.5

  init(_ host: any Host) { self.host = host }

  /// A command begins.
  func begin(_ verb: String) { calls.append((verb, Machine.seconds)) }

  /// The command that began last has ended.
  func end() {
    calls.removeLast()
    if hasTold && calls.isEmpty {
      hasTold = false
      host.progress(nil)
    }
  }

  /// The command that began last goes on.
  /// - Throws: `Stop.interrupted` with Ctrl-C.
  func goOn() throws {
    if host.interrupted { throw Stop.interrupted }
    guard let call = calls.last, Machine.seconds - call.start > Self.patience else { return }
    hasTold = true
    host.progress(Progress(call.verb, fraction: nil, isVague: true))
  }
}

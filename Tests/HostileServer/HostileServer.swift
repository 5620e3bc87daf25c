import BVAEPlatform
import Glibc
import Synchronization

/// A web server on this machine that behaves as badly as it is asked to: the first part of a path names the behaviour,
/// the last one the file.
public final class HostileServer: Sendable {
  /// What a client asked for.
  public struct Request: Sendable, Equatable {
    /// What stood in the request line: a path, or a whole address where the client takes this for a proxy.
    public let target: String
    /// The first byte that was asked for, where the client asked for less than all.
    public let start: Int?
  }

  /// The port that it listens on.
  public let port: Int
  let files: [String: [UInt8]]
  private let listener: Int32
  private let isOver = Atomic<Bool>(false)
  private let log = Mutex<[Request]>([])
  private let thread = Mutex<pthread_t?>(nil)

  /// Starts a server of some files.
  public init(_ files: [String: [UInt8]]) throws {
    self.files = files
    // Whatever proxy the tests run behind, it does not lead here.
    setenv("no_proxy", "127.0.0.1", 1)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard isListening else { throw FileProblem("no port could be opened", of: "127.0.0.1") }
    port = Int(UInt16(bigEndian: address.sin_port))
    var started = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let code = pthread_create(
      &started, nil,
      { context in
        if let context { Unmanaged<HostileServer>.fromOpaque(context).takeRetainedValue().serve() }
        return nil
      }, context)
    guard code == 0 else { throw FileProblem("no thread could be started", of: "127.0.0.1") }
    thread.withLock { $0 = started }
  }

  /// The address of a behaviour's folder, such as `http://127.0.0.1:4711/cut/`.
  public func address(_ behaviour: String) -> String { "http://127.0.0.1:\(port)/\(behaviour)/" }

  /// What was asked for so far.
  public var requests: [Request] { log.withLock { $0 } }

  /// Ends it; to be called once.
  public func stop() {
    isOver.store(true, ordering: .relaxed)
    if let thread = thread.withLock({ $0 }) { pthread_join(thread, nil) }
    close(listener)
  }

  private func serve() {
    signal(SIGPIPE, SIG_IGN)
    while !isOver.load(ordering: .relaxed) {
      var ready = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 20) > 0 else { continue }
      let client = accept(listener, nil, nil)
      guard client >= 0 else { continue }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      if let request = read(client) {
        log.withLock { $0.append(request) }
        Answer(server: self, client: client, request: request).give()
      }
      // Also for a program that was started meanwhile and has inherited it.
      shutdown(client, Int32(SHUT_RDWR))
      close(client)
    }
  }

  /// Waits until the client hangs up or the server ends.
  func waitForHangUp(_ client: Int32) {
    while !isOver.load(ordering: .relaxed) {
      var ready = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
      var byte: UInt8 = 0
      if poll(&ready, 1, 20) > 0 && recv(client, &byte, 1, 0) <= 0 { return }
    }
  }

  private func read(_ client: Int32) -> Request? {
    var text = ""
    while !text.contains("\r\n\r\n") {
      var bytes = [UInt8](repeating: 0, count: 4096)
      var ready = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 5000) > 0 else { return nil }
      let count = recv(client, &bytes, bytes.count, 0)
      guard count > 0, text.utf8.count < 1 << 16 else { return nil }
      text += String(decoding: bytes.prefix(count), as: UTF8.self)
    }
    let lines = text.split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let start = range?.drop { $0 != "=" }.dropFirst().prefix { $0 != "-" }
    return Request(target: String(words[1]), start: start.flatMap { Int($0) })
  }
}

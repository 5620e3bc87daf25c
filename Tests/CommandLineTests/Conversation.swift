import BVAEPlatform
import Glibc
import Testing

/// The program as a server of another one, over pipes.
final class Conversation {
  let child: Child
  private let input: Int32
  private var output: Int32
  private var unread: [UInt8] = []
  private let folder: Folder

  init(_ arguments: [String], in workingFolder: Folder? = nil, environment: [String: String?] = [:]) throws {
    folder = try Folder()
    let (toProgram, fromProgram) = (Path.join(folder.path, "in"), Path.join(folder.path, "out"))
    guard mkfifo(toProgram, 0o600) == 0, mkfifo(fromProgram, 0o600) == 0 else {
      throw FileProblem("no pipe could be made", of: folder.path)
    }
    // For reading too, so that opening waits for nobody.
    input = open(toProgram, O_RDWR | O_CLOEXEC)
    output = open(fromProgram, O_RDWR | O_CLOEXEC | O_NONBLOCK)
    child = try Child(
      arguments, standardInput: toProgram, standardOutput: fromProgram,
      standardError: Path.join(folder.path, "error"), session: true, folder: (workingFolder ?? folder).path,
      environment: environment)
  }

  deinit {
    close(input)
    if output >= 0 { close(output) }
  }

  func send(_ bytes: [UInt8]) {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      done += count
    }
  }

  /// Leaves what the program writes to nobody.
  func stopReading() {
    close(output)
    output = -1
  }

  /// Ends the program's input.
  func endInput() { close(input) }

  /// Reads until a function finds what it looks for in what has come, and takes that out.
  private func read<Found>(_ find: (inout [UInt8]) -> Found?) -> Found? {
    let deadline = Machine.seconds + patience
    while Machine.seconds < deadline {
      if let found = find(&unread) { return found }
      var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 200) > 0 else {
        if child.poll() != nil { return find(&unread) }
        continue
      }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = Glibc.read(output, &chunk, chunk.count)
      if count > 0 { unread += chunk[..<count] }
    }
    return nil
  }

  // MARK: - JSON lines

  func send(line: JSON) { send(line.bytes + [UInt8(ascii: "\n")]) }

  /// The next line.
  func line() -> JSON? {
    read { bytes in
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      defer { bytes.removeFirst(end + 1) }
      return JSON(Array(bytes[..<end]))
    }
  }

  /// The events up to the end of a request.
  func events(of id: JSON) -> [JSON] {
    var events: [JSON] = []
    while let event = line() {
      events.append(event)
      if event["id"] == id, event["event"] == "done" { break }
    }
    return events
  }

  // MARK: - Messages with a header

  func send(message: JSON) {
    let body = message.bytes
    send(Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body)
  }

  /// The next message.
  func message() -> JSON? {
    read { bytes in
      guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      let header = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      guard let length = Int(header.drop { !$0.isNumber }), bytes.count >= end.upperBound + length else { return nil }
      defer { bytes.removeFirst(end.upperBound + length) }
      return JSON(Array(bytes[end.upperBound..<end.upperBound + length]))
    }
  }

  /// The answer to a request, and the mistakes of documents that were told before it.
  func ask(_ method: String, _ parameters: JSON, id: Int = 1) -> JSON? {
    send(message: ["jsonrpc": "2.0", "id": JSON(id), "method": .text(method), "params": parameters])
    while let message = message() {
      if message["id"] == JSON(id) { return message }
    }
    return nil
  }

  func note(_ method: String, _ parameters: JSON) {
    send(message: ["jsonrpc": "2.0", "method": .text(method), "params": parameters])
  }

  /// The mistakes that are told next.
  func mistakes() -> [JSON] {
    while let message = message() {
      if message["method"] == "textDocument/publishDiagnostics" {
        return message["params"]?["diagnostics"]?.list ?? []
      }
    }
    return []
  }
}

/// A recorded conversation: lines that begin with `> ` are sent, those that begin with `< ` must come back. Other lines
/// are remarks.
struct RecordedConversation {
  let path: String
  private let lines: [String]

  init(_ name: String) throws {
    path = Path.join(Path.parent(#filePath), "Transcripts/\(name).txt")
    lines = try Files.readText(path).split(separator: "\n").map(String.init)
  }

  /// Sends what is to be sent, each when the answers to the last have come.
  /// - Parameter answers: sends a line, and gives the answers to it.
  func replay(_ answers: (JSON) -> [JSON]) throws {
    var recorded: [String] = []
    for line in lines where !line.hasPrefix("< ") {
      recorded.append(line)
      guard line.hasPrefix("> ") else { continue }
      let message = try #require(JSON(Array(line.utf8.dropFirst(2))), "\(line)")
      recorded += answers(message).map { "< " + String(decoding: Self.shortened($0).bytes, as: UTF8.self) }
    }
    if Machine.environment("BVAE_RECORD") != nil {
      try Files.write(recorded.joined(separator: "\n") + "\n", to: path)
    }
    let expected = try Files.readText(path).split(separator: "\n").map(String.init)
    for (found, wanted) in zip(recorded, expected) { #expect(found == wanted) }
    #expect(recorded.count == expected.count)
  }

  /// Without what differs from machine to machine, or is too long to read.
  private static func shortened(_ value: JSON) -> JSON {
    switch value {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { name, member in
            (name, name == "png" ? .text("…") : name == "version" ? "…" : shortened(member))
          }))
    case .list(let list): .list(list.map(shortened))
    default: value
    }
  }
}

import BVAEPlatform
import Glibc

/// The answer to one request.
struct Answer {
  let server: HostileServer
  let client: Int32
  let request: HostileServer.Request

  func give() {
    // A proxy is asked for whole addresses.
    let path =
      request.target.hasPrefix("http://") ? request.target.dropFirst(7).drop { $0 != "/" } : request.target[...]
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count == 2, let file = server.files[parts[1]] else { return send(status: "404 Not Found", []) }
    let name = parts[1], start = min(request.start ?? 0, file.count)
    let rest = Array(file[start...])
    // Two fifths of the file: what a server that cuts off gives at a time.
    let part = Array(rest.prefix((file.count * 2 + 4) / 5))
    switch parts[0] {
    case "whole": send(status: partial, headers: range(file), rest)
    case "slow":
      begin(status: partial, headers: range(file), length: rest.count)
      for place in stride(from: 0, to: rest.count, by: max(1, file.count / 10)) {
        guard send(Array(rest[place..<min(rest.count, place + max(1, file.count / 10))])) else { return }
        usleep(20_000)
      }
    case "cut": send(status: partial, headers: range(file), length: rest.count, part)
    case "short": send(status: partial, headers: range(file), part)
    case "promising": send(status: partial, headers: range(file), length: rest.count + 1000, rest)
    case "endless":
      begin(status: "200 OK", headers: [], length: nil)
      var chunk = file
      while send(chunk) && !chunk.isEmpty { chunk = chunk.map { $0 &+ 1 } }
    case "wrong":
      send(status: "200 OK", file.prefix(file.count / 2) + file.suffix(file.count - file.count / 2).map { $0 ^ 1 })
    case "page": send(status: "200 OK", Array("<!DOCTYPE html><title>Please log in</title>".utf8))
    case "empty": send(status: "200 OK", [])
    case "500": send(status: "500 Internal Server Error", Array("<h1>Sorry</h1>".utf8))
    case "redirect": send(status: "302 Found", headers: ["Location: /whole/\(name)"], [])
    case "loop": send(status: "302 Found", headers: ["Location: /loop/\(name)"], [])
    case "leap": send(status: "302 Found", headers: ["Location: file:///etc/passwd"], [])
    case "rangeless": send(status: "200 OK", file)
    case "unsatisfiable":
      request.start == nil ? send(status: "200 OK", file) : send(status: "416 Range Not Satisfiable", [])
    case "stalling":
      begin(status: partial, headers: range(file), length: rest.count)
      if send(part) && part.count < rest.count { server.waitForHangUp(client) }
    case "silent": server.waitForHangUp(client)
    case "gibberish": send(Array("\u{0}\u{1}\u{2} no server at all\r\n\r\n".utf8))
    default: send(status: "404 Not Found", [])
    }
  }

  private var partial: String { request.start == nil ? "200 OK" : "206 Partial Content" }

  private func range(_ file: [UInt8]) -> [String] {
    request.start.map { ["Content-Range: bytes \($0)-\(file.count - 1)/\(file.count)"] } ?? []
  }

  private func send(status: String, headers: [String] = [], length: Int? = nil, _ body: [UInt8]) {
    begin(status: status, headers: headers, length: length ?? body.count)
    send(body)
  }

  private func begin(status: String, headers: [String], length: Int?) {
    let lines =
      ["HTTP/1.1 \(status)", "Connection: close"] + headers + (length.map { ["Content-Length: \($0)"] } ?? [])
    send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
  }

  @discardableResult
  private func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

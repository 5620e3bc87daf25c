import BVAEPlatform
import Glibc
import Testing

@Suite("A session in JSON lines")
struct ServerTests {
  @Test("a conversation goes as it was recorded")
  func transcript() throws {
    let server = try Conversation(["--server"])
    #expect(server.line()?["event"] == "hello")
    try RecordedConversation("server").replay { request in
      server.send(line: request)
      return server.events(of: request["id"] ?? .null)
    }
  }

  @Test("'stop' ends a training, after which the session still has its model")
  func stop() throws {
    let server = try Conversation(["--server"])
    server.send(line: [
      "id": 1, "request": "run",
      "code": """
      ones = load mnist digits 1 count 64
      m = vae for ones latents 3 channels 4 seed 11
      train m on ones epochs 1000000 batch 16 seed 3
      """,
    ])
    while let event = server.line(), event["event"] != "progress" {}
    server.send(line: ["id": 2, "request": "stop"])
    let events = server.events(of: 1)
    #expect(events.last?["status"] == "stopped")
    #expect(events.contains { $0["id"] == 2 && $0["event"] == "done" })
    // What is stopped while nothing runs does nothing.
    server.send(line: ["id": 3, "request": "stop"])
    #expect(server.events(of: 3).last?["status"] == "ok")
    server.send(line: ["id": 4, "request": "run", "code": "rows = sweep m from ones[0] range prior\nshow rows"])
    let shown = server.events(of: 4)
    #expect(shown.contains { $0["event"] == "picture" })
    #expect(shown.last?["status"] == "ok")
  }

  @Test("a run and the 'stop' behind it may come together; a loop without end ends")
  func stopAtOnce() throws {
    let server = try Conversation(["--server"])
    let run: JSON = ["id": 1, "request": "run", "code": "n = 0\nwhile true\n  n += 1\nend"]
    server.send(run.bytes + Array("\n{\"id\": 2, \"request\": \"stop\"}\n".utf8))
    #expect(server.events(of: 1).last?["status"] == "stopped")
  }

  @Test("'stop' ends a command of the shell with all that it has started")
  func stopShell() throws {
    let server = try Conversation(["--server", "--allow-shell"])
    server.send(line: ["id": 1, "request": "run", "code": "!sleep 1000 & echo $!; wait"])
    var process: Int32?
    while process == nil, let event = server.line() { process = event["text"]?.text.flatMap { Int32($0) } }
    server.send(line: ["id": 2, "request": "stop"])
    #expect(server.events(of: 1).last?["status"] == "stopped")
    let sleep = try #require(process), deadline = Machine.seconds + 20
    while kill(sleep, 0) == 0, !Self.isGone(sleep), Machine.seconds < deadline { usleep(20_000) }
    #expect(kill(sleep, 0) != 0 || Self.isGone(sleep))
  }

  /// Whether a process has ended, though nobody has asked how.
  private static func isGone(_ process: Int32) -> Bool {
    let state = try? Files.readText("/proc/\(process)/stat").split(separator: " ").dropFirst(2).first
    return state == nil || state == "Z"
  }

  @Test("thousands of requests may wait while one runs")
  func waiting() throws {
    let server = try Conversation(["--server"])
    let run: JSON = ["id": 1, "request": "run", "code": "n = 0\nfor k in 0..20000\n  n += k\nend\nn"]
    let others = (2...3000).flatMap { "{\"id\": \($0), \"request\": \"whole\", \"code\": \"x\"}\n".utf8 }
    server.send(run.bytes + [10] + others)
    #expect(server.events(of: 1).contains { $0["text"] == "200010000" })
    #expect(server.events(of: 3000).last?["event"] == "done")
  }

  @Test("what runs ends when nobody reads any more, though it shows nothing")
  func readerGone() throws {
    let server = try Conversation(["--server"])
    server.send(line: ["id": 1, "request": "run", "code": "print 1\nwhile true\n  x = 1\nend"])
    while let event = server.line(), event["event"] != "text" {}
    server.stopReading()
    #expect(server.child.wait() != 0)
  }

  @Test("Ctrl-C, sent as a signal, stops what runs and not the session")
  func signal() throws {
    let server = try Conversation(["--server"])
    server.send(line: ["id": 1, "request": "run", "code": "x = 5\nprint x\nwhile true\n  x += 1\nend"])
    while let event = server.line(), event["event"] != "text" {}
    server.child.interrupt()
    #expect(server.events(of: 1).last?["status"] == "stopped")
    server.send(line: ["id": 2, "request": "run", "code": "print x > 4"])
    #expect(server.events(of: 2).first?["text"] == "true")
  }

  @Test("progress comes at most five times a second and is said to have ended")
  func progress() throws {
    let server = try Conversation(["--server"])
    let start = Machine.seconds
    server.send(line: [
      "id": 1, "request": "run",
      "code": """
      ones = load mnist digits 1 count 64
      m = vae for ones latents 3 channels 4
      train m on ones epochs 60
      """,
    ])
    let events = server.events(of: 1).filter { $0["event"] == "progress" }
    let seconds = Machine.seconds - start
    #expect(events.count { $0["ended"] == nil } <= Int(seconds / 0.2) + 1)
    #expect(events.last?["ended"] == true)
  }

  @Test("the end of input ends it when what was asked for has been answered; --report is written")
  func end() throws {
    let folder = try Folder()
    let server = try Conversation(["--server", "--report", "report.md"], in: folder)
    server.send(line: ["id": 1, "request": "run", "code": "| # Said in a cell"])
    server.endInput()
    #expect(server.events(of: 1).contains { $0["event"] == "prose" && $0["markdown"] == "# Said in a cell" })
    #expect(server.child.wait() == 0)
    #expect(try Files.readText(Path.join(folder.path, "report.md")).hasPrefix("# Said in a cell"))
  }

  @Test("lines that are no requests are answered, and nothing else happens")
  func garbage() throws {
    let server = try Conversation(["--server"])
    _ = server.line()
    var random = Random(seed: 7)
    for _ in 0..<200 {
      let count = Int.random(in: 1...300, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 33...255, using: &random) }.filter { $0 != 10 }
      server.send(bytes + [10])
      #expect(server.line()?["status"] == "error")
    }
    for line in ["{}", "[]", "3", "{\"request\": 5}", "{\"request\": \"run\"}", "{\"request\": \"run\", \"code\": 3}"] {
      server.send(Array((line + "\n").utf8))
      #expect(server.line()?["status"] == "error")
    }
    server.send(line: ["id": "last", "request": "run", "code": "1 + 1"])
    #expect(server.events(of: "last").first?["text"] == "2")
  }

  @Test("what is printed past the protocol does not come between its lines; the shell's output is shown")
  func shell() throws {
    let server = try Conversation(["--server", "--allow-shell"])
    _ = server.line()
    server.send(line: ["id": 1, "request": "run", "code": "! echo one; echo two >&2; printf three"])
    let texts = server.events(of: 1).compactMap { $0["text"]?.text }.joined(separator: "\n")
    #expect(texts == "one\ntwo\nthree")
  }
}

import BVAEPlatform
import Glibc
import Testing

@Suite("A server for editors")
struct LanguageServerTests {
  private let uri: JSON = "file:///nowhere/a%20b.bvs"

  private func opened(_ text: String, encodings: JSON = ["utf-16"]) throws -> Conversation {
    let server = try Conversation(["--lsp"])
    let answer = server.ask("initialize", ["capabilities": ["general": ["positionEncodings": encodings]]])
    #expect(answer?["result"]?["capabilities"]?["hoverProvider"] == true)
    server.note("initialized", [:])
    server.note(
      "textDocument/didOpen", ["textDocument": ["uri": uri, "languageId": "bvs", "version": 1, "text": .text(text)]])
    return server
  }

  @Test("a conversation goes as it was recorded")
  func transcript() throws {
    let server = try Conversation(["--lsp"])
    try RecordedConversation("lsp").replay { message in
      server.send(message: message)
      if let id = message["id"] {
        while let answer = server.message() { if answer["id"] == id { return [answer] } }
      }
      let method = message["method"]?.text ?? ""
      let isTold = ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"].contains(method)
      return isTold ? [server.message()].compactMap { $0 } : []
    }
    #expect(server.child.wait() == 0)
  }

  @Test(
    "positions are counted in UTF-16, or in bytes where the editor can", arguments: [("utf-16", 14), ("utf-8", 17)])
  func positions(encoding: String, character: Int) throws {
    let server = try opened("print \"ü😀\", nonsense\n", encodings: ["utf-16", .text(encoding)])
    let mistake = try #require(server.mistakes().first)
    #expect(mistake["range"]?["start"]?["character"]?.whole == character - 1)
    #expect(mistake["range"]?["end"]?["character"]?.whole == character + 7)
    // Replaced by the editor in the same positions.
    server.note(
      "textDocument/didChange",
      [
        "textDocument": ["uri": uri, "version": 2],
        "contentChanges": [["range": mistake["range"] ?? .null, "text": "5"]],
      ])
    #expect(server.mistakes().isEmpty)
  }

  /// A script with the edits of an answer to 'rename' put in.
  private func renamed(_ text: String, at offset: Int, to name: String) throws -> String? {
    let server = try opened(text), before = text.utf8.prefix(offset)
    let line = before.count { $0 == 10 }, character = before.reversed().prefix { $0 != 10 }.count
    let answer = server.ask(
      "textDocument/rename",
      [
        "textDocument": ["uri": uri], "position": ["line": JSON(line), "character": JSON(character)],
        "newName": .text(name),
      ])
    guard let edits = answer?["result"]?["changes"]?[uri.text ?? ""]?.list else {
      return answer?["error"]?["message"]?.text
    }
    var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(Substring($0)) }
    for edit in edits.reversed() {
      let start = edit["range"]?["start"], line = start?["line"]?.whole ?? 0
      let from = start?["character"]?.whole ?? 0, to = edit["range"]?["end"]?["character"]?.whole ?? 0
      var bytes = Array(lines[line].utf8)
      bytes.replaceSubrange(from..<to, with: Array(name.utf8))
      lines[line] = String(decoding: bytes, as: UTF8.self)
    }
    return lines.joined(separator: "\n")
  }

  @Test(
    "a name is renamed wherever it stands",
    arguments: [
      ("x = 1\ny = (x) + x * ((x))\n", 0, "k = 1\ny = (k) + k * ((k))\n"),
      ("x = [1, 2]\nprint (x)[1], ( x ).count\n", 0, "k = [1, 2]\nprint (k)[1], ( k ).count\n"),
      ("x = 1\r\nprint \"{x}\", x\r\n", 0, "k = 1\r\nprint \"{k}\", k\r\n"),
      ("print arguments.count\n", 6, "'arguments' gets its value elsewhere, not in this script"),
    ])
  func renames(text: String, offset: Int, expected: String) throws {
    #expect(try renamed(text, at: offset, to: "k") == expected)
  }

  @Test("no name becomes one that means something already")
  func refusedNames() throws {
    for name in ["arguments", "load", "end", "y", "a b"] {
      #expect(try renamed("x = 1\ny = 2\n", at: 0, to: name)?.contains("'\(name)'") == true, "\(name)")
    }
  }

  @Test("an included script that is open and not saved is read as the editor has it")
  func unsaved() throws {
    let folder = try Folder()
    let path = try folder.write("lib.bvs", "total = 5\n")
    let main: JSON = .text("file://" + Path.join(folder.path, "main.bvs")), library: JSON = .text("file://" + path)
    let server = try Conversation(["--lsp"], in: folder)
    _ = server.ask("initialize", ["capabilities": [:]])
    for (uri, text) in [(library, "# new\ntotal = 5\n"), (main, "include \"lib.bvs\"\nprint total\n")] {
      server.note(
        "textDocument/didOpen", ["textDocument": ["uri": uri, "languageId": "bvs", "version": 1, "text": .text(text)]])
    }
    let place: [String: JSON] = ["textDocument": ["uri": main], "position": ["line": 1, "character": 7]]
    let definition = server.ask("textDocument/definition", .object(place))?["result"]
    #expect(definition?["uri"] == library && definition?["range"]?["start"]?["line"] == 1)
    let renamed = server.ask("textDocument/rename", .object(place.merging(["newName": "all_of"]) { $1 }))?["result"]
    #expect(renamed?["changes"]?[library.text ?? ""]?.list?.first?["range"]?["start"]?["line"] == 1)
  }

  @Test("what can complete a word is found behind line ends of Windows, too")
  func windowsLineEnds() throws {
    let server = try opened("x = 1\r\npri")
    let answer = server.ask(
      "textDocument/completion", ["textDocument": ["uri": uri], "position": ["line": 1, "character": 3]])
    #expect(answer?["result"]?["items"]?.list?.contains { $0["label"] == "print" } == true)
  }

  @Test("a script may be looked at that would train, write and load; nothing of it is done")
  func onlyLooks() throws {
    let folder = try Folder()
    let server = try Conversation(["--lsp"], in: folder)
    _ = server.ask("initialize", ["capabilities": [:]])
    let text = """
      ones = load mnist digits 1 count 64
      m = vae for ones latents 3
      train m on ones epochs 5
      save m "m.safetensors"
      report "r.md"
      """
    let uri = JSON.text("file://" + Path.join(folder.path, "a.bvs"))
    server.note("textDocument/didOpen", ["textDocument": ["uri": uri, "version": 1, "text": .text(text)]])
    #expect(server.mistakes().isEmpty)
    _ = server.ask(
      "textDocument/completion", ["textDocument": ["uri": uri], "position": ["line": 2, "character": 8]])
    #expect(try Files.list(folder.path).isEmpty)
  }

  @Test("a name that is read and set in one place changes there once; a byte order mark shifts nothing")
  func renames() throws {
    let server = try opened("\u{FEFF}n = 1\nn += 2\nprint \"{n}\", [n for n in [1] if n > 0]\n")
    #expect(server.mistakes().isEmpty)
    let request: JSON = [
      "textDocument": ["uri": uri], "position": ["line": 2, "character": 8], "newName": "count",
    ]
    let edits = server.ask("textDocument/rename", request)?["result"]?["changes"]?["file:///nowhere/a%20b.bvs"]?.list
    let starts = edits?.map { [$0["range"]?["start"]?["line"]?.whole, $0["range"]?["start"]?["character"]?.whole] }
    #expect(starts == [[0, 0], [1, 0], [2, 8]])
  }

  @Test("included scripts are known: their commands, variables and mistakes")
  func includes() throws {
    let folder = try Folder()
    _ = try folder.write("tools.bvs", "# Half of it.\ndefine half x\n  x / 2\nend\ndigit = 3\n")
    let server = try Conversation(["--lsp"], in: folder)
    _ = server.ask("initialize", ["capabilities": [:]])
    let uri = JSON.text("file://" + Path.join(folder.path, "a.bvs"))
    let text = "include \"tools.bvs\"\nprint (half digit)\n"
    server.note("textDocument/didOpen", ["textDocument": ["uri": uri, "version": 1, "text": .text(text)]])
    #expect(server.mistakes().isEmpty)
    let place: JSON = ["textDocument": ["uri": uri], "position": ["line": 1, "character": 8]]
    let found = server.ask("textDocument/definition", place)?["result"]
    #expect(found?["uri"] == JSON.text("file://" + Path.join(folder.path, "tools.bvs")))
    #expect(found?["range"]?["start"] == ["line": 1, "character": 7])
    let hover = server.ask("textDocument/hover", place)?["result"]?["contents"]?["value"]?.text ?? ""
    #expect(hover.contains("half X") && hover.contains("Half of it."))
    // A mistake in the other file is told where it is included, once the file is saved.
    _ = try folder.write("tools.bvs", "prnt 3\n")
    server.note("textDocument/didSave", ["textDocument": ["uri": uri]])
    let mistakes = server.mistakes()
    #expect(mistakes.contains { $0["message"]?.text?.contains("tools.bvs:1: there is no command 'prnt'") ?? false })
  }

  @Test("a message of a wrong length costs the next one or two, not the editor's connection")
  func wrongLengths() throws {
    let body = Array("{\"jsonrpc\": \"2.0\", \"id\": 0, \"method\": \"textDocument/hover\", \"params\": {}}".utf8)
    var random = Random(seed: 3)
    let wrong: [[UInt8]] = [
      Array("Content-Length: \(body.count - 3)\r\n\r\n".utf8) + body,
      Array("Content-Length: \(body.count + 3)\r\n\r\n".utf8) + body,
      Array("Content-Length: much\r\n\r\n".utf8) + body, Array("Content-Length: \(body.count)\n\n".utf8) + body,
      Array("hello\n".utf8), (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) },
    ]
    for (number, bytes) in wrong.enumerated() {
      let server = try opened("ones = load mnist\n")
      server.send(bytes)
      for id in 101...103 {
        server.send(message: [
          "jsonrpc": "2.0", "id": JSON(id), "method": "textDocument/hover",
          "params": ["textDocument": ["uri": uri], "position": ["line": 0, "character": 8]],
        ])
      }
      var answered = false
      while !answered, let answer = server.message() { answered = answer["id"] == 103 && answer["result"] != nil }
      #expect(answered, "\(number)")
    }
  }

  @Test("random bytes and broken messages do not end it, and whole ones are answered afterwards")
  func hostile() throws {
    let server = try opened("beta = 4\nprint beta\n")
    var random = Random(seed: 3)
    server.send((0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) } + Array("\r\n\r\n".utf8))
    let position: JSON = ["line": 1, "character": 7]
    for round in 0..<600 {
      let method = ["hover", "completion", "rename", "references", "semanticTokens/full", "didChange"][round % 6]
      let message: JSON = [
        "jsonrpc": "2.0", "id": JSON(round + 100), "method": .text("textDocument/" + method),
        "params": [
          "textDocument": ["uri": uri], "position": position, "newName": "gamma",
          "contentChanges": [["range": ["start": position, "end": position], "text": "x"]],
        ],
      ]
      var body = message.bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      server.send(Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body)
      // Its answers are read now and then, else both would wait for each other.
      if round % 50 == 49 { #expect(server.ask("nonsense", [:], id: 90_000 + round)?["error"] != nil) }
    }
    #expect(server.ask("shutdown", [:], id: 99_999)?["id"] == 99_999)
    server.note("exit", [:])
    #expect(server.child.wait() == 0)
  }
}

import BVAEConsole
import BVAEPlatform
import Glibc
import Testing

private final class Folder {
  let path = "/tmp/bvae-console-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
  init() throws { try Files.makeDirectory(path) }
  deinit {
    for name in (try? Files.list(path)) ?? [] { try? Files.remove(Path.join(path, name)) }
    rmdir(path)
  }
}

@Test("entries are kept once, the latest last, and not without end")
func list() {
  var list = HistoryList(["a", "b", "a", "  ", "", "c"])
  #expect(list.entries == ["b", "a", "c"])
  let isAdded = list.add("b")
  #expect(isAdded)
  #expect(list.entries == ["a", "c", "b"])
  for refused in ["b", " \n ", String(repeating: "x", count: HistoryList.longest + 1)] {
    #expect(list.add(refused) == false)
  }
  let many = HistoryList((0..<HistoryList.most + 10).map { "\($0)" })
  #expect(many.entries.count == HistoryList.most && many.entries.first == "10")
}

@Test("entries of several lines and with backslashes come back as they were")
func text() {
  let entries = [
    "print 1", "for k in 0..1\n  print \"\\n\"\nend", "x = 1 + \\\n  2", "\\", "ü語🙂", "a\\nb", "tab\there",
  ]
  let bytes = Array(entries.map(HistoryText.line).joined().utf8)
  #expect(bytes.count { $0 == 10 } == entries.count)
  #expect(HistoryText.entries(of: bytes) == entries)
}

@Test("whatever the bytes of a history are, what can be used of it is")
func brokenText() {
  let bytes = Array("good\nbad\0\n".utf8) + [0xFF, 0xFE, 10] + Array("\u{1B}[2J\nby hand \\x\nlast without end".utf8)
  #expect(HistoryText.entries(of: bytes) == ["good", "by hand \\x", "last without end"])
  #expect(HistoryText.entries(of: []) == [])
  #expect(HistoryText.entries(of: [UInt8](repeating: 0, count: 1 << 20)) == [])
  #expect(HistoryText.entries(of: [UInt8](repeating: 0x61, count: 1 << 20)) == [])
}

@Test("a history is there in the next session, and two at once do not harm each other")
func sessions() throws {
  let folder = try Folder()
  let path = Path.join(folder.path, "state/history")
  let first = InputHistory(path: path), second = InputHistory(path: path)
  #expect(first.entries == [])
  try first.add("one")
  try second.add("two")
  try first.add("three\nlines")
  try second.add("one")
  #expect(second.entries == ["two", "three\nlines", "one"])
  #expect(first.entries == ["one", "three\nlines"])
  #expect(InputHistory(path: path).entries == ["two", "three\nlines", "one"])
  var status = stat()
  #expect(stat(path, &status) == 0 && status.st_mode & 0o077 == 0)
  try Files.remove(path)
  rmdir(Path.parent(path))
}

@Test("a history that has grown is written anew without losing what others add")
func growth() throws {
  let folder = try Folder()
  let path = Path.join(folder.path, "history")
  let many = (0..<HistoryList.most * 2).map { HistoryText.line("print \($0 % 6000)") }
  try Files.write(many.joined(), to: path)
  let history = InputHistory(path: path)
  #expect(history.entries.count == HistoryList.most)
  #expect(try Files.readText(path).split(separator: "\n").count == HistoryList.most)
  try InputHistory(path: path).add("another")
  try history.add("own")
  #expect(InputHistory(path: path).entries.suffix(3) == ["print 3999", "another", "own"])
}

@Test("many processes' worth of additions at once are all there, each whole")
func concurrency() async throws {
  let folder = try Folder()
  let path = Path.join(folder.path, "history")
  await withTaskGroup(of: Void.self) { group in
    for task in 0..<8 {
      group.addTask {
        let log = SharedLog(path)
        for line in 0..<40 {
          while (try? log.append("\(task) \(line)\n")) == nil {}
          if line % 10 == 9 {
            while (try? log.rewrite(limit: 1 << 20, { String(decoding: $0, as: UTF8.self) })) == nil {}
          }
        }
      }
    }
  }
  let lines = try Files.readText(path).split(separator: "\n")
  #expect(lines.count == 320 && Set(lines).count == 320)
}

@Test("a last line that was cut off does not swallow the next entry")
func cutLine() throws {
  let folder = try Folder()
  let path = Path.join(folder.path, "history")
  try Files.write("one\ncut", to: path)
  try InputHistory(path: path).add("two")
  #expect(InputHistory(path: path).entries == ["one", "cut", "two"])
}

@Test("a history that is a folder, a pipe or endless neither hangs nor loses the session's own entries")
func strangeFiles() throws {
  let folder = try Folder()
  let pipe = Path.join(folder.path, "pipe"), huge = Path.join(folder.path, "huge")
  #expect(mkfifo(pipe, 0o600) == 0)
  try Files.write("", to: huge)
  #expect(truncate(huge, 1 << 30) == 0)
  for path in [folder.path, pipe, "/dev/zero", "/dev/full", "/proc/self/mem", "no\0thing"] {
    let history = InputHistory(path: path)
    #expect(history.entries == [], "\(path)")
    #expect(throws: FileProblem.self, "\(path)") { try history.add("one") }
    #expect(history.entries == ["one"], "\(path)")
  }
  let history = InputHistory(path: huge)
  #expect(history.entries == [])
  try history.add("one")
  #expect(InputHistory(path: huge).entries == ["one"])
  let none = InputHistory(path: nil)
  try none.add("one")
  #expect(none.entries == ["one"])
}

@Test("at /dev/null no history is kept, and that is no error")
func nowhere() throws {
  let history = InputHistory(path: "/dev/null")
  try history.add("one")
  try history.add("two")
  #expect(history.entries == ["one", "two"])
}

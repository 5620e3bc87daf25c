import BVAEPlatform
import Glibc
import Testing

struct ChildProcessTests {
  @Test("Arguments arrive as they are, whatever a shell would make of them")
  func arguments() throws {
    let words = ["$(touch /tmp/x)", "a b", "*", "'\"`", ";ls", "-n", "ü\n"]
    let child = try ChildProcess("/usr/bin/printf", ["[%s]"] + words)
    var bytes: [UInt8] = []
    while case .bytes(let more) = child.read(waiting: 10) { bytes += more }
    #expect(child.wait() == .exited(0))
    #expect(String(decoding: bytes, as: UTF8.self) == words.map { "[\($0)]" }.joined())
  }

  @Test("The end, the code and the words on standard error are told")
  func endings() throws {
    let failing = try ChildProcess("/bin/sh", ["-c", "cat; echo no >&2; exit 3"])
    #expect(failing.read(waiting: 10) == .end)
    #expect(failing.wait() == .exited(3))
    #expect(failing.complaint == "no\n")
    let killed = try ChildProcess("/bin/sh", ["-c", "kill -9 $$"])
    #expect(killed.read(waiting: 10) == .end)
    #expect(killed.wait() == .killed(SIGKILL))
  }

  @Test("A program that says nothing can be waited for and stopped")
  func stopping() throws {
    let child = try ChildProcess("/bin/sleep", ["100"])
    #expect(child.read(waiting: 0.05) == .nothing)
    #expect(child.stop() == .killed(SIGKILL))
    #expect(child.stop() == .killed(SIGKILL))
  }

  @Test("A flood on standard error does not stop the program, and its end is kept")
  func flood() throws {
    let child = try ChildProcess("/bin/sh", ["-c", "yes 0123456789 | head -c 1000000 >&2; echo end >&2; echo done"])
    #expect(child.read(waiting: 30) == .bytes(Array("done\n".utf8)))
    #expect(child.wait() == .exited(0))
    #expect(child.complaint.hasSuffix("end\n") && child.complaint.utf8.count <= 4096)
  }

  @Test("What cannot be started is an error")
  func missing() {
    #expect(throws: FileProblem.self) { _ = try ChildProcess("/nothing/here", []) }
    #expect(throws: FileProblem.self) { _ = try ChildProcess("/bin/echo", ["a\0b"]) }
  }

  @Test("Programs are found on the PATH, never in the working folder")
  func search() {
    #expect(Machine.program("sh")?.hasPrefix("/") == true)
    #expect(Machine.program("no-such-program-here") == nil)
  }
}

import BVAEPlatform
import Glibc
import Testing

struct FileLockTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  @Test("a claim is one process's at a time, names it, and leaves no file")
  func claim() throws {
    let path = folder("a.lock")
    guard case .taken(let lock) = try FileLock.attempt(path) else {
      Issue.record("not taken")
      return
    }
    try withExtendedLifetime(lock) {
      guard case .held(let process) = try FileLock.attempt(path) else {
        Issue.record("taken twice")
        return
      }
      #expect(process == Int(getpid()))
    }
  }

  @Test("when it is given back it can be taken again; a folder that is none takes no claims")
  func again() throws {
    let path = folder("b.lock")
    for _ in 0..<3 {
      do {
        let attempt = try FileLock.attempt(path)
        guard case .taken(let lock) = attempt else {
          Issue.record("not given back")
          return
        }
        withExtendedLifetime(lock) { #expect(Files.exists(path)) }
      }
      #expect(!Files.exists(path))
    }
    #expect(throws: FileProblem.self) { try FileLock.attempt(folder("no/c.lock")) }
  }

  @Test("a file is written piece by piece, and as before when its content fails")
  func pieces() throws {
    let path = folder("p")
    try Files.write(to: path) { sink in
      try sink.write([1, 2, 3])
      try sink.write(floats: [1.5, -2])
      try sink.overwrite([9], at: 1)
    }
    let bytes: [UInt8] = [1, 9, 3, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0]
    #expect(try Files.read(path) == bytes)
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try Files.write(to: path) {
        try $0.write([7])
        throw Failure()
      }
    }
    #expect(throws: Failure.self) {
      try Files.write(to: path, beforeNaming: { throw Failure() }) { try $0.write([7]) }
    }
    #expect(try Files.read(path) == bytes)
    #expect(try Files.list(folder.path) == ["p"])
  }

  @Test("a moment of today is told by the hour, another with its day")
  func clock() {
    let moment = 1_700_000_000
    let today = Machine.clock(moment, now: moment)
    #expect(today.count == 5 && today.contains(":"))
    let later = Machine.clock(moment, now: moment + 90_000_000)
    #expect(later.hasPrefix("2023-11-1") && later.hasSuffix(" " + today))
  }

  @Test("what a killed process left is removed also where nobody has asked for its end")
  func zombie() throws {
    var process: pid_t = 0
    var words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(words[0]) }
    #expect(posix_spawn(&process, "/bin/true", nil, nil, &words, environ) == 0)
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    let sub = folder("sub")
    try Files.makeDirectory(sub)
    close(open(sub + "/.\(process)-0.partial", O_WRONLY | O_CREAT, 0o600))
    try Files.write([1], to: sub + "/a")
    #expect(try Files.list(sub) == ["a"])
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }
}

import BVAEGrids
import BVAEPlatform
import Glibc
import Synchronization
import Testing

@Suite("A grid's folder")
struct GridFolderTests {
  @Test("a grid is read as it was written, whole or a single task")
  func reading() throws {
    let folder = try Folder(), grid = try folder.grid(12)
    let whole = try Grid(grid.name, in: folder("store"))
    #expect(whole.tasks == grid.tasks && whole.maker == grid.maker && whole.count == 12)
    let one = try Grid(grid.folder, in: "elsewhere", only: 7)
    #expect(one.tasks == [grid.tasks[6]] && one.count == 12 && one.store == grid.store)
    for number in [0, 13] {
      #expect(throws: FileProblem("it has tasks 1 to 12, not \(number)", of: grid.folder)) {
        try Grid(grid.folder, in: "elsewhere", only: number)
      }
    }
  }

  @Test("states stand in the names of notes; of two that an ended worker has left the one that says more counts")
  func states() throws {
    let folder = try Folder(), grid = try folder.grid(5)
    #expect(grid.states().map(\.word) == ["waiting", "waiting", "waiting", "waiting", "waiting"])
    try grid.note(.running(TaskNote()), of: grid.tasks[0])
    try grid.note(.failed(TaskNote("it diverged")), of: grid.tasks[1])
    try grid.note(.running(TaskNote()), of: grid.tasks[2])
    try grid.note(.stopped(TaskNote("stopped")), of: grid.tasks[2])
    try grid.note(.stopped(TaskNote("stopped")), of: grid.tasks[3])
    try Files.write("", to: Path.join(grid.store, "\(grid.tasks[3].key).safetensors"))
    let words = ["running", "failed", "stopped", "done", "waiting"]
    #expect(grid.states().map(\.word) == words)
    #expect(grid.states(withNotes: false).map(\.word) == words)
    #expect(grid.states()[1].note?.reason == "it diverged" && grid.states()[0].note?.process == Int(getpid()))
    #expect(try Files.list(Path.join(grid.folder, "states")) == ["1.running", "2.failed", "3.stopped", "4.stopped"])
    // Killed between the new note and removing the old one.
    let note = try Files.read(Path.join(grid.folder, "states/1.running"))
    try Files.write(note, to: Path.join(grid.folder, "states/3.running"))
    #expect(grid.states()[2].word == "running")
    try grid.note(.waiting, of: grid.tasks[1])
    #expect(grid.states()[1] == .waiting)
    try Files.write("nonsense", to: Path.join(grid.folder, "states/1.running"))
    #expect(grid.states()[0] == .waiting)
  }

  @Test("what must be there is read again while it cannot be seen, for as long as was said")
  func lateness() throws {
    let folder = try Folder(), path = folder("late"), tries = Mutex(0)
    for code in [ENOENT, ESTALE] {
      tries.withLock { $0 = 0 }
      let text = try SharedFolder.patiently(seconds: 30) {
        let number = tries.withLock { number in
          number += 1
          return number
        }
        if number < 3 { throw FileProblem("read", path, code: code) }
        return "seen"
      }
      #expect(text == "seen" && tries.withLock { $0 } == 3)
    }
    tries.withLock { $0 = 0 }
    #expect(throws: FileProblem.self) {
      try SharedFolder.patiently(seconds: 30, { _ in false }) { try Files.read(path) }
    }
    #expect(throws: FileProblem.self) { try SharedFolder.patiently(seconds: 0) { try Files.read(path) } }
    // What is no lateness is told at once.
    #expect(throws: FileProblem.self) {
      try SharedFolder.patiently(seconds: 30) {
        tries.withLock { $0 += 1 }
        throw FileProblem("read", path, code: EACCES)
      }
    }
    #expect(tries.withLock { $0 } == 1)
  }

  @Test("a submission is noted, and may be cancelled")
  func submissions() throws {
    let folder = try Folder(), grid = try folder.grid(4)
    do {
      let lock = try Submission.claim(grid)
      #expect(lock != nil)
    }
    for (place, tasks) in [(1, [1, 2, 4]), (2, [3])] {
      try Submission(place: place, job: "9\(place)", tasks: tasks).write(to: grid)
    }
    try Submission(place: 1, job: "91", tasks: [1, 2, 4], isCancelled: true).write(to: grid)
    let all = Submission.all(of: grid)
    #expect(all.map(\.job) == ["91", "92"] && all.map(\.tasks) == [[1, 2, 4], [3]])
    #expect(all.map(\.isCancelled) == [true, false])
  }
}

import BVAEPlatform
import Glibc
import HostileServer
import ScreenEmulator
import Testing

/// Numbers that are the same in every run (SplitMix64).
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

private let controlC = "\u{3}", controlD = "\u{4}", controlBackslash = "\u{1C}"

/// No key and no signal costs what a session holds.
@Suite("Stopping at a terminal")
struct InterruptionTests {
  let folder: Folder
  private let train = "train m on ones epochs 100000 batch 16 seed 3"

  init() throws { folder = try Folder() }

  private var store: String { Path.join(folder.path, "store") }

  private func checkpoints() -> [String] {
    ((try? Files.list(store)) ?? []).filter { $0.hasSuffix(".checkpoint.safetensors") }
  }

  /// A session with images and a model.
  private func session(_ arguments: [String] = [], environment: [String: String?] = [:]) throws -> ScreenRun {
    let own: [String: String?] = ["BVAE_STORE": store, "BVAE_HISTORY": Path.join(folder.path, "history")]
    let run = try ScreenRun(
      arguments, columns: 150, folder: folder.path, environment: own.merging(environment) { _, given in given },
      launcher: ["/bin/sh", "-c", "ulimit -c 0; exec \"$0\" \"$@\""])
    run.expectLine(">")
    run.type("set pictures off\rones = load mnist digits 1 count 64\r")
    run.type("m = vae for ones latents 3 channels 4 seed 11\r")
    answers(run, "session")
    return run
  }

  /// Waits until the session answers again, and still knows its model. What is typed while something runs may be given up
  /// together with it, so that the question is asked until it is heard.
  @discardableResult
  private func answers(_ run: ScreenRun, _ word: String, sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
    let deadline = Machine.seconds + patience
    while run.child.poll() == nil && Machine.seconds < deadline {
      run.type("print \"\(word)\", m.latents\r")
      if run.waits(seconds: 3, until: { $0.lines.contains("\(word) 3") && $0.cursorLine == ">" }) { return true }
    }
    Issue.record(
      "no answer to '\(word)', status \(run.child.poll() ?? 0):\n\(run.screen.text)", sourceLocation: sourceLocation)
    return false
  }

  /// What is interrupted, as it is typed.
  static let commands: [[String]] = [
    ["train m on ones epochs 100000 batch 16 seed 3"],
    ["found = search beta [1, 4] latents 3 on ones epochs 100000 batch 16 channels 4 seed 3"],
    ["for k in 0..1e9", "x = load mnist each 60", "end"],
    ["for k in 0..1e9", "figure (sheet ones) \"sheet.png\"", "end"],
    ["for k in 0..1e9", "s = sweep m from ones[0] range -3..3 steps 9", "end"],
  ]

  @Test("fifty times Ctrl-C, at random moments and in bursts, leave session, checkpoint and files", arguments: commands)
  func presses(command: [String]) throws {
    let run = try session()
    var random = Random(seed: 2026), presses = 0, round = 0
    while presses < 50 {
      round += 1
      run.type(command.joined(separator: "\r") + "\r")
      // At once after Enter, while it begins, or in its midst.
      switch Int.random(in: 0..<3, using: &random) {
      case 0: break
      case 1: usleep(UInt32.random(in: 0...50_000, using: &random))
      default: _ = run.waits(seconds: 0.5) { _ in false }
      }
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        run.type(controlC)
        presses += 1
        usleep(UInt32.random(in: 0...20_000, using: &random))
      }
      guard answers(run, "round \(round)") else { return }
    }
    let figure = Path.join(folder.path, "sheet.png")
    if Files.exists(figure) { #expect(try Files.read(figure).suffix(8).starts(with: "IEND".utf8)) }
    guard command.count == 1 else {
      run.type(controlD)
      #expect(run.ending() == 0)
      return
    }
    // Stopped in its midst, it has left a checkpoint, with which the same goes on.
    for _ in 0..<2 {
      run.type(command[0] + "\r")
      run.wait("expected the training") { $0.cursorLine.hasPrefix("training ") && $0.cursorLine.contains("epoch ") }
      run.type(controlC + controlC + controlC)
      run.expect(" resumes from here")
      guard answers(run, "stopped") else { return }
      #expect(!checkpoints().isEmpty)
    }
    #expect(run.written.contains("resumed from epoch "))
    #expect(try Files.list(store).allSatisfy { !$0.hasSuffix(".lock") && !$0.hasSuffix(".partial") })
    run.type(controlD)
    #expect(run.ending() == 0)
    #expect(run.isRestored)
  }

  @Test(
    "Ctrl-C ends a download that does not get on, and the session goes on", .enabled(if: Machine.program("curl") != nil)
  )
  func fetch() throws {
    let server = try HostileServer(["train-images-idx3-ubyte.gz": [1]])
    defer { server.stop() }
    let run = try session()
    for round in 0..<3 {
      let before = server.requests.count
      run.type("fetch mnist from \"\(server.address("silent"))\"\r")
      #expect(waits { server.requests.count > before })
      run.type(String(repeating: controlC, count: round + 1))
      guard answers(run, "fetched \(round)") else { return }
    }
    run.type(controlD)
    #expect(run.ending() == 0)
  }

  @Test("the first Ctrl-C is answered before the step has ended, and those after it too")
  func answer() throws {
    let run = try session()
    // A step of a large batch takes long.
    run.type("large = load mnist each 200\rbig = vae for large latents 8 channels 128\r")
    run.type("train big on large epochs 50 batch 512\r")
    run.wait("expected the training") { $0.cursorLine.hasPrefix("training ") }
    run.type(controlC)
    run.wait("expected the answer") { _ in run.written.contains("\r\u{1B}[Kstopping after this step…") }
    run.type(controlC)
    run.expect("resumes from here")
    answers(run, "after")
    // Nothing of progress and answer is left.
    #expect(!run.screen.lines.contains { $0.contains("training ░") || $0.contains("stopping") || $0.contains("^C") })
    run.type(controlD)
    #expect(run.ending() == 0)
  }

  @Test("Ctrl-\\ is ignored where it would cost the session by accident, and ends a command that does not heed Ctrl-C")
  func quitKey() throws {
    let run = try session(environment: ["SWIFT_BACKTRACE": "enable=yes"])
    run.type(controlBackslash)
    kill(run.child.pid, SIGQUIT)
    answers(run, "at the prompt")
    run.type(train + "\r")
    run.wait("expected the training") { $0.cursorLine.hasPrefix("training ") }
    run.type(controlBackslash)
    let progress = run.screen.cursorLine
    run.wait("expected the training to go on") { $0.cursorLine.hasPrefix("training ") && $0.cursorLine != progress }
    // Two keys at once arrive in either order.
    run.type(controlC + controlBackslash)
    answers(run, "in a training")
    run.type("large = load mnist each 200\rbig = vae for large latents 8 channels 128\r")
    // A step that has ended before the key comes is tried again.
    for attempt in 0..<50 where run.child.poll() == nil {
      run.type("train big on large epochs 50 batch 512\r")
      run.wait("expected the training") { $0.cursorLine.hasPrefix("training ") || run.child.poll() != nil }
      let count = run.written.ranges(of: "stopping after").count
      run.type(controlC)
      _ = run.waits(seconds: 5) { _ in run.written.ranges(of: "stopping after").count > count }
      _ = run.waits(seconds: 0.06) { _ in false }
      run.type(controlBackslash)
      if run.waits(seconds: 5, until: { _ in run.child.poll() != nil }) { break }
      answers(run, "attempt \(attempt)")
    }
    #expect(run.ending() == 1000 + SIGQUIT)
    #expect(run.isRestored)
    #expect(!run.written.contains("Backtrac") && !run.written.contains("crashed"))
  }

  @Test(
    "a closed terminal and SIGTERM end a training with a checkpoint, and a session keeps what was typed",
    arguments: [(SIGTERM, 143), (SIGHUP, 129), (0, 129)] as [(Int32, Int32)])
  func ended(signal: Int32, status: Int32) throws {
    let training = try session()
    training.type(train + "\r")
    training.wait("expected the training") { $0.cursorLine.hasPrefix("training ") && $0.cursorLine.contains("epoch ") }
    if signal == 0 { training.hangUp() } else { kill(training.child.pid, signal) }
    #expect(training.ending() == status)
    #expect(!checkpoints().isEmpty)
    #expect(try Files.list(store).allSatisfy { !$0.hasSuffix(".lock") && !$0.hasSuffix(".partial") })
    #expect(try Files.readText(Path.join(folder.path, "history")).contains(train))
    let typing = try session()
    typing.type(train + "\r")
    typing.expect("resumed from epoch ")
    typing.type(controlC)
    answers(typing, "again")
    typing.type("print \"half a li")
    typing.expectLine("> print \"half a li")
    if signal == 0 { typing.hangUp() } else { kill(typing.child.pid, signal) }
    #expect(typing.ending() == status)
    #expect(try Files.readText(Path.join(folder.path, "history")).hasSuffix("\nprint \"half a li\n"))
  }
}

import BVAEPlatform
import Glibc
import Testing

/// Trainings by the real program, each with a store of its own.
@Suite("Trainings that end too early")
struct TrainingTests {
  let folder: Folder
  let script: String

  init() throws {
    folder = try Folder()
    script = try folder.write(
      "train.bvs",
      """
      ones = load mnist digits 1 count 60
      model = vae for ones latents 3 channels 4 seed 5
      train model on ones epochs 60 batch 10
      sweep model from ones[0] range prior steps 3
      """)
  }

  /// Starts the script with a store; checkpoints are written after every step.
  func start(_ store: String, before: String = "") throws -> Child {
    try Child(
      [script], standardInput: "/dev/null", standardOutput: "/dev/null",
      standardError: Path.join(folder.path, "error-\(Path.name(store))"),
      launcher: [
        "/bin/sh", "-c",
        "\(before)BVAE_CHECKPOINT_SECONDS=0 BVAE_STORE='\(store)'; export BVAE_CHECKPOINT_SECONDS BVAE_STORE; "
          + "exec \"$0\" \"$@\" 2>>'\(folder.path)/error-\(Path.name(store))'",
      ])
  }

  func messages(_ store: String) -> String {
    (try? Files.readText(Path.join(folder.path, "error-\(Path.name(store))"))) ?? ""
  }

  func model(_ store: String) throws -> [UInt8] {
    let names = try Files.list(store)
    let name = try #require(names.first { $0.hasSuffix(".safetensors") && $0.count == 28 }, "\(names)")
    return try Files.read(Path.join(store, name))
  }

  /// The state of the latest checkpoint, which is another with every step.
  private func checkpoint(_ store: String) -> FileState? {
    let names = (try? Files.list(store)) ?? []
    return names.first { $0.hasSuffix(".checkpoint.safetensors") }.flatMap { Files.state(Path.join(store, $0)) }
  }

  @Test("killed at random moments and run again, the script ends with the same file, byte for byte", arguments: [1, 2])
  func killed(seed: UInt64) throws {
    let whole = Path.join(folder.path, "whole"), killed = Path.join(folder.path, "killed")
    #expect(try start(whole).wait() == 0)
    var random = Random(seed: seed), kills = 0
    while true {
      let before = checkpoint(killed)
      let child = try start(killed)
      // The last run is left alone; the others get some steps further before they are killed in the middle of one.
      if kills < 8 {
        #expect(waits { checkpoint(killed) != before || child.poll() != nil })
        usleep(UInt32.random(in: 0...30_000, using: &random))
        kill(child.pid, SIGKILL)
      }
      let status = child.wait()
      if status == 0 { break }
      #expect(status == 1000 + SIGKILL)
      kills += 1
    }
    #expect(kills > 0, "the training was over before the first kill")
    #expect(try model(killed) == model(whole), "after \(kills) kills, seed \(seed)")
    #expect(try Files.list(killed).allSatisfy { !$0.contains("checkpoint") && !$0.hasSuffix(".lock") })
  }

  @Test(
    "signals end a script in a training with a checkpoint, from which it goes on",
    arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)] as [(Int32, Int32)])
  func stopped(signal: Int32, status: Int32) throws {
    let store = Path.join(folder.path, "stopped")
    let child = try start(store)
    #expect(waits { checkpoint(store) != nil })
    // However often it comes.
    for _ in 0..<5 {
      kill(child.pid, signal)
      usleep(1000)
    }
    #expect(child.wait() == status)
    #expect(messages(store).contains("and the same training resumes from here\ninterrupted\n"))
    #expect(try Files.list(store).allSatisfy { !$0.hasSuffix(".lock") && !$0.hasSuffix(".partial") })
    #expect(try start(store).wait() == 0)
    #expect(messages(store).contains("line 3: resumed from epoch "))
  }

  @Test("under nohup a training goes on when its terminal is closed")
  func nohup() throws {
    let store = Path.join(folder.path, "nohup")
    let child = try start(store, before: "trap '' HUP; ")
    #expect(waits { checkpoint(store) != nil })
    kill(child.pid, SIGHUP)
    #expect(child.wait() == 0)
    #expect(!messages(store).contains("interrupted"))
  }

  @Test("Ctrl-\\ ends a script at once, without a report of where it stood, and the last checkpoint is whole")
  func quit() throws {
    let store = Path.join(folder.path, "quit")
    let child = try start(store, before: "ulimit -c 0; SWIFT_BACKTRACE=enable=yes; export SWIFT_BACKTRACE; ")
    #expect(waits { checkpoint(store) != nil })
    kill(child.pid, SIGQUIT)
    #expect(child.wait() == 1000 + SIGQUIT)
    #expect(messages(store) == "")
    #expect(try start(store).wait() == 0)
    #expect(messages(store).contains("line 3: resumed from epoch "))
  }

  @Test("on a full disk the training goes on with one warning, and the model is not stored with another")
  func full() throws {
    let store = Path.join(folder.path, "full")
    // Files may grow to 64 kB here: neither a checkpoint nor a model fits.
    #expect(try start(store, before: "ulimit -f 128; ").wait() == 0)
    let messages = messages(store)
    #expect(messages.ranges(of: "line 3: no checkpoint could be written").count == 1, "\(messages)")
    #expect(messages.contains("the trained model could not be stored"))
    #expect(try Files.list(store) == [])
  }

  @Test("where a kill, or damage, left one good checkpoint, a full disk does not take it", arguments: [true, false])
  func onlyCheckpoint(isDamaged: Bool) throws {
    let store = Path.join(folder.path, "only-\(isDamaged)")
    let child = try start(store)
    #expect(waits { ((try? Files.list(store)) ?? []).contains { $0.contains("-before") } })
    kill(child.pid, SIGTERM)
    #expect(child.wait() == 143)
    let names = try Files.list(store)
    try #require(names.count == 2, "\(names)")
    let (latest, before) = (Path.join(store, names[1]), Path.join(store, names[0]))
    try #require(latest.hasSuffix(".checkpoint.safetensors") && before.hasSuffix(".checkpoint-before.safetensors"))
    let bytes = try Files.read(before)
    if isDamaged { try Files.write("no checkpoint", to: latest) } else { try Files.remove(latest) }
    #expect(try start(store, before: "ulimit -f 128; ").wait() == 0)
    #expect(messages(store).contains("no checkpoint could be written"))
    #expect(try Files.read(before) == bytes)
    #expect(try start(store).wait() == 0)
    #expect(messages(store).ranges(of: "resumed from epoch ").count == 2, "\(messages(store))")
  }
}

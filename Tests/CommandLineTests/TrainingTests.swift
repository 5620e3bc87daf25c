import Glibc
import Platform
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
      train model on ones epochs 8 batch 10
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

  func removeStore(_ store: String) {
    for name in (try? Files.list(store)) ?? [] { try? Files.remove(Path.join(store, name)) }
    rmdir(store)
  }

  @Test("killed at random moments and run again, the script ends with the same file, byte for byte")
  func killed() throws {
    let whole = Path.join(folder.path, "whole"), killed = Path.join(folder.path, "killed")
    defer { for store in [whole, killed] { removeStore(store) } }
    #expect(try start(whole).wait() == 0)
    var random = SystemRandomNumberGenerator(), kills = 0
    while true {
      let child = try start(killed)
      // The last run is left alone.
      if kills < 8 {
        usleep(UInt32.random(in: 60_000...400_000, using: &random))
        kill(child.pid, SIGKILL)
      }
      let status = child.wait()
      if status == 0 { break }
      #expect(status == 1000 + SIGKILL)
      kills += 1
    }
    #expect(try model(killed) == model(whole), "after \(kills) kills")
    #expect(try Files.list(killed).allSatisfy { !$0.contains("checkpoint") && !$0.hasSuffix(".lock") })
  }

  @Test("SIGTERM and Ctrl-C end a script in a training with a checkpoint, from which it goes on")
  func terminated() throws {
    for (signal, status) in [(SIGTERM, Int32(143)), (SIGINT, 130)] {
      let store = Path.join(folder.path, "stopped-\(signal)")
      defer { removeStore(store) }
      let child = try start(store)
      for _ in 0..<1000 where ((try? Files.list(store)) ?? []).count < 2 { usleep(5000) }
      kill(child.pid, signal)
      #expect(child.wait() == status)
      #expect(messages(store).contains("and the same training again goes on from here\ninterrupted\n"))
      #expect(try start(store).wait() == 0)
      #expect(messages(store).contains("line 3: resumed from epoch "))
    }
  }

  @Test("on a full disk the training goes on with one warning, and the model is not stored with another")
  func full() throws {
    let store = Path.join(folder.path, "full")
    defer { removeStore(store) }
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
    defer { removeStore(store) }
    let child = try start(store)
    for _ in 0..<1000 where !((try? Files.list(store)) ?? []).contains(where: { $0.contains("-before") }) {
      usleep(5000)
    }
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

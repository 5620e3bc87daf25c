import BVAELanguage
import BVAENotebook
import BVAEPlatform
import BetaVAE
import Glibc
import Testing

@Suite("Trainings that are stopped and gone on with")
struct ResumeTests {
  let folder: TemporaryFolder
  var store: String { Path.join(folder.path, "store") }

  init() throws { folder = try TemporaryFolder() }

  static let preparation = """
    ones = load mnist digits 1 count 60
    tests = load mnist split test digits [1, 7] each 4
    model = vae for ones latents 3 channels 4 seed 5

    """
  static let training = "history = train model on ones epochs 3 batch 20 validate tests\n"
  static let ending = "print model.fingerprint, history.loss, model.history.epochs"

  func session(_ host: RecordingHost, fresh: Bool = false) -> Session {
    var options = NotebookOptions()
    options.storeFolder = store
    options.threads = 2
    options.isFresh = fresh
    return Session.full(host: host, options: options)
  }

  func run(_ script: String, host: RecordingHost = RecordingHost(), fresh: Bool = false) -> Session.Outcome {
    session(host, fresh: fresh).run(Source(name: "test.bvs", text: script))
  }

  /// What an uninterrupted run prints; leaves nothing in the store.
  func expected() throws -> [String] {
    let host = RecordingHost()
    guard case .finished = run(Self.preparation + Self.training + Self.ending, host: host) else { return [] }
    for name in try Files.list(store) { try Files.remove(Path.join(store, name)) }
    return host.shown
  }

  @Test("A script that was interrupted in a training goes on there when it is run again")
  func scriptAgain() throws {
    let expected = try expected(), script = Self.preparation + Self.training + Self.ending
    // Inside the first epoch and inside the last.
    for steps in [1, 7] {
      let first = RecordingHost()
      first.patienceWith["training"] = steps
      guard case .stopped(.interrupted) = run(script, host: first) else {
        Issue.record("not interrupted")
        return
      }
      #expect(first.notes.last?.contains("the same training resumes from here") == true, "\(first.notes)")
      #expect(try Files.list(store).count == 1)
      let second = RecordingHost()
      _ = run(script, host: second)
      #expect(second.notes[0].hasPrefix("line 4: resumed from epoch \(steps / 3 + 1) of 3, checkpoint of "))
      #expect(second.shown == expected)
      #expect(try Files.list(store).count == 2, "the model and its times")
      for name in try Files.list(store) { try Files.remove(Path.join(store, name)) }
    }
  }

  @Test("In a session the half-trained model is usable, and the same train goes on with it")
  func sameSession() throws {
    let expected = try expected(), host = RecordingHost()
    let session = session(host)
    func type(_ text: String) -> Session.Outcome {
      session.run(Source(name: "input", text: text), isInteractive: true)
    }
    _ = type(Self.preparation)
    for steps in [5, 2] {
      host.patienceWith["training"] = steps
      guard case .stopped(.interrupted) = type(Self.training) else {
        Issue.record("not interrupted")
        return
      }
      host.patienceWith = [:]
      guard case .finished = type("x = sweep model from tests[0] range prior steps 3") else {
        Issue.record("not usable")
        return
      }
    }
    _ = type(Self.training)
    #expect(host.notes.count { $0.contains("resumed from epoch") } == 2, "\(host.notes)")
    _ = type(Self.ending)
    #expect(host.shown == expected)
  }

  @Test("Another training of a half-trained model begins with its weights")
  func otherTraining() throws {
    let expected = try expected(), host = RecordingHost()
    let session = session(host)
    func type(_ text: String) { _ = session.run(Source(name: "input", text: text), isInteractive: true) }
    type(Self.preparation)
    host.patienceWith["training"] = 5
    type(Self.training)
    host.patienceWith = [:]
    type("train model on ones epochs 1 batch 20\nprint model.history.epochs")
    #expect(host.shown.last == "2")
    #expect(!host.notes.contains { $0.contains("resumed") })
    // And the training that was stopped waits for its script.
    let again = RecordingHost()
    _ = run(Self.preparation + Self.training + Self.ending, host: again)
    #expect(again.notes[0].contains("resumed from epoch 2 of 3") && again.shown == expected)
  }

  @Test("--fresh ignores checkpoints, and a finished training removes them")
  func fresh() throws {
    let expected = try expected(), script = Self.preparation + Self.training + Self.ending
    let first = RecordingHost(), second = RecordingHost()
    first.patienceWith["training"] = 5
    _ = run(script, host: first)
    _ = run(script, host: second, fresh: true)
    #expect(second.shown == expected && !second.notes.contains { $0.contains("resumed") })
    #expect(try Files.list(store).allSatisfy { !$0.contains("checkpoint") })
  }

  @Test("A training that another program is at is waited for; --fresh trains beside it and leaves its files alone")
  func twoPrograms() throws {
    let expected = try expected(), script = Self.preparation + Self.training + Self.ending
    let first = RecordingHost()
    first.patienceWith["training"] = 5
    _ = run(script, host: first)
    let name = try #require(try Files.list(store).first)
    let key = String(name.prefix { $0 != "." })
    let before = try Files.read(Path.join(store, name))
    guard case .taken(let lock) = try ModelStore(folder: store).claim(key) else {
      Issue.record("not taken")
      return
    }
    withExtendedLifetime(lock) {
      let waiting = RecordingHost(), beside = RecordingHost()
      waiting.patienceWith["waiting"] = 2
      guard case .stopped(.interrupted) = run(script, host: waiting) else {
        Issue.record("did not wait")
        return
      }
      #expect(
        waiting.notes == [
          "line 4: another program (process \(getpid())) is running the same training; waiting for it "
            + "(Ctrl-C stops waiting)"
        ])
      _ = run(script, host: beside, fresh: true)
      #expect(beside.shown == expected && beside.notes[0].contains("training independently, without checkpoints"))
    }
    #expect(try Files.read(Path.join(store, name)) == before)
  }

  @Test("A training that diverges names the step and the cause, and keeps the last good weights in a file")
  func diverged() throws {
    let host = RecordingHost(), session = session(host)
    let script = """
      ones = load mnist digits 1 count 60
      model = vae for ones latents 3 channels 4
      train model on ones epochs 3 batch 20
      train model on ones epochs 50 batch 20 rate 8
      """
    guard case .failed(let diagnostic) = session.run(Source(name: "test.bvs", text: script)) else {
      Issue.record("did not diverge")
      return
    }
    #expect(diagnostic.message.contains("training diverged") && diagnostic.message.contains("times the usual"))
    #expect(try Files.list(store).allSatisfy { !$0.contains("checkpoint") })
    let kept = try Files.list(store).first { $0.hasSuffix("last-good.safetensors") }
    #expect((kept != nil) == (diagnostic.hint?.contains("those weights are kept: open \"") == true))
    if let kept {
      let model = try VariationalAutoencoder.open(Path.join(store, kept))
      #expect(model.history.epochs.count >= 4)
    }
  }

  @Test("What is said of a stopped or stored training counts its own epochs, and the model's in all")
  func words() throws {
    let host = RecordingHost(), session = session(host)
    func type(_ text: String) -> Session.Outcome {
      session.run(Source(name: "input", text: text), isInteractive: true)
    }
    _ = type(Self.preparation + "train model on ones epochs 2 batch 20")
    host.patienceWith["training"] = 5
    _ = type("train model on ones epochs 5 batch 20 seed 2")
    #expect(
      host.notes.last
        == "stopped in epoch 2 of 5; the model keeps what it has learned after 3 whole epochs; its 'history' shows "
        + "how far it got, and the same training resumes from here", "\(host.notes)")
    host.patienceWith = [:]
    let again = RecordingHost()
    _ = run(Self.preparation + "train model on ones epochs 2 batch 20\ntrain model on ones epochs 3 batch 20 seed 2")
    _ = run(
      Self.preparation + "train model on ones epochs 2 batch 20\ntrain model on ones epochs 3 batch 20 seed 2",
      host: again)
    #expect(
      again.notes.last?.contains("taken from the store: 3 epochs of training, 5 of the model in all, model ") == true)
    let searching = RecordingHost()
    searching.patienceWith["training"] = 2
    _ = run(
      "x = load mnist count 40\nfound = search beta [1, 2] latents 2 on x epochs 3 batch 20 channels 4", host: searching
    )
    #expect(searching.notes.last == "stopped in epoch 1 of 3 of this model; the same search resumes from here")
  }

  @Test("Where hardly a latent is in use the training says what to try, and so does the report")
  func advice() throws {
    let host = RecordingHost(), path = Path.join(folder.path, "report.md")
    _ = run(Self.preparation + Self.training + "print model.advice\nreport \"\(path)\"", host: host)
    #expect(
      host.shown.count == 1
        && host.shown[0].contains("; try more epochs (334) or a lower beta than 4 (beta 1)"))
    #expect(host.notes.contains("line 4: \(host.shown[0])"))
    // From the store it has been said before.
    let again = RecordingHost()
    _ = run(Self.preparation + Self.training, host: again)
    #expect(again.notes.count == 1 && again.notes[0].contains("taken from the store: 3 epochs of training, model "))
    let report = try Files.readText(path)
    #expect(
      report.contains(": after only 9 steps no latent is in use: ")
        && report.contains("more epochs (334) or a lower beta than 4 (beta 1)."))
  }

  @Test(
    "A warm-up of no use is refused",
    arguments: [
      ("model = autoencoder for ones\ntrain model on ones warmup 3", "has no weight for a warm-up to raise"),
      ("model = vae for ones\ntrain model on ones epochs 3 warmup 4", "is longer than the training of 3"),
    ])
  func warmup(script: String, part: String) {
    switch run("ones = load mnist digits 1 count 20\n" + script) {
    case .failed(let diagnostic): #expect(diagnostic.message.contains(part))
    case .rejected(let diagnostics): #expect(diagnostics.map(\.message).joined().contains(part))
    default: Issue.record("taken")
    }
  }
}

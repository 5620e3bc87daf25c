import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Glibc
import Testing

/// A host that remembers what it was shown.
final class RecordingHost: Host {
  var shown: [String] = []
  var pictures: [Preview] = []
  var notes: [String] = []
  var warnings: [String] = []
  var progressReports: [Progress?] = []
  /// After how many questions the user interrupts.
  var patience = Int.max
  /// After how many reports of a long command the user interrupts.
  var patienceWith: [String: Int] = [:]

  func show(text: String) throws { shown.append(text) }
  func show(picture: Preview) throws { pictures.append(picture) }
  func note(_ text: String) { notes.append(text) }
  func warn(_ text: String) { warnings.append(text) }
  func progress(_ progress: Progress?) {
    progressReports.append(progress)
    if let title = progress?.title { patienceWith[title]? -= 1 }
  }
  var interrupted: Bool {
    patience -= 1
    return patience < 0 || patienceWith.values.contains { $0 <= 0 }
  }
}

/// What a script shows, or its mistakes.
func run(
  _ script: String, vocabulary: Vocabulary = .full, options: NotebookOptions = NotebookOptions(),
  host: RecordingHost = RecordingHost()
) -> String {
  let session = Session(vocabulary: vocabulary, host: host, options: options.session)
  session.keep(options)
  let outcome = session.run(Source(name: "test.bvs", text: script))
  return (host.shown + ending(outcome)).joined(separator: "\n")
}

/// The same in one line, with a bar between what is shown.
func output(_ script: String) -> String {
  let host = RecordingHost()
  let outcome = Session.full(host: host).run(Source(name: "t.bvs", text: script))
  return (host.shown + ending(outcome)).joined(separator: "|")
}

func ending(_ outcome: Session.Outcome) -> [String] {
  switch outcome {
  case .finished: []
  case .stopped(let stop): ["stopped: \(stop)"]
  case .failed(let diagnostic): [diagnostic.description]
  case .rejected(let diagnostics): [rendered(diagnostics)]
  }
}

/// The mistakes of a script that is not run.
func mistakes(_ script: String, name: String = "test.bvs") -> [Diagnostic] {
  Session(vocabulary: .full, host: RecordingHost()).check(Source(name: name, text: script))
}

/// Compares with a golden file beside this one; BVAE_RECORD=1 writes it anew.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let path = Path.join(Path.parent(#filePath), "Golden/\(name)")
  if Machine.environment("BVAE_RECORD") != nil { try Files.write(text, to: path) }
  let expected = (try? Files.readText(path)) ?? ""
  guard text != expected else { return }
  let pairs = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
  let difference = pairs.first { $0.0 != $0.1 }.map { "\n found:    \($0.0)\n expected: \($0.1)" } ?? ""
  Issue.record("\(name) differs; BVAE_RECORD=1 records it anew\(difference)", sourceLocation: sourceLocation)
}

/// A folder that is removed when the test has ended.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = "/tmp/bvae-scripting-test-\(Fingerprint(of: "\(Machine.seconds)"))-\(UInt64.random(in: 0...UInt64.max))"
    try Files.makeDirectory(path)
  }

  func write(_ name: String, _ text: String) throws -> String {
    let path = Path.join(self.path, name)
    try Files.makeDirectory(Path.parent(path))
    try Files.write(text, to: path)
    return path
  }

  /// What a script shows that keeps its models here.
  func shown(_ script: String, host: RecordingHost = RecordingHost()) -> String {
    var options = NotebookOptions()
    options.storeFolder = Path.join(path, "store")
    options.threads = 2
    return run(script, options: options, host: host)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    for name in (try? Files.list(path)) ?? [] {
      let inner = Path.join(path, name)
      if Files.isDirectory(inner) { remove(inner) } else { try? Files.remove(inner) }
    }
    removeDirectory(path)
  }
}

extension Fingerprint {
  init(of text: String) {
    self.init()
    add(text)
  }
}

func removeDirectory(_ path: String) { rmdir(path) }
func makeLink(from path: String, to target: String) -> Bool { symlink(target, path) == 0 }
func makePipe(_ path: String) -> Bool { mkfifo(path, 0o600) == 0 }

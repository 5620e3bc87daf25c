import BVAELanguage
import BVAENotebook
import BVAEPlatform
import BVAERendering
import Glibc
import Testing

/// Scripts with the whole language, each in a folder of its own.
@Suite("The domain's commands")
struct DomainTests {
  let folder: String

  init() throws {
    let name = "domain-\(getpid())-\(DomainTests.counter.next())"
    folder = Path.join(Path.join(Machine.environment("TMPDIR") ?? "/tmp", "bvae-script-tests"), name)
    try Files.makeDirectory(folder)
  }

  private static let counter = Counter()

  /// Runs a script in which FOLDER stands for the test's folder.
  func run(_ script: String, host: RecordingHost = RecordingHost(), name: String = "test.bvs", fresh: Bool = false)
    -> Session.Outcome
  {
    var options = NotebookOptions()
    options.figuresFolder = Path.join(folder, "Figures")
    options.storeFolder = Path.join(folder, "store")
    options.threads = 2
    options.isFresh = fresh
    let text = script.split(separator: "FOLDER", omittingEmptySubsequences: false).joined(separator: folder)
    return Session.full(host: host, options: options).run(Source(name: name, text: text))
  }

  /// What a failing script says, without the test's folder.
  func message(_ script: String) -> String {
    switch run(script) {
    case .failed(let diagnostic): return diagnostic.message
    case .rejected(let diagnostics): return diagnostics.map(\.message).joined(separator: "\n")
    case .finished: return "finished"
    case .stopped(let stop): return "stopped: \(stop)"
    }
  }

  static let training = """
    ones = load mnist digits 1 count 60
    tests = load mnist split test digits [1, 7] each 4
    model = vae for ones latents 3 channels 4 seed 5
    history = train model on ones epochs 2 batch 20 validate tests

    """

  func isFinished(_ outcome: Session.Outcome) -> Bool {
    if case .finished = outcome { return true }
    Issue.record("\(outcome)")
    return false
  }

  @Test("The declarations fit together, and every example is free of mistakes")
  func declarations() {
    #expect(Vocabulary.full.inconsistencies.isEmpty)
    for command in Vocabulary.full.commands where command.name != "open" {
      let session = Session.full(host: RecordingHost()), example = command.about.example
      let found = session.check(Source(name: command.name, text: example)).filter { $0.severity == .error }
      #expect(found.isEmpty, "\(command.name): \(found)")
    }
  }

  @Test("A script goes from data to figures and a report, and the figures carry their provenance")
  func wholeWay() throws {
    let host = RecordingHost()
    let outcome = run(
      """
      | # Title
      | β is {2 + 2}.

      """ + Self.training + """
        figure (plot history) number 3 caption "Loss by epoch"
        rows = sweep model from tests[0] range prior steps 5
        figure (sheet rows[1]) number 4 caption "Latent Z1"
        figure (sheet rows) "FOLDER/all.png"
        figure (diagram model) number 1
        table (measure model on tests) caption "Measured"
        table (measure model on tests latents)
        report "FOLDER/report.md"
        """, host: host, name: "way.bvs")
    #expect(isFinished(outcome))
    #expect(host.warnings.isEmpty)
    let report = try Files.readText(Path.join(folder, "report.md"))
    for part in [
      "# Title\nβ is 4.", "![Figure 3: Loss by epoch](Figures/figure-03.png)", "Figure 4: Latent Z1", "(all.png)",
      "| data |", "embedded sample", "CC BY-SA 3.0", "way.bvs", "active |",
    ] {
      #expect(report.contains(part), "\(part)")
    }
    let figure = try PNG.decode(Files.read(Path.join(folder, "Figures/figure-04.png")))
    #expect(figure.bitmap.width > 300)
    let texts = Dictionary(figure.text.map { ($0.key, $0.value) }) { first, _ in first }
    #expect(texts["Title"] == "Figure 4: Latent Z1")
    #expect(texts["Script"] == "way.bvs" && texts["Line"] == "9" && texts["Script seed"] == "1")
    #expect(texts["Latents"] == "Z1 -3..3")
    #expect(texts["Model"]?.contains("key ") == true && texts["Software"]?.hasPrefix("bvae-script ") == true)
  }

  @Test("A training is taken from the store the next time, with the same bits; another option trains anew")
  func store() throws {
    func bits(_ script: String, _ host: RecordingHost, fresh: Bool = false) -> String {
      #expect(isFinished(run(script + "print model.fingerprint, history.loss", host: host, fresh: fresh)))
      return host.shown.joined()
    }
    let first = RecordingHost(), second = RecordingHost(), fresh = RecordingHost(), other = RecordingHost()
    let trained = bits(Self.training, first)
    #expect(first.notes[0].hasPrefix("trained 2 epochs in"))
    #expect(!first.progressReports.isEmpty)
    #expect(bits(Self.training, second) == trained)
    #expect(second.notes[0].hasPrefix("line 4: taken from the store: 2 epochs"))
    #expect(second.progressReports.isEmpty)
    #expect(bits(Self.training, fresh, fresh: true) == trained)
    #expect(fresh.notes[0].hasPrefix("trained"))
    #expect(bits(Self.training.replacingFirst("batch 20", with: "batch 30"), other) != trained)
    #expect(other.notes[0].hasPrefix("trained"))
  }

  @Test("A stored model that is damaged is trained anew, with a warning")
  func damagedStore() throws {
    #expect(isFinished(run(Self.training)))
    let store = Path.join(folder, "store")
    for name in try Files.list(store) { try Files.write("not weights", to: Path.join(store, name)) }
    let host = RecordingHost()
    #expect(isFinished(run(Self.training, host: host)))
    #expect(host.warnings.count == 1 && host.warnings[0].contains("training again"))
  }

  @Test("A stored model that was changed, or is another's, is not taken")
  func exchangedStore() throws {
    func trained(_ script: String) -> RecordingHost {
      let host = RecordingHost()
      #expect(isFinished(run(script, host: host)))
      return host
    }
    _ = trained(Self.training)
    let store = Path.join(folder, "store"), name = try Files.list(store)[0]
    var bytes = try Files.read(Path.join(store, name))
    bytes[bytes.count / 2] ^= 2
    try Files.write(bytes, to: Path.join(store, name))
    #expect(trained(Self.training).warnings.count == 1)
    _ = trained(Self.training.replacingFirst("epochs 2", with: "epochs 1"))
    let other = try Files.list(store).first { $0.hasSuffix(".safetensors") && $0 != name }!
    try Files.write(try Files.read(Path.join(store, other)), to: Path.join(store, name))
    #expect(trained(Self.training).warnings.count == 1)
    #expect(trained(Self.training).warnings.isEmpty)
  }

  @Test("Ctrl-C stops a sweep between its batches")
  func interruptedSweep() {
    let host = RecordingHost()
    host.patience = 12
    let outcome = run(
      "t = load mnist count 3\nm = vae for t channels 4\nx = sweep m from t[0] range prior steps 1000", host: host)
    guard case .stopped(.interrupted) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test("Models, codes, tables and pictures are saved, and models and pictures opened again")
  func files() throws {
    let host = RecordingHost()
    let outcome = run(
      Self.training + """
        save model "FOLDER/m.safetensors"
        save (encode model tests) "FOLDER/code.npy"
        save tests "FOLDER/tests.npy"
        save history "FOLDER/history.csv"
        save (measure model on tests) "FOLDER/measured.csv"
        save tests[0] "FOLDER/one.png"
        save (sheet tests) "FOLDER/sheet.png"
        other = open "FOLDER/m.safetensors"
        print other.fingerprint == model.fingerprint, other.latents, other.beta, other.history.epochs
        picture = open "FOLDER/one.png"
        print picture.values == tests[0].values
        print (encode other tests[2]).mean == (encode model tests)[2].mean
        """, host: host)
    #expect(isFinished(outcome))
    #expect(host.shown == ["true 3 4 2", "true", "true"])
    let code = try Files.read(Path.join(folder, "code.npy"))
    #expect(code.count % 64 == 8 * 3 * 4 % 64)
    #expect(String(decoding: code[10..<80], as: UTF8.self).contains("'shape': (8, 3)"))
    #expect(
      try Files.readText(Path.join(folder, "history.csv")).hasPrefix("epoch,loss,error,KL,active,seconds"))
  }

  @Test(
    "Lists of numbers, of whole numbers and of lists are saved as arrays that NumPy reads, and lists of codes decoded")
  func arrays() throws {
    let host = RecordingHost()
    let outcome = run(
      """
      t = load mnist count 5
      m = vae for t latents 3 channels 4
      code = encode m t
      save code.mean "FOLDER/mean.npy"
      save code.logVariance "FOLDER/log.npy"
      save t.labels "FOLDER/labels.npy"
      save [[1, 2], [3, 4.5]] "FOLDER/two.npy"
      save (0..3) "FOLDER/range.npy"
      save [[[1, 2], [3, 4]]] "FOLDER/three.npy"
      images = decode m code.mean
      print images.count, images[1].values == (decode m code.mean[1])[0].values, images == (decode m code)
      print (decode m [[0, 0, 0], [1, 0, 0]]).count
      """, host: host)
    #expect(isFinished(outcome))
    #expect(host.shown == ["5 true true", "2"])
    func file(_ name: String) throws -> (header: String, data: ArraySlice<UInt8>) {
      let bytes = try Files.read(Path.join(folder, name)), end = try #require(bytes.firstIndex(of: 10))
      return (String(decoding: bytes[10..<end], as: UTF8.self), bytes[(end + 1)...])
    }
    func double(_ bytes: ArraySlice<UInt8>, _ index: Int) -> Double {
      let start = bytes.startIndex + 8 * index
      return Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
    }
    for name in ["mean.npy", "log.npy"] {
      let (header, data) = try file(name)
      #expect(header.contains("'<f8'") && header.contains("'shape': (5, 3)") && data.count == 5 * 3 * 8)
    }
    let labels = try file("labels.npy")
    #expect(labels.header.contains("'<i8'") && labels.header.contains("'shape': (5,)") && labels.data.count == 40)
    let two = try file("two.npy")
    #expect(two.header.contains("'<f8'") && two.header.contains("'shape': (2, 2)"))
    #expect((0..<4).map { double(two.data, $0) } == [1, 2, 3, 4.5])
    let range = try file("range.npy")
    #expect(
      range.header.contains("'<i8'") && Array(range.data) == (0..<4).flatMap { [UInt8($0), 0, 0, 0, 0, 0, 0, 0] })
    #expect(try file("three.npy").header.contains("'shape': (1, 2, 2)"))
  }

  @Test(
    "What is no array is told so",
    arguments: [
      ("save [[1, 2], [3]] \"FOLDER/x.npy\"", "the lists in it are of 2 and 1 value"),
      ("save [1, \"a\"] \"FOLDER/x.npy\"", "this list holds \"a\""),
      ("save [1, [2]] \"FOLDER/x.npy\"", "this list holds a list of 1 value"),
      ("x = decode (vae for (load mnist count 3) latents 2) [[[1, 2]]]", "this goes deeper"),
      ("x = decode (vae for (load mnist count 3) latents 2) [[1, 2], [3]]", "the lists in it are of 2 and 1 value"),
      ("x = decode (vae for (load mnist count 3) latents 2) [[1, 2, 3]]", "2 latents, but the code has 3"),
      ("x = decode (vae for (load mnist count 3) latents 2) []", "this code has no values"),
    ])
  func noArrays(script: String, part: String) {
    let message = message(script)
    #expect(message.contains(part), "\(message)")
  }

  @Test("Values compare by what they hold, and β is the number that was written")
  func comparison() {
    let host = RecordingHost()
    let outcome = run(
      """
      t = load mnist count 3
      m = vae for t beta 0.1 channels 4
      print t == t, t[0] == t[0], t[0] == t[1], t[0..1] == t, m == m, m.beta == 0.1
      print (encode m t) == (encode m t), (sheet t) == (sheet t[0..1])
      """, host: host)
    #expect(isFinished(outcome))
    #expect(host.shown == ["true true false false true true", "true false"])
  }

  @Test(
    "Mistakes in values are told with what was found and what to do",
    arguments: [
      ("load mnist digits 1 count 9000", "2,000"),
      ("x = load mnist split test digits 3 each 500", "100"),
      ("m = vae for (load mnist count 3)\nsweep m from (load mnist count 1)[0]", "give a range"),
      (
        "t = load mnist count 3\nm = vae for t latents 3\nx = sweep m from t[0] latents 0..3 range prior",
        "no latent Z3"
      ),
      (
        "m = vae for (load mnist count 3)\nsave m \"FOLDER/m.txt\"",
        "a model must be saved as .safetensors, not 'm.txt'"
      ),
      ("d = load mnist count 3\nfigure (sheet d) \"/dev/null/x/y.png\"", "/dev/null"),
      ("x = open \"FOLDER\"", "'open' reads .safetensors, .png, .jpg, .csv, .npy and .npz"),
      ("x = open \"FOLDER/nothing.safetensors\"", "nothing.safetensors"),
      ("x = load \"FOLDER\"", "in this folder"),
      ("m = vae for (load mnist count 3)\nx = decode m [1, 2]", "12 latents, but the code has 2"),
      (
        "m = vae for (load mnist count 3)\nx = sweep m from (encode m (load mnist count 3)) range prior",
        "one code is needed here, not 3"
      ),
      ("print 1 / 0", "division by 0"),
      ("t = load mnist count 3\ntrain (vae for t) on t validate t[3..1]", "validate"),
      (
        "t = load mnist count 3\nfigure (sheet t) \"FOLDER/x.jpg\"",
        "a figure must be saved as .png or .svg, not 'x.jpg'"
      ),
      (
        "t = load mnist count 20\nv = vae for t channels 8\ntrain v on t epochs 1 rate 1e30", "the loss is not a number"
      ),
      ("m = vae for (load mnist count 3) beta 1e300", "1e+300 is beyond"),
      ("t = load mnist count 3\nm = vae for t\nx = sweep m from t[0] range -1e300..3", "-1e+300 is beyond"),
      ("t = load mnist count 3\ntrain (vae for t) on t rate 1e-60", "1e-60 is beyond"),
      (
        "t = load mnist count 3\nm = autoencoder for t channels 4\ntrain m on t epochs 9 rate 1e20",
        "the loss is not a number"
      ),
    ])
  func mistakes(script: String, part: String) {
    let message = message(script)
    #expect(message != "finished")
    #expect(message.contains(part), "\(message)")
  }
}

extension String {
  /// The text with the first occurrence of a part replaced.
  func replacingFirst(_ part: String, with other: String) -> String {
    let pieces = split(separator: part, maxSplits: 1, omittingEmptySubsequences: false)
    return pieces.joined(separator: other)
  }
}

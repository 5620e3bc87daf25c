import BVAECPU
import BVAELanguage
import BVAENotebook
import BVAEPlatform
import BetaVAE

extension ReaderUnderTest {
  private static let json = ["{", "}", "[", "]", "\"", ",", ":", "null", "true", "F32", "\\u0000", "__metadata__"]

  static let safetensors = ReaderUnderTest(
    name: "safetensors", read: { bytes, _ in _ = try Safetensors(bytes: bytes) }, words: json,
    repair: Repair.safetensors)

  static let model = ReaderUnderTest(
    name: "model",
    read: { bytes, folder in
      let path = Path.join(folder, "model.safetensors")
      try Files.overwrite(bytes, path)
      _ = try VariationalAutoencoder.open(path, compute: Compute(threads: 1))
    }, words: json, repair: Repair.safetensors)

  /// What a weights file says about the model besides the weights, a line each: a name, a blank and a text. A script
  /// then shows and draws all of it.
  static let history = ReaderUnderTest(
    name: "history",
    read: { bytes, folder in
      let path = Path.join(folder, "model.safetensors")
      try Files.overwrite(try FuzzSeeds.weights(metadata: FuzzSeeds.metadata(bytes)), path)
      try Files.overwrite([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8] + (1...64), Path.join(folder, "images"))
      let script = """
        x = load "\(folder)/images"
        m = open "\(path)"
        print m, m.network, m.channels, m.hidden, m.history, m.history.loss, m.history.active, m.history.validation, m.history.seconds, m.active, m.advice
        save m.history "\(folder)/history.csv"
        p = plot m.history
        q = plot m.history logarithmic
        s = sweep m from x[0] range auto steps 2
        t = sheet s
        save m "\(folder)/again.safetensors"
        """
      var options = NotebookOptions()
      options.threads = 1
      options.storeFolder = folder
      let session = Session.full(host: SilentHost(), options: options)
      switch session.run(Source(name: "fuzz.bvs", folder: folder, bytes: Array(script.utf8))) {
      case .finished: break
      case .failed(let diagnostic): throw FileProblem(rendered([diagnostic], limit: 1))
      case .rejected(let found): throw FileProblem(rendered(found, limit: 3))
      case .stopped(let stop): throw FileProblem("\(stop)")
      }
    }, words: json + ["inf", "\"nan\"", "1e308", "history", "latent_statistics", "epochs", "divergence", "active"])

  static let store = ReaderUnderTest(
    name: "store",
    read: { bytes, folder in
      let store = ModelStore(folder: folder)
      try Files.overwrite(bytes, store.path("key"))
      _ = try store.restore("key", into: try FuzzSeeds.network())
    }, words: json, repair: Repair.safetensors)

  /// The wall times that the store keeps beside a model.
  static let times = ReaderUnderTest(
    name: "times",
    read: { bytes, folder in
      let store = ModelStore(folder: folder)
      if !Files.exists(store.path("key")) { try Files.overwrite(try FuzzSeeds.stored(key: "key"), store.path("key")) }
      try Files.overwrite(bytes, Path.join(folder, "key.times.json"))
      let network = try FuzzSeeds.network()
      _ = try store.restore("key", into: network)
      guard network.history.seconds > 0 else { throw FileProblem("no times were taken") }
    }, words: json)

  /// A checkpoint, which a training takes over and goes on from for one step.
  static let checkpoint = ReaderUnderTest(
    name: "checkpoint",
    read: { bytes, folder in
      let trainer = try FuzzSeeds.trainer()
      var complaint = "there is no checkpoint"
      let checkpoints = Checkpoints(ModelStore(folder: folder), key: "key", interval: 1e9) { complaint = $0 }
      try Files.overwrite(bytes, checkpoints.path)
      guard checkpoints.resume(trainer) != nil else { throw FileProblem(complaint) }
      try trainer.run { _ in false }
      _ = trainer.history
    }, words: json + ["epoch", "sums", "watch", "checksum"], repair: Repair.checkpoint, limit: 1 << 18)
}

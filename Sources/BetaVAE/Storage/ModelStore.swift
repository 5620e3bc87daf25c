import Numerics
import Platform

/// Trained models kept from run to run, each under a key made of everything that determines its bits.
public struct ModelStore: Sendable {
  /// The folder of the stored models.
  public let folder: String

  /// Raised whenever a change to the training makes the same options give other bits.
  package static let trainingVersion = 3

  /// A store in a folder, which is made when the first model is stored.
  public init(folder: String) { self.folder = folder }

  /// The key of what a model becomes by a training: its lineage, the objective, the data, the options and the build
  /// of the kernels.
  /// - Parameters:
  ///   - data: the fingerprint of the training images.
  ///   - validation: the fingerprint of the validation images, whose losses the history holds.
  ///   - lineage: the model's before the training, if that is not its present one.
  public static func key(
    of model: VariationalAutoencoder, data: String, validation: String?, options: TrainingOptions,
    lineage: String? = nil
  ) -> String {
    var fingerprint = Fingerprint()
    for text in [
      "training \(trainingVersion)", lineage ?? model.lineage, model.architecture.description,
      model.objective.description, data,
      validation ?? "none", model.compute.kernels.name, model.compute.usesWinograd ? "filtered" : "direct",
    ] {
      fingerprint.add(text)
    }
    for number in [
      options.epochs, options.batch, Int(options.rate.bitPattern), Int(truncatingIfNeeded: options.seed),
      Int((model.objective.beta ?? -1).bitPattern),
    ] {
      fingerprint.add(number)
    }
    // Only where it is there, so that the keys of trainings without one stay what they were.
    if options.warmup > 0 { fingerprint.add("warm-up \(options.warmup)") }
    return fingerprint.description
  }

  /// Where the model of a key is, or would be.
  public func path(_ key: String) -> String { Path.join(folder, "\(key).safetensors") }

  /// Gives a model the weights, history and latent statistics that are stored under a key.
  /// - Returns: whether there were any.
  /// - Throws: `FileError` or `ModelError` when a file is there but cannot be used; the model is as it was.
  public func restore(_ key: String, into model: VariationalAutoencoder) throws -> Bool {
    guard Files.exists(path(key)) else { return false }
    let stored = try VariationalAutoencoder.open(path(key), compute: model.compute)
    guard stored.architecture == model.architecture else {
      throw ModelError.weightsFile(
        path: path(key), reason: "it holds a network of \(stored.architecture), not of \(model.architecture)")
    }
    // The file must be what was stored under this key, not another model and not a damaged one.
    guard stored.provenance["key"] == key, stored.provenance["weights_fingerprint"] == stored.lineage else {
      throw ModelError.weightsFile(path: path(key), reason: "it is not what was stored under this key")
    }
    model.adopt(stored)
    model.lineage = key
    model.history.add(times: times(key))
    return true
  }

  /// Stores a model under a key.
  /// - Throws: `FileError` when it cannot be written.
  public func store(_ model: VariationalAutoencoder, _ key: String) throws {
    model.note("key", key)
    model.note("weights_fingerprint", model.weightsFingerprint.description)
    try Files.makeDirectory(folder)
    try model.save(to: path(key))
    model.lineage = key
    // Wall times are for people; that they cannot be kept is no failure.
    if let times = try? JSONText.encoded(model.history.epochs.map(\.seconds)) {
      try? Files.write(times, to: timesPath(key))
    }
  }

  /// Keeps a model whose training diverged, with the weights that it has, in a file of its own that is never taken
  /// from the store by itself.
  /// - Returns: the file.
  /// - Throws: `FileError` when it cannot be written.
  public func keep(_ model: VariationalAutoencoder, lastGoodOf key: String) throws -> String {
    let path = Path.join(folder, "\(key).last-good.safetensors")
    try Files.makeDirectory(folder)
    try model.save(to: path)
    return path
  }

  /// Claims the training of a key for this process; see `FileLock`.
  /// - Throws: `FileError` where the folder takes no claims.
  public func claim(_ key: String) throws -> FileLock.Attempt {
    try Files.makeDirectory(folder)
    return try FileLock.attempt(Path.join(folder, "\(key).lock"))
  }

  /// The wall times of a model's epochs stay beside its file, which is the same whatever the training took.
  private func timesPath(_ key: String) -> String { Path.join(folder, "\(key).times.json") }

  private func times(_ key: String) -> [Double?] {
    let text = try? Files.readText(timesPath(key), limit: 1 << 21)
    return JSONText.decoded([Double?].self, text) ?? []
  }
}

extension VariationalAutoencoder {
  /// Takes over weights and what training left behind from a model of the same architecture.
  func adopt(_ other: VariationalAutoencoder) {
    for (net, source) in zip(nets, other.nets) { net.copy(from: source) }
    history = other.history
    unfinished = nil
    latentStatistics = other.latentStatistics
    provenance = other.provenance
  }

  /// Notes a fact about the training for the weights file; nil takes an earlier one back.
  public func note(_ name: String, _ text: String?) { provenance[name] = text }
}

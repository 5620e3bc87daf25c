import BVAECPU
import BVAEPlatform

/// Trained models kept from run to run, each under a key made of everything that determines its bits.
public struct ModelStore: Sendable {
  /// The folder of the stored models.
  public let folder: String

  /// Raised whenever a change to the training makes the same options give other bits.
  package static let trainingVersion = 3

  /// A store in a folder, which is made when the first model is stored.
  public init(folder: String) { self.folder = folder }

  /// The key of what a model becomes by a training: a hash of its lineage, the architecture's and the objective's numbers,
  /// the data, the options and the arithmetic of the kernels, on which its bits depend. Nothing that is only worded, so
  /// that no change of a text makes two trainings one, or one two.
  /// - Parameters:
  ///   - data: the fingerprint of the training images.
  ///   - validation: the fingerprint of the validation images, whose losses the history holds.
  ///   - lineage: the model's before the training, if that is not its present one.
  public static func key(
    of model: Model, data: String, validation: String?, options: TrainingOptions,
    lineage: String? = nil
  ) -> String {
    key(
      lineage: lineage ?? model.lineage, networks: { model.add(to: &$0) }, objective: model.objective, model.compute,
      data: data, validation: validation, options)
  }

  /// The key of what a model will become by its first training; likewise.
  public static func key(of plan: ModelPlan, data: String, options: TrainingOptions, compute: Compute) -> String {
    key(
      lineage: plan.lineage, networks: plan.networks, objective: plan.objective, compute, data: data, validation: nil,
      options)
  }

  private static func key(
    lineage: String, networks: (inout Fingerprint) -> Void, objective: Objective, _ compute: Compute, data: String,
    validation: String?, _ options: TrainingOptions
  ) -> String {
    var fingerprint = Fingerprint()
    fingerprint.add("key 2")
    fingerprint.add(trainingVersion)
    fingerprint.add(lineage)
    networks(&fingerprint)
    objective.add(to: &fingerprint)
    for text in [data, validation ?? "none"] + compute.arithmetic { fingerprint.add(text) }
    for number in [
      options.epochs, options.batch, Int(options.rate.bitPattern), Int(truncatingIfNeeded: options.seed),
      options.warmup,
    ] {
      fingerprint.add(number)
    }
    // Only where they are not the paper's, so that keys from before they could be chosen hold.
    if options.decay != .none { fingerprint.add("decay \(options.decay.rawValue)") }
    if options.rateWarmup > 0 { fingerprint.add("rate warm-up \(options.rateWarmup)") }
    if let clip = options.clip { fingerprint.add("clip \(clip.bitPattern)") }
    return fingerprint.description
  }

  /// Where the model of a key is, or would be.
  public func path(_ key: String) -> String { Path.join(folder, "\(key).safetensors") }

  /// Gives a model the weights, history and latent statistics that are stored under a key.
  /// - Returns: whether there were any.
  /// - Throws: `FileProblem` or `ModelError` when a file is there but cannot be used; the model is as it was.
  public func restore(_ key: String, into model: Model) throws -> Bool {
    guard Files.exists(path(key)) else { return false }
    let stored = try Model.open(path(key), compute: model.compute)
    guard stored.hasNetworks(of: model), stored.objective == model.objective, stored.unknown.isEmpty else {
      throw FileProblem(
        "it holds another model: \(stored.objective) of \(stored.sizes), not \(model.objective) of \(model.sizes)",
        of: path(key))
    }
    try check(stored, key)
    model.adopt(stored)
    model.lineage = key
    model.history.add(times: times(key))
    return true
  }

  /// The file must be what was stored under this key, not another model and not a damaged one.
  private func check(_ stored: Model, _ key: String) throws {
    guard stored.storeEntry?.key == key, stored.storeEntry?.weightsFingerprint == stored.lineage else {
      throw FileProblem("its contents are not those stored under this key", of: path(key))
    }
  }

  /// The model that is stored under a key.
  /// - Throws: `FileProblem` or `ModelError` where there is none, or its file cannot be used.
  public func model(_ key: String, compute: Compute) throws -> Model {
    let stored = try Model.open(path(key), compute: compute)
    try check(stored, key)
    stored.lineage = key
    stored.history.add(times: times(key))
    return stored
  }

  /// Gives a model what a version before 0.2 has stored for a training, and moves the file to the key that holds now. The
  /// latents' ranges are taken anew: of many images these versions used evenly spaced ones.
  /// - Parameters:
  ///   - key: the training's key; `data`, `validation` and `options` are those that it was made of.
  ///   - images: the training images.
  /// - Returns: whether there was such a file.
  /// - Throws: `FileProblem` or `ModelError` when a file is there but cannot be used or moved.
  public func restoreFormer(
    _ key: String, into model: Model, images: ByteImages, data: String, validation: String?,
    options: TrainingOptions
  ) throws -> Bool {
    let former = FormerKeys.all(of: model, data: data, validation: validation, options: options)
    for (_, old) in former.sorted(by: { $0.key < $1.key }) {
      guard try restore(old, into: model) else { continue }
      model.latentStatistics = try LatentStatistics(model, images: images)
      try store(model, key)
      model.formerLineages = former
      for path in [path(old), timesPath(old)] where Files.exists(path) { try? Files.remove(path) }
      return true
    }
    return false
  }

  /// Stores a model under a key.
  /// - Parameter fingerprint: that of its weights, where it is known: a training leaves it as the model's lineage.
  /// - Throws: `FileProblem` when it cannot be written.
  public func store(_ model: Model, _ key: String, fingerprint: String? = nil) throws {
    let weights = fingerprint ?? model.weightsFingerprint.description
    try model.device.check()
    model.storeEntry = StoreEntry(key: key, weightsFingerprint: weights)
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
  /// - Throws: `FileProblem` when it cannot be written.
  public func keep(_ model: Model, lastGoodOf key: String) throws -> String {
    let path = Path.join(folder, "\(key).last-good.safetensors")
    try Files.makeDirectory(folder)
    try model.save(to: path)
    return path
  }

  /// Claims the training of a key for this process; see `FileLock`.
  /// - Throws: `FileProblem` where the folder takes no claims.
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

extension Model {
  /// Whether its networks are made like those of another.
  fileprivate func hasNetworks(of other: Model) -> Bool {
    nets.map(\.net.key) == other.nets.map(\.net.key) && image == other.image
  }

  /// Takes over weights and what training left behind from a model with the same networks.
  func adopt(_ other: Model) {
    for (net, source) in zip(nets, other.nets) { net.copy(from: source) }
    history = other.history
    unfinished = nil
    latentStatistics = other.latentStatistics
    trainingRecord = other.trainingRecord
    storeEntry = other.storeEntry
    otherMetadata = other.otherMetadata
  }
}

import BVAECPU
import BVAEPlatform

/// Models as .safetensors files: PyTorch's names and shapes, and in the metadata what the network is and how it was
/// trained.
extension VariationalAutoencoder {
  /// The largest weights file that is read, in bytes.
  static let fileLimit = 1 << 31

  /// Writes the model; the file appears whole or not at all.
  /// - Throws: `FileProblem` when it cannot be written.
  public func save(to path: String) throws {
    var metadata = otherMetadata
    for own in [trainingRecord?.metadata, storeEntry?.metadata] { metadata.merge(own ?? [:]) { $1 } }
    let image = architecture.image
    metadata["image"] = "\(image.height)x\(image.width)x\(image.planes)"
    metadata.merge(architecture.metadata) { $1 }
    metadata["latents"] = String(architecture.latents)
    if !unknown.contains(.beta) { metadata.merge(objective.metadata) { $1 } }
    if !unknown.contains(.likelihood) { metadata["likelihood"] = objective.likelihood.rawValue }
    if !unknown.contains(.seed) { metadata["seed"] = String(seed) }
    // Without wall times, so that one training gives one file.
    metadata["history"] = try JSONText.encoded(history.withoutTimes)
    if let latentStatistics { metadata["latent_statistics"] = try JSONText.encoded(latentStatistics) }
    // As `Safetensors.encoded` has it, but without a second copy of all weights in memory.
    let arrays = parameters.sorted { $0.name < $1.name }
    let header = try Safetensors.header(arrays.map { ($0.name, $0.shape) }, metadata: metadata)
    try Files.write(to: path) { sink in
      try sink.write(header)
      for array in arrays {
        try array.forEachPart(in: array.buffer) { try sink.write(floats: UnsafeBufferPointer($0)) }
      }
    }
  }

  /// Opens a weights file with the array names of one of the networks. Kind and sizes follow from the arrays; the
  /// objective, the seed, the history and the latents' ranges from the metadata, where they are there. What neither says
  /// can be given; what is not given is unknown to the model, and `openingNotes` tells what was assumed.
  /// - Parameter given: what the file does not say.
  /// - Throws: `FileProblem` when the file cannot be read or holds something else, or what is
  ///   given contradicts it.
  public static func open(
    _ path: String, given: GivenFacts = GivenFacts(), compute: Compute = Compute()
  ) throws -> VariationalAutoencoder {
    let bytes = try Files.read(path, limit: fileLimit)
    do {
      return try VariationalAutoencoder(try ForeignWeights(Safetensors(bytes: bytes)), given, compute: compute)
    } catch let problem as FileProblem {
      throw problem.of(path)
    } catch ModelError.unsupported(let reason) {
      throw FileProblem(reason, of: path)
    }
  }

  private convenience init(_ foreign: ForeignWeights, _ given: GivenFacts, compute: Compute) throws {
    let file = foreign.file, texts = file.metadata
    let architecture = try file.architecture(given)
    let facts = try ObjectiveFacts(texts, given)
    if let fault = facts.objective.fault(latents: architecture.latents) { throw ModelError.unsupported(fault) }
    let critic = facts.objective.latentLoss.critic(latents: architecture.latents)?.parameters ?? []
    let shapes = Dictionary(uniqueKeysWithValues: (architecture.parameters + critic).map { ($0.name, $0.shape) })
    try Self.check(file.tensors, against: shapes)
    self.init(
      uninitialized: architecture, objective: facts.objective, seed: texts["seed"].flatMap(UInt64.init) ?? 1,
      compute: compute)
    for parameter in parameters { parameter.set(file.tensors[parameter.name]!.values) }
    lineage = weightsFingerprint.description
    unknown = facts.unknown
    if texts["seed"].flatMap(UInt64.init) == nil { unknown.insert(.seed) }
    openingNotes = foreign.notes + facts.notes
    history = JSONText.decoded(History.self, texts["history"]) ?? History()
    if let statistics = JSONText.decoded(LatentStatistics.self, texts["latent_statistics"]),
      [statistics.divergence, statistics.meanVariance, statistics.lower, statistics.upper]
        .allSatisfy({ $0.count == architecture.latents && $0.allSatisfy(\.isFinite) })
    {
      latentStatistics = statistics
    }
    trainingRecord = TrainingRecord(texts)
    storeEntry = StoreEntry(texts)
    var known: Set<String> = Set(objective.metadata.keys).union([
      "image", "latents", "likelihood", "seed", "history", "latent_statistics",
    ]).union(architecture.metadata.keys)
    if trainingRecord != nil { known.formUnion(TrainingRecord.names) }
    if storeEntry != nil { known.formUnion(StoreEntry.names) }
    otherMetadata = texts.filter { !known.contains($0.key) }
  }

  /// Checks names, shapes and values before anything is made of them.
  private static func check(_ tensors: [String: Tensor], against shapes: [String: [Int]]) throws {
    if let strange = tensors.keys.filter({ shapes[$0] == nil }).min() {
      throw ModelError.unsupported("the network has no array '\(strange)'")
    }
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      guard let tensor = tensors[name] else {
        throw ModelError.unsupported("'\(name)' of shape \(shape) is missing")
      }
      guard tensor.shape == shape else {
        throw ModelError.unsupported("'\(name)' has the shape \(tensor.shape); expected \(shape)")
      }
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw ModelError.unsupported("'\(name)' holds values that are not finite numbers")
      }
    }
  }
}

import BVAECPU
import BVAEPlatform

/// Models as .safetensors files: PyTorch's names and shapes, and in the metadata what the network is and how it was
/// trained.
extension Model {
  /// The largest weights file that is read, in bytes.
  static let fileLimit = 1 << 31

  /// Writes the model; the file appears whole or not at all.
  /// - Throws: `FileProblem` when it cannot be written.
  public func save(to path: String) throws {
    var metadata = otherMetadata
    for own in [trainingRecord?.metadata, storeEntry?.metadata] { metadata.merge(own ?? [:]) { $1 } }
    metadata["image"] = "\(image.height)x\(image.width)x\(image.planes)"
    metadata.merge(networkMetadata) { $1 }
    if !unknown.contains(.beta) { metadata.merge(objective.metadata) { $1 } }
    if objective.reconstructs && !unknown.contains(.likelihood) {
      metadata["likelihood"] = objective.likelihood.rawValue
    }
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
      // What a device that has failed gave for weights takes no name.
      try device.check()
    }
  }

  /// What `open` does, for whatever system the file is of.
  static func read(_ path: String, _ given: GivenFacts, _ compute: Compute) throws -> Model {
    let bytes = try Files.read(path, limit: fileLimit)
    do {
      let weights = try ForeignWeights(Safetensors(bytes: bytes))
      return weights.isOfInfoGAN
        ? try InfoGAN(weights, given, compute: compute) : try VariationalAutoencoder(weights, given, compute: compute)
    } catch let problem as FileProblem {
      throw problem.of(path)
    } catch ModelError.unsupported(let reason) {
      throw FileProblem(reason, of: path)
    }
  }

  /// Takes over what a file says, whose arrays were checked.
  fileprivate func adopt(_ foreign: ForeignWeights, unknown: UnknownFacts, notes: [String] = []) {
    let texts = foreign.file.metadata
    for parameter in parameters { parameter.set(foreign.file.tensors[parameter.name]!.values) }
    lineage = weightsFingerprint.description
    self.unknown = unknown
    if texts["seed"].flatMap(UInt64.init) == nil { self.unknown.insert(.seed) }
    openingNotes = foreign.notes + notes
    history = JSONText.decoded(History.self, texts["history"]) ?? History()
    if let statistics = JSONText.decoded(LatentStatistics.self, texts["latent_statistics"]), statistics.isFinite,
      [statistics.divergence, statistics.meanVariance, statistics.lower, statistics.upper]
        .allSatisfy({ $0.count == latents }),
      (statistics.categoryShares?.map(\.count) ?? []) == (objective.code.declared?.categories ?? [])
    {
      latentStatistics = statistics
    }
    trainingRecord = TrainingRecord(texts)
    storeEntry = StoreEntry(texts)
    var known: Set<String> = Set(objective.metadata.keys).union([
      "image", "latents", "likelihood", "seed", "history", "latent_statistics",
    ]).union(networkMetadata.keys)
    if trainingRecord != nil { known.formUnion(TrainingRecord.names) }
    if storeEntry != nil { known.formUnion(StoreEntry.names) }
    otherMetadata = texts.filter { !known.contains($0.key) }
  }

  /// Checks names, shapes and values before anything is made of them.
  fileprivate static func check(_ tensors: [String: Tensor], against shapes: [String: [Int]]) throws {
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
      guard !name.hasSuffix(".running_var") || tensor.values.allSatisfy({ $0 >= 0 }) else {
        throw ModelError.unsupported("'\(name)' holds variances below 0")
      }
    }
  }
}

extension VariationalAutoencoder {
  fileprivate convenience init(_ foreign: ForeignWeights, _ given: GivenFacts, compute: Compute) throws {
    let file = foreign.file, texts = file.metadata
    let architecture = try file.architecture(given)
    let facts = try ObjectiveFacts(texts, given)
    guard let loss = facts.objective.loss as? any LatentLoss else {
      throw ModelError.unsupported(
        "its metadata name the objective '\(facts.objective.loss.name)', but its arrays are an autoencoder's")
    }
    if let fault = facts.objective.fault(latents: architecture.latents) { throw ModelError.unsupported(fault) }
    let critic = loss.critic(latents: architecture.latents)?.parameters ?? []
    let shapes = Dictionary(uniqueKeysWithValues: (architecture.parameters + critic).map { ($0.name, $0.shape) })
    try Self.check(file.tensors, against: shapes)
    self.init(
      uninitialized: architecture, objective: facts.objective, seed: texts["seed"].flatMap(UInt64.init) ?? 1,
      compute: compute)
    adopt(foreign, unknown: facts.unknown, notes: facts.notes)
  }
}

extension ForeignWeights {
  /// Whether these are the arrays of an InfoGAN.
  fileprivate var isOfInfoGAN: Bool { file.tensors[InfoGAN.firstArray] != nil }
}

extension InfoGAN {
  /// An array that only an InfoGAN has.
  static let firstArray = "generator.fc1.weight"

  fileprivate convenience init(_ foreign: ForeignWeights, _ given: GivenFacts, compute: Compute) throws {
    let file = foreign.file, texts = file.metadata
    func extent(_ name: String, _ place: Int) -> Int? {
      guard let shape = file.tensors[name]?.shape, shape.indices.contains(place) else { return nil }
      return shape[place]
    }
    guard let channels = extent("judge.conv1.weight", 0), let planes = extent("judge.conv1.weight", 1),
      let inputs = extent(Self.firstArray, 1), let outputs = extent("judge.q2.weight", 0)
    else {
      throw ModelError.unsupported("these weights are not all of an InfoGAN's: judge.conv1 or judge.q2 is missing")
    }
    // Only the network for 32×32 pixels has a third convolution.
    let side = file.tensors["judge.conv3.weight"] == nil ? 28 : 32
    let image = ImageShape(height: side, width: side, planes: planes)
    let objective = try Self.objective(texts, given, inputs: inputs, outputs: outputs)
    try self.init(
      uninitialized: image, objective: objective, channels: channels,
      seed: texts["seed"].flatMap(UInt64.init) ?? 1, compute: compute)
    try Self.check(
      file.tensors, against: Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.shape) }))
    let isStated = texts[Objective.metadataName] != nil
    adopt(
      foreign, unknown: [],
      notes: isStated ? [] : ["it states neither its λ nor the slope of its leaky ReLU; assuming 1 and 0.1"])
  }

  /// What the metadata say it was trained for, else the codes that are given, with the paper's λ and slope.
  private static func objective(
    _ texts: [String: String], _ given: GivenFacts, inputs: Int, outputs: Int
  ) throws -> Objective {
    if let name = texts[Objective.metadataName] {
      guard name == InfoGANLoss.name else {
        throw ModelError.unsupported("its metadata name the objective '\(name)', but its arrays are an InfoGAN's")
      }
      return Objective(try InfoGANLoss(SavedSettings(texts)))
    }
    guard given.categories != nil || given.continuous != nil else {
      throw ModelError.unsupported(
        "it does not state its codes: Q gives \(counted(outputs, "number")), some for categories, the rest for "
          + "continuous codes; give 'categories', such as categories [10], and 'continuous'")
    }
    let code = try GeneratorCode(
      noise: max(0, inputs - outputs), categories: given.categories ?? [], continuous: given.continuous ?? 0)
    guard code.outputs == outputs, code.inputs == inputs else {
      throw ModelError.unsupported(
        "its Q gives \(counted(outputs, "number")), and categories \(code.categories) with \(code.continuous) continuous "
          + "codes are \(code.outputs)")
    }
    return try .infoGAN(code)
  }
}

import BVAECPU
import BVAENetworks
import BVAEPlatform

/// A β-variational autoencoder (Higgins et al. 2017): an encoder that gives each image a mean
/// and a log variance for each latent, and a decoder that makes images of latents.
public final class VariationalAutoencoder {
  /// Its network and how large that is.
  public let architecture: Architecture
  /// What it is, or was, trained for.
  public let objective: Objective
  /// The seed of its initial weights.
  public let seed: UInt64
  /// Where it computes.
  public let compute: Compute
  /// What training left behind: one record an epoch.
  public internal(set) var history = History()
  /// What the latents do on the data that the model was trained on; nil before training.
  public internal(set) var latentStatistics: LatentStatistics?
  /// What the model was trained on and how; nil before training, and where its file does not say.
  public var trainingRecord: TrainingRecord?
  /// What the store has noted of it; nil for a model that was not stored.
  public internal(set) var storeEntry: StoreEntry?
  /// What else stood in the metadata of the file that it came from, kept for the file that it is saved in.
  var otherMetadata: [String: String] = [:]

  /// What made the present weights, as a fingerprint: architecture and seed, and every training since; for a model
  /// from a file, the weights themselves. Equal lineage, equal weights.
  public internal(set) var lineage: String {
    didSet { formerLineages = FormerKeys.lineages(lineage) }
  }

  /// The same as versions before 0.2 made it, for each build of the kernels.
  var formerLineages: [String: String] = [:]

  /// What the file that the model came from does not say.
  public internal(set) var unknown: UnknownFacts = []

  /// What was made of a file that leaves something open, in sentences; empty for a file of this program's own.
  public internal(set) var openingNotes: [String] = []

  /// The training in which the model was stopped; nil once it was trained otherwise. Its checkpoint lets it go on.
  public internal(set) var unfinished: UnfinishedTraining?
  /// Whether a training is going on.
  var isBeingTrained = false

  /// Asked before each batch that is encoded or decoded; what it throws ends the work. For stopping long commands.
  public var beforeBatch: (() throws -> Void)?

  let encoder: NetWeights, decoder: NetWeights
  /// What estimates the objective's total correlation; nil for most.
  package let critic: NetWeights?
  private var encoding: Pass?, decoding: Pass?
  /// Images at a time: their tiles are a whole number of units of work for any layer, even in pairs.
  private static let batch = 192

  /// A model with fresh weights (Glorot-uniform, zero biases), the same for the same seed.
  public convenience init(
    _ architecture: Architecture, objective: Objective = .paper, seed: UInt64 = 1, compute: Compute = Compute()
  ) {
    self.init(uninitialized: architecture, objective: objective, seed: seed, compute: compute)
    encoder.initialize(seed: seed)
    decoder.initialize(seed: seed, first: encoder.parameters.count)
    critic?.initialize(seed: seed, first: encoder.parameters.count + decoder.parameters.count)
  }

  /// A model of zeros, whose weights are set by the caller.
  init(uninitialized architecture: Architecture, objective: Objective, seed: UInt64, compute: Compute) {
    self.architecture = architecture
    self.objective = objective
    self.seed = seed
    self.compute = compute
    let device = CPUDevice(compute)
    encoder = NetWeights(architecture.encoder, on: device)
    decoder = NetWeights(architecture.decoder, on: device)
    critic = objective.latentLoss.critic(latents: architecture.latents).map { NetWeights($0, on: device) }
    var fingerprint = Fingerprint()
    fingerprint.add("fresh weights 2")
    architecture.add(to: &fingerprint)
    fingerprint.add(Int(truncatingIfNeeded: seed))
    if let critic { fingerprint.add(critic.net.key) }
    lineage = fingerprint.description
    formerLineages = FormerKeys.lineages(FormerKeys.fresh(architecture, seed: seed))
  }

  /// All trained arrays under PyTorch's names.
  var parameters: [Parameter] { nets.flatMap(\.parameters) }

  var nets: [NetWeights] { [encoder, decoder, critic].compactMap { $0 } }

  /// How it is trained.
  func training(batch: Int, options: TrainingOptions) -> any Trainable {
    objective.latentLoss.training(self, batch: batch, options: options)
  }

  /// The number of trained values.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// A fingerprint of all weights: equal bits, equal fingerprint.
  public var weightsFingerprint: Fingerprint {
    var fingerprint = Fingerprint()
    for parameter in parameters {
      parameter.forEachPart(in: parameter.buffer) { for value in $0 { fingerprint.add(value.bitPattern) } }
    }
    return fingerprint
  }

  /// Encodes images.
  /// - Returns: means and log variances, [images, latents].
  /// - Throws: `ModelError.imageShape` for images of another size, `FileProblem` for images in a file that cannot be read.
  public func encode(_ images: ByteImages) throws -> Code {
    try check(images.shape)
    let code = try encode(count: images.count) { $0.set($1, to: images[$2]) }
    try images.check()
    return code
  }

  /// Encodes images, [images, height, width, planes] in 0…1.
  /// - Throws: `ModelError.imageShape` for images of another size.
  public func encode(_ images: Tensor) throws -> Code {
    guard images.shape.count == 4, images.shape[1...].allSatisfy({ $0 > 0 }) else {
      throw ModelError.unsupported("images have four dimensions, not \(images.shape.count)")
    }
    try check(ImageShape(height: images.shape[1], width: images.shape[2], planes: images.shape[3]))
    let size = architecture.image.count
    return try encode(count: images.count) { $0.set($1, to: images.values[$2 * size..<($2 + 1) * size]) }
  }

  private func check(_ shape: ImageShape) throws {
    guard shape == architecture.image else {
      throw ModelError.imageShape(found: shape, expected: architecture.image)
    }
  }

  private func encode(count: Int, load: (Values, _ row: Int, _ image: Int) -> Void) throws -> Code {
    let latents = architecture.latents
    let pass = encoding ?? Pass(encoder, batch: Self.batch, use: .fastInference)
    encoding = pass
    var mean: [Float] = [], logVariance: [Float] = []
    mean.reserveCapacity(count * latents)
    logVariance.reserveCapacity(count * latents)
    for start in stride(from: 0, to: count, by: Self.batch) {
      try beforeBatch?()
      let images = min(Self.batch, count - start)
      for row in 0..<images { load(pass.input, row, start + row) }
      pass.forward(count: images, hasSameWeights: start > 0)
      for row in 0..<images {
        pass.output.append(row, head: 0, to: &mean)
        pass.output.append(row, head: 1, to: &logVariance)
      }
    }
    return Code(
      mean: Tensor(shape: [count, latents], values: mean),
      logVariance: Tensor(shape: [count, latents], values: logVariance))
  }

  /// Decodes codes, [codes, latents].
  /// - Returns: images, [codes, height, width, planes] in 0…1.
  /// - Throws: `ModelError.codeLength` for codes of another length.
  public func decode(_ codes: Tensor) throws -> Tensor {
    let latents = architecture.latents, image = architecture.image
    guard codes.shape.count == 2, codes.shape[1] == latents else {
      throw ModelError.codeLength(found: codes.shape.last ?? 0, expected: latents)
    }
    let pass = decoding ?? Pass(decoder, batch: Self.batch, use: .inference, gradientIsBeforeSigmoid: true)
    decoding = pass
    var values: [Float] = []
    values.reserveCapacity(codes.count * image.count)
    for start in stride(from: 0, to: codes.count, by: Self.batch) {
      try beforeBatch?()
      let rows = min(Self.batch, codes.count - start)
      for row in 0..<rows {
        pass.input.set(row, to: codes.values[(start + row) * latents..<(start + row + 1) * latents])
      }
      pass.forward(count: rows, hasSameWeights: start > 0)
      for row in 0..<rows { pass.output.append(row, to: &values) }
    }
    return Tensor(shape: [codes.count, image.height, image.width, image.planes], values: values)
  }

  /// Encodes images and decodes their means.
  /// - Throws: `ModelError.imageShape` for images of another size.
  public func reconstruct(_ images: ByteImages) throws -> Tensor { try decode(try encode(images).mean) }

  /// Decodes codes drawn from the prior N(0, I); none where the count is not positive.
  /// - Returns: `count` images, [count, height, width, planes] in 0…1.
  public func sample(count: Int, seed: UInt64) throws -> Tensor {
    let generator = RandomGenerator(seed: seed, stream: .sample)
    let count = max(0, count), size = count * architecture.latents
    var values: [Float] = []
    for position in 0..<UInt64((size + 1) / 2) {
      let pair = generator.normalPair(at: position)
      values += [Float(pair.0), Float(pair.1)]
    }
    return try decode(Tensor(shape: [count, architecture.latents], values: Array(values.prefix(size))))
  }
}

/// What the encoder says of images: for each a normal distribution over the latents.
public struct Code: Sendable, Equatable {
  /// μ, [images, latents].
  public let mean: Tensor
  /// log σ², [images, latents].
  public let logVariance: Tensor

  /// A code of means and log variances of one shape.
  package init(mean: Tensor, logVariance: Tensor) {
    precondition(mean.shape == logVariance.shape && mean.shape.count == 2)
    self.mean = mean
    self.logVariance = logVariance
  }

  /// The number of images.
  public var count: Int { mean.count }

  /// The number of latents.
  public var latents: Int { mean.shape[1] }
}

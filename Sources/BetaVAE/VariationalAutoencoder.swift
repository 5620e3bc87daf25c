import BVAECPU
import BVAENetworks
import BVAEPlatform

/// A β-variational autoencoder (Higgins et al. 2017), or a relative: an encoder that gives each image a mean and a log
/// variance for each latent, and a decoder that makes images of latents.
public final class VariationalAutoencoder: Model {
  /// Its network and how large that is.
  public let architecture: Architecture
  /// What codes cost.
  package let latentLoss: any LatentLoss
  package let encoder: NetWeights, decoder: NetWeights
  /// What estimates the objective's total correlation; nil for most.
  package let critic: NetWeights?
  private var encoding: Pass?, decoding: Pass?

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
    guard let loss = objective.loss as? any LatentLoss else {
      preconditionFailure("an autoencoder is not trained for \(objective)")
    }
    let device = compute.device
    let encoder = NetWeights(architecture.encoder, on: device), decoder = NetWeights(architecture.decoder, on: device)
    let critic = loss.critic(latents: architecture.latents).map { NetWeights($0, on: device) }
    let nets = [encoder, decoder] + (critic.map { [$0] } ?? [])
    let lineage = Self.lineage(architecture, objective, seed: seed)
    (self.architecture, latentLoss) = (architecture, loss)
    (self.encoder, self.decoder, self.critic) = (encoder, decoder, critic)
    super.init(
      image: architecture.image, latents: architecture.latents, objective: objective, nets: nets, seed: seed,
      compute: compute, lineage: lineage)
    formerLineages = FormerKeys.lineages(FormerKeys.fresh(architecture, seed: seed))
  }

  /// What stands for fresh weights.
  static func lineage(_ architecture: Architecture, _ objective: Objective, seed: UInt64) -> String {
    var fingerprint = Fingerprint()
    fingerprint.add("fresh weights 2")
    architecture.add(to: &fingerprint)
    fingerprint.add(Int(truncatingIfNeeded: seed))
    if let critic = (objective.loss as? any LatentLoss)?.critic(latents: architecture.latents) {
      fingerprint.add(critic.key)
    }
    return fingerprint.description
  }

  /// Opens a weights file of an autoencoder; see `Model.open`.
  /// - Throws: `FileProblem`, also for a file of another system.
  override public class func open(
    _ path: String, given: GivenFacts = GivenFacts(), compute: Compute = Compute()
  ) throws -> VariationalAutoencoder {
    let model = try read(path, given, compute)
    guard let autoencoder = model as? VariationalAutoencoder else {
      throw FileProblem("it holds another system, an \(model.objective.kind)", of: path)
    }
    return autoencoder
  }

  override func training(batch: Int, options: TrainingOptions) -> any Trainable {
    latentLoss.training(self, batch: batch, options: options)
  }

  override func unfilled() -> Model {
    VariationalAutoencoder(uninitialized: architecture, objective: objective, seed: seed, compute: compute)
  }

  override func add(to fingerprint: inout Fingerprint) { architecture.add(to: &fingerprint) }

  override public var sizes: String { "\(architecture)" }

  override var networkMetadata: [String: String] {
    architecture.metadata.merging(["latents": String(architecture.latents)]) { $1 }
  }

  override func forgetPasses() { (encoding, decoding) = (nil, nil) }

  override func encode(count: Int, load: (Values, _ rows: Int, _ start: Int) -> Void) throws -> Code {
    let pass = encoding ?? Pass(encoder, batch: batch, use: .fastInference)
    encoding = pass
    var mean: [Float] = [], logVariance: [Float] = []
    mean.reserveCapacity(count * latents)
    logVariance.reserveCapacity(count * latents)
    try forEachBatch(of: count) { start, images in
      load(pass.input, images, start)
      pass.forward(count: images, hasSameWeights: start > 0)
      let heads = pass.output.heads(images)
      mean += heads.mean
      logVariance += heads.logVariance
    }
    return Code(
      mean: Tensor(shape: [count, latents], values: mean),
      logVariance: Tensor(shape: [count, latents], values: logVariance))
  }

  /// Decodes codes; there is nothing beside them.
  override func decode(count: Int, codes: Tensor, draw: (Int) -> Draw) throws -> Tensor {
    let pass = decoding ?? Pass(decoder, batch: batch, use: .inference, gradientIsBeforeSigmoid: true)
    decoding = pass
    var values: [Float] = []
    values.reserveCapacity(count * image.count)
    try forEachBatch(of: count) { start, rows in
      pass.input.set(to: codes.values[start * latents..<(start + rows) * latents])
      pass.forward(count: rows, hasSameWeights: start > 0)
      pass.output.append(rows: rows, to: &values)
    }
    return Tensor(shape: [count, image.height, image.width, image.planes], values: values)
  }

  /// Encodes images and decodes their means.
  /// - Throws: `ModelError.imageShape` for images of another size.
  public func reconstruct(_ images: ByteImages) throws -> Tensor { try decode(try encode(images).mean) }

  override func codes(count: Int, seed: UInt64) -> Tensor {
    let generator = RandomGenerator(seed: seed, stream: .sample), size = count * latents
    var values: [Float] = []
    for position in 0..<UInt64((size + 1) / 2) {
      let pair = generator.normalPair(at: position)
      values += [Float(pair.0), Float(pair.1)]
    }
    return Tensor(shape: [count, latents], values: Array(values.prefix(size)))
  }
}

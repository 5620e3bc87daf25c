import BVAECPU
import BVAENetworks
import BVAEPlatform

/// An InfoGAN (Chen et al. 2016): a generator that makes images of noise and declared codes, a judge that tells them from
/// real ones, and Q, which shares the judge's trunk and tells the codes that an image was made of. What the codes come to
/// mean, it finds by itself.
///
/// Its latents are the declared codes, the categories first. It encodes images by Q and makes images of codes and of the
/// noise of a draw; as nothing tells the noise of an image, it cannot reconstruct one.
public final class InfoGAN: Model {
  /// What its images are made of.
  public let code: GeneratorCode
  /// Channels of the judge's first convolution; all other widths are in proportion.
  public let channels: Int
  /// The four networks.
  package let networks: InfoGANNetworks
  let generator: NetWeights, trunk: NetWeights, head: NetWeights, recognition: NetWeights

  private var encoding: (trunk: Pass, recognition: Pass)?, decoding: Pass?

  /// The slope of the judge's leaky rectifiers below zero: 0.1 in the paper, 0.01 in the authors' code.
  public static let slopes = InfoGANNetworks.slopes
  /// Why no InfoGAN takes images of a size, in words; nil where one does.
  package static func fault(of image: ImageShape) -> String? { InfoGANNetworks.fault(of: image) }

  /// Channels of the judge's first convolution as published.
  public static let usualChannels = InfoGANNetworks.channels

  /// An InfoGAN with fresh weights, the same for the same seed: N(0, 0.02), the scales of batch norms N(1, 0.02), biases 0.
  /// - Parameters:
  ///   - image: 28×28 or 32×32 pixels.
  ///   - code: what its images are made of; nil for the paper's.
  ///   - lambda: the weight of the information that Q has about the codes.
  ///   - slope: of the judge's leaky rectifiers.
  ///   - channels: of the judge's first convolution; all other widths are in proportion.
  /// - Throws: `ModelError.unsupported` for images of other sizes, options out of range, or widths that make it too large.
  public convenience init(
    image: ImageShape, code: GeneratorCode? = nil, lambda: Float = 1, slope: Float = InfoGAN.slopes.paper,
    channels: Int = InfoGAN.usualChannels, seed: UInt64 = 1, compute: Compute = Compute()
  ) throws {
    let objective = try Objective.infoGAN(code ?? .usual(for: image), lambda: lambda, slope: slope)
    try self.init(uninitialized: image, objective: objective, channels: channels, seed: seed, compute: compute)
    var first = 0
    for net in nets {
      net.initializeNormal(seed: seed, first: first)
      first += net.parameters.count
    }
  }

  /// An InfoGAN of zeros, whose weights are set by the caller.
  init(uninitialized image: ImageShape, objective: Objective, channels: Int, seed: UInt64, compute: Compute) throws {
    let networks = try Self.networks(image: image, objective: objective, channels: channels)
    guard let loss = objective.loss as? InfoGANLoss else { preconditionFailure("its networks were made for it") }
    let device = compute.device, weights = networks.all.map { NetWeights($0, on: device) }
    let lineage = Self.lineage(networks.all.map(\.key), seed: seed)
    (self.code, self.channels, self.networks) = (loss.declared, channels, networks)
    (generator, trunk, head, recognition) = (weights[0], weights[1], weights[2], weights[3])
    super.init(
      image: image, latents: loss.declared.count, objective: objective, nets: weights, seed: seed, compute: compute,
      lineage: lineage)
  }

  /// What stands for fresh weights of networks with these keys.
  static func lineage(_ keys: [String], seed: UInt64) -> String {
    var fingerprint = Fingerprint()
    fingerprint.add("fresh weights of an InfoGAN 1")
    for key in keys { fingerprint.add(key) }
    fingerprint.add(Int(truncatingIfNeeded: seed))
    return fingerprint.description
  }

  /// The networks of an InfoGAN.
  /// - Throws: `ModelError.unsupported` for images or options that there is none for.
  static func networks(image: ImageShape, objective: Objective, channels: Int) throws -> InfoGANNetworks {
    guard let loss = objective.loss as? InfoGANLoss else {
      throw ModelError.unsupported("an InfoGAN is not trained for \(objective)")
    }
    guard Architecture.channelRange.contains(channels) else {
      throw ModelError.unsupported(
        "channels must be from \(Architecture.channelRange.lowerBound) to \(Architecture.channelRange.upperBound), "
          + "not \(channels)")
    }
    let code = loss.declared, networks: InfoGANNetworks
    do {
      networks = try InfoGANNetworks(
        image: image, inputs: code.inputs, outputs: code.outputs, slope: loss.slope, channels: channels)
    } catch {
      throw ModelError.unsupported(error.description)
    }
    let count = networks.all.reduce(0) { $0 + $1.parameterCount }
    guard count <= Architecture.largestWeightCount else {
      throw ModelError.unsupported(
        "an InfoGAN of \(channels) channels would have \(count.grouped) weights, more than the limit of "
          + "\(Architecture.largestWeightCount.grouped); choose fewer channels")
    }
    return networks
  }

  override func training(batch: Int, options: TrainingOptions) -> any Trainable {
    InfoGANTraining(self, batch: batch, options: InfoGANOptions(rate: options.rate))
  }

  override func unfilled() throws -> Model {
    try InfoGAN(uninitialized: image, objective: objective, channels: channels, seed: seed, compute: compute)
  }

  override func add(to fingerprint: inout Fingerprint) {
    for net in nets { fingerprint.add(net.net.key) }
  }

  /// `28×28×1, network infogan, 64 channels`
  override public var sizes: String { Self.sizes(image, channels: channels) }

  static func sizes(_ image: ImageShape, channels: Int) -> String {
    "\(image), network infogan, \(channels) channels"
  }

  override var networkMetadata: [String: String] { ["network": InfoGANLoss.name, "channels": String(channels)] }

  override var scale: ImageScale { networks.scale }

  override func forgetPasses() { (encoding, decoding) = (nil, nil) }

  override func encode(count: Int, load: (Values, _ rows: Int, _ start: Int) -> Void) throws -> Code {
    Code(try recognise(count: count, load: load), of: code)
  }

  /// Q's output for images that `load` puts into the first rows, [images × outputs].
  private func recognise(count: Int, load: (Values, _ rows: Int, _ start: Int) -> Void) throws -> [Float] {
    let (trunk, recognition) =
      encoding
      ?? (
        Pass(trunk, batch: batch, use: .fastInference), Pass(recognition, batch: batch, use: .fastInference)
      )
    encoding = (trunk, recognition)
    var outputs: [Float] = []
    outputs.reserveCapacity(count * code.outputs)
    try forEachBatch(of: count) { start, images in
      load(trunk.input, images, start)
      trunk.forward(count: images, hasSameWeights: start > 0)
      recognition.input.set(images, toSumOf: [trunk.output])
      recognition.forward(count: images, hasSameWeights: start > 0)
      recognition.output.append(rows: images, to: &outputs)
    }
    return outputs
  }

  override func decode(count: Int, codes: Tensor, draw: (Int) -> Draw) throws -> Tensor {
    try decode(try code.inputs(codes, draw: draw))
  }

  /// Makes images, with batch norms' running statistics.
  /// - Returns: [images, height, width, planes] in 0…1.
  /// - Throws: `ModelError.unsupported` for other codes than the model's; what `beforeBatch` throws.
  package func decode(_ inputs: GeneratorInputs) throws -> Tensor {
    guard inputs.code == code else {
      throw ModelError.unsupported("the model's images are made of \(code), not of \(inputs.code)")
    }
    let pass = decoding ?? Pass(generator, batch: batch, use: .inference)
    decoding = pass
    var values: [Float] = []
    values.reserveCapacity(inputs.count * image.count)
    try forEachBatch(of: inputs.count) { start, images in
      pass.input.set(to: (start..<start + images).flatMap { inputs.row($0) }[...])
      pass.forward(count: images, hasSameWeights: start > 0)
      pass.output.append(rows: images, to: &values)
    }
    return Tensor(
      shape: [inputs.count, image.height, image.width, image.planes], values: values.map(networks.scale.pixel))
  }

  /// How much Q tells of the codes of images that are drawn, with batch norms' running statistics.
  /// - Throws: what `beforeBatch` throws.
  public func information(count: Int, seed: UInt64) throws -> CodeInformation {
    var random = RandomGenerator(seed: seed, stream: .scores, index: 14)
    let inputs = code.draw(count, from: &random), images = try decode(inputs)
    let size = image.count
    let outputs = try recognise(count: count) {
      $0.set(to: images.values[$2 * size..<($2 + $1) * size])
      $0.change($1, networks.scale.number)
    }
    return CodeInformation(outputs, of: inputs, weight: 0)
  }

  /// The generator's weights.
  package var generatorWeights: NetWeights { generator }

  /// The noise of a draw.
  package func noise(of draw: Draw) -> [Float] { code.inputs(of: draw).noise }

  override func codes(count: Int, seed: UInt64) -> Tensor {
    let values = (0..<count).flatMap { code.inputs(of: Draw(seed: seed, number: $0)).latents(of: 0) }
    return Tensor(shape: [count, latents], values: values)
  }
}

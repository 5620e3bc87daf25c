import BVAECPU
import BVAEDevice
import BVAENetworks
import BVAEPlatform

/// A model of any system: its networks, what it is trained for, and what training left behind. What differs from system to
/// system is said by its classes: `VariationalAutoencoder` and `InfoGAN`.
///
/// Its images are described by codes of a few numbers, the latents. What such a number may be, is said by the objective's
/// kind of code.
public class Model {
  /// The images that it encodes and makes.
  public let image: ImageShape
  /// The length Z of a code.
  public let latents: Int
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

  /// All of its networks, those that are only trained with among them.
  package let nets: [NetWeights]

  /// Where they are.
  package var device: any Device { nets[0].device }

  /// Images at a time that are encoded or decoded: their tiles are a whole number of units of work for any layer, even in
  /// pairs. Fewer where a device with memory of its own would need much of it.
  private(set) lazy var batch: Int = {
    guard compute.accelerator != nil else { return Self.usualBatch }
    let floats = nets.map { Pass.floatsPerImage($0.net, on: device) }.max() ?? 1
    return max(1, min(Self.usualBatch, Self.mostFloats / max(1, floats)))
  }()

  private static let usualBatch = 192
  /// 256 MB, what even a small graphics processor gives in one piece.
  private static let mostFloats = 1 << 26

  init(
    image: ImageShape, latents: Int, objective: Objective, nets: [NetWeights], seed: UInt64, compute: Compute,
    lineage: String
  ) {
    (self.image, self.latents, self.objective, self.nets) = (image, latents, objective, nets)
    (self.seed, self.compute, self.lineage) = (seed, compute, lineage)
  }

  /// Opens a weights file with the array names of one of the systems. Kind and sizes follow from the arrays; the
  /// objective, the seed, the history and the latents' ranges from the metadata, where they are there. What neither says
  /// can be given; what is not given is unknown to the model, and `openingNotes` tells what was assumed.
  /// - Parameter given: what the file does not say.
  /// - Throws: `FileProblem` when the file cannot be read or holds something else, or what is
  ///   given contradicts it.
  public class func open(
    _ path: String, given: GivenFacts = GivenFacts(), compute: Compute = Compute()
  ) throws -> Model {
    let model = try read(path, given, compute)
    try model.device.check()
    return model
  }

  // MARK: What its class says

  /// How it is trained.
  func training(batch: Int, options: TrainingOptions) -> any Trainable { Self.isSaid() }

  /// A model with the same networks and objective whose weights are zeros.
  func unfilled() throws -> Model { Self.isSaid() }

  /// Takes in what makes its networks what they are.
  func add(to fingerprint: inout Fingerprint) { Self.isSaid() }

  /// `28×28×1, 64 channels, 12 latents`
  public var sizes: String { Self.isSaid() }

  /// What a file says of its networks, beside the image.
  var networkMetadata: [String: String] { Self.isSaid() }

  /// What the numbers of its images' pixels are, for the network that encodes them.
  var scale: ImageScale { .zeroToOne }

  /// Gives up the memory of passes, which a device that has failed may have refused.
  func forgetPasses() {}

  /// Encodes images that `load` puts into the first rows, from `start` on.
  func encode(count: Int, load: (Values, _ rows: Int, _ start: Int) -> Void) throws -> Code { Self.isSaid() }

  /// Decodes codes of the right length.
  func decode(count: Int, codes: Tensor, draw: (Int) -> Draw) throws -> Tensor { Self.isSaid() }

  /// Codes that the prior gives, [count, latents].
  func codes(count: Int, seed: UInt64) -> Tensor { Self.isSaid() }

  private static func isSaid() -> Never { preconditionFailure("\(self) says this itself") }

  // MARK: Weights

  /// All arrays under PyTorch's names, batch norms' running statistics among them.
  package var parameters: [Parameter] { nets.flatMap(\.parameters) }

  /// The number of trained values.
  public var parameterCount: Int { parameters.reduce(0) { $1.isTrained ? $0 + $1.count : $0 } }

  /// A fingerprint of all weights: equal bits, equal fingerprint.
  public var weightsFingerprint: Fingerprint {
    var fingerprint = Fingerprint()
    for parameter in parameters {
      parameter.forEachPart(in: parameter.buffer) { for value in $0 { fingerprint.add(value.bitPattern) } }
    }
    return fingerprint
  }

  /// A model of its own with the same weights and everything that training left behind: training one of the two leaves
  /// the other as it is. What the same training makes of either is the same.
  public func copy() throws -> Model {
    let copy = try unfilled()
    copy.adopt(self)
    try device.check()
    (copy.lineage, copy.formerLineages, copy.unfinished) = (lineage, formerLineages, unfinished)
    (copy.unknown, copy.openingNotes) = (unknown, openingNotes)
    return copy
  }

  // MARK: Images and codes

  /// Encodes images.
  /// - Returns: means and log variances, [images, latents].
  /// - Throws: `ModelError.imageShape` for images of another size, `FileProblem` for images in a file that cannot be read.
  public func encode(_ images: ByteImages) throws -> Code {
    try check(images.shape)
    let levels = ByteLevels(scale.number)
    let code = try encode(count: images.count) { values, rows, start in
      values.load(rows, levels: levels) { images[start + $0] }
    }
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
    let size = image.count
    return try encode(count: images.count) {
      $0.set(to: images.values[$2 * size..<($2 + $1) * size])
      if scale != .zeroToOne { $0.change($1, scale.number) }
    }
  }

  private func check(_ shape: ImageShape) throws {
    guard shape == image else { throw ModelError.imageShape(found: shape, expected: image) }
  }

  /// Calls `body` for one batch after the other, with its first row and how many it has.
  func forEachBatch(of count: Int, _ body: (_ start: Int, _ rows: Int) throws -> Void) throws {
    do {
      for start in stride(from: 0, to: count, by: batch) {
        try beforeBatch?()
        try body(start, min(batch, count - start))
      }
      try device.check()
    } catch let problem as DeviceProblem {
      forgetPasses()
      throw problem
    }
  }

  /// Decodes codes, [codes, latents].
  /// - Parameter draw: of a code's number, the draw that what an image is made of beside the code is of: an InfoGAN's
  ///   noise. The same for all unless others are given; autoencoders make images of codes alone.
  /// - Returns: images, [codes, height, width, planes] in 0…1.
  /// - Throws: `ModelError.codeLength` for codes of another length; `ModelError.unsupported` for numbers that are none of a
  ///   code's categories.
  public func decode(_ codes: Tensor, draw: (Int) -> Draw = { _ in Draw() }) throws -> Tensor {
    guard codes.shape.count == 2, codes.shape[1] == latents else {
      throw ModelError.codeLength(found: codes.shape.last ?? 0, expected: latents)
    }
    return try decode(count: codes.count, codes: codes, draw: draw)
  }

  /// Makes images of codes drawn from the prior, each with a draw of its own of what an image is made of beside its code;
  /// none where the count is not positive.
  /// - Returns: `count` images, [count, height, width, planes] in 0…1.
  public func sample(count: Int, seed: UInt64) throws -> Tensor {
    try decode(codes(count: max(0, count), seed: seed)) { Draw(seed: seed, number: $0) }
  }

  /// Codes of the prior, [count, latents].
  package func prior(count: Int, seed: UInt64) -> Tensor { codes(count: count, seed: seed) }

  /// The code of a draw from the prior.
  package func code(of draw: Draw) -> [Float] {
    codes(count: draw.number + 1, seed: draw.seed).values.suffix(latents)
  }
}

/// One of the draws that a seed gives: of a code, and of what a generator reads beside it.
public struct Draw: Sendable, Hashable {
  /// The seed, and the draw's number, counted from 0.
  public let seed: UInt64, number: Int

  /// The first draw of seed 1 unless another is given.
  public init(seed: UInt64 = 1, number: Int = 0) { (self.seed, self.number) = (seed, number) }
}

import BVAECPU
import BVAENetworks
import BVAEPlatform

/// A training half-way, in a file: everything that the rest of it depends on. A .safetensors file of the weights, Adam's
/// moments and, in the metadata, the place, the history and the sums of the epoch that has begun.
public struct Checkpoint: Sendable {
  /// Where it was read from.
  public let path: String
  /// When it was written, in seconds since the beginning of 1970.
  public let saved: Int
  /// Adam's steps.
  let steps: Int
  let position: TrainingPosition
  private let file: Safetensors

  /// The epoch that it lies in, or with whose end the next begins, counted from 1.
  public var epoch: Int { position.epoch + 1 }

  private static let format = "bvae-script checkpoint 1"
  /// Before the names of what is said of the model; only people read it.
  static let modelPrefix = "model_"
  /// The largest that is read: four arrays of each weight of the largest network, and the header.
  private static let fileLimit = 16 * Architecture.largestWeightCount + Safetensors.headerLimit

  /// Writes the state of a training.
  /// - Parameter beforeNaming: what is done when it is on the disk, before it takes its name.
  /// - Throws: `FileProblem`; an earlier file of that name is untouched.
  static func write(
    _ trainer: Trainer, key: String, to path: String, beforeNaming: () throws -> Void
  ) throws {
    let arrays = trainer.arrays(at: trainer.position).all
    // The sum is known when everything is written: its place is kept free.
    let unknown = String(repeating: "?", count: 16)
    var metadata = [
      "format": format, "key": key, "saved": String(Machine.secondsSince1970),
      "steps": String(trainer.system.steps), "position": try JSONText.encoded(trainer.position),
    ]
    let model = trainer.model
    for (name, text) in model.networkMetadata.merging(model.objective.metadata, uniquingKeysWith: { $1 }) {
      metadata[modelPrefix + name] = text
    }
    metadata[modelPrefix + "seed"] = String(model.seed)
    var checksum = Checksum()
    checksum.add(metadata)
    metadata["checksum"] = unknown
    let header = try Safetensors.header(arrays.map { ($0.name, $0.shape) }, metadata: metadata)
    guard let place = header.firstRange(of: Array(unknown.utf8))?.lowerBound else {
      throw FileProblem("its header has no room for the checksum", of: path, action: "write")
    }
    try Files.write(to: path, beforeNaming: beforeNaming) { sink in
      try sink.write(header)
      for array in arrays {
        let values = array.values(in: array.buffer)
        checksum.add(values)
        try sink.write(floats: values)
      }
      try model.device.check()
      try sink.overwrite(Array(checksum.text.utf8), at: place)
    }
  }

  /// Reads a checkpoint and looks whether it is whole and of the training that the key stands for.
  /// - Throws: `FileProblem` when it cannot be read or is something else.
  init(path: String, key: String) throws {
    func fail(_ reason: String) -> FileProblem { FileProblem(reason, of: path) }
    let bytes = try Files.read(path, limit: Self.fileLimit)
    file = try FileProblem.naming(path) { try Safetensors(bytes: bytes) }
    guard file.metadata["format"] == Self.format else { throw fail("it is not a checkpoint of this version") }
    guard file.metadata["key"] == key else { throw fail("it belongs to another training") }
    guard file.metadata["checksum"] == Checksum(file).text else {
      throw fail("its values are damaged: their checksum does not match")
    }
    guard let position = JSONText.decoded(TrainingPosition.self, file.metadata["position"]),
      let steps = file.metadata["steps"].flatMap(Int.init), steps >= 0
    else { throw fail("it does not say how far the training was") }
    self.path = path
    self.position = position
    self.steps = steps
    saved = file.metadata["saved"].flatMap(Int.init) ?? 0
  }

  /// Gives a training's arrays the values; either all or, where something does not fit, none.
  /// - Throws: `FileProblem`.
  func restore(_ arrays: TrainingArrays, in fault: String?) throws {
    func fail(_ reason: String) -> FileProblem { FileProblem(reason, of: path) }
    if let fault { throw fail(fault) }
    guard arrays.all.count == file.tensors.count else {
      throw fail("expected \(counted(arrays.all.count, "array")), found \(file.tensors.count)")
    }
    for array in arrays.all {
      guard let tensor = file.tensors[array.name] else { throw fail("'\(array.name)' is missing") }
      guard tensor.shape == array.shape else {
        throw fail("'\(array.name)' has the shape \(tensor.shape); expected \(array.shape)")
      }
    }
    for array in arrays.all { array.set(file.tensors[array.name]!.values) }
  }
}

/// The arrays that the rest of a training depends on, by the names that a checkpoint gives them: the weights under
/// PyTorch's names, Adam's moments as `adam.first.NAME` and `adam.second.NAME`, and inside an epoch the weights of its
/// beginning as `good.NAME`.
struct TrainingArrays {
  /// In the order of their names.
  let all: [Parameter]

  init(_ model: Model, _ gradients: [NetGradients], good: [NetWeights]?) {
    var arrays: [Parameter] = []
    for (index, (net, gradients)) in zip(model.nets, gradients).enumerated() {
      for case (let i, let layer?) in net.layers.enumerated() {
        guard let moments = gradients.moments[i] else { continue }
        for parameter in layer.parameters {
          arrays.append(parameter)
          if parameter.isTrained {
            let own = parameter.buffer === layer.bias ? moments.bias : moments.weights
            arrays += [
              parameter.counterpart("adam.first", in: own.first), parameter.counterpart("adam.second", in: own.second),
            ]
          }
          if let good = good?[index].layers[i] {
            arrays.append(parameter.counterpart("good", in: layer.counterpart(of: parameter.buffer, in: good)))
          }
        }
      }
    }
    all = arrays.sorted { $0.name < $1.name }
  }
}

/// How far a training has come, beside its arrays: with these, all that the rest of it depends on. What is random is a
/// function of the seed, the epoch and the place in the epoch, so that no generator has a state of its own.
struct TrainingPosition: Sendable, Equatable, Codable {
  /// Epochs that are finished.
  var epoch = 0
  /// The sums of the epoch that has begun, over the images seen so far.
  var sums: LossSums
  /// Wall time of the epoch that has begun, in seconds.
  var secondsInEpoch = 0.0
  /// The finished epochs of this training.
  var history = History()
  /// What is remembered of the losses so far.
  var watch = LossWatch()

  /// The beginning of a training.
  init(latents: Int, terms: Int) { sums = LossSums(latents: latents, terms: terms) }

  /// Whether it lies between two epochs.
  var isBetweenEpochs: Bool { sums.images == 0 }

  /// What makes no place of a training on so many images, in words; nil where it is one.
  func fault(images: Int, latents: Int, terms: Int, options: TrainingOptions) -> String? {
    let batch = min(options.batch, images)
    let lists =
      [sums.divergence, sums.mean, sums.squaredMean] + history.epochs.map(\.divergence)
    guard (0..<options.epochs).contains(epoch), (0...images).contains(sums.images),
      sums.images % batch == 0 || sums.images == images, history.epochs.count == epoch
    else { return "this training has no epoch \(epoch) with image \(sums.images)" }
    guard lists.allSatisfy({ $0.count == latents && $0.allSatisfy(\.isFinite) }), sums.reconstruction.isFinite,
      watch.steps >= 0
    else { return "its sums do not fit \(latents) latents" }
    guard sums.terms.count == terms, sums.terms.allSatisfy(\.isFinite),
      history.epochs.allSatisfy({ $0.terms.count == terms })
    else { return "its terms do not fit this objective" }
    return nil
  }
}

import Numerics
import Platform

/// Models as .safetensors files: PyTorch's names and shapes, and in the metadata what the network is and how it was
/// trained.
extension VariationalAutoencoder {
  /// The largest weights file that is read, in bytes.
  static let fileLimit = 1 << 31

  /// Writes the model; the file appears whole or not at all.
  /// - Throws: `FileError` when it cannot be written.
  public func save(to path: String) throws {
    var file = Safetensors(metadata: provenance)
    for parameter in parameters {
      file.tensors[parameter.name] = Tensor(shape: parameter.shape, values: parameter.values(in: parameter.buffer))
    }
    let image = architecture.image
    file.metadata["image"] = "\(image.height)x\(image.width)x\(image.planes)"
    file.metadata["channels"] = String(architecture.channels)
    file.metadata["latents"] = String(architecture.latents)
    file.metadata["beta"] = objective.beta.map { String($0) } ?? "none"
    file.metadata["likelihood"] = objective.likelihood.rawValue
    file.metadata["seed"] = String(seed)
    // Without wall times, so that one training gives one file.
    file.metadata["history"] = try JSONText.encoded(history.withoutTimes)
    if let latentStatistics { file.metadata["latent_statistics"] = try JSONText.encoded(latentStatistics) }
    try Files.write(try file.encoded(), to: path)
  }

  /// Opens a weights file with the names of the paper's network. Sizes follow from the arrays; the objective, the seed,
  /// the history and the latents' ranges from the metadata, where it is there.
  /// - Throws: `FileError` when the file cannot be read, `ModelError.weightsFile` when it holds something else.
  public static func open(_ path: String, compute: Compute = Compute()) throws -> VariationalAutoencoder {
    let bytes = try Files.read(path, limit: fileLimit)
    do {
      return try VariationalAutoencoder(Safetensors(bytes: bytes), compute: compute)
    } catch let error as Safetensors.FormatError {
      throw ModelError.weightsFile(path: path, reason: error.description)
    } catch ModelError.unsupported(let reason) {
      throw ModelError.weightsFile(path: path, reason: reason)
    }
  }

  private convenience init(_ file: Safetensors, compute: Compute) throws {
    let texts = file.metadata
    let architecture = try Self.architecture(file)
    let likelihood = texts["likelihood"].flatMap(Objective.Likelihood.init(rawValue:)) ?? .gaussian
    let beta = texts["beta"].flatMap(Float.init)
    if let text = texts["beta"], text != "none" {
      guard let beta, beta.isFinite, beta >= 0 else {
        throw ModelError.unsupported("its metadata gives '\(text)' as beta, where a number of 0 or more is expected")
      }
    }
    let objective: Objective =
      texts["beta"] == "none"
      ? .autoencoder(likelihood: likelihood) : .variational(beta: beta ?? 4, likelihood: likelihood)
    try Self.check(file.tensors, against: Dictionary(uniqueKeysWithValues: architecture.parameters.map { ($0.name, $0.shape) }))
    self.init(
      uninitialized: architecture, objective: objective, seed: texts["seed"].flatMap(UInt64.init) ?? 1,
      compute: compute)
    for parameter in parameters { parameter.set(file.tensors[parameter.name]!.values) }
    lineage = weightsFingerprint.description
    history = JSONText.decoded(History.self, texts["history"]) ?? History()
    if let statistics = JSONText.decoded(LatentStatistics.self, texts["latent_statistics"]),
      [statistics.divergence, statistics.meanVariance, statistics.lower, statistics.upper]
        .allSatisfy({ $0.count == architecture.latents && $0.allSatisfy(\.isFinite) })
    {
      latentStatistics = statistics
    }
    let own: Set = ["image", "channels", "latents", "beta", "likelihood", "seed", "history", "latent_statistics"]
    provenance = texts.filter { !own.contains($0.key) }
  }

  /// Checks names, shapes and values before anything is made of them.
  private static func check(_ tensors: [String: Tensor], against shapes: [String: [Int]]) throws {
    if let strange = tensors.keys.filter({ shapes[$0] == nil }).min() {
      throw ModelError.unsupported("it holds '\(strange)', which the network does not have")
    }
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      guard let tensor = tensors[name] else {
        throw ModelError.unsupported("'\(name)' of shape \(shape) is missing")
      }
      guard tensor.shape == shape else {
        throw ModelError.unsupported("'\(name)' has the shape \(tensor.shape) where \(shape) is expected")
      }
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw ModelError.unsupported("'\(name)' holds values that are not finite numbers")
      }
    }
  }

  /// Sizes from the arrays: channels and planes from the first convolution, latents from the heads; height and width
  /// from the metadata, else as the square that the heads' input and the output agree on.
  private static func architecture(_ file: Safetensors) throws -> Architecture {
    guard let first = file.tensors["encoder.conv1.weight"]?.shape, first.count == 4,
      let heads = file.tensors["encoder.mean.weight"]?.shape, heads.count == 2,
      let output = file.tensors["decoder.output.bias"]?.shape, output.count == 1
    else {
      throw ModelError.unsupported(
        "no weights of this network: encoder.conv1.weight, encoder.mean.weight and decoder.output.bias are expected, "
          + "found \(file.tensors.isEmpty ? "nothing" : file.tensors.keys.sorted().prefix(4).joined(separator: ", "))")
    }
    let planes = first[1], channels = first[0], latents = heads[0]
    guard Architecture.channelRange.contains(channels), (1...3).contains(planes) else {
      throw ModelError.unsupported(
        "encoder.conv1.weight has the shape \(first), where [channels, planes, 4, 4] is expected")
    }
    let sides = (file.metadata["image"] ?? "").split(separator: "x").compactMap { Int($0) }
    let square = Int(Double(output[0] / planes).squareRoot())
    let (height, width) = sides.count == 3 && sides[2] == planes ? (sides[0], sides[1]) : (square, square)
    guard Architecture.sideRange.contains(height), Architecture.sideRange.contains(width),
      height * width * planes == output[0]
    else {
      throw ModelError.unsupported(
        "decoder.output has \(output[0]) values an image, which is no image of \(height)×\(width)×\(planes)")
    }
    return try Architecture(
      image: ImageShape(height: height, width: width, planes: planes), channels: channels, latents: latents)
  }
}

import BVAECPU
import BVAELanguage
import BetaVAE

extension CommandDeclaration {
  static let encode = CommandDeclaration(
    "encode", group: .experiments,
    summary: "gives the code of images: mean and log variance of each latent",
    parameters: [.positional("model", "the model", .object(ModelValue.self)), images],
    result: .object(CodeValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests
      code = encode model tests
      """
  ) { call, _ in
    let network = try call.object("model", as: ModelValue.self).network
    let input = try inputImages(call)
    return .object(CodeValue(code: try call.blaming("images") { try input.encode(with: network) }))
  }

  static let decode = CommandDeclaration(
    "decode", group: .experiments,
    summary: "makes images of the means of a code",
    parameters: [
      .positional("model", "the model", .object(ModelValue.self)),
      .positional(
        "code", "a code, a list of one value a latent, or a list of such lists", .object(CodeValue.self), .array),
    ],
    result: .object(ImagesValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests latents 2
      images = decode model (encode model tests)
      show (decode model [[0, 0], [1, 0], [0, 1]])
      """
  ) { call, _ in
    let network = try call.object("model", as: ModelValue.self).network
    let codes: Tensor
    if let code = try call.objectIfAny("code", as: CodeValue.self) {
      codes = code.code.mean
    } else {
      codes = try givenCodes(call)
    }
    return .object(
      ImagesValue(pixels: try call.blaming("code") { try network.decode(codes) }, title: "Decoded"))
  }

  /// Codes that are written out, [codes, latents]: a single list is one code.
  private static func givenCodes(_ call: Invocation) throws -> Tensor {
    guard let array = try call.arrayIfAny("code") else { throw call.missing("code", "a code") }
    guard array.shape.count <= 2, !array.values.isEmpty else {
      throw call.failure(
        "code",
        array.values.isEmpty
          ? "this code has no values" : "a code is a list of numbers, codes are a list of such lists; this goes deeper")
    }
    let shape = array.shape.count == 1 ? [1] + array.shape : array.shape
    return Tensor(shape: shape, values: try call.floats("code", array.values))
  }

  static let reconstruct = CommandDeclaration(
    "reconstruct", group: .experiments,
    summary: "encodes images and decodes their means",
    parameters: [.positional("model", "the model", .object(ModelValue.self)), images],
    result: .object(ImagesValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests
      show (reconstruct model tests)
      """
  ) { call, _ in
    let network = try call.object("model", as: ModelValue.self).network
    let input = try inputImages(call)
    let code = try call.blaming("images") { try input.encode(with: network) }
    return .object(ImagesValue(pixels: try network.decode(code.mean), title: "Reconstructions"))
  }

  static let sample = CommandDeclaration(
    "sample", group: .experiments,
    summary: "makes images of codes drawn from the prior",
    parameters: [
      .positional("model", "the model", .object(ModelValue.self)),
      .option("count", "how many images", .integer(1...10_000), default: 64),
      .option("seed", "the seed of the codes", .seed, default: .described("the script's seed")),
    ],
    result: .object(ImagesValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests
      show (sample model count 16)
      """
  ) { call, session in
    let network = try call.object("model", as: ModelValue.self).network
    let seed = try call.seed(session)
    return .object(
      ImagesValue(pixels: try network.sample(count: call.integer("count"), seed: seed), title: "Samples"))
  }

  static let images = Parameter.positional(
    "images", "what is encoded", .object(DatasetValue.self), .object(ImageValue.self), .object(ImagesValue.self))

  /// The images of a call, whichever kind they are.
  private static func inputImages(_ call: Invocation) throws -> InputImages {
    if let data = try call.objectIfAny("images", as: DatasetValue.self) { return .bytes(data.dataset.images) }
    if let image = try call.objectIfAny("images", as: ImageValue.self) {
      return .floats(Tensor(shape: [1] + image.pixels.shape, values: image.pixels.values))
    }
    return .floats(try call.object("images", as: ImagesValue.self).pixels)
  }
}

/// Images on their way into an encoder.
private enum InputImages {
  case bytes(ByteImages)
  case floats(Tensor)

  func encode(with network: VariationalAutoencoder) throws -> Code {
    switch self {
    case .bytes(let images): try network.encode(images)
    case .floats(let images): try network.encode(images)
    }
  }
}

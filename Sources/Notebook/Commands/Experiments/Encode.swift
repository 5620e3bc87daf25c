import BVAECPU
import BVAELanguage
import BVAEPlatform
import BetaVAE

struct EncodeCommand: Command {
  static let about = CommandAbout(
    "encode", in: .experiments, "gives the code of images: mean and log variance of each latent",
    result: .object(CodeValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests
      code = encode model tests
      """)

  @Positional("the model") var model: ModelValue
  @Positional("what is encoded") var images: EncoderInput

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    .object(CodeValue(code: try $images.blaming { try images.encode(with: model.network) }))
  }
}

struct ReconstructCommand: Command {
  static let about = CommandAbout(
    "reconstruct", in: .experiments, "encodes images and decodes their means",
    result: .object(ImagesValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests
      show (reconstruct model tests)
      """)

  @Positional("the model") var model: ModelValue
  @Positional("what is encoded") var images: EncoderInput

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    guard model.network.objective.reconstructs else {
      throw $model.failure(
        "an \(model.network.objective.kind) cannot reconstruct images: nothing tells the noise that one was made of",
        hint: "'decode' makes images of the codes that 'encode' gives, with other noise")
    }
    let shape = model.network.image, bytes = images.count * shape.count * MemoryLayout<Float>.size
    guard bytes <= ImageStorage.memory else {
      throw $images.failure(
        "the reconstructions of \(counted(images.count, "image")) of \(shape) would take \(bytes.grouped) bytes of memory, "
          + "more than the \(ImageStorage.memory.grouped) that can be used",
        hint: "'select' chooses fewer images; 'measure' looks at all of them piece by piece")
    }
    let code = try $images.blaming { try images.encode(with: model.network) }
    return .object(ImagesValue(pixels: try model.network.decode(code.mean), title: "Reconstructions"))
  }
}

/// Images on their way into an encoder.
enum EncoderInput: ArgumentValue {
  case bytes(ByteImages)
  case floats(Tensor)

  static let usualKinds: [Kind] = [
    .object(DatasetValue.self), .object(ImageValue.self), .object(ImagesValue.self),
  ]

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> EncoderInput? {
    guard case .value(.object(let object)) = content else { return nil }
    return switch object {
    case let data as DatasetValue: .bytes(data.dataset.images)
    case let image as ImageValue: .floats(Tensor(shape: [1] + image.pixels.shape, values: image.pixels.values))
    case let images as ImagesValue: .floats(images.pixels)
    default: nil
    }
  }

  var count: Int {
    switch self {
    case .bytes(let images): images.count
    case .floats(let images): images.count
    }
  }

  func encode(with network: Model) throws -> Code {
    switch self {
    case .bytes(let images): try network.encode(images)
    case .floats(let images): try network.encode(images)
    }
  }
}

import BVAECPU
import BVAELanguage
import BetaVAE

struct DecodeCommand: Command {
  static let about = CommandAbout(
    "decode", in: .experiments, "makes images of the means of a code",
    details:
      "Codes can be computed with: the means of three images give what the first has and the second, less the third.",
    result: .object(ImagesValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests latents 2
      images = decode model (encode model tests)
      show (decode model [[0, 0], [1, 0], [0, 1]])
      a = encode model tests[0]
      b = encode model tests[1]
      c = encode model tests[2]
      show (decode model (a.mean + b.mean - c.mean))
      """)

  @Positional("the model") var model: ModelValue
  @Positional("a code, a list of one value a latent, or a list of such lists") var code: DecoderInput

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    .object(ImagesValue(pixels: try $code.blaming { try model.network.decode(code.means) }, title: "Decoded"))
  }
}

struct SampleCommand: Command {
  static let about = CommandAbout(
    "sample", in: .experiments, "makes images of codes drawn from the prior",
    result: .object(ImagesValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests
      show (sample model count 16)
      """)

  @Positional("the model") var model: ModelValue
  @Option("how many images", .integer(1...10_000), default: 64) var count: Int
  @Option("the seed of the codes", default: .scriptSeed) var seed: UInt64?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    .object(
      ImagesValue(pixels: try model.network.sample(count: count, seed: session.seed(seed)), title: "Samples"))
  }
}

/// Codes on their way into a decoder.
struct DecoderInput: ArgumentValue {
  /// [codes, latents]
  let means: Tensor

  static let refusesValues = true
  static let usualKinds: [Kind] = [.object(CodeValue.self), .array]

  /// The means of a code, or numbers that are written out: a single list is one code.
  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> DecoderInput? {
    if let code = CodeValue.read(content, for: parameter, of: verb) { return DecoderInput(means: code.code.mean) }
    guard let array = try NumberArray.read(content, for: parameter, of: verb) else { return nil }
    guard !array.values.isEmpty else { throw ScriptFailure("this code has no values") }
    guard array.shape.count <= 2 else {
      throw ScriptFailure("a code is a list of numbers, codes are a list of such lists; this goes deeper")
    }
    let shape = array.shape.count == 1 ? [1] + array.shape : array.shape
    return DecoderInput(means: Tensor(shape: shape, values: try array.values.map(Float.init(checking:))))
  }
}

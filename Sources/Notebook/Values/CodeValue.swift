import BVAEArrays
import BVAECPU
import BVAELanguage
import BVAEPlatform
import BetaVAE

/// What an encoder says of images, in a script.
struct CodeValue: SyntheticOrigin {
  static let typeName = "code"
  static let typeSummary =
    "means and log variances of the latents of some images, or what an InfoGAN's Q tells of them; CODE[0] is the code of one"
  static let elementType: ValueType? = .object(CodeValue.self)
  static let sliceType: ValueType? = .object(CodeValue.self)
  static let fields: [Field<CodeValue>] = [
    Field("count", .number, "how many images were encoded") { .number($0.code.count) },
    Field("latents", .number, "how many latents there are") { .number($0.code.latents) },
    Field("mean", .list, "μ of each image, a list of lists; of a categorical latent the likeliest category") {
      try rows($0.code.mean)
    },
    Field("logVariance", .list, "log σ² of each image, a list of lists") { try rows($0.code.logVariance) },
    Field("deviation", .list, "σ of each image, a list of lists") { try rows($0.code.deviation) },
    Field("divergence", .list, "mean KL divergence of each latent, in nats") { try .numbers($0.code.meanDivergence) },
    Field(
      "probabilities", .list,
      "for each categorical latent of an InfoGAN the probability of each category, image by image; empty for other models"
    ) {
      .list(try ScriptList($0.code.probabilities.map(rows)))
    },
    Field("variance", .list, "variance over the images of each latent's mean") {
      try .numbers($0.code.meanVariance)
    },
  ]

  let code: Code
  var synthetic: Set<String> = []

  var summary: String {
    let size = "code of \(counted(code.count, "image")), \(counted(code.latents, "latent"))"
    guard code.count == 1 else { return size }
    return "\(size): mean \(code.mean.values.map { Double($0).formatted(digits: 3) }.joined(separator: " "))"
  }

  var count: Int { code.count }

  func isEqual(to other: any ScriptObject) -> Bool { (other as? CodeValue)?.code == code }

  func element(_ index: Int) throws -> Value { try slice(index..<index + 1) }

  func slice(_ range: Range<Int>) throws -> Value { .object(CodeValue(code: code[range])) }

  private static func rows(_ tensor: Tensor) throws -> Value {
    try .numbers(tensor.values.map(Double.init), shape: tensor.shape)
  }
}

extension CodeValue: SavableValue {
  static let endings = ["npy"]

  /// The means.
  func write(to path: String) throws { try Files.write(NumPyArray.encoded(code.mean), to: path) }
}

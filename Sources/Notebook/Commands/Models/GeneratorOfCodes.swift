import BVAEArrays
import BVAELanguage
import BetaVAE

struct GeneratorOfCodes: ModelKind {
  static let about = ModelKindAbout(
    "infogan", "makes an untrained InfoGAN, a generator that finds what declared codes stand for",
    details:
      "An InfoGAN (Chen et al. 2016) has a generator, which makes images of noise and of codes, and a judge, which "
      + "learns to tell them from real images. Q, which shares the judge's trunk, learns to tell the codes that an "
      + "image was made of; its information about them, L_cat and L_cont, is part of both losses with the weight "
      + "'lambda', so that the generator learns to show them. What the codes stand for, it finds by itself: of digits "
      + "the categories usually become the digits, the continuous codes slant and thickness.\n"
      + "The codes are the model's latents, the categories first: with categories [10] and continuous 2, Z0 is 0 to 9, "
      + "Z1 and Z2 are -1 to 1. 'encode' gives what Q tells of images, 'decode' and 'sweep' make images of codes with "
      + "the same noise throughout, and 'sweep MODEL latents [0] draws 10' shows each value of a code beside ten "
      + "draws of everything else. 'measure' matches the categories to the labels of the data and gives the error. "
      + "Images are not reconstructed, as nothing tells the noise that one was made of.\n"
      + "Images are 28×28 or 32×32. A step is one of the judge and one of the generator; 'batch' is 128 unless given, "
      + "and the usual rate of 0.0005 stands for the published 0.0002 of the judge and 0.001 of the generator; "
      + "another scales both. 5000 steps are usual: 11 epochs of MNIST. A training reports both losses, L_cat (at most "
      + "the sum of ln K over the categorical codes, 2.30 for ten categories), L_cont (at most 1/6 for each continuous "
      + "code), and the entropy of the categories that Q gives real images, which has the same maximum as L_cat "
      + "and tells of collapse when it is low. These are of each batch with the batch's own statistics in the batch norms; "
      + "'measure' uses the running ones, as all other commands do, so that its L_cat is lower after a short training.\n"
      + "In weights files, dense layers read maps row by row, column by column, channel by channel.",
    example: """
      ones = load mnist digits 1 count 64
      model = infogan for ones categories [4] continuous 1 noise 8 channels 4
      train model on ones epochs 2 batch 16
      show (sheet (sweep model latents [0] draws 6))
      """)

  @Option(
    "how many categories each categorical code has", .integers(GeneratorCode.sizeRange),
    default: .described("[10]; [10, 10, 10, 10] for images of 32×32"))
  var categories: [Int]?
  @Option(
    "continuous codes", .integer(GeneratorCode.continuousRange), default: .described("2; 4 for images of 32×32"))
  var continuous: Int?
  @Option("numbers of noise", .integer(GeneratorCode.noiseRange), default: .described("62; 124 for images of 32×32"))
  var noise: Int?
  @Option("the weight of the information", .number(.notNegative), default: 1) var lambda: Float
  @Option(
    "the slope of the judge's leaky ReLU: 0.1 in the paper, 0.01 in the authors' code", .number(.notNegative),
    default: 0.1)
  var slope: Float
  @Option(
    "channels of the judge's first convolution; all other widths are in proportion",
    .integer(Architecture.channelRange), default: .described("\(InfoGAN.usualChannels)"))
  var channels: Int?
  var weights: [(argument: any DeclaredArgument, symbol: String)] { [($lambda, "λ")] }

  /// Nothing is chosen by the images but the codes, which the model tells.
  func announce(for images: DatasetValue, _ session: Session) {}

  func plan(for images: DatasetValue, seed: UInt64) throws -> ModelPlan {
    let image = images.dataset.images.shape
    if let fault = InfoGAN.fault(of: image) {
      throw ScriptFailure(fault, hint: "'load … size 32' resizes them, or draws them in that size")
    }
    let usual = try GeneratorCode.usual(for: image)
    let code = try GeneratorCode(
      noise: noise ?? usual.noise, categories: categories ?? usual.categories,
      continuous: continuous ?? usual.continuous)
    return try InfoGAN.plan(
      image: image, code: code, lambda: lambda, slope: slope, channels: channels ?? InfoGAN.usualChannels, seed: seed)
  }
}

import FoundationEssentials

/// What a model was last trained on and how: what its weights file says beside the network, the objective and the history.
public struct TrainingRecord: Sendable, Equatable {
  /// The version of the program that trained it.
  public var program: String
  /// The training images, for people, and what they show: `MNIST train, digit 1`.
  public var data: String, subject: String
  /// The bits of the training images.
  public var dataFingerprint: String
  /// The names of the synthetic data that went into it.
  public var synthetic: [String]
  /// How many training images there were; nil where the file does not say, as of versions before 0.2.
  public var images: Int?
  /// How it was trained.
  public var options: TrainingOptions

  /// A record.
  public init(
    program: String, data: String, subject: String, dataFingerprint: String, synthetic: [String], images: Int? = nil,
    options: TrainingOptions
  ) {
    self.program = program
    self.data = data
    self.subject = subject
    self.dataFingerprint = dataFingerprint
    self.synthetic = synthetic
    self.images = images
    self.options = options
  }

  /// From a file's metadata; nil where they are not such a record.
  init?(_ texts: [String: String]) {
    guard let program = texts["bvae_script"], let data = texts["data"], let subject = texts["subject"],
      let dataFingerprint = texts["data_fingerprint"], let epochs = texts["epochs"].flatMap({ Int($0) }),
      let batch = texts["batch"].flatMap({ Int($0) }), let rate = texts["rate"].flatMap(Float.init),
      let seed = texts["training_seed"].flatMap(UInt64.init)
    else { return nil }
    let decay = texts["decay"] ?? TrainingOptions.Decay.none.rawValue
    guard let decay = TrainingOptions.Decay(rawValue: decay) else { return nil }
    self.init(
      program: program, data: data, subject: subject, dataFingerprint: dataFingerprint,
      synthetic: (texts["synthetic"] ?? "").split(separator: Self.comma).map(String.init),
      images: texts["images"].flatMap { Int($0) },
      options: TrainingOptions(
        epochs: epochs, batch: batch, rate: rate, seed: seed, warmup: texts["warmup"].flatMap { Int($0) } ?? 0,
        decay: decay, rateWarmup: texts["rate_warmup"].flatMap { Int($0) } ?? 0, clip: texts["clip"].flatMap(Float.init)
      ))
  }

  private static let comma = ", "

  /// What it may write into a file.
  static let names: Set<String> = [
    "bvae_script", "data", "subject", "data_fingerprint", "synthetic", "images", "epochs", "batch", "rate",
    "training_seed",
    "warmup", "decay", "rate_warmup", "clip",
  ]

  /// The steps of so many epochs; nil where the number of images is not known.
  func steps(ofEpochs epochs: Int) -> Int? {
    guard let images, images > 0, options.batch > 0, images < Int(Int32.max) else { return nil }
    return epochs.multipliedOrSame(by: (images - 1) / options.batch + 1)
  }

  /// For a file; what is as in the paper is left out.
  var metadata: [String: String] {
    var texts = [
      "bvae_script": program, "data": data, "subject": subject, "data_fingerprint": dataFingerprint,
      "epochs": String(options.epochs), "batch": String(options.batch), "rate": String(options.rate),
      "training_seed": String(options.seed),
    ]
    if !synthetic.isEmpty { texts["synthetic"] = synthetic.joined(separator: Self.comma) }
    texts["images"] = images.map { String($0) }
    if options.warmup > 0 { texts["warmup"] = String(options.warmup) }
    if options.decay != .none { texts["decay"] = options.decay.rawValue }
    if options.rateWarmup > 0 { texts["rate_warmup"] = String(options.rateWarmup) }
    texts["clip"] = options.clip.map { String($0) }
    return texts
  }
}

/// What the store notes in a model's file, so that a file under another name, or a damaged one, is not taken for the
/// model of a key.
public struct StoreEntry: Sendable, Equatable {
  /// The key, and the fingerprint of the weights.
  public let key: String, weightsFingerprint: String

  init(key: String, weightsFingerprint: String) {
    self.key = key
    self.weightsFingerprint = weightsFingerprint
  }

  /// From a file's metadata.
  init?(_ texts: [String: String]) {
    guard let key = texts["key"], let fingerprint = texts["weights_fingerprint"] else { return nil }
    self.init(key: key, weightsFingerprint: fingerprint)
  }

  static let names: Set<String> = ["key", "weights_fingerprint"]

  var metadata: [String: String] { ["key": key, "weights_fingerprint": weightsFingerprint] }
}

/// Values as JSON in the metadata of weights files; the same value gives the same text, and numbers come back with the
/// same bits.
enum JSONText {
  static func encoded(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decoded<Value: Decodable>(_ type: Value.Type, _ text: String?) -> Value? {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return text.flatMap { try? decoder.decode(type, from: Data($0.utf8)) }
  }
}

import BVAELanguage
import BVAENotebook
import Glibc

func removeDirectory(_ path: String) { rmdir(path) }
func makeLink(from path: String, to target: String) -> Bool { symlink(target, path) == 0 }
func makePipe(_ path: String) -> Bool { mkfifo(path, 0o600) == 0 }

/// Stand-ins for the values of the domain.
struct FakeDataset: ScriptObject {
  static let typeName = "dataset"
  static let typeSummary = "images with their labels"
  static let fields: [Field<FakeDataset>] = [
    Field("count", .number, "how many images") { .number($0.images) },
    Field("name", .text, "what it is called") { .text($0.name) },
  ]
  static let elementType: ValueType? = .object("image")
  static let sliceType: ValueType? = .object("dataset")

  let name: String
  let images: Int

  var summary: String { "\(name): \(images) images" }
  var count: Int { images }
  func element(_ index: Int) throws -> Value { .object(FakeImage(label: "\(name)[\(index)]")) }
  func slice(_ range: Range<Int>) throws -> Value { .object(FakeDataset(name: name, images: range.count)) }
}

struct FakeImage: ScriptObject {
  static let typeName = "image"
  let label: String
  var summary: String { "image \(label)" }
}

final class FakeModel: ScriptObject {
  static let typeName = "model"
  static let fields: [Field<FakeModel>] = [
    Field("latents", .number, "the length of the code") { .number($0.latents) },
    Field("beta", .number, "β") { .number($0.beta) },
  ]
  let latents: Int
  let beta: Double
  var epochs = 0

  init(latents: Int, beta: Double) {
    self.latents = latents
    self.beta = beta
  }

  var summary: String { "β-VAE, \(latents) latents, β \(beta), \(epochs) epochs" }
}

struct FakeHistory: ScriptObject {
  static let typeName = "history"
  static let fields: [Field<FakeHistory>] = [
    Field("loss", .list, "the loss of each epoch") { try .numbers($0.loss) }
  ]
  let loss: [Double]
  var summary: String { "history of \(loss.count) epochs" }
}

struct FakeFigure: ScriptObject {
  static let typeName = "figure"
  let what: String
  var summary: String { "figure of \(what)" }
}

struct FakeCode: ScriptObject {
  static let typeName = "code"
  static let fields: [Field<FakeCode>] = [
    Field("mean", .list, "the means") { _ in try .numbers([0.5, -0.5]) }
  ]
  var summary: String { "code" }
}

struct FakeSweep: ScriptObject {
  static let typeName = "sweep"
  static let elementType: ValueType? = .object("sweep")
  let rows: Int
  var summary: String { "sweep of \(rows) rows" }
  var count: Int { rows }
  func element(_ index: Int) throws -> Value { .object(FakeSweep(rows: 1)) }
}

struct FakeTable: ScriptObject {
  static let typeName = "table"
  var summary: String { "table" }
}

extension Vocabulary {
  /// The language with the commands of the first release, which only say what they were given.
  static let test = Vocabulary(
    commands: [
      .load, .vae, .train, .encode, .decode, .sample, .sweep, .interpret, .plot, .sheet, .figure, .table, .open, .save,
      .report,
    ] + housekeeping,
    objectTypes: [
      ObjectTypeDeclaration(FakeDataset.self), ObjectTypeDeclaration(FakeImage.self),
      ObjectTypeDeclaration(FakeModel.self), ObjectTypeDeclaration(FakeHistory.self),
      ObjectTypeDeclaration(FakeFigure.self), ObjectTypeDeclaration(FakeCode.self),
      ObjectTypeDeclaration(FakeSweep.self), ObjectTypeDeclaration(FakeTable.self),
    ], settings: conversationSettings, topics: HelpTopic.all)
}

private let dataset = Kind.object(FakeDataset.self)
private let image = Kind.object(FakeImage.self)
private let model = Kind.object(FakeModel.self)

extension CommandDeclaration {
  static let load = CommandDeclaration(
    "load", group: .data, summary: "a dataset",
    parameters: [
      .positional("source", "where the images are", .words(["mnist", "svhn", "fashion", "sprites"]), .inputPath),
      .option("split", "which part", .words(["train", "test"]), default: "train"),
      .option("digits", "which labels", .integers(0...9), placeholder: "3|0..9|[1, 7]"),
      .option("count", "how many", .count), .option("each", "how many of each digit", .count),
      .option("skip", "how many to leave out first", .integer(0...Kind.largest), default: 0),
      .toggle("shuffle", "in random order"),
    ], result: .object("dataset"), example: "ones = load mnist digits 1 count 2000",
    check: { call in
      guard call.wasGiven("count") && call.wasGiven("each") else { return [] }
      return [call.mistake("each", "'count' and 'each' exclude one another")]
    }
  ) { call, session in
    let source = try call.wordIfAny("source") ?? "path \(call.text("source"))"
    let digits = try call.integersIfAny("digits").map { " digits \($0)" } ?? ""
    let split = try call.word("split")
    let count = try call.integerIfAny("count") ?? 100
    if count > 60_000 { throw call.failure("count", "there are only 60000 images", hint: "load fewer") }
    let shuffled = call.isSet("shuffle") ? " shuffled" : ""
    return .object(FakeDataset(name: "\(source) \(split)\(digits)\(shuffled)", images: count))
  }

  static let vae = CommandDeclaration(
    "vae", group: .models, summary: "an untrained β-VAE for such images",
    parameters: [
      .marker("for", "the images", dataset),
      .option("latents", "the length of the code", .integer(1...512), default: 12),
      .option("beta", "the weight of the KL term", .number(.notNegative), default: 4),
      .option("channels", "of the convolutions", .integer(1...1024), default: 64),
      .option("likelihood", "of a pixel", .words(["gaussian", "bernoulli"]), default: "gaussian"),
      .option("seed", "of the first weights", .seed, default: .described("the script's seed")),
    ], result: .object("model"), example: "ones = load mnist digits 1\nmodel = vae for ones latents 12 beta 4 seed 7"
  ) { call, session in
    .object(FakeModel(latents: try call.integer("latents"), beta: try call.number("beta")))
  }

  static let train = CommandDeclaration(
    "train", group: .models, summary: "trains in place; gives the history",
    parameters: [
      .positional("model", "what is trained", model), .marker("on", "the images", dataset),
      .option("epochs", "passes over the data", .integer(1...100_000), default: 200),
      .option("batch", "images a step", .integer(1...65536), default: 64),
      .option("rate", "Adam's step", .number(.positive), default: 0.0005),
      .option("seed", "of order and noise", .seed, default: .described("the script's seed")),
      .option("validate", "images that are only measured", dataset),
    ], result: .object("history"),
    example: "ones = load mnist\nmodel = vae for ones\nhistory = train model on ones epochs 200"
  ) { call, session in
    let model = try call.object("model", as: FakeModel.self)
    let epochs = try call.integer("epochs")
    session.host.progress(Progress("training", fraction: 0.5))
    session.host.progress(nil)
    model.epochs += epochs
    return .object(FakeHistory(loss: (0..<epochs).map { 100 / Double($0 + 1) }))
  }

  static let encode = CommandDeclaration(
    "encode", group: .experiments, summary: "the codes of images",
    parameters: [
      .positional("model", "the encoder", model),
      .positional("images", "the images", dataset, image, placeholder: "IMAGES"),
    ], result: .object("code"), example: "x = load mnist\nm = vae for x\ncode = encode m x[0..11]"
  ) { _, _ in .object(FakeCode()) }

  static let decode = CommandDeclaration(
    "decode", group: .experiments, summary: "the images of codes",
    parameters: [.positional("model", "the decoder", model), .positional("code", "the codes", .object("code"))],
    result: .object("dataset"), example: "x = load mnist\nm = vae for x\ny = decode m (encode m x)"
  ) { _, _ in .object(FakeDataset(name: "decoded", images: 2)) }

  static let sample = CommandDeclaration(
    "sample", group: .experiments, summary: "images drawn from the prior",
    parameters: [.positional("model", "the decoder", model), .option("count", "how many", .count, default: 64)],
    result: .object("dataset"), example: "x = load mnist\nm = vae for x\ny = sample m count 9"
  ) { call, _ in .object(FakeDataset(name: "samples", images: try call.integer("count"))) }

  static let sweep = CommandDeclaration(
    "sweep", group: .experiments, summary: "one row a latent",
    parameters: [
      .positional("model", "the model", model), .marker("from", "where it begins", image, .object("code")),
      .option(
        "latents", "which latents", .words(["all"]), .integers(0...511), default: "all", placeholder: "all|0..3|[2, 5]"),
      .option("range", "how far", .words(["auto", "prior"]), .range, default: "auto"),
      .option("steps", "how many images", .integer(2...1000), default: 12),
    ], result: .object("sweep"),
    example: "x = load mnist\nm = vae for x\nrows = sweep m from x[0] latents all range -3..3"
  ) { call, _ in
    let latents = try call.integersIfAny("latents") ?? Array(0..<12)
    _ = try call.rangeIfAny("range")
    return .object(FakeSweep(rows: latents.count))
  }

  static let interpret = CommandDeclaration(
    "interpret", group: .experiments, summary: "what each latent changes",
    parameters: [.positional("model", "the model", model), .marker("on", "the images", dataset)],
    result: .object("table"), example: "x = load mnist\nm = vae for x\nt = interpret m on x"
  ) { _, _ in .object(FakeTable()) }

  static let plot = CommandDeclaration(
    "plot", group: .results, summary: "a figure",
    parameters: [.positional("values", "what is drawn", .object("history"), .object("table"))],
    result: .object("figure"), example: "x = load mnist\nm = vae for x\nf = plot (train m on x)"
  ) { call, _ in .object(FakeFigure(what: try call.value("values").type.description)) }

  static let sheet = CommandDeclaration(
    "sheet", group: .results, summary: "a figure",
    parameters: [
      .positional("images", "what is shown", dataset, .object("sweep"), placeholder: "IMAGES-or-SWEEP"),
      .option("columns", "images a row", .count), .option("scale", "pixels a pixel", .integer(1...64)),
    ], result: .object("figure"), example: "x = load mnist\nf = sheet x[0..11] columns 4"
  ) { call, _ in .object(FakeFigure(what: "sheet")) }

  static let figure = CommandDeclaration(
    "figure", group: .results, summary: "writes the PNG and puts it into the report",
    parameters: [
      .positional("figure", "the figure", .object("figure")), .positional("path", "where", .outputPath, optional: true),
      .option("number", "its number", .integer(0...10_000)), .option("caption", "its caption", .text),
    ], defaultOutput: "png", example: "x = load mnist\nfigure (sheet x) caption \"Digits\""
  ) { call, session in
    let number = try call.integerIfAny("number").map { "\($0)" } ?? "-"
    let path = try call.textIfAny("path").map { " \($0)" } ?? ""
    try session.host.show(text: "figure \(number): \(call.textIfAny("caption") ?? "-")\(path)")
    return .nothing
  }

  static let table = CommandDeclaration(
    "table", group: .results, summary: "puts it into the report",
    parameters: [.positional("table", "the table", .object("table")), .option("caption", "its caption", .text)],
    example: "x = load mnist\nm = vae for x\ntable (interpret m on x)"
  ) { _, session in
    try session.host.show(text: "table")
    return .nothing
  }

  static let open = CommandDeclaration(
    "open", group: .files, summary: "reads a file",
    parameters: [.positional("path", "the file", .inputPath)], result: .any,
    example: "x = load mnist\nsave x \"x.npy\"\ny = open \"x.npy\""
  ) { call, _ in .object(FakeModel(latents: 12, beta: 4)) }

  static let save = CommandDeclaration(
    "save", group: .files, summary: "writes a file",
    parameters: [.positional("value", "what", .any), .positional("path", "where", .outputPath)],
    example: "x = load mnist\nsave x \"x.npy\""
  ) { _, _ in .nothing }

  static let report = CommandDeclaration(
    "report", group: .results, summary: "writes the report so far",
    parameters: [.positional("path", "where", .outputPath), .toggle("html", "as HTML, too")],
    example: "report \"report.md\""
  ) { call, session in
    try session.host.show(text: "report \(call.text("path")) of \(session.prose.count) lines")
    return .nothing
  }
}

import Datasets

extension CommandDeclaration {
  static let load = CommandDeclaration(
    "load", group: .data,
    summary: "loads images, with their labels where there are any",
    details: "Images come in the order of the file unless shuffled. 'count' takes the first that match, 'each' the "
      + "first of every chosen digit. The data folder is that of --data, else of BVAE_DATA, else the user's cache "
      + "folder; without any, MNIST comes from a sample of 2000 training and 100 test images a digit that is part of "
      + "the program. sprites and streets are drawn by the program from the seed (2000 images unless said otherwise), their "
      + "factors known: shapes after dSprites, and house numbers in the manner of SVHN.",
    parameters: [
      .positional(
        "source", "a known dataset, or the path of an IDX file of images",
        .words(["mnist", "fashion", "sprites", "streets"]), .inputPath),
      .option("split", "which part of a known dataset", .words(["train", "test"]), default: "train"),
      .option("digits", "the classes that are taken", .integers(0...9), default: .described("all")),
      .option("count", "how many images are taken", .count, default: .described("all")),
      .option("each", "how many images of each class are taken", .count, default: .described("all")),
      .option("skip", "how many matching images are passed over first", .integer(0...Kind.largest), default: 0),
      .toggle("shuffle", "takes the images in a random order"),
      .option("seed", "the seed of the order, or of what is drawn", .seed, default: .described("the script's seed")),
    ] + syntheticParameters,
    result: .object(DatasetValue.self),
    example: """
      ones = load mnist digits 1 count 2000
      """
  ) { call, session in
    if let data = SyntheticData(rawValue: try call.wordIfAny("source") ?? "") {
      let dataset = try CommandDeclaration.drawn(data, call, session)
      session.workspace.note(dataset)
      return .object(DatasetValue(dataset: dataset))
    }
    for parameter in syntheticParameters where call.wasGiven(parameter.name) {
      throw call.failure(parameter.name, "'\(parameter.name)' is only for what is drawn: sprites and streets")
    }
    let source: DataLibrary.Source
    switch try call.wordIfAny("source") {
    case "mnist": source = .mnist
    case "fashion": source = .fashion
    default: source = .file(try call.text("source"))
    }
    let seed = try call.seed(session)
    let selection = Selection(
      digits: try call.integersIfAny("digits"), count: try call.integerIfAny("count"),
      each: try call.integerIfAny("each"), skip: try call.integer("skip"),
      shuffle: call.isSet("shuffle") ? seed : nil)
    let split: Split = try call.word("split") == "test" ? .test : .train
    let workspace = session.workspace
    let dataset = try call.blaming("source") {
      try workspace.library.load(source, split: split, selection: selection)
    }
    workspace.note(dataset)
    return .object(DatasetValue(dataset: dataset))
  }
}

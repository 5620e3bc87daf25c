import BVAEDatasets
import BVAELanguage
import BVAEPlatform

extension CommandDeclaration {
  /// The options that choose images, of files and of datasets.
  static let choice: [Parameter] = [
    .option(
      "digits", "the digits that are taken, or the classes, by number or name", .labels, default: .described("all")),
    .option(
      "where", "the factor that decides, with its values behind 'is'", .text, placeholder: "\"factor\""),
    .option(
      "is", "the values of that factor that are taken", .number, .range, .text, .list,
      placeholder: "0.5|0..0.5|[1, 2]|\"name\""),
    .option("count", "how many images are taken", .count, default: .described("all")),
    .option("each", "how many images of each class are taken", .count, default: .described("all")),
    .option("skip", "how many matching images are passed over first", .integer(0...Kind.largest), default: 0),
    .toggle("shuffle", "takes the images in a random order"),
    .option("seed", "the seed of the order, or of what is drawn", .seed, default: .described("the script's seed")),
    .option("vary", "the factor that goes over its range while the others stay", .text, placeholder: "\"factor\""),
  ]

  static let select = CommandDeclaration(
    "select", group: .data,
    summary: "chooses images of a dataset",
    details:
      "The options are those of 'load'. 'where' with 'is' takes the images of which a factor has a value, one of "
      + "several, any of a range, or a name: where \"scale\" is 0.8..1, where \"shape\" is \"heart\". 'vary' takes the first "
      + "image and those that differ from it in one factor alone, in the order of its values. 'at' takes images by their "
      + "places, from 0.",
    parameters: [.positional("data", "the dataset", .object(DatasetValue.self))] + choice + [
      .option("at", "the places of the images that are taken", .integers(0...Kind.largest), default: .described("all"))
    ],
    result: .object(DatasetValue.self),
    example: """
      digits = load mnist each 10
      sevens = select digits digits 7
      """,
    check: { call in choiceMistakes(call) }
  ) { call, session in
    var dataset = try call.object("data", as: DatasetValue.self).dataset
    if let places = try call.integersIfAny("at") { dataset = try call.blaming("at") { try dataset.selecting(places) } }
    let selection = try call.selection(session)
    let blamed = ["where", "digits", "vary", "each", "count", "skip"].first(where: call.wasGiven) ?? "data"
    return .object(DatasetValue(dataset: try call.blaming(blamed) { try dataset.choosing(selection) }))
  }

  /// What is wrong with the options that choose images.
  static func choiceMistakes(_ call: Inspection) -> [ScriptFailure] {
    for (name, other) in [("where", "is"), ("is", "where")] where call.wasGiven(name) && !call.wasGiven(other) {
      return [call.mistake(name, whereNeedsIs)]
    }
    return []
  }

  fileprivate static let whereNeedsIs =
    "'where' names a factor and 'is' its values; expected both, as in where \"scale\" is 0.8..1"

  static let combine = CommandDeclaration(
    "combine", group: .data,
    summary: "makes one dataset of several",
    details:
      "The images come one after the other; they must have one size. Classes of the same name become one. Labels, and "
      + "factors, are kept where all have them.",
    parameters: [.values("datasets", "the datasets", .object(DatasetValue.self), placeholder: "DATASET, …")],
    result: .object(DatasetValue.self),
    example: """
      ones = load mnist digits 1 count 50
      sevens = load mnist digits 7 count 50
      both = combine ones, sevens
      """
  ) { call, session in
    let datasets = try given(call, least: 2)
    let joined = try call.blaming("datasets") { try Dataset.joined(datasets.map(\.dataset)) }
    session.tell(joined.remarks)
    return .object(DatasetValue(dataset: joined))
  }

  static let compare = CommandDeclaration(
    "compare", group: .data,
    summary: "tells what is different in two datasets",
    details:
      "Images, labels, the names of classes, and factors; names and origins may differ. Datasets between which it finds "
      + "nothing are equal by '==' too.",
    parameters: [.values("datasets", "two datasets", .object(DatasetValue.self), placeholder: "DATASET, DATASET")],
    example: """
      digits = load mnist each 10
      save digits "digits.npz"
      compare digits, (load "digits.npz")
      """
  ) { call, session in
    let datasets = try given(call, least: 2)
    guard datasets.count == 2 else {
      throw call.failure("datasets", "'compare' takes two datasets; these are \(datasets.count)")
    }
    let found = datasets[0].dataset.differences(from: datasets[1].dataset)
    try session.host.show(
      text: found.isEmpty ? "no difference" : "different:\n" + found.map { "  " + $0 }.joined(separator: "\n"))
    return .nothing
  }

  /// The datasets of a call.
  private static func given(_ call: Invocation, least: Int) throws -> [DatasetValue] {
    let datasets = try call.values("datasets").map { value in
      guard case .object(let object) = value, let dataset = object as? DatasetValue else {
        throw call.failure("datasets", "'\(call.name)' takes datasets; \(value.found)")
      }
      return dataset
    }
    guard datasets.count >= least else {
      throw call.failure(
        "datasets",
        "'\(call.name)' takes \(least) datasets or more, with commas between them; "
          + (datasets.isEmpty ? "there is none" : "there is one"))
    }
    return datasets
  }
}

extension Session {
  /// Says what a reader left out or assumed.
  func tell(_ remarks: [LoadRemark]) {
    for remark in remarks {
      if remark.isWarning { host.warn(remark.text) } else { host.note(remark.text) }
    }
  }
}

extension Invocation {
  /// The images that the options of `CommandDeclaration.choice` ask for.
  func selection(_ session: Session) throws -> Selection {
    var selection = Selection(
      count: try integerIfAny("count"), each: try integerIfAny("each"), skip: try integer("skip"),
      shuffle: isSet("shuffle") ? try seed(session) : nil, vary: try textIfAny("vary"))
    let (digits, classes) = try labels("digits")
    selection.digits = digits
    selection.classes = classes.isEmpty ? nil : classes
    guard wasGiven("where") || wasGiven("is") else { return selection }
    guard let factor = try textIfAny("where"), wasGiven("is") else {
      throw failure(wasGiven("where") ? "where" : "is", CommandDeclaration.whereNeedsIs)
    }
    selection.conditions = [FactorCondition(factor, try wanted())]
    return selection
  }

  private func wanted() throws -> FactorCondition.Wanted {
    if let names = try names("is") { return .names(names) }
    if let number = try numberIfAny("is") { return .numbers([number]) }
    if let range = try rangeIfAny("is") { return .range(range) }
    if case .list(let list) = try valueIfAny("is"), let numbers = try numbersIfAny("is"),
      numbers.count == list.count, !numbers.isEmpty
    {
      return .numbers(numbers)
    }
    throw failure("is", "'is' takes the values of a factor: numbers, a range, or names")
  }

  /// Texts given as one or as a list, nil where something else was given.
  private func names(_ name: String) throws -> [String]? {
    guard let value = try valueIfAny(name) else { return nil }
    if case .text(let text) = value { return [text] }
    guard case .list(let list) = value, list.count > 0 else { return nil }
    let texts = list.elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
    return texts.count == list.count ? texts : nil
  }
}

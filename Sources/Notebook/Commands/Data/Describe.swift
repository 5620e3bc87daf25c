import BVAEDatasets
import BVAELanguage
import BVAEPixels
import BVAEPlatform
import BVAEReporting

struct DescribeCommand: Command {
  static let about = CommandAbout(
    "describe", in: .data, "summarises a dataset and shows a sheet of its images",
    details:
      "Size, counts by label, range and spread of the values (0 to 1), the scale and background that they were read "
      + "with, the factors that are known with their ranges, origin and licence; then up to 60 images, spread over the "
      + "whole. A warning says what looks wrong: images that are nearly black or of one value, dark strokes on light "
      + "ground where MNIST has light on dark, a class without an image, images that are there twice.",
    example: """
      houses = load streets count 100
      describe houses
      """)

  @Positional("the dataset") var data: DatasetValue

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let dataset = data.dataset
    let description = Self.description(data)
    try dataset.images.check()
    for text in description { try session.host.show(text: text) }
    for doubt in dataset.doubts { session.host.warn("\(data.title): \(doubt)") }
    guard dataset.count > 0 else { return .nothing }
    let shown = min(dataset.count, 60)
    let sample = DatasetValue(dataset: try dataset.selecting((0..<shown).map { $0 * dataset.count / shown }))
    let bitmap = try sample.sheet().render()
    try session.host.show(
      picture: Preview(title: sample.summary, bitmap))
    return .nothing
  }

  /// Paragraphs and tables.
  private static func description(_ value: DatasetValue) -> [String] {
    let dataset = value.dataset
    var facts = [value.summary]
    let statistics = PixelStatistics(dataset.images)
    if dataset.count > 0 {
      facts.append(
        "values: \(number(statistics.least)) to \(number(statistics.greatest)), mean \(number(statistics.mean)), "
          + "standard deviation \(number(statistics.deviation))")
    }
    if dataset.synthetic == nil { facts += reading(dataset.options) }
    facts.append("origin: \(dataset.origin)")
    facts.append("licence: \(dataset.licence)")
    if let name = dataset.synthetic { facts.append("\(name): drawn by a program, not taken from the world") }
    facts.append("fingerprint: \(dataset.fingerprint)")
    return [facts.joined(separator: "\n")] + [labels(value), factors(dataset)].compactMap { $0?.text() }
  }

  /// On what scale and in front of what background the images were read.
  private static func reading(_ options: LoadOptions) -> [String] {
    let scale = options.scale.map { "\($0) of the file is black to white" }
    let background = options.fitting.background.map { color in
      let words = [Color.white: "white", .black: "black"]
      let isGrey = color.red == color.green && color.green == color.blue
      return words[color] ?? (isGrey ? "\(color.red)" : "[\(color.red), \(color.green), \(color.blue)]")
    }
    return [
      "scale: \(scale ?? "as usual, whole numbers 0..255 and fractions 0..1 from black to white")",
      "background: \(background ?? "as usual, white behind transparent pictures and black around padded images")",
    ]
  }

  private static func labels(_ value: DatasetValue) -> Table? {
    guard let counts = value.dataset.digitCounts, counts.contains(where: { $0 > 0 }) else { return nil }
    return Table(
      columns: [Table.Column(value.dataset.labelNames.noun), .number("images", .decimals(0))],
      rows: counts.indices.filter { counts[$0] > 0 }.map {
        [.text(value.dataset.labelNames[$0]), .number(Double(counts[$0]))]
      })
  }

  /// Each factor's values: those that it can have, and those that it has here.
  private static func factors(_ dataset: Dataset) -> Table? {
    guard let table = dataset.factors, table.count > 0 else { return nil }
    return Table(
      columns: [
        Table.Column("factor"), Table.Column("what it is"), Table.Column("can be"), .number("least", .digits(4)),
        .number("mean", .digits(4)), .number("most", .digits(4)),
      ],
      rows: table.factors.enumerated().map { place, factor in
        let values = (0..<table.count).map { Double(table[$0][table[$0].startIndex + place]) }
        let known: [Table.Cell] = [.text(factor.name), .text(factor.summary), .text(factor.expectation)]
        guard case .continuous = factor.kind else { return known + [.empty, .empty, .empty] }
        return known + [
          .number(values.min() ?? 0), .number(values.reduce(0, +) / Double(values.count)), .number(values.max() ?? 0),
        ]
      })
  }

  private static func number(_ value: Double) -> String { value.formatted(decimals: 3) }
}

extension FunctionDeclaration {
  static let factor = FunctionDeclaration(
    name: "factor", syntax: "factor(data, name)", summary: "the values of a factor of a dataset, image by image",
    example: "houses = load streets count 5\nprint factor(houses, \"slant\")",
    arity: 2...2, parameters: [[.object(DatasetValue.self)], [.text]], result: { _ in .list },
    choices: { value in
      guard case .object(let object) = value, let data = object as? DatasetValue else { return [] }
      return data.dataset.factors?.factors.map(\.name) ?? []
    },
    apply: { arguments in
      guard case .object(let object) = arguments[0], let data = object as? DatasetValue,
        case .text(let name) = arguments[1]
      else { throw ScriptFailure("'factor' takes a dataset and a text") }
      if let values = data.dataset.factors?.column(name) { return try .numbers(values) }
      let names = data.dataset.factors?.factors.map(\.name) ?? []
      throw ScriptFailure(
        "\(data.title) has no factor '\(name)'",
        hint: Suggestion.hint(name, among: names)
          ?? (names.isEmpty ? "drawn data have factors: sprites and streets" : "it has \(Kind.list(names))"))
    })
}

import BVAEInterpretation
import BVAELanguage
import BVAEReporting
import BetaVAE

struct InterpretCommand: Command {
  static let about = CommandAbout(
    "interpret", in: .experiments, "describes what each latent changes in the image, by how much and how purely",
    details:
      "Each latent in use is swept over its range from many images of the dataset while the others stay fixed; all "
      + "frames are measured (rotation, height, width, thickness, contrast, light, colour and so on) and averaged. A "
      + "latent is named after the measure that explains most of the total change, among those that change "
      + "monotonically along it. 'purity' is the share explained: each measure is standardised by its spread over the "
      + "dataset, and changes of other measures that correlate with the named one in the data count as explained. "
      + "'from' and 'to' are the measure at the ends of the range, 'low' and 'high' the range itself. r and ρ are "
      + "Pearson's and Spearman's correlations of latent and measure over all frames, after subtracting each sweep's "
      + "mean, so that differences between the images do not lower them. 'pure' is yes if the purity is at least 0.6 "
      + "and |r| at least 0.9. A latent whose mean has a variance of at most 0.01 over the dataset is inactive and is "
      + "not swept. If the generating factors are known, the table names the factor most strongly associated with the "
      + "latent's mean, the strength of the association, and whether the named measure corresponds to this factor (or "
      + "to one whose association is statistically indistinguishable). With 'measures' the table has a row for each "
      + "latent in use and each measure instead: its ends, r and ρ, its change in units of its spread over the "
      + "dataset, and the share of the total change that it explains.",
    result: .object(TableValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4
      show (interpret model on ones images 8)
      """)

  @Positional("the model") var model: ModelValue
  @Marker(name: "on", "the images") var data: DatasetValue
  @Switch("one row for each latent in use and each measure") var measures: Bool
  @Option("from how many images each latent is swept", .integer(1...10_000), default: 64) var images: Int
  @Option("frames of a sweep", .integer(2...1000), default: 12) var steps: Int
  @Option("the values that a latent takes", default: "auto") var range: SweepRange
  @Option("the seed of the choice of images", default: .scriptSeed) var seed: UInt64?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let options = InterpretationOptions(images: images, steps: steps, range: range, seed: session.seed(seed))
    let factors = data.knownFactors
    defer { session.host.progress(nil) }
    let latents = try $data.blaming {
      try model.network.interpret(on: data.dataset.images, factors: factors, options: options) { share in
        session.host.progress(Progress("interpreting", fraction: share))
      }
    }
    let table =
      measures
      ? Self.measuresTable(latents)
      : Self.interpretationTable(latents, subject: data.subject, hasFactors: factors != nil)
    return .object(TableValue(table: table, caption: "Effects of the latents of \(model.title)"))
  }

  private typealias Column = Table.Column

  private static func interpretationTable(_ latents: [LatentInterpretation], subject: String, hasFactors: Bool) -> Table
  {
    let columns: [Column] =
      [
        Column("latent"), .number("KL", unit: "nats", .decimals(3)), Column("state"), Column("changes"),
        .number("from", .digits(3)), .number("to", .digits(3)), Column("unit"), .number("r", .decimals(2)),
        .number("ρ", .decimals(2)), .number("purity", .decimals(2)), Column("pure"), .number("low", .decimals(2)),
        .number("high", .decimals(2)),
      ] + (hasFactors ? [Column("factor"), .number("with factor", .decimals(2)), Column("agrees")] : [])
      + [Column("in words")]
    let rows = latents.map { latent -> [Table.Cell] in
      var cells: [Table.Cell] = [
        .text("Z\(latent.latent)"), latent.divergence.map(Table.Cell.number) ?? .empty,
        .text(latent.isActive ? "active" : "inactive"),
      ]
      if let main = latent.named {
        cells += [
          .text(main.measure.name), .number(main.from), .number(main.to), .text(main.measure.unit ?? ""),
          .number(main.pearson), .number(main.spearman), .number(latent.effect?.purity ?? .nan),
          .text(latent.isPure ? "yes" : "no"),
        ]
      } else {
        let kinds = latent.categories.map { "which of \($0) kinds" }
        cells += [
          .text(kinds ?? (latent.isActive ? "no clear effect" : "")), .empty, .empty, .empty, .empty, .empty, .empty,
          .empty,
        ]
      }
      cells += latent.isActive ? [.number(latent.lower), .number(latent.upper)] : [.empty, .empty]
      if hasFactors {
        let factor = latent.isActive ? latent.factor : nil
        cells += factor.map { [.text($0.name), .number($0.strength)] } ?? [.empty, .empty]
        cells.append(latent.agreesWithFactor.map { .text($0 ? "yes" : "no") } ?? .empty)
      }
      return cells + [.text(latent.sentence(subject: subject))]
    }
    return Table(columns: columns, rows: rows, note: correlationNote)
  }

  private static let correlationNote = "r, ρ: correlations within sweeps, each sweep's mean subtracted"

  private static func measuresTable(_ latents: [LatentInterpretation]) -> Table {
    let rows = latents.flatMap { latent in
      zip(latent.effect?.changes ?? [], latent.effect?.explained ?? []).map { change, explained -> [Table.Cell] in
        [
          .text("Z\(latent.latent)"), .text(change.measure.name), .number(change.from), .number(change.to),
          .text(change.measure.unit ?? ""), .number(change.pearson), .number(change.spearman),
          .number(change.strength), .number(max(0, explained)),
        ]
      }
    }
    return Table(
      columns: [
        Column("latent"), Column("measure"), .number("from", .digits(3)), .number("to", .digits(3)), Column("unit"),
        .number("r", .decimals(2)), .number("ρ", .decimals(2)), .number("spreads", .decimals(2)),
        .number("explains", .decimals(2)),
      ], rows: rows, note: correlationNote)
  }
}

extension DatasetValue {
  /// The generating factors of the images, where they are known.
  var knownFactors: KnownFactors? { dataset.factors.map(KnownFactors.init) }

  /// What the images show, for sentences.
  var subject: String { dataset.labelFactor?.name ?? (dataset.hasDigits ? "digit" : "shape") }
}

import BetaVAE
import Reporting

extension CommandDeclaration {
  static let measure = CommandDeclaration(
    "measure", group: .experiments,
    summary: "gives a table of reconstruction error, KL divergence and latents in use",
    details:
      "The error is that of an image (squared differences summed over its values, or cross-entropy), then that of "
      + "a value; the loss is the error and β times the KL divergence. Images are encoded and their means decoded, without noise. With 'latents' the table has a row for each "
      + "latent instead: its KL divergence, the variance of its mean over the images (active above 0.01) and the range "
      + "that 'sweep' takes it over.",
    parameters: [
      .positional("model", "the model", .object(ModelValue.self)),
      .marker("on", "the images", .object(DatasetValue.self)),
      .toggle("latents", "one row for each latent"),
    ],
    result: .object(TableValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4
      show (measure model on ones)
      """
  ) { call, _ in
    let model = try call.object("model", as: ModelValue.self)
    let data = try call.object("on", as: DatasetValue.self)
    let result = try call.blaming("on") { try model.network.evaluate(on: data.dataset.images) }
    if call.isSet("latents") {
      return .object(
        TableValue(table: latentTable(result, model.network.latentStatistics), caption: "Latents of \(model.title)"))
    }
    let isVariational = model.network.objective.beta != nil
    let table = Table(
      columns: [
        Column("data"), .number("images", .decimals(0)), .number("error", .decimals(2)),
        .number("per value", .digits(3)), .number("KL", unit: "nats", .decimals(2)),
        .number("loss", .decimals(2)), Column("active", alignment: .right),
      ],
      rows: [
        [
          .text(data.title), .number(Double(result.images)), .number(result.reconstruction),
          .number(result.reconstruction / Double(data.dataset.images.shape.count)),
          isVariational ? .number(result.totalDivergence) : .empty, .number(result.loss),
          .text("\(result.active) of \(model.network.architecture.latents)"),
        ]
      ])
    return .object(TableValue(table: table, caption: model.title))
  }

  private typealias Column = Table.Column

  private static func latentTable(_ result: Evaluation, _ statistics: LatentStatistics?) -> Table {
    Table(
      columns: [
        Column("latent"), .number("KL", unit: "nats", .decimals(3)), .number("variance of mean", .decimals(4)),
        Column("state"), .number("from", .decimals(2)), .number("to", .decimals(2)),
      ],
      rows: result.divergence.indices.map { k in
        [
          .text("Z\(k)"), .number(result.divergence[k]), .number(result.meanVariance[k]),
          .text(LatentStatistics.isActive(variance: result.meanVariance[k]) ? "active" : "inactive"),
          statistics.map { .number($0.lower[k]) } ?? .empty, statistics.map { .number($0.upper[k]) } ?? .empty,
        ]
      })
  }
}

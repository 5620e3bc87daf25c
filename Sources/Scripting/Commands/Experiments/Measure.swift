import BetaVAE
import Interpretation
import Reporting

extension CommandDeclaration {
  static let measure = CommandDeclaration(
    "measure", group: .experiments,
    summary: "gives a table of reconstruction error, KL divergence, latents in use and further scores",
    details:
      "The error is that of an image (squared differences summed over its values, or cross-entropy), then that of "
      + "a value; the loss is the error and β times the KL divergence. Images are encoded and their means decoded, "
      + "without noise. ELBO is the evidence lower bound of an image with one draw of z, β left aside. A squared error stands for "
      + "a normal distribution of each value: once with the variance σ² = ½ that training by squared error means, where most of "
      + "the bound is the constant of that variance, once with the best σ², the mean squared error of a value. A Bernoulli "
      + "likelihood gives a bound only where all values are 0 or 1. TC is the total correlation of the latents by the exact "
      + "mixture of up to 3000 images' posteriors, 'TC bias' what the same estimate gives after each latent was shuffled over "
      + "the images by itself, where there is none: what TC exceeds it by counts. 'TC, Gaussian fit' is that of the normal "
      + "distribution with the aggregate posterior's covariance, which misses what does not go together linearly. "
      + "With 'latents' the table has a row for each "
      + "latent instead: its KL divergence, the variance of its mean over the images (active above 0.01) and the range "
      + "that 'sweep' takes it over. With 'scores', for data whose generating factors are known, it has a row for each score of "
      + "disentanglement: β-VAE score, FactorVAE score, MIG, SAP and DCI, with a 95 % bootstrap interval.",
    parameters: [
      .positional("model", "the model", .object(ModelValue.self)),
      .marker("on", "the images", .object(DatasetValue.self)),
      .toggle("latents", "one row for each latent"),
      .toggle("scores", "one row for each score of disentanglement"),
      .option("seed", "the seed of what is drawn", .seed, default: .described("the script's seed")),
    ],
    result: .object(TableValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4
      show (measure model on ones)
      """,
    check: { call in
      call.wasGiven("latents") && call.wasGiven("scores") ? [call.mistake("scores", twoTables)] : []
    }
  ) { call, session in
    let model = try call.object("model", as: ModelValue.self)
    let data = try call.object("on", as: DatasetValue.self)
    let seed = try call.seed(session)
    if call.isSet("scores") {
      if call.isSet("latents") {
        throw call.failure("scores", twoTables)
      }
      return .object(try scoreTable(model, data, call, session, seed: seed))
    }
    let result = try call.blaming("on") { try model.network.evaluate(on: data.dataset.images) }
    if call.isSet("latents") {
      return .object(
        TableValue(table: latentTable(result, model.network.latentStatistics), caption: "Latents of \(model.title)"))
    }
    let quality = try call.blaming("on") { try model.network.quality(on: data.dataset.images, seed: seed) }
    return .object(TableValue(table: modelTable(result, quality, model, data), caption: model.title))
  }

  private static func modelTable(
    _ result: Evaluation, _ quality: ModelQuality, _ model: ModelValue, _ data: DatasetValue
  ) -> Table {
    let network = model.network, isVariational = network.objective.beta != nil
    let hasBeta = !network.unknown.contains(.beta)
    let bounds = QualityCells(quality)
    var notes = bounds.reason.map { isVariational ? [$0] : [] } ?? []
    if !hasBeta { notes.append("No loss: the model's file does not say its β (open … beta 4)") }
    if network.unknown.contains(.likelihood) {
      notes.append(
        "The error is the squared error: the model's file does not say its likelihood (open … likelihood bernoulli)")
    }
    func cell(_ number: Double) -> Table.Cell { number.isNaN ? .text("n/a") : .number(number) }
    return Table(
      columns: [
        Column("data"), .number("images", .decimals(0)), .number("error", .decimals(2)),
        .number("per value", .digits(3)), .number("KL", unit: "nats", .decimals(2)),
        .number("loss", .decimals(2)),
      ] + bounds.columns + [Column("active", alignment: .right)],
      rows: [
        [
          .text(data.title), .number(Double(result.images)), .number(result.reconstruction),
          .number(result.reconstruction / Double(data.dataset.images.shape.count)),
          cell(isVariational ? result.totalDivergence : .nan), cell(hasBeta ? result.loss : .nan),
        ] + bounds.numbers.map(cell) + [.text("\(result.active) of \(network.architecture.latents)")]
      ], note: notes.isEmpty ? nil : notes.joined(separator: ". ") + ".")
  }

  private static let twoTables = "'latents' and 'scores' give different tables; ask for one"

  private static func scoreTable(
    _ model: ModelValue, _ data: DatasetValue, _ call: Invocation, _ session: Session, seed: UInt64
  ) throws -> TableValue {
    guard let factors = data.knownFactors else {
      throw call.failure(
        "on", "the factors that these images were generated from are not known, so nothing can be scored against them",
        hint: "'streets' and 'sprites' have known factors")
    }
    defer { session.host.progress(nil) }
    session.host.progress(Progress("scoring", fraction: nil))
    let code = try call.blaming("on") { try model.network.encode(data.dataset.images) }
    let scores = ScoredCodes(codes: code.mean, factors: factors, seed: seed).scores(
      workers: session.workspace.compute.workers)
    guard !scores.isEmpty else {
      throw call.failure(
        "on", "scores need at least 50 images of which a factor varies; these are \(data.dataset.count)")
    }
    let table = Table(
      columns: [
        Column("score"), .number("value", .decimals(3)), .number("from", .decimals(3)), .number("to", .decimals(3)),
      ],
      rows: scores.map { [.text($0.name), .number($0.value), .number($0.lower), .number($0.upper)] },
      note: "from, to: 95 % bootstrap interval")
    return TableValue(table: table, caption: "Disentanglement of \(model.title)")
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

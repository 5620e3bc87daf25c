import BVAEInterpretation
import BVAELanguage
import BVAEReporting
import BetaVAE

struct MeasureCommand: Command {
  static let about = CommandAbout(
    "measure", in: .experiments,
    "gives a table of reconstruction error, KL divergence, latents in use and further scores",
    details:
      "'error' is the reconstruction error of an image (squared differences summed over its values, or "
      + "cross-entropy), 'per value' the same per value; 'loss' is the error plus β times the KL divergence. Images "
      + "are encoded and their means decoded, without noise; training decodes draws around the means, and while a decoder "
      + "has not learned to ignore latents that are not in use, the means can decode worse than the draws. ELBO is the evidence lower bound of an image, estimated "
      + "from one draw of z, without β. A squared error stands for a normal distribution of each value: once with the "
      + "variance σ² = ½ that training by squared error means, where most of the bound is the constant of that "
      + "variance, once with the best σ², the mean squared error of a value. A Bernoulli likelihood gives a bound "
      + "only where all values are 0 or 1. 'TC, mixture' is the total correlation of the latents by the exact mixture "
      + "of up to 3000 images' posteriors, 'TC, shuffled' is the same estimate after each latent is shuffled over the "
      + "images independently, which removes any correlation: only the excess of the first over the second is "
      + "meaningful. 'TC, Gaussian fit' is that of the normal distribution with the aggregate posterior's covariance, "
      + "which misses nonlinear dependence. 'MI, mixture' is the mutual information of image and code, whose estimate "
      + "cannot exceed the logarithm of the number of images (8.0 for 3000), 'DW, mixture' the latents' own "
      + "divergence from the prior: together with 'TC, mixture' they add up to the KL divergence of these images, up "
      + "to sampling noise. What an objective estimates from batches as it is trained has its estimator in the name, "
      + "as in 'TC, stratified'. With 'latents' the table has a row for each latent instead: its KL divergence, the "
      + "variance of its mean over the images (active above 0.01) and the range that 'sweep' takes it over. With "
      + "'scores', for data whose generating factors are known, it has a row for each score of disentanglement: the "
      + "β-VAE and FactorVAE scores, MIG, SAP and DCI as disentanglement_lib defines them, with the settings of its "
      + "published study; there SAP and DCI predict every factor by classes. 'SAP (r²)' and 'DCI … (regression)' "
      + "predict the numbers of ordered factors instead, as the papers that introduced them do; they are not to be "
      + "compared with that study. 'MIG (exact densities)' takes the mixture of the images' posteriors instead of 20 bins "
      + "of their means, and the factors that have an order, as the paper that introduced it does. Modularity says how "
      + "far each latent tells of one factor only, explicitness how well all of them together tell the values of the "
      + "factors (area under the ROC curve, 0.5 by chance). Continuous factors are cut into 20 levels. 'from' and 'to' are a 95 % interval of "
      + "what this model would score with 15,000 images: with fewer it is wider, and allows for the error that few "
      + "images make. Models trained from other seeds differ by more. 'shuffled' is what the same codes score when "
      + "they are shuffled over the images, that is, by chance. Of more than 15,000 images the seed chooses 15,000 at "
      + "random; of a complete grid of up to 100,000 all are used. DCI needs at least 2000 images to train its trees. "
      + "It takes most of the time, which grows with the number of images and levels; fewer images ('load … count "
      + "2000') or factors are faster. With 'factors' it has a row for each factor, and one for all else: 'invariance' is "
      + "the variance of the means of the latents that do not belong to it, in batches in which it alone varies, over "
      + "their variance over all images, 0 for latents that do not follow it; 'equivariance' is the rank correlation of "
      + "its latent with the factor over all images, without its sign, 'within' the mean of the same in these batches. "
      + "Of a DC-IGN the factors are its own and have the latents that were trained to follow them. Of another model they "
      + "are all that have an order and vary in the data, each with the latent that goes with it most closely, which is "
      + "no other's. Kinds such as a shape have no order and no equivariance, and one latent cannot follow an angle all "
      + "the way round. An InfoGAN has none of the first numbers. Of it the table gives "
      + "L_cat and L_cont, which is what Q tells of the codes of images that are drawn, and for each "
      + "categorical code the entropy of the categories that Q gives the images (ln K for K categories used evenly) "
      + "and, where the images have labels, the error of Q when each category stands for a label. With 'categories' "
      + "it has a row for each category, with the label that it stands for.\n"
      + "Of a list of models the table has a row for each: measure [a, b] on DATASET, and measure [a, b] on DATASET "
      + "scores. 'udr' is the unsupervised ranking of three or more models that differ in the seed alone, which needs no "
      + "factors (Duan et al. 2020): models that disentangle find the same latents with every seed.",
    result: .object(TableValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4
      show (measure model on ones)
      """)

  @Positional(name: "model", "the model, or a list of models to be compared") var models: MeasuredModels
  @Marker(name: "on", "the images") var data: DatasetValue
  @Switch("one row for each latent") var latents: Bool
  @Switch("one row for each score of disentanglement") var scores: Bool
  @Switch("one row for each factor and the latent that follows it") var factors: Bool
  @Switch("one row for each category of an InfoGAN's codes") var categories: Bool
  @Switch("the unsupervised ranking of a list of models that differ in the seed") var udr: Bool
  @Option("the seed of what is drawn", default: .scriptSeed) var seed: UInt64?

  var rules: [Rule] {
    [
      { _ in
        let asked = [$latents, $scores, $factors, $categories, $udr].filter(\.value)
        guard asked.count > 1 else { return [] }
        return [
          asked[1].failure("'\(asked[0].name)' and '\(asked[1].name)' give different tables; ask for one")
        ]
      }
    ]
  }

  private var model: ModelValue { models.models[0] }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    if udr { return .object(try rankingTable(session)) }
    if models.isList { return .object(try comparison(session)) }
    if scores { return .object(try scoreTable(session)) }
    if factors { return .object(try factorTable(session)) }
    let seed = session.seed(seed)
    if let generator = model.network as? InfoGAN {
      let measures = GeneratorMeasures(model: model, network: generator, data: data)
      return .object(
        try $data.blaming {
          if categories { return try measures.categoryTable() }
          return latents ? try measures.latentTable() : try measures.modelTable(seed: seed)
        })
    }
    guard !categories, let network = model.autoencoder else {
      throw $categories.failure(
        "this model has no categories: its kind is \(model.network.objective.kind)",
        hint: "'infogan' makes models that do")
    }
    let images = data.dataset.images
    let result = try $data.blaming { try network.evaluate(on: images) }
    if latents {
      let table = Self.latentTable(result, network.latentStatistics)
      return .object(TableValue(table: table, caption: "Latents of \(model.title)"))
    }
    let quality = try $data.blaming { try network.quality(on: images, seed: seed) }
    return .object(TableValue(table: modelTable(result, quality), caption: model.title))
  }

  private func comparison(_ session: Session) throws -> TableValue {
    if let asked = [$latents, $factors, $categories].first(where: \.value) {
      throw asked.failure(
        "'\(asked.name)' is told of one model, not of a list", hint: "measure each by itself, or leave it out")
    }
    let comparison = ModelComparison(models: models.models, data: data, seed: session.seed(seed))
    guard scores else { return try $data.blaming { try comparison.modelTable() } }
    return try comparison.scoreTable { try measuredScores(of: $0, hasIntervals: false, session) }
  }

  private func rankingTable(_ session: Session) throws -> TableValue {
    guard models.models.count >= UnsupervisedRanking.fewestModels else {
      throw $udr.failure(
        "UDR compares \(UnsupervisedRanking.fewestModels) models or more, which differ in the seed alone; "
          + "\(models.models.count == 1 ? "this is one" : "these are \(models.models.count)")",
        hint: "search … seeds 3 trains them and has UDR in its table; measure [a, b, c] on DATASET udr takes others")
    }
    if let other = models.models.first(where: { !$0.network.objective.isVariational }) {
      throw $models.failure("UDR goes by the KL divergence of latents, and \(other.title) has none")
    }
    let ranking = try $data.blaming { try ModelRanking(models.models, on: data, session) }
    let columns = [Column("model"), .number("seed", .decimals(0))] + ranking.columns
    let rows = models.models.indices.map { place -> [Table.Cell] in
      let network = models.models[place].network
      return [
        .text("\(network.objective)"), network.unknown.contains(.seed) ? .empty : .number(Double(network.seed)),
      ] + ranking.values[place].map { $0.isNaN ? .text("n/a") : .number($0) }
    }
    let isMixed = Set(models.models.map { "\($0.network.objective)" }).count > 1
    return TableValue(
      table: Table(
        columns: columns, rows: rows,
        note: isMixed ? "UDR is meant for models that differ in the seed alone; these have several objectives" : nil),
      caption: "Unsupervised ranking of models on \(data.title)")
  }

  private func modelTable(_ result: Evaluation, _ quality: ModelQuality) -> Table {
    let network = model.network, isVariational = network.objective.isVariational
    let hasBeta = !network.unknown.contains(.beta)
    let bounds = QualityCells(quality, isWhole: true)
    var notes = bounds.reason.map { isVariational ? [$0] : [] } ?? []
    if !hasBeta { notes.append("No loss: the model's file does not state its β (open … beta 4)") }
    if network.unknown.contains(.likelihood) {
      notes.append(
        "The reconstruction error is the squared error: the model's file does not state its likelihood (open … "
          + "likelihood bernoulli)")
    }
    func cell(_ number: Double) -> Table.Cell { number.isNaN ? .text("n/a") : .number(number) }
    return Table(
      columns: [
        Column("data"), .number("images", .decimals(0)), .number("error", .decimals(2)),
        .number("per value", .digits(3)), .number("KL", unit: "nats", .decimals(2)),
        .number("loss", .decimals(2)),
      ] + result.terms.map { .number(network.objective.measured($0), .decimals(3)) } + bounds.columns
        + [Column("active", alignment: .right)],
      rows: [
        [
          .text(data.title), .number(Double(result.images)), .number(result.reconstruction),
          .number(result.reconstruction / Double(data.dataset.images.shape.count)),
          cell(isVariational ? result.totalDivergence : .nan), cell(hasBeta ? result.loss : .nan),
        ] + (result.terms.map(\.value) + bounds.numbers).map(cell)
          + [.text("\(result.active) of \(network.latents)")]
      ], note: notes.isEmpty ? nil : notes.joined(separator: ". ") + ".")
  }

  /// The scores of a model's codes.
  private func measuredScores(of model: ModelValue, hasIntervals: Bool = true, _ session: Session) throws -> [Score] {
    guard let factors = data.knownFactors else {
      throw $data.failure(
        "the generating factors of these images are unknown, so scores cannot be computed",
        hint: "'streets' and 'sprites' have known factors")
    }
    let seed = session.seed(seed)
    defer { session.host.progress(nil) }
    session.host.progress(Progress("scoring", fraction: 0))
    let used = ScoredCodes.images(of: factors, seed: seed)
    let images = used.count < data.dataset.count ? try data.dataset.selecting(used) : data.dataset
    let code = try $data.blaming { try model.network.encode(images.images) }
    let known = images.factors.map(KnownFactors.init) ?? factors
    return try $data.blaming { try ScoredCodes(code, of: model.network, factors: known, seed: seed) }
      .scores(intervals: hasIntervals, workers: session.workspace.compute.workers) { done in
        if session.host.interrupted { throw Stop.interrupted }
        session.host.progress(Progress("scoring", fraction: done))
      }
  }

  private func scoreTable(_ session: Session) throws -> TableValue {
    let scores = try measuredScores(of: model, session)
    func cell(_ value: Double?) -> Table.Cell { value.map { .number($0) } ?? .empty }
    let reasons = scores.compactMap(\.reason)
    let table = Table(
      columns: [
        Column("score"), .number("value", .decimals(3)), .number("from", .decimals(3)), .number("to", .decimals(3)),
        .number("shuffled", .decimals(3)), Column("not available because"),
      ].dropLast(reasons.isEmpty ? 1 : 0),
      rows: scores.map { score in
        [
          .text(score.name), score.value.map { .number($0) } ?? .text("n/a"),
          cell(score.interval?.lowerBound), cell(score.interval?.upperBound), cell(score.shuffled),
          score.reason.map { .text($0) } ?? .empty,
        ]
      },
      note: "from, to: 95 % interval of this model's score with \(ScoredCodes.mostImages.grouped) images; models "
        + "trained from other seeds differ by more. shuffled: the score of the same codes shuffled over the images")
    return TableValue(table: table, caption: "Disentanglement of \(model.title)")
  }

  private func factorTable(_ session: Session) throws -> TableValue {
    let network = model.network
    let rows = try $data.blaming { try network.following(on: data.dataset, seed: session.seed(seed)) }
    func cell(_ value: Double?) -> Table.Cell { value.map { .number($0) } ?? .empty }
    let table = Table(
      columns: [
        Column("factor"), Column("latent"), .number("invariance", .decimals(3)), .number("equivariance", .decimals(3)),
        .number("within", .decimals(3)),
      ],
      rows: rows.map { row in
        [
          .text(row.factor ?? "all else"), row.latent.map { .text("Z\($0)") } ?? .empty, cell(row.invariance),
          cell(row.equivariance), cell(row.equivarianceWithin),
        ]
      })
    return TableValue(table: table, caption: "Factors and latents of \(model.title)")
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

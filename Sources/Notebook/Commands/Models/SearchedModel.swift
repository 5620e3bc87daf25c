import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAEReporting
import BetaVAE

/// One value of a search and the models that were trained with it, one a seed.
struct SearchResult {
  let value: Double
  let models: [SearchedModel]

  var point: SearchPoint { SearchPoint(value: value, runs: models.map(\.run)) }

  /// A number of each model by its column's name.
  func sample(_ name: String) -> Sample { Sample(models.map { $0.number(name) }) }
}

/// One trained model of a search and what was measured of it.
struct SearchedModel {
  /// Something that is told of each model.
  struct Quantity {
    let column: Table.Column
    let value: Double
    /// Whether its interval over the seeds is told.
    var spreads = true
  }

  let model: ModelValue
  let run: SearchRun
  private(set) var quantities: [Quantity]
  let scores: [Score]
  /// What models of its kind are compared by.
  let criterion: Criterion
  /// What is missing, and why.
  let note: String?

  /// The value in a column; NaN where there is none.
  func number(_ name: String) -> Double { quantities.first { $0.column.name == name }?.value ?? .nan }

  /// The same with further quantities.
  fileprivate func adding(_ further: [Quantity]) -> SearchedModel {
    var model = self
    model.quantities += further
    return model
  }

  /// Measures a model on images.
  init(_ model: ModelValue, on data: DatasetValue, seed: UInt64, _ session: Session) throws {
    self.model = model
    let network = model.network
    var quantities: [Quantity] = []
    var reconstruction = Double.nan, divergence = Double.nan, compared = Double.nan
    let active: Int
    if let encoder = model.autoencoder {
      let result = try encoder.evaluate(on: data.dataset.images)
      let bounds = QualityCells(try encoder.quality(on: data.dataset.images, seed: seed))
      (reconstruction, divergence, compared) = (result.reconstruction, result.totalDivergence, result.loss)
      active = result.active
      criterion = .loss
      note = bounds.reason
      quantities =
        [
          Quantity(column: .number("error", .decimals(2)), value: reconstruction),
          Quantity(column: .number("KL", unit: "nats", .decimals(2)), value: divergence),
          Quantity(column: .number("loss", .decimals(2)), value: compared),
          Quantity(column: .number("active", .decimals(1)), value: Double(active)),
        ] + zip(bounds.columns, bounds.numbers).map { Quantity(column: $0, value: $1, spreads: false) }
    } else if let generator = network as? InfoGAN {
      let told = try GeneratorMeasures(model: model, network: generator, data: data).numbers(seed: seed)
      active = told.active
      // The right categories where they are known, else as much as Q tells.
      let best = ["error of Z0", "L_cat", "L_cont"].first { name in told.numbers.contains { $0.column.name == name } }
      criterion = best == "error of Z0" ? .error(of: "Z0") : .information(best ?? "L_cont")
      compared = told.numbers.first { $0.column.name == best }?.value ?? .nan
      note = nil
      quantities =
        told.numbers.map { Quantity(column: $0.column, value: $0.value) }
        + [Quantity(column: .number("active", .decimals(1)), value: Double(active))]
    } else {
      preconditionFailure("a kind of model that is not measured: \(network.objective.kind)")
    }
    var scores: [Score] = []
    if let factors = data.knownFactors {
      let code = try network.encode(data.dataset.images)
      session.host.progress(Progress("scoring", fraction: nil))
      defer { session.host.progress(nil) }
      scores = try ScoredCodes(code, of: network, factors: factors, seed: seed).scores(
        intervals: false, workers: session.workspace.compute.workers)
    }
    self.scores = scores
    self.quantities =
      quantities
      + scores.map { Quantity(column: .number($0.name, .decimals(3)), value: $0.value ?? .nan) }
    let counted = scores.filter { ["MIG", "SAP", "DCI disentanglement"].contains($0.name) }.compactMap(\.value)
    run = SearchRun(
      seed: seed, reconstruction: reconstruction, divergence: divergence, compared: compared, active: active,
      latents: network.latents,
      disentanglement: counted.isEmpty ? nil : counted.reduce(0, +) / Double(counted.count))
  }
}

extension [SearchedModel] {
  /// The same with the unsupervised ranking of models that differ in the seed alone, where there are enough of them.
  func ranked(on data: DatasetValue, _ session: Session) throws -> [SearchedModel] {
    guard count >= UnsupervisedRanking.fewestModels, allSatisfy(\.model.network.objective.isVariational) else {
      return self
    }
    let ranking = try ModelRanking(map(\.model), on: data, session)
    return zip(self, ranking.values).map { model, values in
      model.adding(zip(ranking.columns, values).map { SearchedModel.Quantity(column: $0, value: $1) })
    }
  }
}

/// The unsupervised ranking of models by each of its definitions.
struct ModelRanking {
  let columns: [Table.Column]
  /// A row for each model; NaN for one without a latent that counts.
  let values: [[Double]]

  init(_ models: [ModelValue], on data: DatasetValue, _ session: Session) throws {
    let all = data.dataset.images
    let images = all.selecting(0..<min(all.count, UnsupervisedRanking.mostImages))
    let codes = try models.map { try $0.network.encode(images) }
    let found = UnsupervisedRanking.allCases.map { $0.scores(codes, workers: session.workspace.compute.workers) }
    columns = UnsupervisedRanking.allCases.map { .number($0.name, .decimals(3)) }
    values = models.indices.map { place in found.map { $0[place] ?? .nan } }
  }
}

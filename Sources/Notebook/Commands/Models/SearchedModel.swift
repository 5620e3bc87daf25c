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
  let model: ModelValue
  private(set) var numbers: ModelNumbers

  var run: SearchRun { numbers.run }
  var quantities: [ModelNumbers.Quantity] { numbers.quantities }

  /// The value in a column; NaN where there is none.
  func number(_ name: String) -> Double { numbers.number(name) }

  /// The same with further quantities.
  fileprivate func adding(_ further: [ModelNumbers.Quantity]) -> SearchedModel {
    var model = self
    model.numbers.quantities += further
    return model
  }

  /// Measures a trained model on images, unless the store knows what came of that.
  init(_ model: ModelValue, on data: DatasetValue, keptIn file: NumbersFile, _ session: Session) throws {
    self.model = model
    numbers = try session.numbers(of: model, on: data, keptIn: file)
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
      model.adding(zip(ranking.columns, values).map { ModelNumbers.Quantity(column: $0, value: $1) })
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

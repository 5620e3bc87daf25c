import BVAEInterpretation
import BVAELanguage
import BVAEReporting
import BetaVAE

/// Models of any systems side by side, a row each: what `measure` tells of a list of them.
struct ModelComparison {
  let models: [ModelValue]
  let data: DatasetValue
  let seed: UInt64

  private typealias Column = Table.Column
  private typealias Named = (column: Column, cell: Table.Cell)

  /// What all of them are told of: error, divergence, latents in use; for an InfoGAN the information of Q.
  func modelTable() throws -> TableValue {
    table(
      try models.map { model in
        var numbers: [Named] = [], active: Int?
        if let network = model.autoencoder {
          let result = try network.evaluate(on: data.dataset.images)
          active = result.active
          numbers = [
            (.number("error", .decimals(2)), .number(result.reconstruction)),
            (
              .number("KL", unit: "nats", .decimals(2)),
              network.objective.isVariational ? .number(result.totalDivergence) : .text("n/a")
            ),
          ]
        } else if let network = model.network as? InfoGAN {
          let variance = try network.encode(data.dataset.images).meanVariance
          active = variance.count(where: LatentStatistics.isActive)
          let information = try network.information(count: GeneratorMeasures.drawn, seed: seed)
          numbers = [
            (.number("L_cat", unit: "nats", .decimals(3)), .number(information.categorical)),
            (.number("L_cont", unit: "nats", .decimals(3)), .number(information.continuous)),
          ]
        }
        let latents = model.network.latents
        numbers.append((Column("active", alignment: .right), active.map { .text("\($0) of \(latents)") } ?? .empty))
        return numbers
      }, caption: "Models on \(data.title)",
      gaps: "n/a: an InfoGAN reconstructs nothing and has no KL divergence, an autoencoder has none; L_cat and L_cont "
        + "are an InfoGAN's", note: mixedErrors)
  }

  /// What is to be said of errors that mean different things.
  private var mixedErrors: String? {
    let likelihoods = Set(models.compactMap { $0.autoencoder?.objective.likelihood.rawValue }).sorted()
    guard likelihoods.count > 1 else { return nil }
    return "The errors are of different likelihoods (\(likelihoods.listed("and"))) and are not to be compared"
  }

  /// The objective; where that of a model with another network reads the same, with the network.
  private func name(of model: ModelValue) -> String {
    let objective = "\(model.network.objective)"
    func differs(_ text: (ModelValue) -> String) -> Bool {
      models.contains { $0 !== model && "\($0.network.objective)" == objective && text($0) != text(model) }
    }
    func network(_ model: ModelValue) -> String {
      guard let architecture = model.autoencoder?.architecture else { return "" }
      let sizes = architecture.sizes
      return "network \(architecture.network.name)" + (sizes.channels > 0 ? ", channels \(sizes.channels)" : "")
        + (sizes.hidden > 0 ? ", hidden \(sizes.hidden)" : "")
    }
    return differs(network) ? "\(objective), \(network(model))" : objective
  }

  /// The scores of all of them, a column each.
  func scoreTable(_ scores: (ModelValue) throws -> [Score]) throws -> TableValue {
    var reasons: [String] = []
    let rows = try models.map { model -> [Named] in
      try scores(model).map { score in
        if let reason = score.reason, !reasons.contains(reason) { reasons.append(reason) }
        return (.number(score.name, .decimals(3)), score.value.map { .number($0) } ?? .text("n/a"))
      }
    }
    return table(
      rows, caption: "Disentanglement of models on \(data.title)", gaps: "n/a: \(reasons.joined(separator: "; "))")
  }

  /// Rows whose columns are those of any model, in the order in which they first come.
  /// - Parameters:
  ///   - gaps: what n/a stands for.
  ///   - note: what else is to be said.
  private func table(_ rows: [[Named]], caption: String, gaps: String, note: String? = nil) -> TableValue {
    var columns: [Column] = []
    for row in rows {
      for (column, _) in row where !columns.contains(where: { $0.title == column.title }) {
        // The latents in use stay last.
        columns.insert(column, at: columns.last?.name == "active" ? columns.count - 1 : columns.count)
      }
    }
    let own: [Column] = [
      Column("model"), .number("seed", .decimals(0)), .number("latents", .decimals(0)), .number("epochs", .decimals(0)),
      .number("trained in", unit: "s", .decimals(0)),
    ]
    let cells = zip(models, rows).map { model, row -> [Table.Cell] in
      let history = model.network.history
      let head: [Table.Cell] = [
        .text(name(of: model)),
        model.network.unknown.contains(.seed) ? .empty : .number(Double(model.network.seed)),
        .number(Double(model.network.latents)), .number(Double(history.epochs.count)),
        history.seconds > 0 ? .number(history.seconds) : .empty,
      ]
      return head
        + columns.map { column in row.first { $0.column.title == column.title }?.cell ?? .text("n/a") }
    }
    let hasGaps = cells.contains { $0.contains(.text("n/a")) }
    let notes = [hasGaps ? gaps : nil, note].compactMap { $0 }
    return TableValue(
      table: Table(columns: own + columns, rows: cells, note: notes.isEmpty ? nil : notes.joined(separator: ". ")),
      caption: caption)
  }
}

/// One model, or a list of them.
struct MeasuredModels: ArgumentValue {
  let models: [ModelValue]
  /// Whether they were given as a list, to be compared.
  let isList: Bool

  static let usualKinds: [Kind] = [.object(ModelValue.self), .list]

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> MeasuredModels? {
    if let model = ModelValue.read(content, for: parameter, of: verb) {
      return MeasuredModels(models: [model], isList: false)
    }
    guard case .value(.list(let list)) = content else { return nil }
    let models = try list.elements.map { value in
      guard case .object(let object) = value, let model = object as? ModelValue else {
        throw ScriptFailure("'\(verb)' takes models, and this list has \(value.type.description) in it")
      }
      return model
    }
    guard !models.isEmpty else { throw ScriptFailure("this list has no models") }
    return MeasuredModels(models: models, isList: true)
  }
}

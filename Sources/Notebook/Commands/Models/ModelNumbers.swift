import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAEReporting
import BetaVAE
import FoundationEssentials

/// What `search` and `study` tell of a trained model on some images: error, divergence, latents in use, bounds, scores; of
/// an InfoGAN what Q tells.
///
/// It is kept beside the stored model, so that whoever trained the model has also measured it: ten thousand models are
/// compared without one of them being read.
struct ModelNumbers: Codable, Equatable {
  /// Something that is told of each model.
  struct Quantity: Codable, Equatable {
    /// What it is called, and its unit.
    let name: String, unit: String?
    /// How many decimals it is written with.
    let decimals: Int
    /// The number; NaN where there is none.
    let value: Double
    /// Whether its interval over several seeds is told.
    var spreads = true

    init(column: Table.Column, value: Double, spreads: Bool = true) {
      (name, unit, self.value, self.spreads) = (column.name, column.unit, value, spreads)
      if case .decimals(let count) = column.format { decimals = count } else { decimals = 3 }
    }

    var column: Table.Column { .number(name, unit: unit, .decimals(decimals)) }
  }

  var quantities: [Quantity]
  /// The names of those that are scores.
  let scores: [String]
  /// What a search compares.
  let run: SearchRun
  private let criterionName: String
  /// What is missing, and why.
  let note: String?
  /// What to try if few latents are in use; nil where there is nothing to be said.
  let advice: String?

  /// What models of its kind are compared by.
  var criterion: Criterion { Criterion(named: criterionName) }

  /// The value of a name; NaN where there is none.
  func number(_ name: String) -> Double { quantities.first { $0.name == name }?.value ?? .nan }

  /// Measures a model on images.
  /// - Parameter seed: of what is drawn.
  fileprivate init(_ model: ModelValue, on data: DatasetValue, seed: UInt64, _ session: Session) throws {
    let network = model.network
    var gaps: [String] = []
    advice = network.collapseAdvice
    var reconstruction = Double.nan, divergence = Double.nan, compared = Double.nan
    let active: Int
    if let encoder = model.autoencoder {
      let result = try encoder.evaluate(on: data.dataset.images)
      if session.host.interrupted { throw Stop.interrupted }
      let bounds = QualityCells(try encoder.quality(on: data.dataset.images, seed: seed))
      (reconstruction, divergence, compared) = (result.reconstruction, result.totalDivergence, result.loss)
      active = result.active
      criterionName = Criterion.loss.name
      if let reason = bounds.reason { gaps.append(reason) }
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
      criterionName = best ?? "L_cont"
      compared = told.numbers.first { $0.column.name == best }?.value ?? .nan
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
        intervals: false, workers: session.workspace.compute.workers
      ) { done in
        if session.host.interrupted { throw Stop.interrupted }
        session.host.progress(Progress("scoring", fraction: done))
      }
    }
    self.scores = scores.map(\.name)
    for score in scores {
      guard let reason = score.reason.map({ "\(score.name) is missing: \($0)" }) else { continue }
      if !gaps.contains(where: { $0.hasSuffix(reason.drop { $0 != ":" }) }) { gaps.append(reason) }
    }
    note = gaps.isEmpty ? nil : gaps.joined(separator: ". ")
    quantities += scores.map { Quantity(column: .number($0.name, .decimals(3)), value: $0.value ?? .nan) }
    let counted = scores.filter { ["MIG", "SAP", "DCI disentanglement"].contains($0.name) }.compactMap(\.value)
    run = SearchRun(
      seed: seed, reconstruction: reconstruction, divergence: divergence, compared: compared, active: active,
      latents: network.latents,
      disentanglement: counted.isEmpty ? nil : counted.reduce(0, +) / Double(counted.count))
  }
}

/// Where the numbers of a model on some images are kept: a file beside the stored models.
struct NumbersFile {
  /// Its path from the folder of the store.
  let name: String

  /// Raised whenever something else is measured, or measured otherwise.
  private static let version = 1

  /// - Parameters:
  ///   - key: the stored model's.
  ///   - images: what stands for the images, see `identity`.
  init(_ key: String, on images: String) { name = "\(Self.folder)/\(key)-\(images).json" }

  private static let folder = ModelStore.numbersFolder

  /// What stands for images that models are measured on, with their labels and factors.
  /// - Parameter variation: the images' `variationFingerprint`.
  static func identity(_ variation: String) -> String {
    var fingerprint = Fingerprint()
    fingerprint.add(version)
    fingerprint.add(variation)
    return fingerprint.description
  }

  /// What is kept; nil where nothing is, or nothing that can be read.
  func numbers(in store: ModelStore) -> ModelNumbers? {
    guard let bytes = try? Files.read(Path.join(store.folder, name), limit: 1 << 20) else { return nil }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(ModelNumbers.self, from: Data(bytes))
  }

  /// - Throws: `FileProblem`.
  func write(_ numbers: ModelNumbers, in store: ModelStore) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let bytes = try? encoder.encode(numbers) else { return }
    try Files.makeDirectory(Path.join(store.folder, Self.folder))
    try Files.write(Array(bytes), to: Path.join(store.folder, name))
  }
}

extension Session {
  /// The numbers of a trained model on images: those that are kept, else what is measured now, which is kept.
  func numbers(of model: ModelValue, on data: DatasetValue, keptIn file: NumbersFile) throws -> ModelNumbers {
    let store = workspace.store, key = model.network.lineage
    if !notebookOptions.isFresh, let numbers = file.numbers(in: store) { return numbers }
    let numbers = try ModelNumbers(model, on: data, seed: model.network.seed, self)
    // A model that could not be stored is no matter for its numbers.
    guard Files.exists(store.path(key)) else { return numbers }
    do { try file.write(numbers, in: store) } catch { host.warn("what was measured could not be kept: \(error)") }
    return numbers
  }
}

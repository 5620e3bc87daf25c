import BVAEPlatform

/// What a system is trained for, as far as it has a name, settings and terms of its own: what files, keys, tables and the
/// language know of it. How it is computed, a protocol for the sort of system says: `LatentLoss` for autoencoders.
///
/// A new one is a type in a file of its own and a line in `SystemLosses.all`. It is a value: two of one name with equal
/// settings are the same.
package protocol SystemLoss: Sendable {
  /// The word for it in files, keys and the language: `capacityvae`.
  static var name: String { get }
  /// What a model that has it is called: `β-VAE`.
  var kind: String { get }
  /// What a code is.
  var code: Objective.CodeKind { get }
  /// Its settings, in the order in which they are told.
  var settings: [LossSetting] { get }
  /// The weight of the KL divergence, or of what stands in its place.
  var beta: Float? { get }
  /// Whether a warm-up may scale it.
  var takesWarmup: Bool { get }
  /// Images of a step unless others are asked for.
  var usualBatch: Int { get }
  /// The names of what a step tells, beside reconstruction and KL divergence.
  var terms: [String] { get }
  /// How `terms` are estimated, where there are several ways: `stratified`.
  var estimate: String? { get }
  /// The factors of the scene of which one varies in each batch that it is trained on, in the order of the latents that
  /// follow them; empty for a loss that takes batches as they come.
  var variedFactors: [String] { get }

  /// From the settings of a file.
  /// - Throws: `ModelError.unsupported` where one is missing or out of range.
  init(_ settings: SavedSettings) throws

  /// The loss without the reconstruction error, of means: the KL divergence, and the values of `terms`. A warm-up does not
  /// show in it, so that epochs can be compared.
  func loss(divergence: Double, terms: [Double]) -> Double
}

extension SystemLoss {
  package var name: String { Self.name }
  package var beta: Float? { nil }
  package var takesWarmup: Bool { true }
  package var usualBatch: Int { 64 }
  package var terms: [String] { [] }
  package var estimate: String? { nil }
  package var variedFactors: [String] { [] }
}

/// All losses, for whoever reads a file.
package enum SystemLosses {
  /// A line each.
  package static let all: [any SystemLoss.Type] = [
    NoLatentLoss.self, BetaLoss.self, CapacityLoss.self, TotalCorrelationLoss.self, DisentangledPriorLoss.self,
    FactorLoss.self, InverseGraphicsLoss.self, InfoGANLoss.self,
  ]
}

/// A setting of a loss.
package struct LossSetting: Hashable, Sendable {
  /// The name in files and keys: `capacity_steps`.
  package let name: String
  /// The sign for people: `C`; empty where the model's kind says it.
  package let symbol: String
  /// The exact value, in files and keys.
  package let text: String
  /// The value for people.
  package let words: String

  /// A number.
  package init(_ name: String, _ symbol: String, _ value: Float) {
    (self.name, self.symbol, text, words) = (name, symbol, String(value), Double(value).formatted())
  }

  /// A whole number.
  package init(_ name: String, _ symbol: String, _ value: Int) {
    (self.name, self.symbol, text, words) = (name, symbol, String(value), value.grouped)
  }

  /// A word.
  package init(_ name: String, _ symbol: String, word: String) {
    (self.name, self.symbol, text, words) = (name, symbol, word, word)
  }

  /// Whole numbers.
  package init(_ name: String, _ symbol: String, wholes: [Int]) {
    self.init(name, symbol, names: wholes.map(String.init))
  }

  /// Names, none of which has a comma.
  package init(_ name: String, _ symbol: String, names: [String]) {
    (self.name, self.symbol, text, words) = (
      name, symbol, names.joined(separator: ","), names.joined(separator: ", ")
    )
  }
}

/// The settings in a file's metadata.
package struct SavedSettings {
  private let texts: [String: String]

  package init(_ texts: [String: String]) { self.texts = texts }

  /// Whether there is one of this name.
  package func has(_ name: String) -> Bool { texts[name] != nil }

  /// A finite number of a range.
  /// - Throws: `ModelError.unsupported`.
  package func number(_ name: String, from least: Float = 0) throws -> Float {
    guard let value = texts[name].flatMap(Float.init), value.isFinite, value >= least else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected a number of "
          + "\(Double(least).formatted()) or more")
    }
    return value
  }

  /// A whole number of a range.
  /// - Throws: `ModelError.unsupported`.
  package func whole(_ name: String, from least: Int = 0) throws -> Int {
    guard let value = texts[name].flatMap({ Int($0) }), value >= least else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected a whole number of \(least) or more")
    }
    return value
  }

  /// Whole numbers with commas between them, or none.
  /// - Throws: `ModelError.unsupported`.
  package func wholes(_ name: String) throws -> [Int] {
    let parts = texts[name]?.split(separator: ",", omittingEmptySubsequences: false) ?? ["?"]
    let values = parts == [""] ? [] : parts.map { Int($0) }
    guard !values.contains(nil) else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected whole numbers with commas between them")
    }
    return values.compactMap { $0 }
  }

  /// A whole number of 1 or more.
  /// - Throws: `ModelError.unsupported`.
  package func count(_ name: String) throws -> Int { try whole(name, from: 1) }

  /// Names with commas between them: at least one, none empty, each once.
  /// - Throws: `ModelError.unsupported`.
  package func names(_ name: String) throws -> [String] {
    let names = texts[name].map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    guard !names.isEmpty, !names.contains(""), Set(names).count == names.count else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected names with commas between them, each once"
      )
    }
    return names
  }

  /// One of some words.
  /// - Throws: `ModelError.unsupported`.
  package func word<Words: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> Words {
    guard let word = texts[name].flatMap(Words.init(rawValue:)) else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected "
          + Words.allCases.map(\.rawValue).listed("or"))
    }
    return word
  }
}

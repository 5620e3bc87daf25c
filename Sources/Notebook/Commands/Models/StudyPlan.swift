import BVAELanguage
import BVAENetworks
import BVAEPlatform

/// What a call of 'study' trains: every combination of the values that options have, for each kind of model those that it
/// has, on each dataset.
struct StudyPlan {
  /// One combination, without dataset and seed.
  struct Setting {
    let kind: any ModelKind
    let training: TrainingArguments
    /// The values of the options that vary; nil where the kind has no such option.
    let values: [Value?]
  }

  /// An option with several values.
  struct Varied {
    let name: String
    /// What axes call it: `β`.
    let label: String
    let takesNumbers: Bool
  }

  let kinds: [any ModelKind.Type]
  let varied: [Varied]
  let settings: [Setting]

  /// The most models of a study.
  static let mostModels = 100_000

  /// - Parameter isSketch: whether only one option at a time takes its further values: enough to check them all.
  /// - Throws: `ScriptFailure` at a value that an option does not take.
  init(_ study: StudyCommand, of verb: String, isSketch: Bool = false) throws {
    kinds = study.model.map { $0.kind }
    var known: Set<String> = []
    if let twice = kinds.first(where: { !known.insert($0.word).inserted }) {
      throw study.$model.failure("'model' has \(twice.word) twice")
    }
    let options = study.options, own = kinds.map { $0.unbound.arguments + TrainingArguments.unbound.arguments }
    var tried: [(name: String, values: [Value])] = []
    // In the order in which they are written, which is that of the table.
    let given = options.arguments.filter(\.wasGiven).sorted {
      ($0.given?.span.lower ?? 0) < ($1.given?.span.lower ?? 0)
    }
    for argument in given {
      guard let value = argument.literal, argument.parameter.takesNumbers || argument.parameter.takesWords,
        let declared = own.lazy.joined().first(where: { $0.name == argument.name })
      else { continue }
      let values = try argument.blaming { try Self.tried(value, for: declared.parameter, of: verb) }
      if let values { tried.append((argument.name, values)) }
    }
    let several = tried.filter { $0.values.count > 1 }
    varied = several.map { option in
      let symbols = study.model.compactMap { choice in
        choice.kind.unbound.weights.first { $0.argument.name == option.name }?.symbol
      }
      return Varied(
        name: option.name, label: Set(symbols).count == 1 ? symbols[0] : option.name,
        takesNumbers: option.values.allSatisfy { $0.type == .number })
    }
    var settings: [Setting] = []
    for (type, own) in zip(kinds, own) {
      let mine = several.filter { option in own.contains { $0.name == option.name } }
      var made: Set<String> = []
      for values in try Self.combinations(of: mine.map(\.values), isSketch: isSketch) {
        var values = Dictionary(uniqueKeysWithValues: zip(mine.map(\.name), values))
        // Where several networks are tried, each takes the sizes that it has.
        let missing = values["network"].map { Self.sizes(missingIn: $0.text) } ?? []
        for name in missing { values[name] = nil }
        guard made.insert(mine.map { values[$0.name]?.text ?? "" }.joined(separator: "\n")).inserted else { continue }
        let (kind, training) = try options.bound(type, without: missing, of: verb) { name in
          values[name] ?? tried.first { $0.name == name }?.values.first
        }
        settings.append(Setting(kind: kind, training: training, values: several.map { values[$0.name] }))
      }
    }
    self.settings = settings
  }

  /// All combinations of one value of each list, the last list's changing fastest.
  private static func combinations(of lists: [[Value]], isSketch: Bool) throws -> [[Value]] {
    if isSketch {
      let first = lists.map { $0[0] }
      return [first]
        + lists.indices.flatMap { place in
          lists[place].dropFirst().map { value in
            first.enumerated().map { $0.offset == place ? value : $0.element }
          }
        }
    }
    var combinations: [[Value]] = [[]]
    for list in lists {
      guard combinations.count * list.count <= mostModels else { throw tooMany }
      combinations = combinations.flatMap { before in list.map { before + [$0] } }
    }
    return combinations
  }

  /// The options of sizes that a network does not have.
  private static func sizes(missingIn word: String) -> [String] {
    guard let network = NetworkKind.all.first(where: { $0.name == word }) else { return [] }
    return (network.channels == nil ? ["channels"] : []) + (network.hidden == nil ? ["hidden"] : [])
  }

  private static var tooMany: ScriptFailure {
    ScriptFailure("a study has at most \(mostModels.grouped) models", hint: "use fewer values")
  }

  /// - Throws: `ScriptFailure` where there would be more models than a study may have.
  func checkCount(data: Int, seeds: Int) throws {
    let (all, isLarge) = settings.count.multipliedReportingOverflow(by: data * seeds)
    guard !isLarge, all <= Self.mostModels else { throw Self.tooMany }
  }

  /// The values of an option that are tried; nil for a list that is one value, such as an InfoGAN's categories.
  private static func tried(_ value: Value, for parameter: Parameter, of verb: String) throws -> [Value]? {
    let values: [Value]
    switch value {
    case .list, .range:
      guard !parameter.kinds.contains(where: { $0.takes(value) }) else { return nil }
      values = try value.listed().elements
    default: values = [value]
    }
    try parameter.check(values, of: verb)
    var known: Set<String> = []
    if let twice = values.map(\.text).first(where: { !known.insert($0).inserted }) {
      throw ScriptFailure("'\(parameter.name)' has \(twice) twice")
    }
    return values
  }

  /// What breaks the rules of the models or of their training.
  func mistakes(_ site: CallSite) -> [ScriptFailure] {
    settings.lazy.map { mistakes(of: $0, site) }.first { !$0.isEmpty } ?? []
  }

  /// What breaks the rules of one of them.
  func mistakes(of setting: Setting, _ site: CallSite) -> [ScriptFailure] {
    (setting.kind.allRules + setting.training.allRules).flatMap { $0(site) }
  }

  /// `factorvae, beta 1, gamma 10`
  func describe(_ setting: Setting) -> String {
    let own = zip(varied, setting.values).compactMap { option, value in value.map { "\(option.name) \($0.text)" } }
    return ([kinds.count > 1 ? type(of: setting.kind).word : nil] + own).compactMap { $0 }.joined(separator: ", ")
  }
}

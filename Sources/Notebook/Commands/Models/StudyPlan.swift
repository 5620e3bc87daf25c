import BVAELanguage
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

  /// - Throws: `ScriptFailure` at a value that an option does not take.
  init(_ study: StudyCommand, of verb: String) throws {
    kinds = study.model.map { $0.kind }
    let options = study.options
    var tried: [(name: String, values: [Value])] = []
    // In the order in which they are written, which is that of the table.
    let given = options.arguments.filter(\.wasGiven).sorted {
      ($0.given?.span.lower ?? 0) < ($1.given?.span.lower ?? 0)
    }
    for argument in given {
      guard let value = argument.literal,
        argument.parameter.takesNumbers || argument.parameter.takesWords
      else { continue }
      let own = kinds.lazy.flatMap { $0.unbound.arguments } + TrainingArguments.unbound.arguments
      guard let declared = own.first(where: { $0.name == argument.name }) else { continue }
      let values = try argument.blaming { try Self.tried(value, for: declared.parameter, of: verb) }
      if let values { tried.append((argument.name, values)) }
    }
    let several = tried.filter { $0.values.count > 1 }
    varied = several.map { option in
      let symbols = study.model.map { choice in
        choice.kind.unbound.weights.first { $0.argument.name == option.name }?.symbol
      }.compactMap { $0 }
      let isNumber = option.values.allSatisfy { $0.type == .number }
      return Varied(
        name: option.name, label: Set(symbols).count == 1 ? symbols[0] : option.name, takesNumbers: isNumber)
    }
    var settings: [Setting] = []
    let varied = varied
    for type in kinds {
      let own = type.unbound.arguments + TrainingArguments.unbound.arguments
      let mine = several.filter { option in own.contains { $0.name == option.name } }
      var combinations: [[Value]] = [[]]
      for option in mine {
        guard combinations.count * option.values.count <= Self.mostModels else { throw Self.tooMany }
        combinations = combinations.flatMap { before in option.values.map { before + [$0] } }
      }
      for values in combinations {
        let kind = type.unbound, training = TrainingArguments.unbound
        func value(_ name: String) -> Value? {
          if let place = mine.firstIndex(where: { $0.name == name }) { return values[place] }
          return tried.first { $0.name == name }?.values.first
        }
        for argument in kind.arguments + training.arguments {
          guard let given = options.argument(argument.name)?.given else { continue }
          try argument.bind(value(argument.name).map { given.replaced(by: $0) } ?? given, of: verb)
        }
        settings.append(
          Setting(
            kind: kind, training: training,
            values: varied.map { option in mine.contains { $0.name == option.name } ? value(option.name) : nil }))
      }
    }
    self.settings = settings
  }

  private static var tooMany: ScriptFailure {
    ScriptFailure(
      "these are more than \(mostModels.grouped) models", hint: "a study has at most so many; leave values out")
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
    guard !values.isEmpty else { throw ScriptFailure("'\(parameter.name)' is empty") }
    for value in values {
      if let complaint = parameter.complaint(about: value, verb: verb) {
        throw ScriptFailure(complaint.message, hint: complaint.hint)
      }
    }
    var known: Set<String> = []
    if let twice = values.map(\.text).first(where: { !known.insert($0).inserted }) {
      throw ScriptFailure("'\(parameter.name)' has \(twice) twice")
    }
    return values
  }

  /// What breaks the rules of the models or of their training.
  func mistakes(_ site: CallSite) -> [ScriptFailure] {
    for setting in settings {
      let found = (setting.kind.allRules + setting.training.allRules).flatMap { $0(site) }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// `factorvae, beta 1, gamma 10`
  func describe(_ setting: Setting) -> String {
    let own = zip(varied, setting.values).compactMap { option, value in value.map { "\(option.name) \($0.text)" } }
    return ([kinds.count > 1 ? type(of: setting.kind).word : nil] + own).compactMap { $0 }.joined(separator: ", ")
  }
}

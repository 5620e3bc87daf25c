/// Something that holds for the whole session: `set seed 7`.
package struct SettingDeclaration: Sendable {
  /// The setting as a parameter, so that values are checked by the same rules as options.
  package let parameter: Parameter
  /// The value it has now, as help shows it.
  package let current: @Sendable (Session) -> Value
  /// Makes a value hold that suits its kinds.
  package let apply: @Sendable (Value, Session) throws -> Void

  /// Declares a setting.
  package init(
    _ name: String, _ kinds: Kind..., summary: String, current: @escaping @Sendable (Session) -> Value,
    apply: @escaping @Sendable (Value, Session) throws -> Void
  ) {
    parameter = Parameter(name: name, role: .option, kinds: kinds, isWhole: true, summary: summary)
    self.current = current
    self.apply = apply
  }

  /// The name.
  package var name: String { parameter.name }
  /// What it takes.
  package var kinds: [Kind] { parameter.kinds }
  /// What it does, as a phrase.
  package var summary: String { parameter.summary }
}

extension Vocabulary {
  /// What the setting takes that `set` has named: settings may take words, as options do.
  func settingNamed(_ verb: Name, _ arguments: [Argument]) -> Parameter? {
    guard let parameter = nameSet(verb, arguments).flatMap(setting)?.parameter, !parameter.words.isEmpty else {
      return nil
    }
    return parameter
  }

  /// Whether `set` has named a setting that there is not, so that nothing is known of its value.
  func isSettingUnknown(_ verb: Name, _ arguments: [Argument]) -> Bool {
    nameSet(verb, arguments).map { setting($0) == nil } ?? false
  }

  /// The name that `set` was given; nil for other commands.
  private func nameSet(_ verb: Name, _ arguments: [Argument]) -> String? {
    guard verb.text == settingVerb, case .expression(let name) = arguments.first?.content,
      case .word(let word) = name.kind
    else { return nil }
    return word
  }
}

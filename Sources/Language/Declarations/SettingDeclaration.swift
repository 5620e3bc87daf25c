/// Something that holds for the whole session: `set seed 7`.
package struct SettingDeclaration: Sendable {
  /// The name.
  package let name: String
  /// What it takes.
  package let kinds: [Kind]
  /// What it does, as a phrase.
  package let summary: String
  /// The value it has now, as help shows it.
  package let current: @Sendable (Session) -> Value
  /// Makes a value hold that suits its kinds.
  package let apply: @Sendable (Value, Session) throws -> Void

  /// Declares a setting.
  package init(
    _ name: String, _ kinds: Kind..., summary: String, current: @escaping @Sendable (Session) -> Value,
    apply: @escaping @Sendable (Value, Session) throws -> Void
  ) {
    self.name = name
    self.kinds = kinds
    self.summary = summary
    self.current = current
    self.apply = apply
  }

  /// The setting as a parameter, so that values are checked by the same rules as options.
  package var parameter: Parameter {
    Parameter(name: name, role: .option, kinds: kinds, isWhole: true, summary: summary)
  }
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
    guard verb.text == self.name(of: .sets), case .expression(let name) = arguments.first?.content,
      case .word(let word) = name.kind
    else { return nil }
    return word
  }
}

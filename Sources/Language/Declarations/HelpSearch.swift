extension Vocabulary {
  /// What has to do with a word: commands that take it as an option or a value, settings, fields, functions, and whatever
  /// has it in its description; nil where nothing has.
  func search(_ word: String) -> String? {
    guard word.count > 1 else { return nil }
    let wanted = word.lowercased()
    var sections: [String] = []
    func add(_ heading: String, _ rows: [(String, String)]) {
      if !rows.isEmpty { sections.append("\(heading)\n\(Self.columns(rows))") }
    }
    var taking: [(String, String)] = [], fields: [(String, String)] = []
    for command in commands {
      for parameter in command.parameters where parameter.isAbout(wanted) {
        taking.append(("\(command.name) … \(parameter.label)", parameter.explanation))
      }
    }
    for type in objectTypes {
      for field in type.fields where Self.isAbout(field.name, wanted) {
        fields.append(("\(type.name).\(field.name)", field.summary))
      }
    }
    let named = settings.filter { Self.isAbout($0.name, wanted) }
    let told = commands.filter { Self.mentions($0.about.summary, wanted) || Self.mentions($0.about.details, wanted) }
    add("Commands that take it", taking)
    add("Settings", named.map { ("\(name(of: .sets) ?? "") \($0.name) \($0.parameter.placeholder)", $0.summary) })
    add("Fields", fields)
    add("Functions", functions.filter { Self.mentions($0.summary, wanted) }.map { ($0.syntax, $0.summary) })
    add("Commands that tell of it", told.map { ($0.name, $0.about.summary) })
    add("Values", objectTypes.filter { Self.mentions($0.summary, wanted) }.map { ($0.name, $0.summary) })
    return sections.isEmpty ? nil : sections.joined(separator: "\n\n")
  }

  /// Whether a name is the word, in the singular or the plural.
  fileprivate static func isAbout(_ name: String, _ wanted: String) -> Bool {
    let name = name.lowercased()
    return name == wanted || name == wanted + "s" || name + "s" == wanted
  }

  private static func mentions(_ text: String, _ wanted: String) -> Bool {
    text.split { !($0.isLetter || $0.isNumber || $0 == "β" || $0 == "_") }.contains { isAbout(String($0), wanted) }
  }

  /// Commands that make what this one takes, at most eight, and that take what it gives, at most four more or as many as
  /// make eight; where there are none, the others of its group.
  func related(to command: CommandDeclaration) -> [String] {
    let taken = command.parameters.flatMap { $0.kinds.compactMap(\.objectName) }
    let makers = names(commands.filter { other in taken.contains { other.about.result == .object($0) } }, but: command)
    var takers: [String] = []
    if case .object(let given) = command.about.result {
      takers = names(
        commands.filter { $0.parameters.contains { $0.kinds.contains(.object(given)) } }, but: command
      ).filter { !makers.contains($0) }
    }
    if makers.isEmpty && takers.isEmpty {
      return Array(
        names((commands + promptCommands).filter { $0.about.group == command.about.group }, but: command).prefix(8))
    }
    return Array(makers.prefix(8)) + takers.prefix(max(4, 8 - makers.count))
  }

  private func names(_ commands: [CommandDeclaration], but own: CommandDeclaration) -> [String] {
    commands.map(\.name).filter { $0 != own.name }
  }
}

extension Kind {
  fileprivate var objectName: String? { if case .object(let name) = self { name } else { nil } }
}

extension Parameter {
  /// Whether its name or one of its words is the word asked for.
  fileprivate func isAbout(_ wanted: String) -> Bool {
    isNamed && ([name] + aliases).contains { Vocabulary.isAbout($0, wanted) }
      || (words + keywords).contains { Vocabulary.isAbout($0, wanted) }
  }
}

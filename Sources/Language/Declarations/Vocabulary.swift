/// All that scripts can say: commands, functions, types of objects, settings.
package final class Vocabulary: Sendable {
  /// The commands in the order of declaration.
  package let commands: [CommandDeclaration]
  /// The commands of the prompt, in the order of declaration: they begin a line that is typed and stand nowhere else, so
  /// that their names may be those of variables, as `history`.
  package let promptCommands: [CommandDeclaration]
  /// The functions of expressions.
  package let functions: [FunctionDeclaration]
  /// The types of objects.
  package let objectTypes: [ObjectTypeDeclaration]
  /// What `set` sets.
  package let settings: [SettingDeclaration]
  /// Short pages of help beside those of commands, functions, statements and types.
  package let topics: [HelpTopic]
  private let commandByName: [String: CommandDeclaration]
  private let functionByName: [String: FunctionDeclaration]
  private let nameByRole: [CommandRole: String]
  /// The name of the command that changes settings, which is asked for at every value.
  let settingVerb: String?

  /// The functions of numbers, texts and lists, and what is given.
  package init(
    commands: [any Command.Type] = [], promptCommands: [any Command.Type] = [],
    objectTypes: [ObjectTypeDeclaration] = [], settings: [SettingDeclaration] = [],
    functions: [FunctionDeclaration] = [], topics: [HelpTopic] = []
  ) {
    self.commands = commands.enumerated().map { CommandDeclaration($1, place: $0) }
    self.promptCommands = promptCommands.enumerated().map { CommandDeclaration($1, place: commands.count + $0) }
    self.functions = FunctionDeclaration.all + functions
    self.objectTypes = objectTypes
    self.settings = settings
    self.topics = topics
    commandByName = Dictionary(self.commands.map { ($0.name, $0) }) { first, _ in first }
    let withRole = (self.commands + self.promptCommands).map(\.about).filter { $0.role != .ordinary }
    nameByRole = Dictionary(withRole.map { ($0.role, $0.name) }) { first, _ in first }
    settingVerb = nameByRole[.sets]
    functionByName = Dictionary(self.functions.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The commands under their headings, in the order in which these are first met.
  package var commandsByGroup: [(group: CommandGroup, members: [CommandDeclaration])] {
    var groups: [CommandGroup] = []
    let all = commands + promptCommands
    for command in all where !groups.contains(command.about.group) { groups.append(command.about.group) }
    return groups.map { group in (group, all.filter { $0.about.group == group }) }
  }

  /// The command of a name.
  package func command(_ name: String) -> CommandDeclaration? { commandByName[name] }

  /// The command of the prompt of a name.
  package func promptCommand(_ name: String) -> CommandDeclaration? { promptCommands.first { $0.name == name } }

  /// The name of the command with a role; nil where there is none.
  func name(of role: CommandRole) -> String? { nameByRole[role] }

  /// Whether a command of this name is followed by another, as `time` is.
  func takesCommand(_ name: String) -> Bool {
    command(name)?.parameters.first?.takesCommand ?? false
  }

  /// The function of a name.
  package func function(_ name: String) -> FunctionDeclaration? { functionByName[name] }

  /// The type of objects of a name.
  package func objectType(_ name: String) -> ObjectTypeDeclaration? { objectTypes.first { $0.name == name } }

  /// The setting of a name.
  package func setting(_ name: String) -> SettingDeclaration? { settings.first { $0.name == name } }

  /// What is wrong with the declarations themselves, for the tests of whoever declares.
  package var inconsistencies: [String] {
    var found: [String] = []
    let commands = self.commands + promptCommands
    for (index, command) in commands.enumerated() {
      if commands[..<index].contains(where: { $0.name == command.name }) { found.append("\(command.name): twice") }
      if ReservedWord.all.contains(command.name) { found.append("\(command.name): a reserved word") }
      found += command.inconsistencies
    }
    return found
  }
}

extension CommandDeclaration {
  fileprivate var inconsistencies: [String] {
    var found: [String] = []
    var seen: Set<String> = []
    var hasOptionalPositional = false
    for parameter in parameters {
      let place = "\(name) \(parameter.name)"
      if !seen.insert(parameter.name).inserted { found.append("\(place): twice") }
      if ["and", "or", "not", "true", "false"].contains(parameter.name) { found.append("\(place): a reserved word") }
      if parameter.kinds.isEmpty != (parameter.role == .toggle) { found.append("\(place): takes nothing") }
      if parameter.role == .positional {
        if hasOptionalPositional && !parameter.isOptional { found.append("\(place): follows an optional one") }
        hasOptionalPositional = hasOptionalPositional || parameter.isOptional
      }
      switch parameter.fallback {
      case .word(let word) where !parameter.words.contains(word): found.append("\(place): default is not taken")
      case .number(let number) where parameter.complaint(about: .number(number), verb: name) != nil:
        found.append("\(place): default is not taken")
      default: break
      }
    }
    return found
  }
}

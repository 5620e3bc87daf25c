/// All that scripts can say: commands, functions, types of objects, settings.
public struct Vocabulary: Sendable {
  /// The commands in the order of declaration.
  public let commands: [CommandDeclaration]
  /// The functions of expressions.
  public let functions: [FunctionDeclaration]
  /// The types of objects.
  public let objectTypes: [ObjectTypeDeclaration]
  /// What `set` sets.
  public let settings: [SettingDeclaration]
  private let commandByName: [String: CommandDeclaration]
  private let functionByName: [String: FunctionDeclaration]

  /// The housekeeping commands, the functions and the core's settings, and those given.
  public init(
    commands: [CommandDeclaration] = [], objectTypes: [ObjectTypeDeclaration] = [],
    settings: [SettingDeclaration] = [], functions: [FunctionDeclaration] = []
  ) {
    self.commands = commands + Self.housekeeping
    self.functions = FunctionDeclaration.all + functions
    self.objectTypes = objectTypes
    self.settings = Self.coreSettings + settings
    commandByName = Dictionary(self.commands.map { ($0.name, $0) }) { first, _ in first }
    functionByName = Dictionary(self.functions.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The command of a name.
  public func command(_ name: String) -> CommandDeclaration? { commandByName[name] }

  /// Whether a command of this name is followed by another, as `time` is.
  func takesCommand(_ name: String) -> Bool {
    command(name)?.parameters.first?.kinds.contains(.command) ?? false
  }

  /// The function of a name.
  public func function(_ name: String) -> FunctionDeclaration? { functionByName[name] }

  /// The type of objects of a name.
  public func objectType(_ name: String) -> ObjectTypeDeclaration? { objectTypes.first { $0.name == name } }

  /// The setting of a name.
  public func setting(_ name: String) -> SettingDeclaration? { settings.first { $0.name == name } }

  /// What is wrong with the declarations themselves, for the tests of whoever declares.
  public var inconsistencies: [String] {
    var found: [String] = []
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

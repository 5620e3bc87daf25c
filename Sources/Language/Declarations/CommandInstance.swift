/// A command that takes the values of one call after another.
final class CommandInstance {
  let arguments: [any DeclaredArgument]
  let rules: [Rule]
  /// The places of those without which no call is.
  private let needed: [Int]
  private let action: (CallSite, Session) throws -> Value
  private let result: () -> ValueType?

  init<Declared: Command>(_ command: Declared.Type) {
    let declared = Declared(), arguments = declared.arguments
    self.arguments = arguments
    rules = declared.allRules
    needed = arguments.indices.filter { !arguments[$0].parameter.isOptional }
    action = declared.run
    result = { declared.knownResult }
  }

  /// Does it.
  /// - Parameter given: what the call gives; it suits the kinds of the parameters.
  func run(_ given: [Given], _ site: CallSite, _ session: Session) throws -> Value {
    defer { release(given) }
    for given in given { try arguments[given.place].bind(given, of: site.name) }
    for index in needed where arguments[index].isMissing {
      throw ScriptFailure("'\(site.name)' needs \(arguments[index].parameter.expectation)")
    }
    for rule in rules { if let mistake = rule(site).first { throw mistake } }
    return try action(site, session)
  }

  /// What is wrong with a call, and what it gives where that is known more closely than its declaration says, before
  /// anything runs.
  func inspect(_ given: [Given], _ site: CallSite) -> (mistakes: [ScriptFailure], result: ValueType?) {
    defer { release(given) }
    var mistakes: [ScriptFailure] = []
    for given in given {
      let argument = arguments[given.place]
      argument.look(at: given)
      guard argument.refusesValues else { continue }
      do {
        try argument.bind(given, of: site.name)
      } catch let refusal as ScriptFailure {
        mistakes.append(refusal)
      } catch {}
    }
    for rule in rules { mistakes += rule(site) }
    return (mistakes, result())
  }

  /// Forgets the values, so that they live no longer than the call.
  private func release(_ given: [Given]) { for given in given { arguments[given.place].release() } }
}

/// Commands between two calls. A call that runs within another of the same command has one of its own.
struct CommandInstances {
  /// By the commands' places in the vocabulary.
  private var idle: [CommandInstance?]

  init(_ vocabulary: Vocabulary) {
    idle = Array(repeating: nil, count: vocabulary.commands.count + vocabulary.promptCommands.count)
  }

  mutating func take(_ command: CommandDeclaration) -> CommandInstance {
    defer { idle[command.place] = nil }
    return idle[command.place] ?? command.make()
  }

  mutating func putBack(_ instance: CommandInstance, of command: CommandDeclaration) { idle[command.place] = instance }
}

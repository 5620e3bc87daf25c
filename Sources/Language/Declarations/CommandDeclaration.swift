import BVAEPlatform

/// A command as the parser, the checker, help, completion and the README know it: what its type declares.
package struct CommandDeclaration: Sendable {
  /// Its place in the vocabulary.
  var place = 0
  /// What its type says about it.
  package let about: CommandAbout
  private let shape: Lazy<Shape>
  /// A command that can take a call's values.
  let make: @Sendable () -> CommandInstance

  /// What a command declares.
  package init<Declared: Command>(_ command: Declared.Type) {
    let about = Declared.about
    self.about = about
    shape = Lazy {
      let instance = CommandInstance(Declared.self)
      return Shape(
        parameters: instance.arguments.map(\.parameter),
        needsInspection: !instance.rules.isEmpty || about.refinesResult
          || instance.arguments.contains(where: \.refusesValues))
    }
    make = { CommandInstance(Declared.self) }
  }

  /// What is read off its properties: only of the commands that a script or a page of help asks for, as it takes time.
  private struct Shape {
    let parameters: [Parameter]
    let needsInspection: Bool
  }

  /// The name.
  package var name: String { about.name }

  /// What it takes, in the order in which its syntax shows them.
  package var parameters: [Parameter] { shape.value.parameters }

  /// Whether more can be said of a call before it runs than `parameters` and `result` say.
  var needsInspection: Bool { shape.value.needsInspection }

  /// The syntax in one line: `train MODEL on DATASET [epochs 200] [batch 64]`.
  package var syntax: String { ([name] + parameters.map(\.syntax)).joined(separator: " ") }

  /// The parameters that a script introduces by their names.
  package var namedParameters: [Parameter] { parameters.filter(\.isNamed) }
}

extension Parameter {
  /// The parameter in a command's syntax: `[epochs 200]`, `on DATASET`, `["path"]`.
  package var syntax: String {
    var text = placeholder
    switch role {
    case .positional, .values: break
    case .marker: text = "\(name) \(placeholder)"
    case .toggle: text = name
    case .option:
      if case .number(let number) = fallback, words.isEmpty {
        text = "\(name) \(number.scriptText)"
      } else {
        text = "\(name) \(placeholder)"
      }
    }
    return isOptional && role != .values ? "[\(text)]" : text
  }
}

/// A heading that help and the README list commands under.
package struct CommandGroup: Hashable, Sendable {
  /// The heading: `Figures and reports`.
  package let name: String
  /// What its commands are for: `draw, show and report`.
  package let purpose: String

  /// A heading and what its commands are for.
  package init(_ name: String, purpose: String) {
    self.name = name
    self.purpose = purpose
  }
}

/// What a command does for the language, whose checks, hints and saved sessions name it.
package enum CommandRole: Sendable {
  /// Nothing that the language need know of.
  case ordinary
  /// A script ends with it.
  case ends
  /// It shows values as text.
  case prints
  /// It shows values as pictures where they are some.
  case shows
  /// It changes settings: its first value names one, its second is what the setting takes.
  case sets
}

/// What a session that is saved as a script keeps of a call that worked.
package enum Trace: Hashable, Sendable {
  /// The statement.
  case kept
  /// Nothing: the command only concerns the conversation.
  case none
  /// Nothing where its first value is this word, as in `save session`.
  case noneFor(word: String)
}

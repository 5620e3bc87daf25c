import BVAEPlatform
import Synchronization

/// A command as the parser, the checker, help, completion and the README know it: what its type declares.
package final class CommandDeclaration: Sendable {
  /// What is said about it beside what it takes.
  package let about: CommandAbout
  /// Its place in the vocabulary.
  let place: Int
  /// A command that can take a call's values.
  let make: @Sendable () -> CommandInstance
  private let known = AtomicLazyReference<Shape>()

  /// What a command declares.
  init<Declared: Command>(_ command: Declared.Type, place: Int) {
    (about, self.place) = (Declared.about, place)
    make = { CommandInstance(Declared.self) }
  }

  /// What is read off its properties.
  private final class Shape: Sendable {
    let parameters: [Parameter]
    let needsInspection: Bool

    init(_ instance: CommandInstance, of about: CommandAbout) {
      parameters = instance.arguments.map(\.parameter)
      needsInspection =
        !instance.rules.isEmpty || about.refinesResult || instance.arguments.contains(where: \.refusesValues)
    }
  }

  /// Only of the commands that a script or a page of help asks for, as it takes time.
  private var shape: Shape { known.load() ?? known.storeIfNil(Shape(make(), of: about)) }

  /// What it takes, in the order in which its syntax shows them.
  package var parameters: [Parameter] { shape.parameters }

  /// Whether more can be said of a call before it runs than `parameters` and `result` say.
  var needsInspection: Bool { shape.needsInspection }

  /// The name.
  package var name: String { about.name }

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
  /// It hands its only value, a text, to the shell: a line that begins with `!` calls it.
  case shells
}

/// What a session that is saved as a script keeps of a call that worked.
package enum Trace: Hashable, Sendable {
  /// The statement.
  case kept
  /// Nothing: the command only concerns the conversation.
  case none
  /// The statement, where it has at least so many values, as `set` that changes something, and the first is none of these
  /// words, as in `save session`.
  case keptWith(values: Int, but: Set<String>)
}

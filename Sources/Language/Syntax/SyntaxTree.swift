/// A name where it stands.
struct Name {
  let text: String
  let span: Span
}

/// One statement of a script.
struct Statement {
  indirect enum Kind {
    case prose([TextPart])
    case assign(Name, Expression)
    case evaluate(Expression)
    case loop(Name, Expression, [Statement])
    /// `while`: as long as the condition holds.
    case repetition(Expression, [Statement])
    case jump(LoopJump)
    /// `return`, from a defined command.
    case giveBack(Expression?)
    case choice([Branch], otherwise: [Statement])
    case define(Definition)
    case include(ScriptFile?)
    case invalid
  }

  struct Branch {
    let condition: Expression
    let body: [Statement]
  }

  let kind: Kind
  let span: Span
}

/// What leaves a round of a loop before its end.
enum LoopJump: String {
  /// Ends the loop.
  case leave = "break"
  /// Goes on with the next round.
  case next = "continue"
}

/// A command that a script defines.
final class Definition {
  let name: Name
  let parameters: [Name]
  let source: Source
  var body: [Statement] = []

  init(name: Name, parameters: [Name], source: Source) {
    self.name = name
    self.parameters = parameters
    self.source = source
  }

  var syntax: String { ([name.text] + parameters.map { $0.text.uppercased() }).joined(separator: " ") }
}

/// An expression. Chains of operators are kept flat, so that the depth of the tree is that of the brackets.
struct Expression {
  indirect enum Kind {
    case number(Double)
    case text([TextPart])
    case truth(Bool)
    case name(String)
    /// A bare word where the command declares one.
    case word(String)
    case list([Expression])
    case range(Expression, Expression)
    case negative(Expression)
    case not(Expression)
    /// `a + b - c`, `a * b / c % d`: from left to right.
    case arithmetic(Expression, [(Symbol, Expression)])
    case all([Expression])
    case some([Expression])
    case comparison(Symbol, Expression, Expression)
    case access(Expression, [Accessor])
    case function(Name, [Expression])
    case call(Call)
    /// Something that has been reported.
    case invalid
  }

  let kind: Kind
  let span: Span
}

/// A part of a text or of prose.
enum TextPart {
  case literal(String)
  case embedded(Expression)
}

/// What stands between `[` and `]` for one dimension.
enum IndexPart {
  /// A place, a range, a list of places or of truth values.
  case value(Expression)
  /// `1..`, `..3` and `..`: what has no end goes as far as there is something.
  case slice(Expression?, Expression?)
}

/// What follows a value: `[index]`, `[index, index]` or `.field`.
enum Accessor {
  case index([IndexPart], Span)
  case field(Name)

  var span: Span {
    switch self {
    case .index(_, let span): span
    case .field(let name): name.span
    }
  }
}

/// A command with what it is given.
final class Call {
  enum Target {
    case command(CommandDeclaration)
    case defined(Definition)
  }

  let verb: Name
  let target: Target
  let arguments: [Argument]

  init(verb: Name, target: Target, arguments: [Argument]) {
    self.verb = verb
    self.target = target
    self.arguments = arguments
  }
}

/// What a call gives for one parameter.
struct Argument {
  enum Content {
    case expression(Expression)
    case expressions([Expression])
    /// A toggle that is there.
    case present
  }

  let parameter: Int
  let content: Content
  /// The option's name with its value, or the value.
  let span: Span
}

/// A scanned and parsed file. The same file included twice is parsed once.
final class ScriptFile {
  let source: Source
  var statements: [Statement] = []
  /// The files that `include` statements name, by where the statement begins.
  var includes: [Int: ScriptFile] = [:]
  var diagnostics: [Diagnostic] = []
  var tokens: [Token] = []

  init(source: Source) { self.source = source }
}

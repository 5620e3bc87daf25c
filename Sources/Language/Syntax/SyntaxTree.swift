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
    /// `a, b = pair`
    case unpack([Name], Expression)
    /// `x[2] = 5`, `row.name += "!"`: the variable, what is changed of it, and by which operator.
    case change(Name, [Accessor], Symbol?, Expression)
    case evaluate(Expression)
    /// `for x in list`, `for k, x in enumerate(list)`
    case loop([Name], Expression, [Statement])
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
  /// What it takes: a value in its place or, where it has a default, an option.
  struct Parameter {
    let name: Name
    /// The default as the script has it; nil where a value must be given.
    let written: String?
    /// The default; known once the definition is parsed.
    var fallback: Expression?
  }

  let name: Name
  var parameters: [Parameter]
  let source: Source
  var body: [Statement] = []

  init(name: Name, parameters: [Parameter], source: Source) {
    self.name = name
    self.parameters = parameters
    self.source = source
  }

  var syntax: String {
    let needed = parameters.filter { $0.written == nil }.map { $0.name.text.uppercased() }
    let options = parameters.filter { $0.written != nil }.map { "[\($0.name.text) \($0.name.text.uppercased())]" }
    return ([name.text] + needed + options).joined(separator: " ")
  }

  /// Whether it is called like another one: the places of values and the names of options are the same.
  func isCalled(like other: Definition) -> Bool {
    parameters.count == other.parameters.count
      && zip(parameters, other.parameters).allSatisfy {
        ($0.written == nil) == ($1.written == nil) && ($0.written == nil || $0.name.text == $1.name.text)
      }
  }

  /// What its author says about it: the lines that begin with # directly above it, else those at the top of its body.
  var remarks: String? {
    let first = source.line(at: name.span.lower)
    func remark(_ line: Int) -> String? {
      let text = source.text(source.byteRange(ofLine: line)).withoutOuterBlanks
      return text.first == "#" && !(line == 1 && text.hasPrefix("#!"))
        ? String(String(text.drop { $0 == "#" }).withoutOuterBlanks) : nil
    }
    var above: [String] = [], line = first - 1
    while line >= 1, let text = remark(line) {
      above.insert(text, at: 0)
      line -= 1
    }
    if !above.isEmpty { return above.joined(separator: " ") }
    var below: [String] = []
    line = first + 1
    while line <= source.lineCount, let text = remark(line) {
      below.append(text)
      line += 1
    }
    return below.isEmpty ? nil : below.joined(separator: " ")
  }
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
    /// `0..10 step 2`: a list of numbers.
    case steps(Expression, Expression, Expression)
    case negative(Expression)
    case not(Expression)
    /// `a + b - c`, `a * b / c % d`: from left to right.
    case arithmetic(Expression, [(Symbol, Expression)])
    case all([Expression])
    case some([Expression])
    case comparison(Symbol, Expression, Expression)
    /// `x in list`, `part not in text`
    case membership(Expression, Expression, isNegated: Bool)
    case comprehension(Comprehension)
    case access(Expression, [Accessor])
    case function(Name, [Expression])
    case call(Call)
    /// The end of a range in an index that goes as far as there is something.
    case open
    /// Something that has been reported.
    case invalid
  }

  let kind: Kind
  let span: Span
}

/// `[x * x for x in list if x > 0]`: a value for each element of a list for which a condition holds.
struct Comprehension {
  let element: Expression
  let names: [Name]
  let list: Expression
  let condition: Expression?
}

/// A part of a text or of prose.
enum TextPart {
  case literal(String)
  /// `{x}`, or with a format `{x:.3}`.
  case embedded(Expression, NumberFormat?)
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

/// Finds the mistakes that can be found without running: variables that are never set, values of the wrong kind,
/// fields that do not exist, files that are not there. It follows the order in which statements run; where a variable
/// may be set it counts as set.
struct Checker {
  /// What is known about the variables at a point of the script.
  typealias Scope = [String: ValueType]

  let vocabulary: Vocabulary
  let isInteractive: Bool
  let definedCommands: Set<String>
  /// Types of the variables that `--set` fixes, until the script's own assignment was passed.
  var presets: Scope
  private(set) var diagnostics: [Diagnostic] = []
  var scope: Scope
  var source: Source
  var paths = PathUses()
  /// The variables that the script reads or sets.
  private(set) var mentioned: Set<String> = []
  private var definitions: [Definition] = []
  private var visited: Set<ObjectIdentifier> = []
  private var reportedVariables: Set<String> = []
  private var assignedLater: [String: (Source, Span)] = [:]
  private var blockDepth = 0
  private var suggestions = SuggestionSearch()

  init(
    vocabulary: Vocabulary, scope: Scope, presets: Scope = [:], isInteractive: Bool, definedCommands: Set<String>,
    main: ScriptFile
  ) {
    self.vocabulary = vocabulary
    self.scope = scope.merging(presets) { $1 }
    self.presets = presets
    self.isInteractive = isInteractive
    self.definedCommands = definedCommands
    source = main.source
  }

  /// Checks a script with all that it includes and defines.
  mutating func check(_ main: ScriptFile) {
    let before = scope
    var assignments = Assignments()
    assignments.collect(main)
    assignedLater = assignments.places
    mentioned = Set(assignments.places.keys)
    visited.insert(ObjectIdentifier(main))
    check(main.statements)
    // A defined command may be called when every variable of the script is set.
    let global = before.merging(assignments.places.mapValues { _ in .any }) { _, _ in .any }
    for definition in definitions {
      scope = global.merging(definition.parameters.map { ($0.text, .any) }) { _, _ in .any }
      source = definition.source
      blockDepth = 1
      check(definition.body, lastIsResult: true)
    }
    diagnostics += paths.missing
  }

  // MARK: - Statements

  private mutating func check(_ statements: [Statement], lastIsResult: Bool = false) {
    for (index, statement) in statements.enumerated() {
      check(statement, isResult: lastIsResult && index == statements.count - 1)
    }
  }

  private mutating func check(_ statement: Statement, isResult: Bool) {
    switch statement.kind {
    case .invalid: break
    case .prose(let parts): check(parts)
    case .evaluate(let expression):
      if case .name(let name) = expression.kind, scope[name] == nil, assignedLater[name] == nil {
        // A word alone on its line may as well be a command.
        reportUnknown(name, at: expression.span)
        break
      }
      _ = type(of: expression)
      if !isInteractive && !isResult { warnIfUnused(expression) }
    case .assign(let name, let expression):
      let type = self.type(of: expression)
      if type == .nothing {
        report("'\(source.text(expression.span).firstWord)' gives nothing to keep", expression.span)
      }
      let preset = blockDepth == 0 ? presets.removeValue(forKey: name.text) : nil
      scope[name.text] = preset ?? (type == .nothing ? .any : type)
    case .loop(let name, let range, let body): check(name, range, body)
    case .choice(let branches, let otherwise): check(branches, otherwise, isResult: isResult)
    case .define(let definition): definitions.append(definition)
    case .include(let file): if let file { enter(file) }
    }
  }

  private mutating func check(_ name: Name, _ range: Expression, _ body: [Statement]) {
    let element = elementType(ofLoopOver: range)
    var assignments = Assignments()
    assignments.collect(body)
    // In later rounds the body sees what earlier rounds have set.
    for assigned in assignments.places.keys { scope[assigned] = .any }
    scope[name.text] = element
    blockDepth += 1
    check(body)
    blockDepth -= 1
    for assigned in assignments.places.keys { scope[assigned] = .any }
  }

  private mutating func check(_ branches: [Statement.Branch], _ otherwise: [Statement], isResult: Bool) {
    var ends: [Scope] = []
    blockDepth += 1
    for branch in branches {
      expectTruth(branch.condition, of: "if")
      let start = scope
      check(branch.body, lastIsResult: isResult)
      ends.append(scope)
      scope = start
    }
    check(otherwise, lastIsResult: isResult)
    blockDepth -= 1
    for end in ends { scope.merge(end) { $0.merged($1) } }
  }

  private mutating func enter(_ file: ScriptFile) {
    guard visited.insert(ObjectIdentifier(file)).inserted else {
      var assignments = Assignments()
      assignments.collect(file)
      for assigned in assignments.places.keys { scope[assigned] = .any }
      return
    }
    let outer = source
    source = file.source
    check(file.statements)
    source = outer
  }

  private mutating func reportUnknown(_ name: String, at span: Span) {
    let suggestion = suggestions.hint(name, among: scope.keys.sorted() + vocabulary.commands.map(\.name))
    report("there is no command or variable '\(name)'", span, hint: ForeignWord.statement(name) ?? suggestion)
  }

  private mutating func warnIfUnused(_ expression: Expression) {
    switch expression.kind {
    case .call, .invalid: return
    default:
      diagnostics.append(
        Diagnostic(
          "this value goes nowhere", severity: .warning, hint: "to see it write print", source: source,
          span: expression.span))
    }
  }

  // MARK: - Variables

  /// What a variable holds; one that cannot have been set is reported.
  /// - Parameter alternatives: other words that may have been meant.
  mutating func type(ofVariable name: String, at span: Span, alternatives: [String] = []) -> ValueType {
    mentioned.insert(name)
    if let known = scope[name] { return known }
    let hint = suggestions.hint(name, among: scope.keys.sorted() + alternatives + ["true", "false"])
    if hint == nil && !reportedVariables.insert(name).inserted { return .any }
    if let (place, later) = assignedLater[name] {
      let line = place.line(at: later.lower)
      let file = place === source ? "" : " of \(place.name)"
      report("the variable '\(name)' has no value yet", span, hint: "it is set in line \(line)\(file)")
    } else if vocabulary.function(name) != nil {
      report("'\(name)' is a function", span, hint: "write \(vocabulary.function(name)?.syntax ?? name)")
    } else {
      report("there is no variable '\(name)'", span, hint: hint)
    }
    return .any
  }

  mutating func report(_ message: String, _ span: Span, hint: String? = nil) {
    diagnostics.append(Diagnostic(message, hint: hint, source: source, span: span))
  }
}

/// The variables that statements set, with the first place of each.
struct Assignments {
  private(set) var places: [String: (Source, Span)] = [:]
  private var visited: Set<ObjectIdentifier> = []
  private var source = Source(name: "", text: "")

  mutating func collect(_ file: ScriptFile) {
    guard visited.insert(ObjectIdentifier(file)).inserted else { return }
    let outer = source
    source = file.source
    collect(file.statements)
    source = outer
  }

  mutating func collect(_ statements: [Statement]) {
    for statement in statements {
      switch statement.kind {
      case .assign(let name, _): add(name)
      case .loop(let name, _, let body):
        add(name)
        collect(body)
      case .choice(let branches, let otherwise):
        for branch in branches { collect(branch.body) }
        collect(otherwise)
      case .include(let file): if let file { collect(file) }
      case .prose, .evaluate, .define, .invalid: break
      }
    }
  }

  private mutating func add(_ name: Name) {
    if places[name.text] == nil { places[name.text] = (source, name.span) }
  }
}

extension String {
  fileprivate var firstWord: Substring { drop { $0 == "(" }.prefix { $0.isLetter || $0 == "_" || $0.isNumber } }
}

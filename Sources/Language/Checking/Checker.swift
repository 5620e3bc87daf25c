/// Finds the mistakes that can be found without running: variables that are never set, values of the wrong kind,
/// fields that do not exist, files that are not there or cannot be written. It follows the order in which statements
/// run; where a variable may be set it counts as set.
struct Checker {
  /// What is known about the variables at a point of the script.
  typealias Scope = [String: ValueType]

  let vocabulary: Vocabulary
  let isInteractive: Bool
  /// The commands that scripts have defined, by their names.
  let commands: [String: Definition]
  /// The variables that `--set` fixes, until the script's own assignment was passed.
  var presets: [String: Value]
  /// What `--set` says, word for word.
  private let presetTexts: [String: String]
  var diagnostics: [Diagnostic] = []
  var scope: Scope
  var source: Source
  var paths = PathUses()
  var instances: CommandInstances
  /// The variables that the script reads or sets, where `--set` names some.
  private(set) var mentioned: Set<String> = []
  /// The values of variables that are sure, as far as they are known; see `constant(_:)`.
  var constants: [String: Value]
  /// How many blocks are around what is checked now, how many of them are branches of an `if`, and how many operators
  /// that may pass it over.
  var blockDepth = 0, branchDepth = 0, skippable = 0
  /// What `return` has given so far in the definition that is checked; nil where there was none.
  var returned: ValueType?
  /// Whether the run may have ended by now, by `quit`.
  var mayHaveEnded = false
  /// While a defined command is checked for a call: the script's own variables, and which of them it asked for.
  var globals: Scope?
  var reads: [String: ValueType?] = [:]
  /// What is known of defined commands by their calls, those being checked, and how much more may be checked.
  var uses: [ObjectIdentifier: [DefinedUse]] = [:]
  var usesInProgress: Set<ObjectIdentifier> = []
  var usesLeft = 200_000
  var mistakesOfUses: [Diagnostic] = []
  private(set) var definitions: [Definition] = []
  /// A point of the main script, and what the variables hold there.
  var wanted: ScopePoint?
  private(set) var wantedScope: Scope?
  private let main: Source
  private var visited: Set<ObjectIdentifier> = []
  private var reportedVariables: Set<String> = []
  var assignedLater: [String: (Source, Span)] = [:]
  private var suggestions = SuggestionSearch()

  init(
    vocabulary: Vocabulary, scope: Scope, presets: [Preset] = [], isInteractive: Bool,
    commands: [String: Definition], main: ScriptFile
  ) {
    self.vocabulary = vocabulary
    let values = Dictionary(presets.map { ($0.name, $0.value) }) { _, last in last }
    presetTexts = Dictionary(presets.map { ($0.name, $0.text) }) { _, last in last }
    self.scope = scope.merging(values.mapValues(\.type)) { $1 }
    self.presets = values
    constants = values
    self.isInteractive = isInteractive
    self.commands = commands
    instances = CommandInstances(vocabulary)
    source = main.source
    self.main = main.source
  }

  /// Checks a script with all that it includes and defines.
  mutating func check(_ main: ScriptFile) {
    let before = scope
    var assignments = Assignments()
    assignments.collect(main)
    assignedLater = assignments.places
    if !presetTexts.isEmpty { mentioned = Set(assignments.places.keys) }
    visited.insert(ObjectIdentifier(main))
    check(main.statements)
    // A defined command may be called when every variable of the script is set.
    if !definitions.isEmpty {
      checkDefinitions(before.merging(assignments.places.mapValues { _ in .any }) { _, _ in .any })
    }
    // Where something else is wrong with a path, that comes first.
    let told = Set(diagnostics.map(DiagnosticPlace.init))
    diagnostics += paths.mistakes.filter { !told.contains(DiagnosticPlace($0)) }
  }

  // MARK: - Statements

  /// What the last statement gives, which is the result where these are the body of a definition.
  @discardableResult
  mutating func check(_ statements: [Statement], lastIsResult: Bool = false) -> ValueType {
    var last = ValueType.nothing
    for (index, statement) in statements.enumerated() {
      last = check(statement, isResult: lastIsResult && index == statements.count - 1)
    }
    return last
  }

  private mutating func check(_ statement: Statement, isResult: Bool) -> ValueType {
    keepScope(ScopePoint(offset: statement.span.lower, isBehind: false))
    defer { keepScope(ScopePoint(offset: statement.span.upper, isBehind: true)) }
    switch statement.kind {
    case .invalid: return .any
    case .prose(let parts): check(parts)
    case .evaluate(let expression):
      if case .name(let name) = expression.kind, scope[name] == nil, assignedLater[name] == nil {
        // A word alone on its line may as well be a command.
        reportUnknown(name, at: expression.span)
        return .any
      }
      let type = self.type(of: expression)
      if !isInteractive && !isResult { warnIfUnused(expression) }
      if isInteractive && blockDepth == 0 && type != .nothing { scope[VariableTable.lastValue] = type }
      return type
    case .assign(let name, let expression): return check(name, expression)
    case .unpack(let names, let expression):
      let type = self.type(of: expression)
      if ![.list, .range, .any].contains(type) {
        report("\(names.count) variables take the values of a list; \(type.found)", expression.span)
      }
      for name in names { (scope[name.text], constants[name.text]) = (.any, nil) }
    case .change(let name, let accessors, let symbol, let expression): check(name, accessors, symbol, expression)
    case .loop(let names, let range, let body): check(names, range, body)
    case .repetition(let condition, let body): check(whileTrue: condition, body)
    case .jump: break
    case .giveBack(let expression):
      let type = expression.map { self.type(of: $0) } ?? .nothing
      returned = returned?.merged(type) ?? type
      return type
    case .choice(let branches, let otherwise): return check(branches, otherwise, isResult: isResult)
    case .define(let definition): definitions.append(definition)
    case .include(let file): if let file { enter(file) }
    }
    return .nothing
  }

  private mutating func keepScope(_ point: ScopePoint) {
    if let wanted, point == wanted, source === main, globals == nil { wantedScope = scope }
  }

  private mutating func check(_ name: Name, _ expression: Expression) -> ValueType {
    let type = self.type(of: expression)
    if type == .nothing {
      report("'\(source.text(expression.span).firstWord)' gives no value to assign", expression.span)
    }
    let preset = blockDepth == 0 ? presets.removeValue(forKey: name.text) : nil
    let suits = preset.map { check($0, of: name, against: type) } ?? true
    let kept = suits ? preset?.type ?? (type == .nothing ? .any : type) : .any
    scope[name.text] = kept
    constants[name.text] = isCertain && suits ? preset ?? constant(expression) : nil
    return kept
  }

  /// What --set gives must be of the sort that the script's own value is; numbers, ranges and lists of them may stand for
  /// one another.
  private mutating func check(_ preset: Value, of name: Name, against own: ValueType) -> Bool {
    let numeric: Set<ValueType> = [.number, .range, .list], given = preset.type
    guard numeric.contains(own) || own == .text || own == .truth, given != own,
      !(numeric.contains(own) && numeric.contains(given)),
      let written = presetTexts[name.text]
    else { return true }
    let hint =
      own == .text
      ? "for a text write --set '\(name.text)=\"\(written)\"'"
      : own == .number && given == .text ? "write the number itself; nothing is computed there" : nil
    let text = "\(name.text)=\(written)"
    diagnostics.append(
      Diagnostic(
        "'\(name.text)' is \(own) in the script, but \(given) here", hint: hint,
        source: Source(name: "--set", text: text), span: Span(name.text.utf8.count + 1, text.utf8.count)))
    return false
  }

  private mutating func check(whileTrue condition: Expression, _ body: [Statement]) {
    var assignments = Assignments()
    assignments.collect(body)
    for assigned in assignments.places.keys {
      // It is read before the body sets it.
      if scope[assigned] != nil { scope[assigned] = .any }
      constants[assigned] = nil
    }
    blockDepth += 1
    expectTruth(condition, of: "while")
    for assigned in assignments.places.keys { scope[assigned] = .any }
    check(body)
    blockDepth -= 1
    for assigned in assignments.places.keys { scope[assigned] = .any }
  }

  /// `x[2] = 5`, `row.name = "β"`
  private mutating func check(_ name: Name, _ accessors: [Accessor], _ symbol: Symbol?, _ expression: Expression) {
    let value = type(of: expression)
    if value == .nothing {
      report("'\(source.text(expression.span).firstWord)' gives no value to assign", expression.span)
    }
    var type = self.type(ofVariable: name.text, at: name.span)
    constants[name.text] = nil
    for (place, accessor) in accessors.enumerated() {
      let isLast = place == accessors.count - 1
      switch accessor {
      case .field(let field):
        if isLast, symbol == nil, mayHave(field: field.text, type) {
          type = value
        } else {
          let before = diagnostics.count
          let found = self.type(ofField: field, of: type)
          if isLast, diagnostics.count == before, case .object(let owner) = type,
            vocabulary.objectType(owner)?.hasOwnFields == false
          {
            report("the fields of \(type) cannot be set", field.span, hint: Self.recordHint)
          }
          type = found
        }
      case .index(let parts, let span):
        if type == .range || type == .text {
          report(
            "\(type) cannot be changed", span, hint: type == .range ? "make a list of it: list(0..9)" : nil)
          return
        }
        let owner = type
        type = self.type(ofIndex: parts, span, of: type)
        if isLast, case .object(let name) = owner, vocabulary.objectType(name)?.hasOwnFields == false {
          report("the elements of \(owner) cannot be set", span)
        }
      }
    }
    if let symbol, let complaint = Arithmetic.complaint(symbol, type, value) {
      report(complaint, name.span.joined(expression.span))
    }
  }

  private static let recordHint = "those of a record can: record(\"name\", value)"

  private func mayHave(field: String, _ type: ValueType) -> Bool {
    guard case .object(let name) = type else { return type == .any }
    return vocabulary.objectType(name)?.hasOwnFields ?? true
  }

  /// Gives the variables of a loop their types: one that of the elements, several those of an element's parts.
  mutating func give(_ element: ValueType, to names: [Name], at span: Span) {
    if names.count > 1, ![.any, .list, .range].contains(element) {
      report("\(names.count) variables take the values of a list; each element here is \(element)", span)
    }
    for name in names {
      scope[name.text] = names.count == 1 ? element : .any
      constants[name.text] = nil
    }
  }

  private mutating func check(_ names: [Name], _ range: Expression, _ body: [Statement]) {
    let element = elementType(ofLoopOver: range)
    var assignments = Assignments()
    assignments.collect(body)
    // In later rounds the body sees what earlier rounds have set.
    for assigned in assignments.places.keys { scope[assigned] = .any }
    give(element, to: names, at: range.span)
    blockDepth += 1
    check(body)
    blockDepth -= 1
    for assigned in assignments.places.keys { scope[assigned] = .any }
  }

  private mutating func check(_ branches: [Statement.Branch], _ otherwise: [Statement], isResult: Bool) -> ValueType {
    var ends: [Scope] = []
    var result: ValueType?
    blockDepth += 1
    branchDepth += 1
    for branch in branches {
      expectTruth(branch.condition, of: "if")
      let start = scope
      let type = check(branch.body, lastIsResult: isResult)
      result = result?.merged(type) ?? type
      ends.append(scope)
      scope = start
    }
    let type = check(otherwise, lastIsResult: isResult)
    blockDepth -= 1
    branchDepth -= 1
    for end in ends { scope.merge(end) { $0.merged($1) } }
    return result?.merged(type) ?? type
  }

  private mutating func enter(_ file: ScriptFile) {
    guard visited.insert(ObjectIdentifier(file)).inserted else {
      var assignments = Assignments()
      assignments.collect(file)
      for assigned in assignments.places.keys {
        scope[assigned] = .any
        constants[assigned] = nil
      }
      return
    }
    let outer = source
    source = file.source
    check(file.statements)
    source = outer
  }

  private mutating func reportUnknown(_ name: String, at span: Span) {
    if name == VariableTable.lastValue { return reportNoLastValue(at: span) }
    if let function = vocabulary.function(name) {
      return report("'\(name)' is a function", span, hint: "write \(function.syntax)")
    }
    let suggestion = suggestions.hint(name, among: scope.keys.sorted() + vocabulary.commands.map(\.name))
    report(
      "there is no command or variable '\(name)'", span, hint: ForeignWord.statement(name, vocabulary) ?? suggestion)
  }

  private mutating func warnIfUnused(_ expression: Expression) {
    switch expression.kind {
    case .call, .invalid: return
    default:
      warn(
        "this value is not used", expression.span,
        hint: vocabulary.name(of: .prints).map { "to show it, write \($0)" })
    }
  }

  private mutating func reportNoLastValue(at span: Span) {
    report("no value has been shown yet", span, hint: "'_' is the last one that a line of its own has shown")
  }

  mutating func warn(_ message: String, _ span: Span, hint: String?) {
    // Definitions are checked for each sort of call; a warning about them is given once.
    if globals != nil { return }
    diagnostics.append(Diagnostic(message, severity: .warning, hint: hint, source: source, span: span))
  }

  // MARK: - Variables

  /// Whether a variable cannot have a value, wherever it is asked for.
  func isUnknown(_ name: String) -> Bool { globals == nil && scope[name] == nil && assignedLater[name] == nil }

  /// What a variable holds; one that cannot have been set is reported.
  /// - Parameter alternatives: other words that may have been meant.
  mutating func type(ofVariable name: String, at span: Span, alternatives: [String] = []) -> ValueType {
    if !presetTexts.isEmpty { mentioned.insert(name) }
    if let globals { reads.updateValue(globals[name], forKey: name) }
    if let known = scope[name] { return known }
    if name == VariableTable.lastValue {
      reportNoLastValue(at: span)
      return .any
    }
    // What no call could change has been reported without it.
    if globals != nil && assignedLater[name] == nil { return .any }
    let hint = suggestions.hint(name, among: scope.keys.sorted() + alternatives + ["true", "false"])
    if globals == nil && hint == nil && !reportedVariables.insert(name).inserted { return .any }
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
    // A defined command may take several kinds of values and choose what it does with them.
    if globals != nil && (branchDepth > 0 || skippable > 0) { return }
    diagnostics.append(Diagnostic(message, hint: hint, source: source, span: span))
  }
}

/// Where a diagnostic points.
struct DiagnosticPlace: Hashable {
  let source: ObjectIdentifier
  let span: Span

  init(_ diagnostic: Diagnostic) {
    source = ObjectIdentifier(diagnostic.source)
    span = diagnostic.span
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
      case .unpack(let names, _): names.forEach { add($0) }
      case .loop(let names, _, let body):
        names.forEach { add($0) }
        collect(body)
      case .repetition(_, let body): collect(body)
      case .choice(let branches, let otherwise):
        for branch in branches { collect(branch.body) }
        collect(otherwise)
      case .include(let file): if let file { collect(file) }
      case .prose, .change, .evaluate, .define, .jump, .giveBack, .invalid: break
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

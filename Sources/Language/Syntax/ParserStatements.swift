/// Statements, blocks and the ends of lines.
extension Parser {
  /// Statements up to `end`, `else` or the end of the source.
  mutating func block() -> [Statement] {
    var statements: [Statement] = []
    while !isAtEndOfSource {
      if current.word == "end" || current.word == "else", !peek().isSymbol(.assign) { break }
      if case .endOfLine = current.kind {
        advance()
        continue
      }
      statements.append(statement())
    }
    return statements
  }

  private mutating func statement() -> Statement {
    let start = current.span
    do {
      let kind = try statementKind()
      return Statement(kind: kind, span: start.joined(previousSpan))
    } catch {
      skipLine()
      return Statement(kind: .invalid, span: start)
    }
  }

  private mutating func statementKind() throws(Abandoned) -> Statement.Kind {
    if case .prose(let pieces) = current.kind {
      advance()
      return .prose(try parts(pieces))
    }
    if case .shell(let command) = current.kind { return .evaluate(try shellCall(command)) }
    if let name = current.word, peek().isSymbol(.assign) { return try assignment(to: name) }
    if let name = current.word, let symbol = operatorOfChange(1) { return try change(of: name, by: symbol) }
    if let names = unpackedNames() { return try unpacking(names) }
    if let change = try changeOfPart() { return change }
    if current.isSymbol(.minus), peek().isSymbol(.minus), !peek().isSpaced, peek(2).isSpaced {
      throw fail("expected a statement, not '--'", hint: "a comment begins with #")
    }
    switch current.word {
    case "for": return try loop()
    case "while": return try repetition()
    case "if": return try choice()
    case "break": return try jump(.leave)
    case "continue": return try jump(.next)
    case "return": return try giveBack()
    case "define": return try definition()
    case "include": return try include()
    default: break
    }
    let value: Expression
    if let command = promptCommand {
      value = try call(.command(command))
    } else {
      value = try callOrExpression(isStatement: true)
    }
    try endLine(after: value)
    return .evaluate(value)
  }

  private mutating func assignment(to text: String) throws(Abandoned) -> Statement.Kind {
    let name = Name(text: text, span: current.span)
    checkNew(name)
    advance()
    advance()
    do {
      let value = try callOrExpression(isStatement: true)
      try endLine(after: value)
      return .assign(name, value)
    } catch {
      // The variable counts as set, so that its uses are not reported as well.
      skipLine()
      return .assign(name, Expression(kind: .invalid, span: name.span))
    }
  }

  /// `x += 1` for `x = x + 1`.
  private mutating func change(of text: String, by symbol: Symbol) throws(Abandoned) -> Statement.Kind {
    let name = Name(text: text, span: current.span)
    checkNew(name)
    for _ in 0..<3 { advance() }
    let value = try callOrExpression(isStatement: true)
    try endLine(after: value)
    let old = Expression(kind: .name(text), span: name.span)
    return .assign(
      name, Expression(kind: .arithmetic(old, [(symbol, value)]), span: name.span.joined(value.span)))
  }

  /// The operator of `+=`, `-=`, `*=` and `/=` so many tokens ahead.
  private func operatorOfChange(_ ahead: Int) -> Symbol? {
    guard case .symbol(let symbol) = peek(ahead).kind, [.plus, .minus, .times, .divide].contains(symbol),
      peek(ahead + 1).isSymbol(.assign), !peek(ahead + 1).isSpaced
    else { return nil }
    return symbol
  }

  /// The names of `a, b = …`; nil where the line begins otherwise.
  private func unpackedNames() -> [Name]? {
    var names: [Name] = [], ahead = 0
    while let word = peek(ahead).word {
      names.append(Name(text: word, span: peek(ahead).span))
      guard peek(ahead + 1).isSymbol(.comma) else { break }
      ahead += 2
    }
    return names.count > 1 && peek(ahead + 1).isSymbol(.assign) ? names : nil
  }

  private mutating func unpacking(_ names: [Name]) throws(Abandoned) -> Statement.Kind {
    checkNew(names)
    for _ in 0..<2 * names.count { advance() }
    do {
      let value = try callOrExpression(isStatement: true)
      try endLine(after: value)
      return .unpack(names, value)
    } catch {
      skipLine()
      return .unpack(names, Expression(kind: .invalid, span: names[0].span))
    }
  }

  /// `x[2] = 5`, `row.name = "β"`, `x[0] += 1`; nil where the line is something else.
  private mutating func changeOfPart() throws(Abandoned) -> Statement.Kind? {
    guard let word = current.word, !ReservedWord.all.contains(word), target(of: word) == nil, !peek().isSpaced,
      peek().isSymbol(.squareOpen) || peek().isSymbol(.dot)
    else { return nil }
    let name = Name(text: word, span: current.span), start = index, known = file.diagnostics.count
    let changed = try primary()
    let symbol = operatorOfChange(0)
    guard symbol != nil || current.isSymbol(.assign), case .access(_, let accessors) = changed.kind else {
      index = start
      file.diagnostics.removeSubrange(known...)
      return nil
    }
    for _ in 0..<(symbol == nil ? 1 : 2) { advance() }
    let value = try callOrExpression(isStatement: true)
    try endLine(after: value)
    return .change(name, accessors, symbol, value)
  }

  private mutating func repetition() throws(Abandoned) -> Statement.Kind {
    let opening = take(), condition = header(of: "while", at: opening)
    return .repetition(condition, previousEndsBlock ? [] : try loopBody(of: opening))
  }

  private mutating func loopBody(of opening: Token) throws(Abandoned) -> [Statement] {
    loopDepth += 1
    defer { loopDepth -= 1 }
    return try body(of: opening)
  }

  private mutating func jump(_ jump: LoopJump) throws(Abandoned) -> Statement.Kind {
    let word = take()
    if loopDepth == 0 { report("'\(jump.rawValue)' stands in a loop, and there is none around it", word.span) }
    try endHeader(of: jump.rawValue)
    return .jump(jump)
  }

  private mutating func giveBack() throws(Abandoned) -> Statement.Kind {
    let word = take()
    if !isInDefinition {
      report(
        "'return' stands in a command that is defined, and there is none around it", word.span,
        hint: vocabulary.name(of: .ends).map { "'\($0)' ends the script" })
    }
    if current.isEnd { return .giveBack(nil) }
    let value = try callOrExpression(isStatement: true)
    try endLine(after: value)
    return .giveBack(value)
  }

  private mutating func loop() throws(Abandoned) -> Statement.Kind {
    let opening = take()
    var variables: [Name] = []
    var range = Expression(kind: .invalid, span: opening.span)
    do {
      variables = try newNames("write a loop as: for name in 0..9")
      guard current.word == "in" else {
        throw fail("expected 'in' here, not \(described(current))", hint: "write a loop as: for name in 0..9")
      }
      advance()
      range = try expression()
      try endHeader(of: "for")
    } catch {
      skipLine()
      if previousEndsBlock { return .loop(variables, range, []) }
    }
    return .loop(variables, range, try loopBody(of: opening))
  }

  private mutating func choice() throws(Abandoned) -> Statement.Kind {
    let opening = take()
    var branches: [Statement.Branch] = []
    var otherwise: [Statement] = []
    var elseSpan: Span?
    var condition: Expression? = header(of: "if", at: opening)
    if previousEndsBlock { return .invalid }
    while true {
      let statements = try nestedBlock()
      if let condition {
        branches.append(Statement.Branch(condition: condition, body: statements))
      } else {
        otherwise += statements
      }
      guard current.word == "else" else { break }
      let keyword = take()
      if elseSpan != nil { report("an 'if' has only one 'else'", keyword.span) }
      if current.word == "if" {
        advance()
        condition = header(of: "else if", at: keyword)
      } else {
        elseSpan = elseSpan ?? keyword.span
        condition = nil
        do { try endHeader(of: "else") } catch { skipLine() }
      }
    }
    try close(opening)
    return .choice(branches, otherwise: otherwise)
  }

  private mutating func header(of keyword: String, at token: Token) -> Expression {
    do {
      if current.isEnd { throw fail("'\(keyword)' needs a condition", at: token.span) }
      let condition = try expression()
      if current.isSymbol(.assign) { throw fail("'=' sets a variable", hint: "to compare write ==") }
      try endHeader(of: keyword)
      return condition
    } catch {
      skipLine()
      return Expression(kind: .invalid, span: token.span)
    }
  }

  private mutating func definition() throws(Abandoned) -> Statement.Kind {
    let opening = take()
    let known = current.word.flatMap { definitions[$0] }
    if depth > 0 { report("define commands outside other blocks", opening.span) }
    let definition =
      known?.name.span == current.span && known?.source === file.source
      ? known! : Definition(name: Name(text: "", span: opening.span), parameters: [], source: file.source)
    for parameter in definition.parameters { checkNew(parameter.name) }
    advance()
    for place in definition.parameters.indices {
      advance()
      guard definition.parameters[place].written != nil, take(.assign) else { continue }
      definition.parameters[place].fallback = try? fallback()
      let next = definition.parameters.dropFirst(place + 1).first
      guard definition.parameters[place].fallback != nil, next.map({ $0.name.span != current.span }) ?? !current.isEnd
      else { continue }
      report(
        "a default is one value", definition.parameters[place].fallback?.span.joined(current.span) ?? current.span,
        hint: "put what is longer in ( )")
      break
    }
    skipLine()
    let outer = (loopDepth, isInDefinition)
    (loopDepth, isInDefinition) = (0, true)
    defer { (loopDepth, isInDefinition) = outer }
    definition.body = try body(of: opening)
    return .define(definition)
  }

  private mutating func include() throws(Abandoned) -> Statement.Kind {
    let opening = take()
    guard case .text(let pieces) = current.kind, pieces.count == 1, case .literal = pieces[0] else {
      throw fail(
        "'include' needs the path of a script in quotes, without {…}", at: opening.span.joined(current.span),
        hint: "include \"other.bvs\"")
    }
    let path = take()
    try endHeader(of: "include")
    return .include(file.includes[path.span.lower])
  }

  private mutating func body(of opening: Token) throws(Abandoned) -> [Statement] {
    let statements = try nestedBlock()
    if current.word == "else" {
      report("this 'else' has no matching 'if'", current.span)
      skipLine()
      _ = try nestedBlock()
    }
    try close(opening)
    return statements
  }

  /// The statements inside a block. Blocks that are too deep end the reading of the file.
  private mutating func nestedBlock() throws(Abandoned) -> [Statement] {
    if depth >= Self.deepest && !gaveUp {
      report("blocks are nested more than \(Self.deepest) deep here", previousSpan)
      gaveUp = true
      index = tokens.count - 1
    }
    depth += 1
    defer { depth -= 1 }
    return block()
  }

  /// Takes the `end` of a block; a block that has none is reported at its beginning.
  private mutating func close(_ opening: Token) throws(Abandoned) {
    guard current.word == "end" else {
      if current.word == nil && !gaveUp { report("this '\(opening.word ?? "block")' has no 'end'", opening.span) }
      return
    }
    advance()
    try endHeader(of: "end")
  }

  // MARK: - Lines

  /// Expects the end of the line behind `if …`, `for …`, `end`.
  private mutating func endHeader(of keyword: String) throws(Abandoned) {
    if current.isEnd { return }
    let hint = ReservedWord.opening.contains(keyword) ? "its body begins on the next line" : nil
    throw fail(
      "expected the end of the line after '\(keyword)', not \(described(current))",
      hint: current.word.flatMap(ForeignWord.infix) ?? hint)
  }

  /// Expects the end of the line behind a call or an expression.
  private mutating func endLine(after value: Expression) throws(Abandoned) {
    if current.isEnd { return }
    try reportUnknownCommand(value)
    if current.isSymbol(.assign) {
      throw fail("only a name can be set with '='", at: value.span, hint: settingHint(value) ?? "to compare write ==")
    }
    throw fail("expected the end of the line, not \(described(current))", hint: juxtapositionHint(value))
  }

  /// A name followed by something that only a command could take is the name of a command that is not known.
  mutating func reportUnknownCommand(_ value: Expression) throws(Abandoned) {
    guard case .name(let name) = value.kind, !current.isEnd, startsPrimary(current) else { return }
    if let hint = current.word.flatMap(ForeignWord.infix) {
      throw fail("expected the end of the line, not \(described(current))", hint: hint)
    }
    try reportFunction(value)
    let suggestion = suggestions.hint(
      name, among: vocabulary.commands.map(\.name) + definitions.keys.sorted() + ReservedWord.blocks.sorted())
    throw fail(
      "there is no command '\(name)'", at: value.span,
      hint: ForeignWord.statement(name, vocabulary) ?? suggestion
        ?? "'help' lists the commands" + (current.word.map { "; a field of a variable is \(name).\($0)" } ?? ""))
  }

  /// A function's name followed by a value, `mean [1, 2]`.
  func reportFunction(_ value: Expression) throws(Abandoned) {
    guard case .name(let name) = value.kind, startsPrimary(current), let function = vocabulary.function(name) else {
      return
    }
    throw fail("'\(name)' is a function", at: value.span, hint: "write \(function.syntax)")
  }

  /// What to do where something that is no name is set: `all_latents` for `all-latents`, another list for `x[0]`.
  private func settingHint(_ value: Expression) -> String? {
    let text = file.source.text(value.span)
    guard case .arithmetic = value.kind, text.contains("-"), text.utf8.count <= 64,
      text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
    else { return nil }
    return "names have no '-': \(text.replacing("-", with: "_"))"
  }

  private func juxtapositionHint(_ value: Expression) -> String? {
    if case .call = value.kind { return nil }
    if current.isSymbol(.comma) { return "to show several values write print a, b; a list stands in [ ]" }
    if let hint = current.word.flatMap(ForeignWord.infix) { return hint }
    return nil
  }

  /// The names of the variables of a loop: one, or several that the parts of each element are given to.
  mutating func newNames(_ hint: String) throws(Abandoned) -> [Name] {
    var names = [try newName(hint)]
    while take(.comma) { names.append(try newName(hint)) }
    checkNew(names)
    return names
  }

  /// Reports names that mean something else already, and the same name twice.
  private mutating func checkNew(_ names: [Name]) {
    for (place, name) in names.enumerated() {
      if names.count > 1 { checkNew(name) }
      if names[..<place].contains(where: { $0.text == name.text }) {
        report("'\(name.text)' is there twice", name.span)
      }
    }
  }

  /// A name that is about to be given to a variable, a loop or a parameter.
  private mutating func newName(_ hint: String) throws(Abandoned) -> Name {
    guard let text = current.word else { throw fail("expected a name, not \(described(current))", hint: hint) }
    let name = Name(text: text, span: current.span)
    checkNew(name)
    advance()
    return name
  }

  /// Reports names that mean something else already.
  private mutating func checkNew(_ name: Name) {
    if ReservedWord.all.contains(name.text) {
      report("'\(name.text)' is a word of the language and cannot name a variable", name.span)
    } else if name.text == VariableTable.lastValue {
      report(
        "'_' is the last value at the prompt and cannot name a variable", name.span, hint: "choose another name")
    } else if vocabulary.command(name.text) != nil || definitions[name.text] != nil {
      report(
        "'\(name.text)' is a command and cannot name a variable", name.span, hint: "choose another name")
    }
  }

  /// Whether a line that was skipped held its block's `end` as well: `for k in 0..3 print k end`.
  private var previousEndsBlock: Bool { index > 0 && tokens[index - 1].word == "end" }

  mutating func skipLine() {
    while !current.isEnd { advance() }
  }
}

/// The end of an unfinished line: what it stands in, and what has been written of that.
struct LineEnd {
  let session: Session
  /// The tokens of the line without those of the word that is being written.
  private(set) var tokens: [Token]
  /// The beginning of the word that is being written, empty behind a blank or a sign.
  private(set) var prefix = ""
  /// The text after a quote that is still open, as it was typed.
  private(set) var openText: String?
  /// Whether the line ends in prose, a comment or a command of the shell.
  private(set) var isRemark = false

  init(_ line: String, session: Session) {
    self.session = session
    let source = Source(name: "", text: line)
    var scanner = Scanner(source)
    tokens = scanner.scan().filter { !$0.isEnd }
    let end = source.bytes.count
    switch tokens.last?.kind {
    case .prose, .shell: isRemark = true
    case .invalid:
      if let start = scanner.diagnostics.last?.span.lower, start < end, source.bytes[start] == UInt8(ascii: "\"") {
        openText = source.text(Span(start + 1, end))
      } else {
        isRemark = true
      }
      tokens.removeLast()
    default:
      let gap = source.text(Span(tokens.last?.span.upper ?? 0, end))
      isRemark = gap.contains("#")
      if let last = tokens.last, let word = last.word, last.span.upper == end {
        prefix = word
        tokens.removeLast()
      }
    }
  }

  /// The token that begins the innermost call or expression.
  var start: Int {
    var starts = [0]
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .symbol(.roundOpen), .symbol(.squareOpen): starts.append(index + 1)
      case .symbol(.roundClose), .symbol(.squareClose): if starts.count > 1 { starts.removeLast() }
      case .symbol(.assign): starts[starts.count - 1] = index + 1
      case .word(let word) where index == starts[starts.count - 1] && session.vocabulary.takesCommand(word):
        starts[starts.count - 1] = index + 1
      default: break
      }
    }
    return starts.last ?? 0
  }

  /// Whether the innermost call or expression is the whole line.
  var isWholeLine: Bool { start == 0 }

  /// Whether an index or a list is open here, in which no command can stand.
  var isInSquareBrackets: Bool { start > 0 && tokens[start - 1].isSymbol(.squareOpen) }

  /// The command that is being written, with what has been written of it.
  var call: CallSoFar? {
    guard start < tokens.count, let verb = tokens[start].word,
      let signature = session.signature(of: verb, beginsLine: start == 0)
    else { return nil }
    return CallSoFar(verb: verb, signature: signature, tokens: tokens[(start + 1)...])
  }

  /// Whether a value, and nothing else, can come next: behind the command's name, a comma, an operator.
  var expectsValue: Bool {
    guard let last = tokens.last else { return true }
    switch last.kind {
    case .symbol(let symbol): return ![.roundClose, .squareClose].contains(symbol)
    case .word(let word): return tokens.count - 1 == start || ["and", "or", "not"].contains(word)
    default: return false
    }
  }

  /// What stands behind the innermost `{` of a text or of prose that is still open at the end of a line; nil where the
  /// line ends outside of such.
  static func openEmbedding(in line: String) -> String? {
    /// Where expressions begin that are open, and whether a text is open in the innermost.
    var starts: [String.Index] = [], isText = false, outer: [Bool] = [], isEscaped = false
    let last = line.lastIndex(of: "\n").map { line.index(after: $0) } ?? line.startIndex
    if line[last...].drop(while: { $0 == " " || $0 == "\t" }).first == "|" { isText = true }
    let isProse = isText
    for index in line[last...].indices {
      let character = line[index]
      if isEscaped {
        isEscaped = false
      } else if isText {
        switch character {
        case "\\": isEscaped = true
        case "\"": isText = isProse && starts.isEmpty
        case "{":
          starts.append(line.index(after: index))
          outer.append(isText)
          isText = false
        default: break
        }
      } else if character == "\"" {
        isText = true
      } else if character == "}", !starts.isEmpty {
        starts.removeLast()
        isText = outer.removeLast()
      } else if character == "#", starts.isEmpty {
        return nil
      }
    }
    return starts.last.map { String(line[$0...]) }
  }

  /// Whether the text that is open is a path: that of `include`, or of a parameter or setting that takes one.
  var takesPath: Bool {
    if tokens.count == 1, tokens[0].word == "include" { return true }
    guard let call else { return false }
    if call.verb == session.vocabulary.name(of: .sets),
      let setting = tokens.dropFirst(start + 1).first?.word.flatMap(session.vocabulary.setting)
    {
      return setting.parameter.takesPath
    }
    return call.next?.takesPath ?? false
  }

  /// The texts that a function takes as its last argument, where that is what is open: the columns of a table.
  var choices: [String] {
    guard start >= 2, tokens[start - 1].isSymbol(.roundOpen), !tokens[start - 1].isSpaced,
      let choices = tokens[start - 2].word.flatMap(session.vocabulary.function)?.choices,
      let comma = tokens[start...].firstIndex(where: { $0.isSymbol(.comma) }), comma == tokens.count - 1,
      let value = session.value(of: tokens[start..<comma])
    else { return [] }
    return choices(value)
  }

  /// The type of the value before a dot at the end.
  var typeBeforeDot: ValueType? {
    guard let last = tokens.last, last.isSymbol(.dot), !prefix.isEmpty || !last.isSpaced else { return nil }
    return session.type(of: tokens[start..<(tokens.count - 1)])
  }
}

extension Session {
  /// What a command takes, the program's or one of this session; nil where there is none of that name.
  /// - Parameter beginsLine: whether it begins a line that is typed, as the commands of the prompt do.
  func signature(of verb: String, beginsLine: Bool = false) -> [Parameter]? {
    if let command = vocabulary.command(verb) { return command.parameters }
    if let definition = definitions[verb] { return Call.Target.defined(definition).signature }
    guard beginsLine, typeOfVariable(verb) == nil else { return nil }
    return vocabulary.promptCommand(verb)?.parameters
  }

  /// What a variable holds; nil where there is none of that name.
  func typeOfVariable(_ name: String) -> ValueType? { assumedTypes?[name] ?? variables[name]?.type }

  /// The variables with what they hold, by their names; without the prompt's last value.
  var variableTypes: [(name: String, type: ValueType)] {
    guard let assumedTypes else { return variables.sorted.map { ($0.key, $0.value.type) } }
    return assumedTypes.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// The type of the value that tokens end with, as far as that can be told without running them.
  func type(of tokens: ArraySlice<Token>) -> ValueType {
    guard let last = tokens.last else { return .any }
    let before = tokens.dropLast()
    switch last.kind {
    case .word(let name):
      guard before.last?.isSymbol(.dot) ?? false else { return typeOfVariable(name) ?? .any }
      return fields(of: type(of: before.dropLast())).first { $0.name == name }?.type ?? .any
    case .text: return .text
    case .number: return .number
    case .symbol(.squareClose):
      guard let open = opening(.squareOpen, .squareClose, in: tokens) else { return .any }
      if tokens[open].isSpaced { return .list }
      guard case .object(let name) = type(of: tokens[..<open]), let type = vocabulary.objectType(name) else {
        return .any
      }
      let isSlice = tokens[open...].contains { $0.isSymbol(.through) }
      return (isSlice ? type.sliceType : type.elementType) ?? .any
    case .symbol(.roundClose):
      guard let open = opening(.roundOpen, .roundClose, in: tokens) else { return .any }
      let inner = tokens[(open + 1)...].dropLast()
      if let verb = inner.first?.word, let command = vocabulary.command(verb) { return command.about.result }
      return type(of: inner)
    default: return .any
    }
  }

  /// The value of a variable, or of its fields, that tokens name; nil for anything that would have to be computed.
  func value(of tokens: ArraySlice<Token>) -> Value? {
    guard let name = tokens.first?.word, var value = variables[name] else { return nil }
    var rest = tokens.dropFirst()
    while let dot = rest.first, dot.isSymbol(.dot), let field = rest.dropFirst().first?.word {
      guard case .object(let object) = value, let next = try? object.value(ofField: field) else { return nil }
      value = next
      rest = rest.dropFirst(2)
    }
    return rest.isEmpty ? value : nil
  }

  /// The fields of a type; those of lists and texts where it is no object's.
  func fields(of type: ValueType) -> [ObjectTypeDeclaration.FieldSummary] {
    switch type {
    case .object(let name): vocabulary.objectType(name)?.fields ?? []
    case .list, .range, .text: [.init(name: "count", type: .number, summary: "how many there are")]
    case .any, .number, .truth, .nothing: []
    }
  }

  /// The index of the bracket that the last token closes.
  private func opening(_ open: Symbol, _ close: Symbol, in tokens: ArraySlice<Token>) -> Int? {
    var depth = 0
    for index in tokens.indices.reversed() {
      if tokens[index].isSymbol(close) { depth += 1 }
      if tokens[index].isSymbol(open) {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }
}

import Platform

/// A word that could be written at the end of a line.
public struct Completion: Sendable, Equatable {
  /// The whole word.
  public let text: String
  /// What it is, in a few words.
  public let summary: String
}

extension Session {
  /// What could complete the last word of a line, the most fitting first.
  /// - Parameter line: the line up to the cursor.
  /// - Returns: the completions, and how many characters at the end of the line they replace.
  public func completions(of line: String) -> (replacing: Int, completions: [Completion]) {
    var context = CompletionContext(line: line, session: self)
    if let path = context.openText { return context.paths(path) }
    let prefix = context.prefix
    let fitting = context.candidates().filter { $0.text.hasPrefix(prefix) && $0.text != prefix }
    return (prefix.count, fitting)
  }
}

/// Where in a statement the end of a line is.
private struct CompletionContext {
  let session: Session
  /// The text after a quote that is still open.
  var openText: String?
  /// The beginning of the word that is being written.
  var prefix = ""
  private var tokens: [Token]

  init(line: String, session: Session) {
    self.session = session
    let source = Source(name: "", text: line)
    var scanner = Scanner(source)
    tokens = scanner.scan().filter { !$0.isEnd }
    if case .invalid = tokens.last?.kind, let quote = line.lastIndex(of: "\"") {
      openText = String(line[line.index(after: quote)...])
    }
    if let last = tokens.last, let word = last.word, last.span.upper == source.bytes.count {
      prefix = word
      tokens.removeLast()
    }
  }

  func paths(_ path: String) -> (Int, [Completion]) {
    // As typed: behind a slash the name has yet to begin.
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = String(path[..<start]), name = String(path[start...])
    let names = (try? Files.list(folder.isEmpty ? "." : folder)) ?? []
    let fitting = names.filter { $0.hasPrefix(name) && (!$0.hasPrefix(".") || name.hasPrefix(".")) }
    return (
      name.count,
      fitting.map {
        let isFolder = Files.isDirectory(Path.join(folder, $0))
        return Completion(text: isFolder ? $0 + "/" : $0, summary: isFolder ? "folder" : "file")
      }
    )
  }

  mutating func candidates() -> [Completion] {
    let start = statementStart
    let words = tokens[start...].map(\.word)
    let vocabulary = session.vocabulary
    if let last = tokens.last, last.isSymbol(.dot) { return fields(before: tokens.count - 1) }
    guard let verb = words.first ?? nil else { return commands(isLine: start == 0) + variables }
    guard let command = vocabulary.command(verb) else { return variables + functions }
    if command.parameters.contains(where: { $0.kinds.contains(.name) }) && words.count == 1 {
      let names = verb == "set" ? vocabulary.settings.map(\.name) : vocabulary.helpTopics
      return names.map { Completion(text: $0, summary: "") }
    }
    if let option = command.parameters.first(where: { $0.isNamed && $0.role != .toggle && $0.name == words.last }) {
      return self.words(of: option) + variables + functions
    }
    let given = Set(words.compactMap { $0 })
    let options = command.namedParameters.filter { !given.contains($0.name) }
    let first = words.count == 1 ? command.parameters.first { $0.role == .positional } : nil
    return (first.map(self.words) ?? []) + options.map { Completion(text: $0.name, summary: $0.summary) } + variables
      + functions
  }

  /// The token that begins the innermost call or expression.
  private var statementStart: Int {
    var starts = [0]
    for (index, token) in tokens.enumerated() {
      if token.isSymbol(.roundOpen) { starts.append(index + 1) }
      if token.isSymbol(.roundClose), starts.count > 1 { starts.removeLast() }
      if token.isSymbol(.assign) { starts[starts.count - 1] = index + 1 }
    }
    return starts.last ?? 0
  }

  private func words(of parameter: Parameter) -> [Completion] {
    (parameter.words + parameter.keywords).map { Completion(text: $0, summary: parameter.summary) }
  }

  private func commands(isLine: Bool) -> [Completion] {
    let own = session.vocabulary.commands.map { Completion(text: $0.name, summary: $0.summary) }
    let defined = session.definitions.keys.sorted().map { Completion(text: $0, summary: "a command of this session") }
    let statements = HelpPage.statements.map { Completion(text: $0.name, summary: $0.summary) }
    return own + defined + (isLine ? statements : [])
  }

  private var variables: [Completion] {
    session.variables.sorted { $0.key < $1.key }.map { Completion(text: $0.key, summary: $0.value.type.description) }
  }

  private var functions: [Completion] {
    session.vocabulary.functions.map { Completion(text: $0.name, summary: $0.summary) }
  }

  /// The fields of the variable before a dot.
  private func fields(before dot: Int) -> [Completion] {
    guard dot > 0, let name = tokens[dot - 1].word, let value = session.variables[name] else { return [] }
    guard case .object(let typeName) = value.type, let type = session.vocabulary.objectType(typeName) else {
      return [Completion(text: "count", summary: "how many there are")]
    }
    return type.fields.map { Completion(text: $0.name, summary: $0.summary) }
  }
}

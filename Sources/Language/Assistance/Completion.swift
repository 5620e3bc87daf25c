import BVAEPlatform

/// A word that could be written at the end of a line.
package struct Completion: Sendable, Equatable {
  /// The whole word.
  package let text: String
  /// What it is, in a few words.
  package let summary: String
  /// What follows it at once: a blank behind a word, a quote behind the name of a file, nothing where it goes on.
  package let ending: String

  init(_ text: String, _ summary: String, ending: String = "") {
    self.text = text
    self.summary = summary
    self.ending = ending
  }
}

extension Session {
  /// What could complete the last word of a line, the most fitting first.
  /// - Parameter line: the line up to the cursor.
  /// - Returns: the completions, and how many characters at the end of the line they replace.
  package func completions(of line: String) -> (replacing: Int, completions: [Completion]) {
    if let inner = LineEnd.openEmbedding(in: line) { return completions(embedded: inner) }
    let end = LineEnd(line, session: self)
    if let text = end.openText { return completions(inText: text, end) }
    if end.isRemark { return (0, []) }
    return completions(of: end.prefix, among: candidates(end))
  }

  private func completions(of prefix: String, among candidates: [Completion]) -> (Int, [Completion]) {
    var seen: Set<String> = []
    let fitting = candidates.filter { $0.text.hasPrefix(prefix) && seen.insert($0.text).inserted }
    let longer = fitting.filter { $0.text != prefix }
    // A word that is whole and can be no other gets what follows it.
    return (prefix.count, longer.isEmpty ? fitting.filter { !$0.ending.isEmpty } : longer)
  }

  /// What could complete the expression behind a `{` in a text or in prose.
  private func completions(embedded inner: String) -> (Int, [Completion]) {
    let end = LineEnd(inner, session: self)
    if let text = end.openText { return completions(inText: text, end) }
    let isField = end.tokens.last?.isSymbol(.dot) ?? false
    return completions(
      of: end.prefix, among: isField ? fieldCompletions(end) : variableCompletions(nil) + functionCompletions)
  }

  /// What could complete a text that is still open: a path where one is taken, else what the function takes there.
  private func completions(inText text: String, _ end: LineEnd) -> (Int, [Completion]) {
    if end.takesPath { return PathCompletions(openText: text).found }
    let fitting = end.choices.map { Completion(PathCompletions.escaped($0), "", ending: "\"") }
    return (text.count, fitting.filter { $0.text.hasPrefix(text) })
  }

  private func candidates(_ end: LineEnd) -> [Completion] {
    if let last = end.tokens.last, last.isSymbol(.dot) { return fieldCompletions(end) }
    if end.start == end.tokens.count {
      return end.isInSquareBrackets
        ? variableCompletions(nil) + functionCompletions : commandCompletions(end) + variableCompletions(nil)
    }
    if end.isWholeLine, let statement = statementCompletions(end) { return statement }
    guard let call = end.call else { return variableCompletions(nil) + functionCompletions }
    if call.signature.contains(where: { $0.kinds.contains(.name) || $0.kinds.contains(.topic) }) && call.given.isEmpty {
      return names(call.verb)
    }
    if call.verb == vocabulary.name(of: .sets),
      let setting = end.tokens[end.start + 1].word.flatMap(vocabulary.setting),
      !setting.parameter.words.isEmpty
    {
      return words(of: setting.parameter)
    }
    let options = call.namedLeft.flatMap { option in
      // Other words for an option complete what has been begun of them.
      let names = end.prefix.isEmpty ? [option.name] : [option.name] + option.aliases
      return names.map { Completion($0, option.summary, ending: " ") }
    }
    if let next = call.next, next.takesOnlyWords { return words(of: next) + options }
    // Behind a value only an option can follow, or a comma.
    guard let next = call.next, next.role != .values || end.expectsValue else { return options }
    let fixed = words(of: next) + options
    // Before anything is typed only what suits is worth a place, else a command that makes it.
    let suited = variableCompletions(next, ranks: 0...1)
    if next.takesOnlyObjects { return suited.isEmpty ? fixed + makers(of: next) : fixed + suited }
    if end.prefix.isEmpty, !(fixed + suited).isEmpty { return fixed + suited }
    return fixed + variableCompletions(next) + functionCompletions
  }

  /// What may follow in the first line of a block and behind `include`; nil where an expression goes on.
  private func statementCompletions(_ end: LineEnd) -> [Completion]? {
    switch (end.tokens.first?.word, end.tokens.count) {
    case ("for", 1), ("define", _), ("include", _): []
    case ("for", 2): [Completion("in", "what the loop goes through follows", ending: " ")]
    default: nil
    }
  }

  /// The commands that make what a parameter takes, in the parentheses that they stand in as a value.
  private func makers(of parameter: Parameter) -> [Completion] {
    vocabulary.commands.filter { command in
      command.about.result != .any && parameter.kinds.contains { $0.mayTake(command.about.result) }
    }.map { Completion("(\($0.name)", $0.about.summary, ending: " ") }
  }

  /// What `help` and `set` take.
  private func names(_ verb: String) -> [Completion] {
    if verb == vocabulary.name(of: .sets) {
      return vocabulary.settings.map { Completion($0.name, $0.summary, ending: " ") }
    }
    return vocabulary.helpTopics.map {
      Completion($0, (vocabulary.command($0) ?? vocabulary.promptCommand($0))?.about.summary ?? "")
    }
  }

  private func words(of parameter: Parameter) -> [Completion] {
    let truths = parameter.kinds.contains(.truth) ? ["true", "false"] : []
    // What they are about is said once.
    return (parameter.words + parameter.keywords + truths).enumerated().map {
      Completion($0.element, $0.offset == 0 ? parameter.summary : "", ending: " ")
    }
  }

  private func commandCompletions(_ end: LineEnd) -> [Completion] {
    let own = (vocabulary.commands + (end.isWholeLine ? vocabulary.promptCommands : [])).map {
      Completion($0.name, $0.about.summary, ending: $0.parameters.isEmpty ? "" : " ")
    }
    let defined = definitions.keys.sorted().map { Completion($0, "a command of this session", ending: " ") }
    let statements = HelpPage.statements.map { Completion($0.name, $0.summary, ending: " ") }
    return own + defined + (end.isWholeLine ? statements : [])
  }

  /// The variables, those first whose values suit a parameter, or whose elements do.
  private func variableCompletions(_ parameter: Parameter?, ranks wanted: ClosedRange<Int> = 0...2) -> [Completion] {
    let sorted = variableTypes
    func suits(_ type: ValueType) -> Bool {
      guard let parameter else { return true }
      return parameter.kinds.contains { $0.mayTake(type) }
    }
    func elementSuits(_ type: ValueType) -> Bool {
      guard case .object(let name) = type, let element = vocabulary.objectType(name)?.elementType else { return false }
      return suits(element)
    }
    let ranks = sorted.map { suits($0.type) ? 0 : elementSuits($0.type) ? 1 : 2 }
    return wanted.flatMap { rank in
      zip(sorted, ranks).filter { $0.1 == rank }.map { Completion($0.0.name, $0.0.type.description) }
    }
  }

  private var functionCompletions: [Completion] {
    vocabulary.functions.map { Completion($0.name, $0.summary, ending: "(") }
  }

  /// The fields of the value before a dot.
  private func fieldCompletions(_ end: LineEnd) -> [Completion] {
    end.typeBeforeDot.map(fields)?.map { Completion($0.name, $0.summary) } ?? []
  }
}

extension Parameter {
  /// Whether nothing but its words can stand for it.
  fileprivate var takesOnlyWords: Bool {
    !kinds.isEmpty && kinds.allSatisfy { if case .words = $0 { true } else { false } }
  }

  /// Whether nothing but objects can stand for it.
  fileprivate var takesOnlyObjects: Bool {
    !kinds.isEmpty && kinds.allSatisfy { if case .object = $0 { true } else { false } }
  }
}

/// The names in the folder that an unfinished path leads to.
private struct PathCompletions {
  let openText: String

  var found: (replacing: Int, completions: [Completion]) {
    // As typed: behind a slash the name has yet to begin.
    let start = openText.lastIndex(of: "/").map { openText.index(after: $0) } ?? openText.startIndex
    let folder = Path.expandingHome(Self.unescaped(openText[..<start])), typed = openText[start...]
    let name = Self.unescaped(typed)
    let names = (try? Files.list(folder.isEmpty ? "." : folder)) ?? []
    let fitting = names.filter { $0.hasPrefix(name) && (!$0.hasPrefix(".") || name.hasPrefix(".")) }
    return (
      typed.count,
      fitting.map {
        let isFolder = Files.isDirectory(Path.join(folder, $0))
        return Completion(
          Self.escaped($0) + (isFolder ? "/" : ""), isFolder ? "folder" : "file", ending: isFolder ? "" : "\"")
      }
    )
  }

  private static func unescaped(_ text: Substring) -> String {
    var plain = "", isEscaped = false
    for character in text {
      if character == "\\" && !isEscaped {
        isEscaped = true
      } else {
        plain.append(character)
        isEscaped = false
      }
    }
    return plain
  }

  /// A name as a text has it.
  static func escaped(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      if "\\\"{}".contains(character) { text.append("\\") }
      text.append(character)
    }
  }
}

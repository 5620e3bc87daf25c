import BVAEPlatform

/// Brings a script and all that it includes into memory, collects the commands they define, then parses them.
final class Loader {
  let vocabulary: Vocabulary
  /// What the script itself may do; what it includes may do what scripts may.
  private let rights: SourceRights
  private let included: SourceRights
  /// Commands by name: those known before and those of the files.
  private(set) var definitions: [String: Definition]
  private(set) var files: [ScriptFile] = []
  /// The paths of what is included and cannot be read.
  private(set) var missing: [String] = []
  private let earlier: Set<String>
  private let unsaved: (String) -> [UInt8]?
  private var byPath: [String: ScriptFile] = [:]
  private var suggestions = SuggestionSearch()

  /// How many files may include one another in a row, how many there may be in all, and how many bytes of them.
  static let deepest = 40, mostFiles = 1000, mostBytes = 1 << 24
  private var bytes = 0

  /// - Parameters:
  ///   - rights: what the script may do.
  ///   - included: what those may do that it includes.
  ///   - unsaved: what is to be read in place of a file, by its whole path.
  init(
    vocabulary: Vocabulary, definitions: [String: Definition] = [:], rights: SourceRights = SourceRights(),
    included: SourceRights = SourceRights(), unsaved: @escaping (String) -> [UInt8]? = { _ in nil }
  ) {
    self.unsaved = unsaved
    self.vocabulary = vocabulary
    (self.rights, self.included) = (rights, included)
    self.definitions = definitions
    earlier = Set(definitions.keys)
  }

  /// Scans and parses `source` and what it includes. Mistakes are in the files' diagnostics.
  func load(_ source: Source) -> ScriptFile {
    let main = scan(source, chain: [Self.identity(source.name)])
    for file in files {
      var parser = Parser(
        file: file, vocabulary: vocabulary, definitions: definitions, rights: file === main ? rights : included)
      parser.parse()
      file.tokens = []
    }
    return main
  }

  private func scan(_ source: Source, chain: [String]) -> ScriptFile {
    let file = ScriptFile(source: source)
    files.append(file)
    var scanner = Scanner(source)
    file.tokens = scanner.scan()
    file.diagnostics = scanner.diagnostics
    var isLineStart = true
    for (index, token) in file.tokens.enumerated() {
      if isLineStart {
        switch token.word {
        case "define": collectDefinition(file, index + 1)
        case "include": follow(file, index + 1, chain: chain)
        default: break
        }
      }
      isLineStart = token.isEnd
    }
    return file
  }

  // MARK: - Definitions

  private func collectDefinition(_ file: ScriptFile, _ start: Int) {
    var names: [Definition.Parameter] = []
    var place = start
    while !file.tokens[place].isEnd {
      let token = file.tokens[place]
      guard let word = token.word else {
        if case .invalid = token.kind { return }
        return report(
          "write a definition as: define name parameter … option = 3 …; \(token.described(in: file.source)) is not a name",
          file, token.span)
      }
      place += 1
      let fallback = names.isEmpty ? nil : Self.fallback(file.tokens[place...])
      names.append(
        Definition.Parameter(
          name: Name(text: word, span: token.span), written: fallback.map { file.source.text($0.span) }))
      place = fallback?.end ?? place
    }
    guard let name = names.first?.name else {
      return report("write a definition as: define name parameter …", file, file.tokens[start - 1].span)
    }
    let parameters = Array(names.dropFirst())
    for (index, parameter) in parameters.enumerated()
    where parameters[..<index].contains(where: { $0.name.text == parameter.name.text }) {
      report("the parameter '\(parameter.name.text)' is repeated", file, parameter.name.span)
    }
    let definition = Definition(name: name, parameters: parameters, source: file.source)
    if ReservedWord.all.contains(name.text) {
      report("'\(name.text)' is a word of the language and cannot be defined", file, name.span)
    } else if vocabulary.command(name.text) != nil {
      report("'\(name.text)' is a command already", file, name.span, hint: "choose another name")
    } else if let other = definitions[name.text], !earlier.contains(name.text) || other.source === file.source {
      let line = other.source.line(at: other.name.span.lower)
      report("'\(name.text)' is defined already", file, name.span, hint: "in \(other.source.name), line \(line)")
      return
    }
    definitions[name.text] = definition
  }

  /// Where a default, `= 3`, ends that begins here: one value with what follows it without a blank, a sign before it.
  private static func fallback(_ tokens: ArraySlice<Token>) -> (span: Span, end: Int)? {
    var place = tokens.startIndex
    guard tokens[place].isSymbol(.assign) else { return nil }
    place += 1
    let first = place
    if tokens[place].isSymbol(.minus) { place += 1 }
    var depth = 0
    while !tokens[place].isEnd {
      let token = tokens[place]
      if depth == 0, place > first, token.isSpaced, !tokens[place - 1].isSymbol(.minus) { break }
      if token.isSymbol(.roundOpen) || token.isSymbol(.squareOpen) { depth += 1 }
      if token.isSymbol(.roundClose) || token.isSymbol(.squareClose) { depth -= 1 }
      place += 1
    }
    let last = tokens[max(first, place - 1)].span
    return (tokens[first].span.joined(last), place)
  }

  // MARK: - Includes

  private func follow(_ file: ScriptFile, _ index: Int, chain: [String]) {
    let token = file.tokens[min(index, file.tokens.count - 1)]
    guard case .text(let pieces) = token.kind, pieces.count == 1, case .literal(let name) = pieces[0] else { return }
    let path = Path.join(file.source.folder, Path.expandingHome(name))
    let identity = Self.identity(path)
    if let start = chain.firstIndex(of: identity) {
      let names = (chain[start...] + [identity]).map(Path.name).joined(separator: " → ")
      return report("'\(name)' includes itself: \(names)", file, token.span)
    }
    if let known = byPath[identity] {
      file.includes[token.span.lower] = known
      return
    }
    guard chain.count < Self.deepest else {
      return report("includes are nested more than \(Self.deepest) deep", file, token.span)
    }
    guard files.count < Self.mostFiles && bytes <= Self.mostBytes else {
      return report(
        "more than \(Self.mostFiles.grouped) scripts, or \(Self.mostBytes.grouped) bytes of them, are included", file,
        token.span)
    }
    do {
      let source =
        try unsaved(identity).map { Source(name: path, folder: Path.parent(path), bytes: $0) } ?? Source.included(path)
      bytes += source.bytes.count
      let included = scan(source, chain: chain + [identity])
      byPath[identity] = included
      file.includes[token.span.lower] = included
    } catch {
      missing.append(path)
      let folder = file.source.folder.isEmpty ? "." : file.source.folder
      let hint = suggestions.hint(
        name, among: ((try? Files.list(folder)) ?? []).filter { $0.hasSuffix(".bvs") })
      report("\(error)", file, token.span, hint: hint)
    }
  }

  /// The file itself, however it is reached: through links a script could include itself under ever new names.
  private static func identity(_ path: String) -> String { Files.canonical(path) ?? Path.absolute(path) }

  private func report(_ message: String, _ file: ScriptFile, _ span: Span, hint: String? = nil) {
    file.diagnostics.append(Diagnostic(message, hint: hint, source: file.source, span: span))
  }
}

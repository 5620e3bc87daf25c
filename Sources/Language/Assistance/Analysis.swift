import BVAEPlatform

/// A script that is looked at and does not run, as an editor does: its mistakes, and where its names stand.
package struct Analysis {
  /// The script.
  package let source: Source
  /// Every mistake that can be found without running, also of the files that it includes.
  package let diagnostics: [Diagnostic]
  let main: ScriptFile
}

extension Session {
  /// Looks at a script; what an earlier look gave is used up. From then on completions, highlights and inspections know
  /// the commands that it defines, and the variables that it has at a place.
  /// - Parameter offset: the place, in bytes; nil for the end.
  package func analyse(_ source: Source, at offset: Int? = nil) -> Analysis {
    lookedAt?.letGo(keeping: [:])
    let prepared = prepare(source, isInteractive: false, lookingAt: offset ?? source.bytes.count)
    lookedAt = prepared
    definitions = prepared.definitions
    assumedTypes = prepared.scope
    return Analysis(source: source, diagnostics: prepared.diagnostics, main: prepared.main)
  }
}

extension Analysis {
  /// The headings of the report that the script writes, `| ## Results`, as far as they are no part of blocks.
  package var headings: [(text: String, span: Span)] {
    main.statements.compactMap { statement in
      guard case .prose = statement.kind else { return nil }
      let line = source.text(statement.span).drop { $0 == "|" || $0 == " " }
      let text = line.drop { $0 == "#" }
      guard text.count < line.count, text.first == " " else { return nil }
      return (String(String(text).withoutOuterBlanks), statement.span)
    }
  }

  /// Where the script includes another one, itself or by one that it includes; nil where it does not.
  package func placeOfInclude(_ other: Source) -> Span? {
    func reaches(_ file: ScriptFile, _ visited: inout Set<ObjectIdentifier>) -> Bool {
      guard visited.insert(ObjectIdentifier(file)).inserted else { return false }
      return file.source === other || file.includes.values.contains { reaches($0, &visited) }
    }
    for (start, file) in main.includes.sorted(by: { $0.key < $1.key }) {
      var visited: Set<ObjectIdentifier> = []
      if reaches(file, &visited) { return Span(start, source.byteRange(ofLine: source.line(at: start)).upper) }
    }
    return nil
  }
}

extension Diagnostic {
  /// The word that was probably meant in place of the one that is wrong; nil where none is near.
  package var replacement: String? {
    let before = "did you mean '", behind = "'?"
    guard let hint, hint.hasPrefix(before), hint.hasSuffix(behind) else { return nil }
    return String(hint.dropFirst(before.count).dropLast(behind.count))
  }
}

extension Session {
  /// The page of help on a command, a function or a statement, the session's own commands included.
  package func helpPage(_ name: String) -> String? { page(on: name).map { $0.title + "\n\n" + $0.details } }

  /// Whether there is a variable of this name.
  package func isVariable(_ name: String) -> Bool { typeOfVariable(name) != nil }

  /// What speaks against another name; nil where nothing does.
  package func complaint(aboutName name: String, insteadOf use: NameUse, among all: [NameUse]) -> String? {
    let source = Source(name: "", text: name)
    var scanner = Scanner(source)
    let tokens = scanner.scan()
    guard tokens.first?.word == name, tokens.dropFirst().allSatisfy(\.isEnd) else { return "'\(name)' is no name" }
    if ReservedWord.all.contains(name) { return "'\(name)' is a word of the language" }
    if vocabulary.command(name) != nil { return "'\(name)' is a command" }
    guard all.contains(where: { $0.isSame(as: use) && $0.isSet }) else {
      return "'\(use.name)' gets its value elsewhere, not in this script"
    }
    if variables[name] != nil { return "'\(name)' has a value from elsewhere already" }
    if name != use.name, all.contains(where: { $0.name == name }) { return "there is a '\(name)' already" }
    return nil
  }
}

/// A point of a script between two statements: right before or right behind one.
struct ScopePoint: Equatable {
  let offset: Int
  let isBehind: Bool

  /// The last point that is not behind a place; nil where the place comes before every statement.
  init?(before place: Int, in statements: [Statement]) {
    var best: ScopePoint?
    func offer(_ point: ScopePoint) {
      if point.offset <= place, point.offset >= best?.offset ?? 0 { best = point }
    }
    func look(_ statements: [Statement]) {
      // What begins behind the place has no such point.
      for statement in statements where statement.span.lower <= place {
        offer(ScopePoint(offset: statement.span.lower, isBehind: false))
        for inner in statement.blocks { look(inner) }
        offer(ScopePoint(offset: statement.span.upper, isBehind: true))
      }
    }
    look(statements)
    guard let best else { return nil }
    self = best
  }

  init(offset: Int, isBehind: Bool) { (self.offset, self.isBehind) = (offset, isBehind) }
}

extension Statement {
  /// The statements within it.
  var blocks: [[Statement]] {
    switch kind {
    case .loop(_, _, let body), .repetition(_, let body): [body]
    case .choice(let branches, let otherwise): branches.map(\.body) + [otherwise]
    case .define(let definition): [definition.body]
    case .prose, .assign, .unpack, .change, .evaluate, .jump, .giveBack, .include, .invalid: []
    }
  }
}

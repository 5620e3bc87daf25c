import BVAEPlatform

/// What was typed in the interactive mode and worked, as a script that does the same again.
struct Transcript {
  /// A statement of the script.
  private struct Entry {
    var text: String
    /// The comment behind it, with the blanks before it.
    var remark = ""
    /// What it defines.
    var defines: String?
    /// The absolute path of what it includes.
    var includes: String?
    /// The command that shows its value where the prompt has shown it, and whether the value is that of a call.
    var shownBy: String?
    var isCall = false
    /// The place of the entry whose value `_` is in it.
    var last: Int?
  }

  private var entries: [Entry] = []
  /// The place of the entry whose value was shown last.
  private var last: Int?
  /// The text of each command's latest definition.
  private var definitions: [String: String] = [:]
  private var replaced = 0

  /// Whether nothing is to be kept of a statement.
  static func passesOver(_ statement: Statement) -> Bool {
    guard case .evaluate(let expression) = statement.kind, case .call(let call) = expression.kind,
      case .command(let command) = call.target
    else { return false }
    switch command.about.trace {
    case .kept: return false
    case .none: return true
    case .keptWith(let least, let words):
      guard case .expression(let value)? = call.arguments.first?.content, case .word(let word) = value.kind else {
        return call.arguments.count < least
      }
      return call.arguments.count < least || words.contains(word)
    }
  }

  // MARK: - Taking in

  /// Takes in a statement that has run.
  /// - Parameters:
  ///   - command: the command that shows its value as the interactive mode did, and as a script would not by itself.
  ///   - paths: what stands in a script for stretches that are paths from another folder than the session began in.
  mutating func add(
    _ statement: Statement, of source: Source, shownBy command: String?, paths: [(span: Span, text: String)]? = nil
  ) {
    var bytes = Array(source.text(statement.span).utf8)
    let start = statement.span.lower
    for (span, text) in paths ?? [] where span.lower >= start && span.upper <= statement.span.upper {
      bytes.replaceSubrange(span.lower - start..<span.upper - start, with: text.utf8)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    var entry = Entry(text: text, remark: Self.remark(behind: statement.span, source))
    switch statement.kind {
    case .define(let definition): return define(definition.name.text, text)
    case .include: (entry.includes, entry.remark) = (Self.includedPath(text).map(Path.absolute), "")
    case .evaluate(let expression):
      entry.shownBy = command
      entry.isCall = if case .call = expression.kind { !text.hasPrefix("(") } else { false }
    default: break
    }
    if Self.names(VariableTable.lastValue, in: text) { entry.last = last }
    entries.append(entry)
    // `_` shown once more is still the value of before.
    if entry.shownBy != nil, entry.last == nil || text != VariableTable.lastValue { last = entries.count - 1 }
  }

  /// The comment at the end of a statement's last line, with the blanks before it.
  private static func remark(behind span: Span, _ source: Source) -> String {
    let line = source.byteRange(ofLine: source.line(at: max(span.lower, span.upper - 1)))
    let rest = source.text(Span(span.upper, line.upper))
    return rest.drop { $0.isWhitespace }.hasPrefix("#") ? rest : ""
  }

  /// Takes in a line that is no statement: a comment.
  mutating func add(comment: String) { entries.append(Entry(text: comment)) }

  /// Takes in a definition. A script defines a command once: an earlier one gets a name of its own in all that was
  /// typed before, and so do those that call it, which are then defined once more to call the new one.
  private mutating func define(_ name: String, _ text: String) {
    if definitions[name] != nil {
      let affected = callers(of: name)
      replaced += 1
      for index in entries.indices {
        entries[index].text = Self.renaming(entries[index].text) { affected.contains($0) ? "\($0)_\(replaced)" : nil }
      }
      let order = entries.compactMap(\.defines).filter { affected.contains($0) && $0 != name }
      entries.append(Entry(text: text, defines: name))
      var seen: Set<String> = []
      for caller in order where seen.insert(caller).inserted {
        entries.append(Entry(text: definitions[caller] ?? "", defines: caller))
      }
    } else {
      entries.append(Entry(text: text, defines: name))
    }
    definitions[name] = text
  }

  /// A command, and those that call it by way of however many others.
  private func callers(of name: String) -> Set<String> {
    var found: Set<String> = [name]
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for (other, text) in definitions where !found.contains(other) {
        if Self.verbs(text).contains(where: { found.contains($0.text) }) {
          found.insert(other)
          isGrowing = true
        }
      }
    }
    return found
  }

  // MARK: - Reading what was typed

  /// The words of a text that stand where commands do, or are defined.
  private static func verbs(_ text: String) -> [Name] {
    var scanner = Scanner(Source(name: "", text: text))
    return verbs(scanner.scan())
  }

  private static func verbs(_ tokens: [Token]) -> [Name] {
    var found: [Name] = []
    var isPlace = true
    for token in tokens {
      switch token.kind {
      case .word(let word):
        if isPlace { found.append(Name(text: word, span: token.span)) }
        isPlace = isPlace && (word == "time" || word == "define")
      case .text(let pieces), .prose(let pieces):
        for case .embedded(let inner, _) in pieces { found += verbs(inner) }
        isPlace = false
      case .endOfLine, .endOfSource: isPlace = true
      case .symbol(let symbol): isPlace = symbol == .assign || symbol == .roundOpen
      case .number, .format, .shell, .invalid: isPlace = false
      }
    }
    return found
  }

  private static func renaming(_ text: String, _ newName: (String) -> String?) -> String {
    replacing(verbs(text), in: text, newName)
  }

  private static func replacing(_ names: [Name], in text: String, _ newName: (String) -> String?) -> String {
    var bytes = Array(text.utf8)
    for name in names.sorted(by: { $0.span.lower > $1.span.lower }) {
      guard let new = newName(name.text) else { continue }
      bytes.replaceSubrange(name.span.lower..<name.span.upper, with: new.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// All words of a text, those in braces too.
  private static func words(_ text: String) -> [Name] {
    func words(_ tokens: [Token]) -> [Name] {
      tokens.flatMap { token -> [Name] in
        switch token.kind {
        case .word(let word): [Name(text: word, span: token.span)]
        case .text(let pieces), .prose(let pieces):
          pieces.flatMap { if case .embedded(let inner, _) = $0 { words(inner) } else { [Name]() } }
        default: []
        }
      }
    }
    var scanner = Scanner(Source(name: "", text: text))
    return words(scanner.scan())
  }

  private static func names(_ word: String, in text: String) -> Bool {
    text.contains(word) && words(text).contains { $0.text == word }
  }

  private static func includedPath(_ text: String) -> String? {
    var scanner = Scanner(Source(name: "", text: text))
    for case .text(let pieces) in scanner.scan().map(\.kind) {
      if case .literal(let path)? = pieces.first { return path }
    }
    return nil
  }

  // MARK: - Giving out

  /// The script for a file in a folder.
  /// - Parameters:
  ///   - presets: what `--set` gave.
  ///   - settings: what `set` is to set at its beginning.
  func script(in folder: String, presets: [Preset], settings: [(command: String, name: String, value: Value)])
    -> String
  {
    var lines = ["#!/usr/bin/env bvae-script"]
    lines += presets.map { "\($0.name) = \($0.value.literal)" }
    lines += settings.map { "\($0.command) \($0.name) \($0.value.literal)" }
    let names = namesOfValues
    for (place, entry) in entries.enumerated() {
      var text = entry.text
      if let path = entry.includes {
        text = "include \(Value.text(Path.relative(path, from: folder)).literal)"
      } else if let name = entry.last.flatMap({ names[$0] }) {
        text = Self.replacing(Self.words(text), in: text) { $0 == VariableTable.lastValue ? name : nil }
      }
      if let name = names[place], let command = entry.shownBy {
        lines += ["\(name) = \(text)\(entry.remark)", "\(command) \(name)"]
      } else if let command = entry.shownBy {
        lines.append(command + (entry.isCall ? " (\(text))" : " \(text)") + entry.remark)
      } else {
        lines.append(text + entry.remark)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Names for the values that `_` stands for later on, by the places of their entries; none is in use otherwise.
  private var namesOfValues: [Int: String] {
    let places = Set(entries.compactMap(\.last)).sorted()
    if places.isEmpty { return [:] }
    var taken = Set(entries.flatMap { Self.words($0.text) }.map(\.text)), names: [Int: String] = [:]
    for place in places {
      var name = "last_value", number = 1
      while !taken.insert(name).inserted {
        number += 1
        name = "last_value_\(number)"
      }
      names[place] = name
    }
    return names
  }

  /// Whether nothing was typed that worked.
  var isEmpty: Bool { entries.isEmpty }
}

extension Value {
  /// The value as a script writes it.
  var literal: String {
    switch self {
    case .text(let text):
      var written = "\""
      for character in text {
        switch character {
        case "\\": written += "\\\\"
        case "\"": written += "\\\""
        case "{": written += "\\{"
        case "}": written += "\\}"
        case "\n": written += "\\n"
        case "\t": written += "\\t"
        default: written.append(character)
        }
      }
      return written + "\""
    case .list(let list): return "[" + list.elements.map(\.literal).joined(separator: ", ") + "]"
    case .number(let number): return whole.map(String.init) ?? number.description
    case .range(let range): return "\(Value.number(range.lower).literal)..\(Value.number(range.upper).literal)"
    default: return text
    }
  }
}

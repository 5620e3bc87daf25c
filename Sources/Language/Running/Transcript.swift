import BVAEPlatform

/// What was typed in the interactive mode and worked, as a script that does the same again.
struct Transcript {
  /// A statement of the script.
  private struct Entry {
    var text: String
    /// What it defines, and whether it is an `include`, whose path is seen from the working folder.
    let defines: String?
    let includes: String?
  }

  private var entries: [Entry] = []
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
    case .noneFor(let word):
      guard case .expression(let value)? = call.arguments.first?.content, case .word(word) = value.kind else {
        return false
      }
      return true
    }
  }

  // MARK: - Taking in

  /// Takes in a statement that has run.
  /// - Parameter command: the command that shows its value as the interactive mode did, and as a script would not by itself.
  mutating func add(_ statement: Statement, of source: Source, shownBy command: String?) {
    let text = source.text(statement.span)
    let remark = Self.remark(behind: statement.span, source)
    switch statement.kind {
    case .define(let definition): define(definition.name.text, text)
    case .include:
      entries.append(Entry(text: text, defines: nil, includes: Self.includedPath(text)))
    case .evaluate(let expression):
      guard let command else { fallthrough }
      let isCall = if case .call = expression.kind { !text.hasPrefix("(") } else { false }
      entries.append(Entry(text: command + (isCall ? " (\(text))" : " \(text)") + remark, defines: nil, includes: nil))
    default: entries.append(Entry(text: text + remark, defines: nil, includes: nil))
    }
  }

  /// The comment at the end of a statement's last line, with the blanks before it.
  private static func remark(behind span: Span, _ source: Source) -> String {
    let line = source.byteRange(ofLine: source.line(at: max(span.lower, span.upper - 1)))
    let rest = source.text(Span(span.upper, line.upper))
    return rest.drop { $0.isWhitespace }.hasPrefix("#") ? rest : ""
  }

  /// Takes in a line that is no statement: a comment.
  mutating func add(comment: String) { entries.append(Entry(text: comment, defines: nil, includes: nil)) }

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
      entries.append(Entry(text: text, defines: name, includes: nil))
      var seen: Set<String> = []
      for caller in order where seen.insert(caller).inserted {
        entries.append(Entry(text: definitions[caller] ?? "", defines: caller, includes: nil))
      }
    } else {
      entries.append(Entry(text: text, defines: name, includes: nil))
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
      case .number, .format, .invalid: isPlace = false
      }
    }
    return found
  }

  private static func renaming(_ text: String, _ newName: (String) -> String?) -> String {
    var bytes = Array(text.utf8)
    for verb in verbs(text).sorted(by: { $0.span.lower > $1.span.lower }) {
      guard let name = newName(verb.text) else { continue }
      bytes.replaceSubrange(verb.span.lower..<verb.span.upper, with: name.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
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
    for entry in entries {
      if let path = entry.includes {
        lines.append("include \(Value.text(Path.relative(path, from: folder)).literal)")
      } else {
        lines.append(entry.text)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether nothing was typed that worked.
  var isEmpty: Bool { entries.isEmpty }
}

extension Value {
  /// The value as a script writes it.
  fileprivate var literal: String {
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

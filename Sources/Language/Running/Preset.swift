/// A variable set from outside: `--set epochs=5`.
package struct Preset: Sendable {
  /// The variable.
  package let name: String
  /// What it holds, as the command line gives it.
  package let text: String
  let literal: Literal

  /// Reads `NAME=VALUE`; the value is a number, a range, a list, true, false or a text, which needs no quotes unless it
  /// looks like something else.
  /// - Throws: `ScriptFailure` saying what is wrong with it.
  package init(_ setting: String) throws {
    guard let separator = setting.firstIndex(of: "=") else {
      throw ScriptFailure("--set takes NAME=VALUE; '\(setting)' has no '='")
    }
    let name = String(setting[..<separator])
    let scanner = Scanner(Source(name: "--set", text: name))
    guard !name.isEmpty, name != VariableTable.lastValue, scanner.endOfWord(from: 0) == name.utf8.count else {
      throw ScriptFailure("--set takes NAME=VALUE; '\(name)' cannot name a variable")
    }
    guard !ReservedWord.all.contains(name) else {
      throw ScriptFailure("--set: '\(name)' is a word of the language and cannot name a variable")
    }
    self.name = name
    text = String(setting[setting.index(after: separator)...])
    do {
      literal = try Literal(text)
    } catch {
      throw ScriptFailure("--set \(name): \(error)")
    }
  }

  /// The value.
  package var value: Value { literal.value }
}

/// A value written out: no variables, no arithmetic.
enum Literal: Sendable {
  case number(Double)
  case truth(Bool)
  case text(String)
  case range(ScriptRange)
  case list([Literal])

  /// Reads a value from outside. What is no number, range, list or quoted text is a text as it stands.
  init(_ text: String) throws {
    let file = ScriptFile(source: Source(name: "value", text: text))
    var scanner = Scanner(file.source)
    file.tokens = scanner.scan()
    var parser = Parser(file: file, vocabulary: Vocabulary(), definitions: [:])
    let isPlain = !text.contains("\n") && scanner.diagnostics.isEmpty && file.tokens.count > 1
    if isPlain, let expression = try? parser.expression(), parser.current.isEnd, file.diagnostics.isEmpty,
      let literal = Literal(expression)
    {
      self = literal
      return
    }
    if let first = text.first(where: { $0 != " " }), first == "[" || first == "\"" {
      throw ScriptFailure("'\(text)' is not a valid \(first == "[" ? "list" : "quoted text")")
    }
    if Self.looksLikeNumbers(text) {
      let reason = scanner.diagnostics.first.map { ": \($0.message)" } ?? ""
      throw ScriptFailure(
        "'\(text)' is not a valid number or range\(reason); quote a text that looks like one")
    }
    self = .text(text)
  }

  /// Whether a text was probably meant as a number or a range: it is one in other notations, as `1e999` and `.5`, or
  /// has `..` and otherwise nothing but numbers.
  private static func looksLikeNumbers(_ text: String) -> Bool {
    let blank = UInt8(ascii: " ")
    let bytes = text.utf8.drop { $0 == blank }.reversed().drop { $0 == blank }.reversed()
    guard bytes.contains(where: { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      bytes.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "+-.eE ".utf8.contains($0) })
    else { return false }
    let trimmed = String(decoding: bytes, as: UTF8.self)
    return Double(trimmed) != nil || (trimmed.contains("..") && !trimmed.hasPrefix("e") && !trimmed.hasPrefix("E"))
  }

  /// The value of an expression that is written out, nil where it has to be computed.
  init?(_ expression: Expression) {
    switch expression.kind {
    case .number(let number): self = .number(number)
    case .truth(let truth): self = .truth(truth)
    case .text(let parts):
      var whole = ""
      for part in parts {
        guard case .literal(let text) = part else { return nil }
        whole += text
      }
      self = .text(whole)
    case .range(let lower, let upper):
      guard case .number(let low) = Literal(lower), case .number(let high) = Literal(upper) else { return nil }
      self = .range(ScriptRange(low, high))
    case .list(let elements):
      var values: [Literal] = []
      for element in elements {
        guard let value = Literal(element) else { return nil }
        values.append(value)
      }
      self = .list(values)
    default: return nil
    }
  }

  /// The value that is written. Lists that are too deep to be one are empty; the parser admits none.
  var value: Value {
    switch self {
    case .number(let number): .number(number)
    case .truth(let truth): .truth(truth)
    case .text(let text): .text(text)
    case .range(let range): .range(range)
    case .list(let elements): .list((try? ScriptList(elements.map(\.value))) ?? .empty)
    }
  }
}

import FoundationEssentials

/// A JSON value (RFC 8259).
package enum JSON: Sendable, Equatable {
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([String: JSON])

  /// A value from its text; nil for what is no JSON, or is nested deeper than some hundred levels.
  package init?(_ bytes: [UInt8]) {
    guard let value = try? JSONDecoder().decode(JSON.self, from: Data(bytes)) else { return nil }
    self = value
  }

  /// The value in one line, the members of objects in the order of their names; `null` stands for numbers that JSON has
  /// no words for.
  package var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { Array($0) } ?? Array("null".utf8)
  }

  /// A member of an object; nil where there is none, or where it is null.
  package subscript(name: String) -> JSON? {
    guard case .object(let members) = self, let member = members[name], member != .null else { return nil }
    return member
  }

  /// The text, of a text.
  package var text: String? { if case .text(let text) = self { text } else { nil } }
  /// The elements, of a list.
  package var list: [JSON]? { if case .list(let list) = self { list } else { nil } }
  /// The truth value, of one.
  package var truth: Bool? { if case .truth(let truth) = self { truth } else { nil } }
  /// The whole number, of one.
  package var whole: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }
}

extension JSON: Codable {
  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let members = try? value.decode([String: JSON].self) {
      self = .object(members)
    } else if let list = try? value.decode([JSON].self) {
      self = .list(list)
    } else if let truth = try? value.decode(Bool.self) {
      self = .truth(truth)
    } else if value.decodeNil() {
      self = .null
    } else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "no JSON value")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .truth(let truth): try container.encode(truth)
    case .number(let number):
      if let whole = Int(exactly: number) {
        try container.encode(whole)
      } else if number.isFinite {
        try container.encode(number)
      } else {
        try container.encodeNil()
      }
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .object(let members): try container.encode(members)
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
  package init(stringLiteral text: String) { self = .text(text) }
  package init(integerLiteral number: Int) { self = .number(Double(number)) }
  package init(booleanLiteral truth: Bool) { self = .truth(truth) }
  package init(arrayLiteral elements: JSON...) { self = .list(elements) }
  package init(dictionaryLiteral members: (String, JSON)...) {
    self = .object(Dictionary(members) { _, last in last })
  }

  /// A whole number.
  package init(_ number: Int) { self = .number(Double(number)) }
  /// A text, null where there is none.
  package init(_ text: String?) { self = text.map { .text($0) } ?? .null }
}

import BVAEPlatform

extension Value {
  /// The value as `print` and interpolation show it; very long lists are cut.
  package var text: String {
    var writer = ValueWriter()
    writer.write(self, isOutermost: true)
    return writer.text
  }

  /// The value as it is shown on a terminal of so many columns.
  package func text(columns: Int?) -> String {
    if case .object(let object) = self { object.text(columns: columns) } else { text }
  }

  /// The value as it is shown on a line of its own at the prompt: of many numbers the first and the last ones with their
  /// shape, in as many digits as tell them apart at a glance; `print` shows all.
  package func glance(columns: Int?) -> String {
    switch self {
    case .object(let object): return object.glance(columns: columns)
    case .list(let list):
      guard let array = list.numbers, array.count > Self.mostAtAGlance else {
        return list.count > Self.mostAtAGlance ? Self.ends(list) : text
      }
      let shape = array.shape.map(\.grouped).joined(separator: " × ")
      return Self.ends(list) + "\n\(shape) \(array.areTruths ? "truth values" : "numbers")"
    default: return text(columns: columns)
    }
  }

  private static let mostAtAGlance = 1000, shownEnds = 3

  /// The first and the last few values, of lists in lists too.
  private static func ends(_ list: ScriptList, level: Int = 0) -> String {
    func shown(_ place: Int) -> String {
      switch list[place] {
      case .list(let inner): ends(inner, level: level + 1)
      case .number(let number): number.scriptText.count > 10 ? number.formatted(digits: 6) : number.scriptText
      case .text(let text): "\"\(text)\""
      case let other: other.text
      }
    }
    let isShort = list.count <= 2 * shownEnds
    let first = (0..<(isShort ? list.count : shownEnds)).map(shown)
    let last = isShort ? [] : ["…"] + (list.count - shownEnds..<list.count).map(shown)
    let holdsLists = if list.count > 0, case .list = list[0] { true } else { false }
    let separator = holdsLists ? ",\n" + String(repeating: " ", count: level + 1) : ", "
    return "[" + (first + last).joined(separator: separator) + "]"
  }

  /// The beginning of the value's text, in one line of at most 70 characters.
  package var oneLine: String {
    let whole = if case .text = self { brief } else { text }
    let line = whole.prefix { $0 != "\n" }
    return line.count > 70 ? line.prefix(69) + "…" : String(line)
  }

  /// What a message says that it found: `this is 3`.
  package var found: String {
    if case .nothing = self { "this has no value" } else { "this is \(brief)" }
  }

  /// The value in a few words for messages: `3`, `"a text"`, `a dataset`.
  package var brief: String {
    switch self {
    case .nothing: "nothing"
    case .number(let number): number.scriptText
    case .truth(let truth): truth ? "true" : "false"
    case .text(let text):
      "\"\(text.count <= 30 ? text : text.prefix(29) + "…")\"".replacing("\n", with: "\\n")
    case .range(let range): "\(range.lower.scriptText)..\(range.upper.scriptText)"
    case .list(let list): "a list of \(counted(list.count, "value"))"
    case .object(let object): withArticle(object.typeName)
    }
  }
}

extension ValueType {
  /// What a message says that it found: `this is a number`.
  package var found: String { self == .nothing ? "this has no value" : "this is \(self)" }
}

extension Double {
  /// A number as scripts show it: with as few digits as are read back as the same number, up to 17, so that what differs
  /// looks different; whole numbers up to 2⁵³ in full. Where that takes more than 15 digits and the number is a float32,
  /// as the values of images, codes and weights are, it is shown with 9 digits, which tell all float32 apart.
  package var scriptText: String {
    if self == 0 { return "0" }
    if let whole = Value.number(self).whole { return String(whole) }
    if isNaN { return "not a number" }
    if isInfinite { return self < 0 ? "-infinity" : "infinity" }
    let shortest = description
    guard magnitude < Value.largestWhole, Double(Float(self)) == self else { return shortest }
    let digits = shortest.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
    return digits.count > 15 ? formatted(digits: 9) : shortest
  }
}

/// Writes values out, at most about a hundred thousand characters of nested lists.
private struct ValueWriter {
  var text = ""
  private var budget = 20_000

  mutating func write(_ value: Value, isOutermost: Bool) {
    budget -= 1
    switch value {
    case .nothing: text += "nothing"
    case .number(let number): text += number.scriptText
    case .truth(let truth): text += truth ? "true" : "false"
    case .text(let content): text += isOutermost ? content : "\"\(content)\""
    case .range(let range): text += "\(range.lower.scriptText)..\(range.upper.scriptText)"
    case .object(let object): text += object.summary
    case .list(let list): write(list)
    }
  }

  private mutating func write(_ list: ScriptList) {
    text += "["
    // Objects describe themselves in whole lines.
    let isTall = list.numbers == nil && list.elements.contains { if case .object = $0 { true } else { false } }
    if isTall { text += "\n  " }
    defer { text += isTall ? "\n]" : "]" }
    for index in 0..<list.count {
      if index > 0 { text += isTall ? ",\n  " : ", " }
      if budget <= 0 {
        text += "… (\(counted(list.count, "value")))"
        break
      }
      write(list[index], isOutermost: false)
    }
  }
}

/// A report's prose as HTML: of Markdown the headings, paragraphs, lists, block quotes, tables, rules and blocks of
/// code. What it does not know stays text; HTML in it is shown as it stands.
package struct ProseBlocks {
  private let lines: [Substring]
  private let depth: Int
  private let picture: (String) -> String?
  private var index = 0
  private var html: [String] = []

  /// How deep lists and quotes may stand in one another.
  private static let deepest = 12

  private init(_ lines: [Substring], depth: Int, picture: @escaping (String) -> String?) {
    self.lines = lines
    self.depth = depth
    self.picture = picture
  }

  /// A text as blocks of HTML.
  /// - Parameter picture: the picture of a path as an address within the page, nil where there is none.
  package static func html(_ text: String, picture: @escaping (String) -> String? = { _ in nil }) -> String {
    html(text.split(separator: "\n", omittingEmptySubsequences: false), depth: 0, picture: picture)
  }

  private static func html(_ lines: [Substring], depth: Int, picture: @escaping (String) -> String?) -> String {
    var reader = ProseBlocks(lines, depth: depth, picture: picture)
    while reader.index < reader.lines.count { reader.block() }
    return reader.html.joined(separator: "\n")
  }

  private func inline(_ text: some StringProtocol) -> String { ProseInline.html(String(text), picture: picture) }

  private mutating func block() {
    let line = lines[index]
    if line.isBlankLine {
      index += 1
    } else if let fence = Fence(line) {
      code(fence)
    } else if let (level, title) = Self.heading(line) {
      html.append("<h\(level)>\(inline(title))</h\(level)>")
      index += 1
    } else if Self.isRule(line) {
      html.append("<hr>")
      index += 1
    } else if line.withoutIndent.hasPrefix(">"), depth < Self.deepest {
      quote()
    } else if let item = ListItem(line), depth < Self.deepest {
      list(item)
    } else if table() {
      return
    } else {
      paragraph()
    }
  }

  // MARK: - Headings, rules, paragraphs

  private static func heading(_ line: Substring) -> (Int, Substring)? {
    let text = line.withoutIndent
    let level = text.prefix { $0 == "#" }.count
    let rest = text.dropFirst(level)
    guard (1...6).contains(level), line.indent < 4, rest.isEmpty || rest.first == " " || rest.first == "\t" else {
      return nil
    }
    var title = rest.trimmed
    let closing = title.reversed().prefix { $0 == "#" }.count
    if closing > 0, closing == title.count || title.dropLast(closing).last == " " {
      title = title.dropLast(closing).trimmed
    }
    return (level, title)
  }

  private static func isRule(_ line: Substring) -> Bool {
    let marks = line.filter { $0 != " " && $0 != "\t" }
    guard marks.count >= 3, let first = marks.first, "-*_".contains(first) else { return false }
    return marks.allSatisfy { $0 == first }
  }

  private mutating func paragraph() {
    var text: [Substring] = []
    while index < lines.count, !lines[index].isBlankLine, text.isEmpty || !interrupts(lines[index]) {
      text.append(lines[index].withoutIndent)
      index += 1
      // A line of = or - under a text makes it a heading.
      if index < lines.count, let level = Self.underline(lines[index]) {
        index += 1
        html.append("<h\(level)>\(inline(text.joined(separator: "\n").trimmed))</h\(level)>")
        return
      }
    }
    html.append("<p>\(inline(text.joined(separator: "\n").trimmed))</p>")
  }

  private static func underline(_ line: Substring) -> Int? {
    let text = line.trimmed
    guard text.count >= 2, line.indent < 4 else { return nil }
    return text.allSatisfy { $0 == "=" } ? 1 : text.allSatisfy { $0 == "-" } ? 2 : nil
  }

  private func interrupts(_ line: Substring) -> Bool {
    if Fence(line) != nil || Self.heading(line) != nil || Self.isRule(line) { return true }
    if line.withoutIndent.hasPrefix(">") { return true }
    // Of numbered lists only those from 1 on: a line may begin with a year.
    return ListItem(line).map { ($0.number ?? 1) == 1 && !$0.isEmpty } ?? false
  }

  // MARK: - Code

  private struct Fence {
    let mark: Character
    let count: Int
    let language: Substring
    let indent: Int

    init?(_ line: Substring) {
      let text = line.withoutIndent
      guard let mark = text.first, mark == "`" || mark == "~", line.indent < 4 else { return nil }
      count = text.prefix { $0 == mark }.count
      language = text.dropFirst(count).trimmed
      guard count >= 3, mark == "~" || !language.contains("`") else { return nil }
      self.mark = mark
      indent = line.indent
    }

    func isClosed(by line: Substring) -> Bool {
      let text = line.trimmed
      return text.count >= count && text.allSatisfy { $0 == mark }
    }
  }

  private mutating func code(_ fence: Fence) {
    index += 1
    var text: [Substring] = []
    while index < lines.count, !fence.isClosed(by: lines[index]) {
      text.append(lines[index].dropFirst(min(fence.indent, lines[index].indent)))
      index += 1
    }
    index += 1
    html.append("<pre><code>\(HTML.escaped(text.joined(separator: "\n")))</code></pre>")
  }

  // MARK: - Quotes and lists

  private mutating func quote() {
    var inner: [Substring] = []
    while index < lines.count {
      let text = lines[index].withoutIndent
      if text.hasPrefix(">") {
        let rest = text.dropFirst()
        inner.append(rest.first == " " ? rest.dropFirst() : rest)
      } else if text.isBlankLine || inner.last?.isBlankLine ?? true || interrupts(lines[index]) {
        break
      } else {
        // A paragraph may go on without the mark.
        inner.append(text)
      }
      index += 1
    }
    html.append("<blockquote>\n\(Self.html(inner, depth: depth + 1, picture: picture))\n</blockquote>")
  }

  private struct ListItem {
    let mark: Character
    let number: Int?
    /// How far what belongs to the item is indented.
    let width: Int
    let rest: Substring

    var isEmpty: Bool { rest.isBlankLine }

    init?(_ line: Substring) {
      let text = line.withoutIndent
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      let after = text[digits.endIndex...]
      if digits.isEmpty {
        guard let first = text.first, "-*+".contains(first) else { return nil }
        (mark, number) = (first, nil)
      } else {
        guard digits.count <= 9, let first = after.first, ".)".contains(first) else { return nil }
        (mark, number) = (first, Int(digits))
      }
      let body = after.dropFirst()
      guard body.isEmpty || body.first == " " || body.first == "\t" else { return nil }
      let blanks = body.prefix { $0 == " " }.count
      let gap = body.isBlankLine || blanks > 4 ? 1 : max(1, blanks)
      width = line.indent + digits.count + 1 + gap
      rest = body.dropFirst(min(gap, body.count))
    }

    func continues(_ other: ListItem) -> Bool { mark == other.mark && (number == nil) == (other.number == nil) }
  }

  private mutating func list(_ first: ListItem) {
    var items: [[Substring]] = []
    var isLoose = false, isAfterBlank = false
    var current = first
    let base = lines[index].indent
    while index < lines.count {
      let line = lines[index]
      if line.isBlankLine {
        isAfterBlank = true
        if !items.isEmpty { items[items.count - 1].append("") }
      } else if !items.isEmpty && line.indent >= current.width {
        items[items.count - 1].append(line.dropFirst(current.width))
        isLoose = isLoose || isAfterBlank
        isAfterBlank = false
      } else if let item = ListItem(line), item.continues(first), line.indent < base + 4, !Self.isRule(line) {
        items.append([item.rest])
        current = item
        isLoose = isLoose || isAfterBlank
        isAfterBlank = false
      } else if isAfterBlank || interrupts(line) || ListItem(line) != nil {
        break
      } else {
        items[items.count - 1].append(line.withoutIndent)
      }
      index += 1
    }
    let tag = first.number == nil ? "ul" : "ol"
    let start = first.number.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
    let shown = items.map { "<li>\(content($0, isLoose: isLoose))</li>" }
    html.append("<\(tag)\(start)>\n\(shown.joined(separator: "\n"))\n</\(tag)>")
  }

  /// What an item of a list holds; in a list without blank lines its first paragraph has no tag.
  private func content(_ lines: [Substring], isLoose: Bool) -> String {
    let inner = Self.html(lines, depth: depth + 1, picture: picture)
    guard !isLoose, inner.hasPrefix("<p>"), let end = inner.firstRange(of: "</p>") else { return inner }
    return String(inner[inner.index(inner.startIndex, offsetBy: 3)..<end.lowerBound] + inner[end.upperBound...])
  }

  // MARK: - Tables

  /// Takes a table, if one begins here: a line of heads and below it a line of dashes.
  private mutating func table() -> Bool {
    guard index + 1 < lines.count, lines[index].contains("|"), let alignments = Self.rule(lines[index + 1]) else {
      return false
    }
    let heads = Self.cells(lines[index])
    guard heads.count == alignments.count else { return false }
    index += 2
    var rows: [[String]] = []
    while index < lines.count, !lines[index].isBlankLine, !interrupts(lines[index]) {
      rows.append(Self.cells(lines[index]))
      index += 1
    }
    html.append(
      HTMLTable.html(
        heads: heads.map { inline($0) }, alignments: alignments,
        rows: rows.map { row in heads.indices.map { $0 < row.count ? inline(row[$0]) : "" } }))
    return true
  }

  private static func rule(_ line: Substring) -> [Table.Alignment]? {
    guard line.contains("-"), line.allSatisfy({ "|-: \t".contains($0) }) else { return nil }
    let cells = cells(line)
    guard cells.allSatisfy({ $0.contains("-") }) else { return nil }
    return cells.map { cell in
      cell.hasSuffix(":") ? (cell.hasPrefix(":") ? .center : .right) : .left
    }
  }

  /// The cells of a line; a bar behind a backslash stands for itself.
  private static func cells(_ line: Substring) -> [String] {
    var cells: [String] = [], cell = "", isEscaped = false
    var text = line.trimmed
    if text.hasPrefix("|") { text = text.dropFirst() }
    for character in text {
      if character == "|" && !isEscaped {
        cells.append(cell)
        cell = ""
      } else if character == "|" {
        cell.removeLast()
        cell.append("|")
      } else {
        cell.append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    if !Substring(cell).isBlankLine { cells.append(cell) }
    return cells.map { String(Substring($0).trimmed) }
  }
}

extension StringProtocol where SubSequence == Substring {
  fileprivate var isBlankLine: Bool { allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" } }

  /// How many blanks are at the beginning.
  fileprivate var indent: Int { prefix { $0 == " " }.count }

  fileprivate var withoutIndent: Substring { drop { $0 == " " || $0 == "\t" } }

  fileprivate var trimmed: Substring {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return rest
  }
}

/// A small terminal: what a program writes becomes characters in rows and columns. It knows what this program uses and
/// records what it does not draw.
package struct Screen {
  /// One place: a character, nil behind a wide one, and the code of its style.
  package struct Place: Equatable {
    package var character: Character? = " "
    package var style = "0"
  }

  package private(set) var columns: Int
  package private(set) var rows: Int
  package private(set) var places: [[Place]]
  package private(set) var row = 0
  package private(set) var column = 0
  /// The lines that have left the screen at its top.
  package private(set) var past: [String] = []
  /// Private modes that are set, such as 2004 for bracketed paste.
  package private(set) var modes: Set<String> = []
  /// Control strings: APC, DCS and OSC with the letter that begins them.
  package private(set) var strings: [String] = []
  /// Control sequences that it does not know.
  package private(set) var unknown: [String] = []
  /// What it answers; to be taken out and sent to the program.
  package var answers = ""
  /// What it answers to questions, by the question.
  package var knowledge: [String: String] = [:]
  private var style = "0"
  private var isWrapping = false
  private var pending: [UInt8] = []

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    places = Array(repeating: Array(repeating: Place(), count: columns), count: rows)
  }

  /// The rows as text, without blanks at their ends.
  package var lines: [String] { places.map(Self.text) }

  /// The whole screen without empty rows at its end.
  package var text: String {
    lines.reversed().drop { $0.isEmpty }.reversed().joined(separator: "\n")
  }

  private static func text(_ row: [Place]) -> String {
    let whole = String(row.compactMap(\.character))
    return String(whole.reversed().drop { $0 == " " }.reversed())
  }

  /// The line of the cursor.
  package var cursorLine: String { lines[row] }

  /// The styles of the first occurrence of a text in the line of the cursor.
  package func styles(of text: String, row: Int? = nil) -> [String] {
    let line = places[row ?? self.row]
    let characters = line.compactMap(\.character), wanted = Array(text)
    guard characters.count >= wanted.count else { return [] }
    for start in 0...(characters.count - wanted.count)
    where Array(characters[start..<start + wanted.count]) == wanted {
      return Array(line.filter { $0.character != nil }.map(\.style)[start..<start + wanted.count])
    }
    return []
  }

  package mutating func take(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    while let used = takeOne() { pending.removeFirst(used) }
  }

  /// Makes it wider or narrower as terminals do that break rows anew.
  package mutating func resize(columns newColumns: Int, rows newRows: Int) {
    var broken: [[Place]] = [], newRow = 0, newColumn = 0
    let end = max(row, places.lastIndex { !Self.text($0).isEmpty } ?? 0)
    for (index, line) in places[...end].enumerated() {
      let length = max(Self.length(line), index == row ? column : 0)
      let start = broken.count
      var rest = Array(line[..<min(line.count, max(1, length))])
      repeat {
        let piece = Array(rest.prefix(newColumns))
        rest.removeFirst(piece.count)
        broken.append(piece + Array(repeating: Place(), count: newColumns - piece.count))
      } while !rest.isEmpty
      if index == row {
        newRow = start + min(column, max(0, length - 1)) / newColumns
        newColumn = column - (newRow - start) * newColumns
      }
    }
    let surplus = max(0, broken.count - newRows)
    past += broken[..<surplus].map(Self.text)
    places = Array(broken[surplus...])
    places += Array(repeating: Array(repeating: Place(), count: newColumns), count: newRows - places.count)
    row = max(0, newRow - surplus)
    column = min(newColumn, newColumns - 1)
    isWrapping = false
    columns = newColumns
    rows = newRows
  }

  private static func length(_ row: [Place]) -> Int { (row.lastIndex { $0 != Place() } ?? -1) + 1 }

  /// Takes what stands first in `pending`; nil where its rest has not come.
  private mutating func takeOne() -> Int? {
    guard let first = pending.first else { return nil }
    switch first {
    case 0x1B: return takeEscape()
    case 0x0D:
      column = 0
      isWrapping = false
    case 0x0A: lineFeed()
    case 0x08: column = max(0, column - 1)
    case 0x07, 0: break
    case 0..<0x20, 0x7F: unknown.append("control \(first)")
    default: return takeCharacter(first)
    }
    return 1
  }

  private mutating func takeCharacter(_ first: UInt8) -> Int? {
    let count = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard pending.count >= count else { return nil }
    for scalar in String(decoding: pending[..<count], as: UTF8.self).unicodeScalars { put(scalar) }
    return count
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Self.width(scalar)
    if width == 0 {
      // It joins the character before it.
      let place = isWrapping ? column : max(0, column - 1)
      let target = places[row][place].character == nil ? place - 1 : place
      if let base = places[row][target].character {
        places[row][target].character = (String(base) + String(scalar)).first
      }
      return
    }
    if isWrapping || column + width > columns {
      column = 0
      isWrapping = false
      lineFeed()
    }
    places[row][column] = Place(character: Character(scalar), style: style)
    if width == 2 { places[row][column + 1] = Place(character: nil, style: style) }
    column += width
    if column >= columns {
      column = columns - 1
      isWrapping = true
    }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x0300...0x036F, 0x200B...0x200F, 0x20D0...0x20FF, 0xFE00...0xFE0F: 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }

  private mutating func lineFeed() {
    isWrapping = false
    if row + 1 < rows {
      row += 1
      return
    }
    past.append(Self.text(places.removeFirst()))
    places.append(Array(repeating: Place(), count: columns))
  }

  private mutating func takeEscape() -> Int? {
    guard pending.count > 1 else { return nil }
    switch pending[1] {
    case UInt8(ascii: "["):
      guard let end = pending[2...].firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
      sequence(String(decoding: pending[2..<end], as: UTF8.self), pending[end])
      return end + 1
    case UInt8(ascii: "_"), UInt8(ascii: "P"), UInt8(ascii: "]"):
      var end = 2
      while end < pending.count {
        let isBell = pending[end] == 7
        if isBell || pending[end] == 0x1B && end + 1 < pending.count && pending[end + 1] == UInt8(ascii: "\\") {
          let string = String(decoding: pending[1..<end], as: UTF8.self)
          strings.append(string)
          answer(string)
          return end + (isBell ? 1 : 2)
        }
        end += 1
      }
      return nil
    default:
      unknown.append("escape \(pending[1])")
      return 2
    }
  }

  private mutating func answer(_ question: String) {
    for (known, answer) in knowledge where question.hasPrefix(known) { answers += answer }
  }

  private mutating func sequence(_ parameters: String, _ final: UInt8) {
    let letter = Character(Unicode.Scalar(final))
    let count = max(1, Int(parameters) ?? 1)
    switch letter {
    case "m":
      style = parameters.isEmpty ? "0" : parameters
      return
    case "A": row = max(0, row - count)
    case "B": row = min(rows - 1, row + count)
    case "C": column = min(columns - 1, column + count)
    case "D": column = max(0, column - count)
    case "G": column = min(columns, count) - 1
    case "H":
      row = 0
      column = 0
    case "K": erase(row, from: column)
    case "J":
      if parameters == "2" {
        for index in 0..<rows { erase(index, from: 0) }
      } else {
        erase(row, from: column)
        for index in row + 1..<max(row + 1, rows) { erase(index, from: 0) }
      }
    case "h": modes.insert(parameters)
    case "l": modes.remove(parameters)
    case "c", "q", "t", "n": answer("[" + parameters + String(letter))
    default: unknown.append("[\(parameters)\(letter)")
    }
    isWrapping = false
  }

  private mutating func erase(_ row: Int, from column: Int) {
    for index in column..<columns { places[row][index] = Place() }
  }
}

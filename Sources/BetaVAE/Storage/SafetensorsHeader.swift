/// The header of a safetensors file: a JSON object (RFC 8259) of arrays by name, and of texts under `__metadata__`. It is
/// read in one pass without recursion, so that ten megabytes of it take a fraction of a second.
struct SafetensorsHeader {
  /// Where an array lies and what it is.
  struct Entry {
    var type = ""
    var shape: [Int] = []
    /// The first byte of its values and the one after the last, counted from the end of the header.
    var range: [Int] = []
  }

  private(set) var entries: [String: Entry] = [:]
  private(set) var metadata: [String: String] = [:]

  /// The most extents of a shape.
  private static let mostExtents = 32

  /// - Throws: `FileProblem` with the byte of the header and what was expected there.
  init(_ bytes: [UInt8]) throws(FileProblem) {
    var scanner = HeaderScanner(bytes)
    try scanner.eachMember { (scanner, name) throws(FileProblem) in
      if name == "__metadata__" {
        guard metadata.isEmpty else { throw scanner.mistake("'__metadata__' once") }
        try scanner.eachMember { (scanner, key) throws(FileProblem) in
          let text = try scanner.text()
          guard metadata.updateValue(text, forKey: key) == nil else { throw scanner.mistake("every name once") }
        }
      } else {
        let entry = try SafetensorsHeader.entry(&scanner)
        guard entries.updateValue(entry, forKey: name) == nil else { throw scanner.mistake("every name once") }
      }
    }
    try scanner.expectEnd()
  }

  private static func entry(_ scanner: inout HeaderScanner) throws(FileProblem) -> Entry {
    var entry = Entry(), seen = 0
    try scanner.eachMember { (scanner, key) throws(FileProblem) in
      switch key {
      case "dtype": entry.type = try scanner.text()
      case "shape": entry.shape = try scanner.numbers(most: mostExtents)
      case "data_offsets": entry.range = try scanner.numbers(most: 2)
      default: throw scanner.mistake("'dtype', 'shape' or 'data_offsets'")
      }
      seen += 1
    }
    guard seen == 3, !entry.type.isEmpty, entry.range.count == 2 else {
      throw scanner.mistake("'dtype', 'shape' and two 'data_offsets' before this")
    }
    return entry
  }
}

/// Reads the few kinds of JSON values that stand in a header.
private struct HeaderScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func mistake(_ expected: String) -> FileProblem {
    FileProblem(
      "this is not the JSON of a safetensors file", at: .byte(position, of: "the header"), expected: expected)
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func skip(_ letter: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: letter) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ letter: Unicode.Scalar) throws(FileProblem) {
    guard skip(letter) else { throw mistake("'\(letter)'") }
  }

  mutating func expectEnd() throws(FileProblem) {
    skipSpace()
    guard position == bytes.count else { throw mistake("nothing more") }
  }

  /// Goes through an object; `read` is given each name and reads its value.
  mutating func eachMember(
    _ read: (inout HeaderScanner, String) throws(FileProblem) -> Void
  ) throws(FileProblem) {
    try expect("{")
    if skip("}") { return }
    repeat {
      let name = try text()
      try expect(":")
      try read(&self, name)
    } while skip(",")
    try expect("}")
  }

  /// A list of whole numbers.
  mutating func numbers(most: Int) throws(FileProblem) -> [Int] {
    try expect("[")
    var numbers: [Int] = []
    if skip("]") { return numbers }
    repeat {
      skipSpace()
      let isNegative = skip("-")
      let start = position
      var number = 0
      while position < bytes.count, case 0x30...0x39 = bytes[position] {
        // Nineteen digits may be too many, eighteen are not.
        guard position - start < 18 else { throw mistake("a number below 10¹⁸") }
        number = number * 10 + Int(bytes[position] - 0x30)
        position += 1
      }
      guard position > start, numbers.count < most else { throw mistake("at most \(most) whole numbers") }
      numbers.append(isNegative ? -number : number)
    } while skip(",")
    try expect("]")
    return numbers
  }

  mutating func text() throws(FileProblem) -> String {
    try expect("\"")
    let start = position
    while position < bytes.count, bytes[position] != 0x22, bytes[position] != 0x5C, bytes[position] >= 0x20 {
      position += 1
    }
    guard position < bytes.count, bytes[position] != 0x22 else {
      guard position < bytes.count, let text = String(validating: bytes[start..<position], as: UTF8.self) else {
        throw mistake("text in UTF-8 and a closing quotation mark")
      }
      position += 1
      return text
    }
    var letters = Array(bytes[start..<position])
    while position < bytes.count, bytes[position] >= 0x20 {
      let byte = bytes[position]
      position += 1
      switch byte {
      case 0x22:
        if let text = String(validating: letters, as: UTF8.self) { return text }
        throw mistake("text in UTF-8 before this")
      case 0x5C: letters += try escaped()
      default: letters.append(byte)
      }
    }
    throw mistake("a closing quotation mark")
  }

  /// What stands after a backslash, in UTF-8.
  private mutating func escaped() throws(FileProblem) -> [UInt8] {
    guard position < bytes.count else { throw mistake("an escaped character") }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): break
    default: throw mistake("one of \" \\ / b f n r t u before this")
    }
    var units = [try hexadecimal()]
    if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: [0x5C, UInt8(ascii: "u")]) {
      position += 2
      units.append(try hexadecimal())
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw mistake("a Unicode character before this") }
    return Array(text.utf8)
  }

  private mutating func hexadecimal() throws(FileProblem) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw mistake("four hexadecimal digits") }
    position += 4
    return unit
  }
}

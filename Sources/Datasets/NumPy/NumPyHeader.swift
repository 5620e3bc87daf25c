import BVAEArrays
import BVAEPlatform

/// The header of NumPy's file of one array (NumPy Enhancement Proposal 1, versions 1.0 to 3.0): a Python dictionary of
/// element type, order and shape.
package struct NumPyHeader: Equatable, Sendable {
  /// The element type as written: `<f4`, `|u1`.
  let type: String
  /// Whether the first index runs fastest rather than the last.
  let isFortran: Bool
  package let shape: [Int]

  /// What every array begins with.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The most bytes of a header, and the most dimensions.
  static let longest = 1 << 16, mostDimensions = 32

  /// How its numbers lie; nil where the elements are no numbers.
  var number: BinaryNumber? {
    let letters = Array(type.utf8)
    guard letters.count == 3, let size = Int(String(decoding: letters[2...], as: UTF8.self)) else { return nil }
    let order: ByteOrder
    switch letters[0] {
    case UInt8(ascii: "<"): order = .little
    case UInt8(ascii: ">"): order = .big
    case UInt8(ascii: "|") where size == 1: order = .little
    default: return nil
    }
    switch (letters[1], size) {
    case (UInt8(ascii: "b"), 1): return BinaryNumber(kind: .truth, size: size, order: order)
    case (UInt8(ascii: "u"), 1), (UInt8(ascii: "u"), 2), (UInt8(ascii: "u"), 4), (UInt8(ascii: "u"), 8):
      return BinaryNumber(kind: .unsigned, size: size, order: order)
    case (UInt8(ascii: "i"), 1), (UInt8(ascii: "i"), 2), (UInt8(ascii: "i"), 4), (UInt8(ascii: "i"), 8):
      return BinaryNumber(kind: .signed, size: size, order: order)
    case (UInt8(ascii: "f"), 2), (UInt8(ascii: "f"), 4), (UInt8(ascii: "f"), 8):
      return BinaryNumber(kind: .floating, size: size, order: order)
    default: return nil
    }
  }

  /// Whether the elements are Python objects, pickled, which are not read: reading them would run their code.
  var isObjects: Bool { type.hasSuffix("O") }

  /// How texts lie, where the elements are texts: of code points (`<U12`), or of bytes (`|S12`).
  var text: (letters: Int, bytesOfLetter: Int, order: ByteOrder)? {
    guard let letters = Int(type.dropFirst(2)), (1...4096).contains(letters) else { return nil }
    return switch type.prefix(2) {
    case "<U": (letters, 4, .little)
    case ">U": (letters, 4, .big)
    case "|S": (letters, 1, .little)
    default: nil
    }
  }

  /// Reads a header's text.
  /// - Parameter offset: where the text begins, for errors.
  init(_ text: [UInt8], at offset: Int) throws(FileProblem) {
    var scanner = HeaderScanner(text: text, offset: offset)
    var type: String?, isFortran: Bool?, shape: [Int]?
    try scanner.expect("{")
    while !scanner.skip("}") {
      let key = try scanner.quoted("a key in quotes or }")
      try scanner.expect(":")
      switch key {
      case "descr": type = try scanner.quoted("an element type in quotes; arrays of records are not read")
      case "fortran_order": isFortran = try scanner.truth()
      case "shape": shape = try scanner.tuple()
      default: throw scanner.mistake("'descr', 'fortran_order' or 'shape' for a key, not '\(key)'")
      }
      if !scanner.skip(",") {
        try scanner.expect("}")
        break
      }
    }
    try scanner.expectEnd()
    guard let type, let isFortran, let shape else {
      throw scanner.mistake("the keys 'descr', 'fortran_order' and 'shape'")
    }
    (self.type, self.isFortran, self.shape) = (type, isFortran, shape)
  }
}

/// Reads the few Python values that stand in a header.
private struct HeaderScanner {
  private let text: [UInt8]
  private let offset: Int
  private var position = 0

  init(text: [UInt8], offset: Int) { (self.text, self.offset) = (text, offset) }

  func mistake(_ expected: String) -> FileProblem {
    FileProblem("the array's header is damaged", at: .byte(offset + position), expected: expected)
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x0A, 0x0D, 0x09].contains(text[position]) { position += 1 }
  }

  mutating func skip(_ letter: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: letter) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ letter: Unicode.Scalar) throws(FileProblem) {
    guard skip(letter) else { throw mistake("\(letter)") }
  }

  mutating func expectEnd() throws(FileProblem) {
    skipSpace()
    guard position == text.count else { throw mistake("nothing more") }
  }

  mutating func quoted(_ expected: String) throws(FileProblem) -> String {
    skipSpace()
    guard position < text.count, [0x27, 0x22].contains(text[position]),
      let end = text[(position + 1)...].firstIndex(of: text[position]), end - position <= 64
    else { throw mistake(expected) }
    defer { position = end + 1 }
    return String(decoding: text[(position + 1)..<end], as: UTF8.self)
  }

  mutating func truth() throws(FileProblem) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw mistake("True or False")
  }

  mutating func tuple() throws(FileProblem) -> [Int] {
    try expect("(")
    var numbers: [Int] = []
    while !skip(")") {
      skipSpace()
      let digits = text[position...].prefix { (0x30...0x39).contains($0) }
      guard let number = Int(String(decoding: digits, as: UTF8.self)), numbers.count < NumPyHeader.mostDimensions else {
        throw mistake("whole numbers, at most \(NumPyHeader.mostDimensions) of them")
      }
      numbers.append(number)
      position = digits.endIndex
      // Python 2 marked long numbers.
      _ = skip("L")
      if !skip(",") {
        try expect(")")
        break
      }
    }
    return numbers
  }
}

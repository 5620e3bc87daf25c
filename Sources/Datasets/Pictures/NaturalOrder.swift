/// Things in the order of their names, in which numbers count as numbers.
package func naturallySorted<Thing>(_ things: [Thing], by name: (Thing) -> [UInt8]) -> [Thing] {
  things.map { (thing: $0, parts: NameParts(name($0))) }.sorted { $0.parts < $1.parts }.map(\.thing)
}

/// Names in an order in which the numbers in them count as numbers.
package func naturallySorted(_ names: [String]) -> [String] { naturallySorted(names) { Array($0.utf8) } }

/// A name cut into numbers and what stands between them.
private struct NameParts: Comparable {
  private enum Part: Comparable {
    // Longer numbers are larger once leading zeros are gone.
    case number(length: Int, digits: [UInt8])
    case text([UInt8])

    static func < (a: Part, b: Part) -> Bool {
      switch (a, b) {
      case (.number(let length, let digits), .number(let otherLength, let other)):
        length == otherLength ? digits.lexicographicallyPrecedes(other) : length < otherLength
      case (.text(let text), .text(let other)): text.lexicographicallyPrecedes(other)
      case (.number, .text): true
      case (.text, .number): false
      }
    }
  }

  private var parts: [Part] = []
  private let name: [UInt8]

  init(_ name: [UInt8]) {
    self.name = name
    var rest = name[...]
    while let first = rest.first {
      let isNumber = (0x30...0x39).contains(first)
      let part = rest.prefix { (0x30...0x39).contains($0) == isNumber }
      let digits = Array(part.drop { $0 == 0x30 })
      parts.append(isNumber ? .number(length: digits.count, digits: digits) : .text(Array(part)))
      rest = rest[part.endIndex...]
    }
  }

  static func == (a: NameParts, b: NameParts) -> Bool { a.name == b.name }

  static func < (a: NameParts, b: NameParts) -> Bool {
    if a.parts == b.parts { return a.name.lexicographicallyPrecedes(b.name) }
    return a.parts.lexicographicallyPrecedes(b.parts)
  }
}

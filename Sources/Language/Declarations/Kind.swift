/// What a parameter takes. A parameter may take several kinds; a script's value must suit one of them.
package enum Kind: Hashable, Sendable {
  /// Any value.
  case any
  /// A number within bounds.
  case number(NumberBounds)
  /// A whole number within bounds.
  case integer(ClosedRange<Int>)
  /// One whole number, a range or a list of them, each within bounds; none is needed.
  case integers(ClosedRange<Int>)
  /// Things that have numbers, as `integers`, and names: a text, a list, or a bare word that is no variable.
  case named(NamedThings)
  /// A list of numbers.
  case numbers
  /// A list of numbers, or a list of lists of as many numbers each: what is saved as an array.
  case array
  /// A range of numbers that ends after it begins, `-3..3`.
  case range
  /// A list of any values.
  case list
  /// A text.
  case text
  /// The path of a file that must be there.
  case inputPath
  /// The path of a file that is to be written.
  case outputPath
  /// The path of a folder, which need not be there.
  case folder
  /// True or false.
  case truth
  /// One of a fixed set of bare words.
  case words([String])
  /// This very bare word; other bare words are variables.
  case keyword(String)
  /// An object by the name of its type.
  case object(String)
  /// Any bare word: the name of something, not its value.
  case name
  /// All that follows, word for word: what help is asked for.
  case topic
  /// A call or an expression, run by the command itself.
  case command

  /// Any number.
  package static var number: Kind { .number(.any) }
  /// A whole number of 1 or more.
  package static var count: Kind { .integer(1...Kind.largest) }
  /// What `seed` takes.
  package static var seed: Kind { .integer(0...Kind.largest) }
  /// An object of a type.
  package static func object(_ type: any ScriptObject.Type) -> Kind { .object(type.typeName) }

  /// 2⁵³, the upper bound of whole numbers that need no other.
  package static let largest = 9_007_199_254_740_992
}

/// What has a number and may have a name.
package struct NamedThings: Hashable, Sendable {
  /// The numbers.
  let range: ClosedRange<Int>
  /// What a number is called: `label`.
  let number: String
  /// What a name is called: `class name`.
  let name: String
  /// What stands for a name in a command's syntax: `CLASS`.
  let placeholder: String

  package init(_ range: ClosedRange<Int>, number: String, name: String, placeholder: String) {
    (self.range, self.number, self.name, self.placeholder) = (range, number, name, placeholder)
  }
}

/// Which numbers are taken.
package enum NumberBounds: Hashable, Sendable {
  /// All.
  case any
  /// Those above 0.
  case positive
  /// 0 and above.
  case notNegative
  /// Those of a range, its ends included.
  case within(ClosedRange<Double>)

  func contains(_ number: Double) -> Bool {
    switch self {
    case .any: number.isFinite
    case .positive: number.isFinite && number > 0
    case .notNegative: number.isFinite && number >= 0
    case .within(let range): range.contains(number)
    }
  }
}

extension Kind {
  /// What is expected, in words: `a whole number from 0 to 9`.
  var expectation: String {
    switch self {
    case .any: "a value"
    case .number(.any): "a number"
    case .number(.positive): "a number above 0"
    case .number(.notNegative): "a number of 0 or more"
    case .number(.within(let range)): "a number from \(range.lowerBound.scriptText) to \(range.upperBound.scriptText)"
    case .integer(let range): "a whole number\(Self.bounds(range))"
    case .integers(let range): "a whole number\(Self.bounds(range)), a range or a list of them"
    case .named(let things):
      "\(withArticle(things.number))\(Self.bounds(things.range)), \(withArticle(things.name)), a range or a list of them"
    case .numbers: "a list of numbers"
    case .array: "a list of numbers or of lists of numbers"
    case .range: "a range such as -3..3"
    case .list: "a list"
    case .text: "a text"
    case .inputPath, .outputPath, .folder: "a path in quotes"
    case .truth: "true or false"
    case .words: Self.alternatives(expectations)
    case .keyword(let word): "'\(word)'"
    case .object(let name): withArticle(name)
    case .name, .topic: "a name"
    case .command: "a command"
    }
  }

  /// The alternatives that `expectation` joins.
  var expectations: [String] {
    if case .words(let words) = self { words.map { "'\($0)'" } } else { [expectation] }
  }

  /// What stands for a value in a command's syntax: `N`, `train|test`, `DATASET`.
  var placeholder: String {
    switch self {
    case .any: "VALUE"
    case .number: "NUMBER"
    case .integer: "N"
    case .integers: "N|0..9|[1, 7]"
    case .named(let things): "N|0..9|[1, 7]|\(things.placeholder)"
    case .numbers, .array: "[1, 7]"
    case .range: "-3..3"
    case .list: "LIST"
    case .text: "\"…\""
    case .inputPath, .outputPath, .folder: "\"path\""
    case .truth: "true|false"
    case .words(let words): words.joined(separator: "|")
    case .keyword(let word): word
    case .object(let name): name.uppercased()
    case .name, .topic: "NAME"
    case .command: "COMMAND"
    }
  }

  private static func bounds(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (-largest, largest): ""
    case (let low, largest): " of \(low) or more"
    case (let low, let high): " from \(low) to \(high)"
    }
  }

  /// `'a', 'b' or 'c'`
  package static func alternatives(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.listed("or")
  }
}

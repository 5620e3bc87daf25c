import BVAEPlatform

extension FunctionDeclaration {
  static let texts: [FunctionDeclaration] = [
    FunctionDeclaration(
      name: "text", syntax: "text(x, decimals)", summary: "a value as text, a number with so many decimals",
      example: "print \"a third is \" + text(1 / 3, 3)",
      arity: 1...2, parameters: [[.any], [.number]], result: { _ in .text },
      apply: {
        guard $0.count > 1 else { return .text($0[0].text) }
        guard case .number(let number) = $0[0] else {
          throw ScriptFailure("only numbers can have decimals; \($0[0].found)")
        }
        return .text(number.formatted(decimals: try decimals($0[1])))
      }),
    FunctionDeclaration(
      name: "number", syntax: "number(text)", summary: "the number that a text holds",
      example: "epochs = number(\"20\")",
      arity: 1...1,
      parameters: [[.text, .number]], result: { _ in .number },
      apply: {
        guard case .text(let text) = $0[0] else { return $0[0] }
        guard let number = Double(text.withoutOuterBlanks), number.isFinite,
          text.utf8.allSatisfy({ !UInt8.isLetter($0) || $0 | 32 == UInt8(ascii: "e") })
        else { throw ScriptFailure("\($0[0].brief) is not a number") }
        return .number(number)
      }),
    FunctionDeclaration(
      name: "split", syntax: "split(text, separator)", summary: "the parts of a text between separators (blanks)",
      example: "print split(\"a,b\", \",\")", arity: 1...2, parameters: [[.text], [.text]], result: { _ in .list },
      apply: {
        let text = $0[0].text
        guard $0.count > 1 else {
          return .list(try ScriptList(text.split(whereSeparator: \.isWhitespace).map { .text(String($0)) }))
        }
        let separator = $0[1].text
        guard !separator.isEmpty else { throw ScriptFailure("a separator has one character or more") }
        return .list(try ScriptList(text.components(by: separator).map { .text($0) }))
      }),
    FunctionDeclaration(
      name: "replace", syntax: "replace(text, part, by)", summary: "a text with each occurrence of a part replaced",
      example: "print replace(\"a-b\", \"-\", \" \")", arity: 3...3, parameters: [[.text]], result: { _ in .text },
      apply: {
        guard !$0[1].text.isEmpty else { throw ScriptFailure("what is replaced has one character or more") }
        let joined = $0[0].text.components(by: $0[1].text).joined(separator: $0[2].text)
        try Arithmetic.checkLength(joined.utf8.count)
        return .text(joined)
      }),
    FunctionDeclaration(
      name: "upper", syntax: "upper(text)", summary: "a text in capital letters", example: "print upper(\"abc\")",
      arity: 1...1, parameters: [[.text]], result: { _ in .text }, apply: { .text($0[0].text.uppercased()) }),
    FunctionDeclaration(
      name: "lower", syntax: "lower(text)", summary: "a text in small letters", example: "print lower(\"ABC\")",
      arity: 1...1, parameters: [[.text]], result: { _ in .text }, apply: { .text($0[0].text.lowercased()) }),
    FunctionDeclaration(
      name: "contains", syntax: "contains(x, part)",
      summary: "whether a text has a part, or a list a value; the same as 'part in x'",
      example: "print contains(\"abc\", \"b\"), contains([1, 2], 3)", arity: 2...2,
      parameters: [[.text, .list, .range], [.any]], result: { _ in .truth },
      apply: {
        .truth(try Membership.holds($0[1], in: $0[0]))
      }),
  ]

  static let lists: [FunctionDeclaration] = [
    FunctionDeclaration(
      name: "length", syntax: "length(x)", summary: "how many values, characters or elements there are",
      example: "print length([1, 2, 3]), length(\"abc\"), length(0..9)",
      arity: 1...1,
      parameters: [[.any]], result: { _ in .number },
      apply: {
        switch $0[0] {
        case .text(let text): return .number(text.count)
        case .list(let list): return .number(list.count)
        case .range(let range) where range.isWhole: return .number(range.count)
        case .object(let object) where type(of: object).elementType != nil: return .number(object.count)
        default: throw ScriptFailure("\($0[0].brief) has no length")
        }
      }),
    FunctionDeclaration(
      name: "list", syntax: "list(x)", summary: "the numbers of a range as a list", example: "print list(0..3)",
      arity: 1...1,
      parameters: [[.range, .list]], result: { _ in .list }, apply: { .list(try $0[0].listed()) }),
    FunctionDeclaration(
      name: "join", syntax: "join(a, b, …)", summary: "the values of several lists as one; single values count too",
      example: "print join([1, 2], 3, 4..5)",
      arity: 1...Int.max, parameters: [[.any]], result: { _ in .list },
      apply: { arguments in
        let parts = try arguments.map { argument -> ScriptList in
          switch argument {
          case .list, .range: try argument.listed()
          default: try ScriptList([argument])
          }
        }.filter { $0.count > 0 }
        let arrays = parts.compactMap(\.numbers)
        if arrays.count == parts.count, let array = NumberArray(joining: arrays) { return .list(ScriptList(array)) }
        let most = arrays.count == parts.count ? NumberArray.largest : ScriptList.largest
        guard parts.reduce(0, { $0 + $1.count }) <= most else {
          throw ScriptFailure("this list would have more than \(most.grouped) values")
        }
        return .list(try ScriptList(parts.flatMap(\.elements)))
      }),
    FunctionDeclaration(
      name: "sort", syntax: "sort(list)", summary: "a list of numbers or texts in rising order",
      example: "print sort([3, 1, 2])",
      arity: 1...1,
      parameters: [[.list, .range]], result: { _ in .list },
      apply: {
        let list = try $0[0].listed()
        if let array = list.numbers, array.shape.count == 1, !array.areTruths {
          return try .numbers(array.values.sorted(by: Samples.precedes))
        }
        let elements = list.elements
        return .list(
          try ScriptList(
            elements.sorted { try Comparison.compare(.less, $0, $1) }))
      }),
  ]
}

extension Value {
  /// The value as a list; a range is written out, at most `NumberArray.largest` numbers of it.
  package func listed() throws -> ScriptList {
    switch self {
    case .list(let list): return list
    case .range(let range):
      guard range.isWhole else { throw ScriptFailure("\(brief) is not a range of whole numbers") }
      guard range.count <= NumberArray.largest else {
        throw ScriptFailure("\(brief) is too long for a list, which holds up to \(NumberArray.largest.grouped) numbers")
      }
      guard range.count > 0 else { return .empty }
      return ScriptList(
        try NumberArray(shape: [range.count], values: (0..<range.count).map { range.lower + Double($0) }))
    default: throw ScriptFailure("expected a list; \(found)")
    }
  }

  /// The value with every number in it replaced.
  func mappingNumbers(_ body: (Double) throws -> Double) throws -> Value {
    switch self {
    case .number(let number): return .number(try body(number))
    case .list(let list):
      if let array = list.numbers, !array.areTruths { return .list(ScriptList(try array.map(body))) }
      return .list(try ScriptList(list.elements.map { try $0.mappingNumbers(body) }))
    case .range: return try Value.list(listed()).mappingNumbers(body)
    default: throw ScriptFailure("expected numbers; \(found)")
    }
  }
}

extension String {
  /// What stands between the occurrences of a text that is not empty.
  func components(by separator: String) -> [String] {
    var parts: [String] = [], rest = self[...]
    while let found = rest.firstRange(of: separator) {
      parts.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return parts + [String(rest)]
  }

  /// The text without the blanks, tabs and line breaks around it.
  var withoutOuterBlanks: Substring {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}

extension UInt8 {
  fileprivate static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 32) >= UInt8(ascii: "a") && (byte | 32) <= UInt8(ascii: "z")
  }
}

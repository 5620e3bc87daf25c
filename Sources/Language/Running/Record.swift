import BVAEPlatform

/// Values under names, in the order in which they were first set: `record("beta", 4, "error", 12.5)`.
package struct RecordValue: Marked {
  package static let typeName = "record"
  package static let typeSummary =
    "values under names: record(\"beta\", 4).beta is 4; r.beta = 5 sets one, r[\"a name\"] takes any text"
  package static let fields: [Field<RecordValue>] = [
    Field("names", .list, "the names, in their order") { .list(try ScriptList($0.names.map { .text($0) })) }
  ]
  package static let hasOwnFields = true
  package static let namedElementType: ValueType? = .any

  /// The names, in their order, and the value of each.
  package private(set) var names: [String]
  package private(set) var values: [Value]

  /// - Throws: `ScriptFailure` where a name is there twice or is empty.
  package init(_ parts: [(name: String, value: Value)]) throws {
    (names, values) = ([], [])
    for part in parts {
      guard !part.name.isEmpty else { throw ScriptFailure("a name in a record has one character or more") }
      guard !names.contains(part.name) else { throw ScriptFailure("the name '\(part.name)' is there twice") }
      names.append(part.name)
      values.append(part.value)
    }
    try measure()
  }

  /// How deep lists and records stand in it, and how many values they hold in all.
  private(set) var extent = (depth: 1, total: 0)

  /// - Throws: `ScriptFailure` where it is too deep or too large.
  private mutating func measure() throws {
    let parts = values.map(\.extent)
    extent = ((parts.map(\.depth).max() ?? 0) + 1, values.count + parts.reduce(0) { $0 + $1.total })
    try ScriptList.check(depth: extent.depth, total: extent.total)
  }

  /// Its own and those of its values.
  package var marks: Set<String> {
    get { values.reduce(into: ownMarks) { $0.formUnion($1.marks) } }
    set { ownMarks = newValue }
  }
  private var ownMarks: Set<String> = []

  /// The value under a name.
  package subscript(name: String) -> Value? { names.firstIndex(of: name).map { values[$0] } }

  package var summary: String {
    zip(names, values).map { "\($0) = \($1.type == .text ? $1.brief : Self.shown($1))" }.joined(separator: ", ")
  }

  /// Long lists and objects in a few words.
  private static func shown(_ value: Value) -> String {
    switch value {
    case .list(let list) where list.count > 8 || list.numbers?.shape.count ?? 1 > 1: value.brief
    case .object: value.brief
    default: value.text
    }
  }

  package func value(ofField name: String) throws -> Value? {
    if let own = self[name] { return own }
    return name == "names" ? try Self.fields[0].read(self) : nil
  }

  package func setting(_ field: String, to value: Value) throws -> any ScriptObject {
    var changed = self
    if let place = names.firstIndex(of: field) {
      changed.values[place] = value
    } else {
      guard !field.isEmpty else { throw ScriptFailure("a name in a record has one character or more") }
      changed.names.append(field)
      changed.values.append(value)
    }
    try changed.measure()
    return changed
  }

  package func elements(named wanted: [String], asList: Bool) throws -> Value {
    let parts = try wanted.map { name in
      guard let value = self[name] else {
        throw ScriptFailure(
          "the record has no '\(name)'", hint: Suggestion.hint(name, among: names) ?? "it has \(Kind.list(names))")
      }
      return (name, value)
    }
    return asList ? .object(try RecordValue(parts)) : parts[0].1
  }

  package func isEqual(to other: any ScriptObject) -> Bool {
    guard let other = other as? RecordValue, names.count == other.names.count else { return false }
    return names.allSatisfy { name in
      guard let a = self[name], let b = other[name] else { return false }
      return Comparison.isEqual(a, b)
    }
  }
}

extension FunctionDeclaration {
  static let record = FunctionDeclaration(
    name: "record", syntax: "record(name, value, …)", summary: "values under names",
    example: "best = record(\"beta\", 4, \"error\", 12.5)\nbest.error = 11\nprint best.beta, best",
    arity: 2...Int.max, parameters: [[.text], [.any]], repeats: 2, result: { _ in .object(RecordValue.typeName) },
    apply: { arguments in
      guard arguments.count % 2 == 0 else { throw ScriptFailure("'record' takes pairs of a name and a value") }
      return .object(
        try RecordValue(
          stride(from: 0, to: arguments.count, by: 2).map { (name: arguments[$0].text, value: arguments[$0 + 1]) }))
    })
}

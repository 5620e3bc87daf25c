/// A value of a domain that scripts can hold: a dataset, a model, a figure.
///
/// A type declares its fields once, and field access, `--check`, help and completion follow:
///
///     struct HistoryValue: ScriptObject {
///       static let typeName = "history"
///       static let fields: [Field<HistoryValue>] = [
///         Field("epochs", .number, "how many epochs were trained") { .number($0.losses.count) },
///         Field("loss", .list, "the loss of each epoch") { try .numbers($0.losses) },
///       ]
///       let losses: [Double]
///       var summary: String { "history of \(losses.count) epochs" }
///     }
package protocol ScriptObject: ArgumentValue {
  /// What a value of this type is called in messages: `dataset`.
  static var typeName: String { get }
  /// What can be asked of it behind a dot.
  static var fields: [Field<Self>] { get }
  /// What `x[0]` gives, nil where there is nothing to index.
  static var elementType: ValueType? { get }
  /// What `x[0..3]` gives, nil where it cannot be sliced.
  static var sliceType: ValueType? { get }
  /// One sentence for help.
  static var typeSummary: String { get }

  /// What the value is in one or a few lines, for the interactive mode and `print`.
  var summary: String { get }
  /// The same for a terminal of so many columns; nil where what is shown may be as wide as it is.
  func text(columns: Int?) -> String
  /// The same on a line of its own at the prompt, where what is long is shown in part.
  func glance(columns: Int?) -> String
  /// The same for pages, as a piece of HTML; nil where the text is all there is.
  var html: String? { get }
  /// How many elements can be indexed.
  var count: Int { get }
  /// The element at an index that lies in `0..<count`.
  func element(_ index: Int) throws -> Value
  /// The elements of a range that lies in `0..<count`.
  func slice(_ range: Range<Int>) throws -> Value
  /// The elements at places that lie in `0..<count`, in their order.
  func elements(_ places: [Int]) throws -> Value
  /// The element under a name, `x["digit"]`, or for several names the value with only these.
  func elements(named names: [String], asList: Bool) throws -> Value
  /// What `x["digit"]` gives, nil where elements have no names.
  static var namedElementType: ValueType? { get }
  /// The value of a field, nil where there is none of the name.
  func value(ofField name: String) throws -> Value?
  /// The value with a field of another value.
  func setting(_ field: String, to value: Value) throws -> any ScriptObject
  /// Whether its fields are those that a script gives it, beside the declared ones.
  static var hasOwnFields: Bool { get }
  /// Whether `==` holds; by default only for one and the same instance of a class.
  func isEqual(to other: any ScriptObject) -> Bool
  /// The value as a picture, where it is one: what `show` and a line of its own at the prompt show.
  func preview() throws -> Preview?
}

/// A field of a type of objects, and how it is read.
package struct Field<Object>: Sendable {
  let name: String
  let type: ValueType
  let summary: String
  let read: @Sendable (Object) throws -> Value

  /// A field that gives a value of `type`.
  package init(_ name: String, _ type: ValueType, _ summary: String, read: @escaping @Sendable (Object) throws -> Value)
  {
    self.name = name
    self.type = type
    self.summary = summary
    self.read = read
  }
}

extension ScriptObject {
  /// The summary: what is no table is left to the terminal.
  package func text(columns: Int?) -> String { summary }
  /// All of it.
  package func glance(columns: Int?) -> String { text(columns: columns) }
  /// None: the text is all there is.
  package var html: String? { nil }
  /// None.
  package static var fields: [Field<Self>] { [] }
  /// Nothing to index.
  package static var elementType: ValueType? { nil }
  /// Nothing to slice.
  package static var sliceType: ValueType? { nil }
  /// Nothing beyond the name.
  package static var typeSummary: String { "" }
  /// 0.
  package var count: Int { 0 }
  /// An error: there are no elements.
  package func element(_ index: Int) throws -> Value {
    throw ScriptFailure("\(withArticle(typeName)) has no elements to index")
  }
  /// An error: elements are not chosen by lists.
  package func elements(_ places: [Int]) throws -> Value {
    throw ScriptFailure("\(withArticle(typeName)) cannot be indexed by a list")
  }
  /// An error: there are no elements.
  package func slice(_ range: Range<Int>) throws -> Value {
    throw ScriptFailure("\(withArticle(typeName)) cannot be sliced")
  }
  /// None.
  package static var namedElementType: ValueType? { nil }
  /// Only the declared ones.
  package static var hasOwnFields: Bool { false }
  /// An error: elements have no names.
  package func elements(named names: [String], asList: Bool) throws -> Value {
    throw ScriptFailure("\(withArticle(typeName)) has no elements with names")
  }
  /// An error: fields tell what a value is.
  package func setting(_ field: String, to value: Value) throws -> any ScriptObject {
    throw ScriptFailure(
      "the fields of \(withArticle(typeName)) cannot be set", hint: "those of a record can: record(\"\(field)\", …)")
  }
  /// None.
  package func preview() throws -> Preview? { nil }
  /// One and the same instance of a class.
  package func isEqual(to other: any ScriptObject) -> Bool {
    type(of: self) is AnyClass && type(of: other) is AnyClass && (self as AnyObject) === (other as AnyObject)
  }

  var typeName: String { Self.typeName }

  /// The value of a declared field, nil where the type declares none of that name.
  package func value(ofField name: String) throws -> Value? {
    try Self.fields.first { $0.name == name }?.read(self)
  }
}

/// A type of objects as the checker and help know it.
package struct ObjectTypeDeclaration: Sendable {
  /// What can be asked behind a dot.
  package struct FieldSummary: Sendable {
    /// The name.
    package let name: String
    /// What it gives.
    package let type: ValueType
    /// What it is.
    package let summary: String
  }

  /// What a value of the type is called.
  package let name: String
  /// One sentence.
  package let summary: String
  /// Its fields.
  package let fields: [FieldSummary]
  /// What indexing gives.
  package let elementType: ValueType?
  /// What slicing gives.
  package let sliceType: ValueType?
  /// What indexing by a name gives.
  package let namedElementType: ValueType?
  /// Whether scripts give its values further fields.
  package let hasOwnFields: Bool
  /// Whether its values have marks of what went into them.
  package let isMarked: Bool

  /// What a type declares about itself.
  package init<Object: ScriptObject>(_ type: Object.Type) {
    name = type.typeName
    summary = type.typeSummary
    fields = type.fields.map { FieldSummary(name: $0.name, type: $0.type, summary: $0.summary) }
    elementType = type.elementType
    sliceType = type.sliceType
    namedElementType = type.namedElementType
    hasOwnFields = type.hasOwnFields
    isMarked = type is any Marked.Type
  }
}

/// A value that remembers marks of what went into it, such as that its data are not real.
///
/// The interpreter hands the marks on: what a command makes of such values, what a field of one gives and what is
/// indexed or sliced from one has them too. So no command has to think of them.
package protocol Marked: ScriptObject {
  /// What went into it that is to be told; empty where nothing is.
  var marks: Set<String> { get set }
}

extension Value {
  /// The marks of the value, or of a list's values.
  package var marks: Set<String> {
    switch self {
    case .object(let object): return (object as? any Marked)?.marks ?? []
    case .list(let list):
      guard list.numbers == nil else { return [] }
      var all: Set<String> = []
      for element in list.elements { all.formUnion(element.marks) }
      return all
    default: return []
    }
  }

  /// The value, with some marks more; what cannot have any is unchanged.
  func marked(_ marks: Set<String>) -> Value {
    guard !marks.isEmpty, case .object(let object) = self, var heir = object as? any Marked,
      !marks.isSubset(of: heir.marks)
    else { return self }
    heir.marks.formUnion(marks)
    return .object(heir)
  }
}

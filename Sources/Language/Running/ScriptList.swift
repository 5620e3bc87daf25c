/// A list of values, not too long and not nested too deeply to be printed, compared and freed.
///
/// Numbers, and lists of as many numbers each, are kept as a `NumberArray`, so that a million of them take 8 MB and are
/// computed with at the processor's speed. To whoever uses a list it makes no difference.
package struct ScriptList {
  /// The most values a list holds, those of the lists in it included; of numbers it holds more.
  package static let largest = 4_000_000
  /// How deep lists may stand in lists.
  package static let deepest = 32

  private enum Content {
    case values([Value])
    case numbers(NumberArray)
  }

  private final class Storage {
    fileprivate(set) var content: Content
    fileprivate(set) var depth: Int
    fileprivate(set) var total: Int

    init(_ content: Content, depth: Int, total: Int) {
      (self.content, self.depth, self.total) = (content, depth, total)
    }
  }

  // One reference keeps values small, of which lists hold millions.
  private var storage: Storage

  /// A list of values.
  /// - Throws: `ScriptFailure` when they are too many or nested too deeply.
  package init(_ elements: [Value]) throws {
    if let array = NumberArray(packing: elements) {
      self.init(array)
      return
    }
    var depth = 1
    var total = elements.count
    for element in elements {
      let inner = element.extent
      depth = max(depth, inner.depth + 1)
      total = min(total + inner.total, Self.largest + 1)
    }
    guard depth <= Self.deepest else { throw ScriptFailure("lists are nested more than \(Self.deepest) deep") }
    guard total <= Self.largest else {
      throw ScriptFailure("this list would have more than \(Self.largest.grouped) values")
    }
    self.init(Storage(.values(elements), depth: depth, total: total))
  }

  /// The list of some numbers.
  package init(_ array: NumberArray) {
    self.init(Storage(.numbers(array), depth: array.shape.count, total: min(array.count, Self.largest + 1)))
  }

  /// The list without values.
  package static var empty: ScriptList { ScriptList(Storage(.values([]), depth: 1, total: 0)) }

  private init(_ storage: Storage) { self.storage = storage }

  /// The number of values.
  package var count: Int {
    switch storage.content {
    case .values(let values): values.count
    case .numbers(let array): array.shape[0]
    }
  }

  /// The value at a place in `0..<count`.
  package subscript(place: Int) -> Value {
    switch storage.content {
    case .values(let values): values[place]
    case .numbers(let array): array.element(place)
    }
  }

  /// The values of a range of places.
  package subscript(range: Range<Int>) -> ScriptList {
    switch storage.content {
    case .values(let values): (try? ScriptList(Array(values[range]))) ?? .empty
    case .numbers(let array): range.isEmpty ? .empty : ScriptList(array.rows(range))
    }
  }

  /// The values, one by one.
  package var elements: [Value] {
    switch storage.content {
    case .values(let values): values
    case .numbers(let array): (0..<array.shape[0]).map(array.element)
    }
  }

  /// The numbers, or truth values, with their shape; nil where it holds anything else, or nothing.
  package var numbers: NumberArray? {
    if case .numbers(let array) = storage.content { array } else { nil }
  }

  /// Replaces a value, in its place where nothing else refers to the list.
  /// - Throws: `ScriptFailure` where it makes the list too large or too deep.
  mutating func replace(_ place: Int, by new: Value) throws {
    let isAlike = self[place].type == new.type && new.type != .list && new.type != .number && new.type != .truth
    guard isAlike, isKnownUniquelyReferenced(&storage), case .values(var values) = storage.content else {
      var elements = elements
      elements[place] = new
      self = try ScriptList(elements)
      return
    }
    let old = values[place].extent, own = new.extent
    let depth = max(storage.depth, own.depth + 1), total = storage.total - old.total + own.total
    try Self.check(depth: depth, total: total)
    storage.content = .values([])
    values[place] = new
    storage.content = .values(values)
    (storage.depth, storage.total) = (depth, total)
  }

  /// How deep lists and records stand in it, and how many values they hold in all.
  var extent: (depth: Int, total: Int) { (storage.depth, storage.total) }

  /// - Throws: `ScriptFailure` where values are nested too deeply, or are too many, to be printed, compared and freed.
  static func check(depth: Int, total: Int) throws {
    guard depth <= deepest else { throw ScriptFailure("lists and records are nested more than \(deepest) deep") }
    guard total <= largest else { throw ScriptFailure("this would hold more than \(largest.grouped) values") }
  }

  /// Changes the numbers of a list of numbers, in their place where nothing else refers to them.
  mutating func withNumbers(_ body: (inout NumberArray) -> Void) {
    guard case .numbers(var array) = storage.content else { return }
    if isKnownUniquelyReferenced(&storage) {
      storage.content = .values([])
      body(&array)
      storage.content = .numbers(array)
    } else {
      body(&array)
      self = ScriptList(array)
    }
  }
}

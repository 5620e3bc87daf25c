import BVAEPlatform
import Glibc

/// Numbers with a shape: those of a list, or of lists in lists that are equally long on each level, the last index
/// running fastest. The means of 10 codes of 4 latents have the shape [10, 4].
package struct NumberArray {
  /// The extent of each dimension, at least one.
  package let shape: [Int]
  /// Whether its numbers are 0 and 1 for false and true.
  package let areTruths: Bool
  private var storage: Storage
  private var offset: Int

  /// The most numbers that lists hold.
  package static let largest = 20_000_000

  /// Numbers that several arrays share.
  ///
  /// Unchecked: written while it is made, and while nothing else refers to it.
  private final class Storage: @unchecked Sendable {
    let values: UnsafeMutableBufferPointer<Double>
    private static let hugePage = 1 << 21

    init(count: Int, _ fill: (UnsafeMutableBufferPointer<Double>) throws -> Void) rethrows {
      let size = count * MemoryLayout<Double>.stride
      // Of many numbers most of the time would go into handing out pages of 4 KB.
      let isLarge = size >= 2 * Self.hugePage
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, size), alignment: isLarge ? Self.hugePage : 64)
      if isLarge { madvise(memory, size, Int32(MADV_HUGEPAGE)) }
      values = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Double.self, capacity: count), count: count)
      try fill(values)
    }

    convenience init(_ values: [Double]) { self.init(count: values.count) { _ = $0.initialize(from: values) } }

    deinit { UnsafeMutableRawPointer(values.baseAddress)?.deallocate() }
  }

  private init(shape: [Int], areTruths: Bool, storage: Storage, offset: Int) {
    (self.shape, self.areTruths, self.storage, self.offset) = (shape, areTruths, storage, offset)
  }

  /// As many numbers as the product of the shape.
  /// - Throws: `ScriptFailure` where these are more than `largest`.
  package init(shape: [Int], values: [Double], areTruths: Bool = false) throws {
    precondition(!shape.isEmpty && shape.reduce(1, *) == values.count)
    guard values.count <= Self.largest else {
      throw ScriptFailure("this list would have more than \(Self.largest.grouped) numbers")
    }
    self.init(shape: shape, areTruths: areTruths, storage: Storage(values), offset: 0)
  }

  /// Values that are all numbers, all truth values, or all arrays of one shape; nil for others, and for none.
  init?(packing elements: [Value]) {
    switch elements.first {
    case .number:
      var values: [Double] = []
      values.reserveCapacity(elements.count)
      for element in elements {
        guard case .number(let number) = element else { return nil }
        values.append(number)
      }
      self.init(shape: [values.count], areTruths: false, storage: Storage(values), offset: 0)
    case .truth:
      var values: [Double] = []
      values.reserveCapacity(elements.count)
      for element in elements {
        guard case .truth(let truth) = element else { return nil }
        values.append(truth ? 1 : 0)
      }
      self.init(shape: [values.count], areTruths: true, storage: Storage(values), offset: 0)
    case .list(let first):
      guard let own = first.numbers, own.shape.count < ScriptList.deepest else { return nil }
      var arrays: [NumberArray] = []
      for element in elements {
        guard case .list(let list) = element, let other = list.numbers, other.shape == own.shape else { return nil }
        arrays.append(other)
      }
      guard let joined = NumberArray(joining: arrays) else { return nil }
      self = joined.reshaped([elements.count] + own.shape)
    default: return nil
    }
  }

  /// The numbers of a list, or of a range of whole numbers.
  /// - Throws: `ScriptFailure` where it holds something else, or lists of different lengths.
  init(_ value: Value) throws {
    let list = try value.listed()
    if let array = list.numbers, !array.areTruths {
      self = array
      return
    }
    var shape = [list.count], inner = list
    while inner.count > 0, case .list(let next) = inner[0] {
      shape.append(next.count)
      inner = next
    }
    if let fault = Self.fault(list, shape, level: 0) { throw ScriptFailure(fault) }
    // Of this shape, and yet not packed: there are no numbers.
    try self.init(shape: shape, values: [])
  }

  /// Why a list has not the shape that its first elements have, or holds something else than numbers.
  private static func fault(_ list: ScriptList, _ shape: [Int], level: Int) -> String? {
    guard list.count == shape[level] else {
      return "the lists in it are of \(shape[level]) and \(counted(list.count, "value"))"
    }
    let isLast = level == shape.count - 1
    for element in list.elements {
      switch element {
      case .number where isLast: continue
      case .list(let inner) where !isLast:
        if let found = fault(inner, shape, level: level + 1) { return found }
      default: return "this list holds \(element.brief)"
      }
    }
    return nil
  }

  /// Arrays one behind the other along the first dimension; nil where their shapes do not go together, or there is none.
  init?(joining arrays: [NumberArray]) {
    guard let first = arrays.first, arrays.reduce(0, { $0 + $1.count }) <= Self.largest,
      arrays.allSatisfy({ $0.areTruths == first.areTruths && $0.shape.dropFirst() == first.shape.dropFirst() })
    else { return nil }
    let storage = Storage(count: arrays.reduce(0) { $0 + $1.count }) { result in
      var filled = 0
      for array in arrays {
        array.withValues { values in
          for i in values.indices { result[filled + i] = values[i] }
          filled += values.count
        }
      }
    }
    self.init(
      shape: [arrays.reduce(0) { $0 + $1.shape[0] }] + first.shape.dropFirst(), areTruths: first.areTruths,
      storage: storage, offset: 0)
  }

  /// How many numbers there are.
  package var count: Int { shape.reduce(1, *) }

  /// The numbers, the last index running fastest.
  package var values: [Double] { withValues(Array.init) }

  /// Calls `body` with the numbers, which are not copied.
  package func withValues<Result>(_ body: (UnsafeBufferPointer<Double>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(rebasing: storage.values[offset..<offset + count]))
    }
  }

  /// Sets the numbers of some runs, given the place of each among those that are set; where other arrays share them, in a
  /// copy.
  mutating func write(_ starts: [Int], run: Int, _ value: (Int) -> Double) {
    if !isKnownUniquelyReferenced(&storage) {
      let old = self
      storage = old.withValues { old in Storage(count: old.count) { _ = $0.initialize(from: old) } }
      offset = 0
    }
    for (place, start) in starts.enumerated() {
      for i in 0..<run { storage.values[offset + start + i] = value(place * run + i) }
    }
  }

  /// What an index of the first dimension gives: a number, a truth value or a list.
  package func element(_ place: Int) -> Value {
    guard shape.count > 1 else {
      let value = storage.values[offset + place]
      return areTruths ? .truth(value != 0) : .number(value)
    }
    let inner = Array(shape.dropFirst()), size = inner.reduce(1, *)
    // A list of no numbers has none to be kept.
    guard size > 0 else { return .list(.empty) }
    return .list(
      ScriptList(
        NumberArray(shape: inner, areTruths: areTruths, storage: storage, offset: offset + place * size)))
  }

  /// Some rows of the first dimension, at least one.
  func rows(_ range: Range<Int>) -> NumberArray {
    let size = shape.dropFirst().reduce(1, *)
    return NumberArray(
      shape: [range.count] + shape.dropFirst(), areTruths: areTruths, storage: storage,
      offset: offset + range.lowerBound * size)
  }

  /// Truth values as 0 and 1.
  var asNumbers: NumberArray { NumberArray(shape: shape, areTruths: false, storage: storage, offset: offset) }

  /// The same numbers in another shape.
  func reshaped(_ shape: [Int]) -> NumberArray {
    NumberArray(shape: shape, areTruths: areTruths, storage: storage, offset: offset)
  }

  /// Runs of numbers that begin at some places, one after the other.
  func gathering(_ starts: [Int], runs: Int, shape: [Int]) -> NumberArray {
    let storage = withValues { own in
      Storage(count: starts.count * runs) { result in
        for (row, start) in starts.enumerated() {
          for i in 0..<runs { result[row * runs + i] = own[start + i] }
        }
      }
    }
    return NumberArray(shape: shape, areTruths: areTruths, storage: storage, offset: 0)
  }

  /// The numbers as whole ones, where there are any and all of them are: labels, latents.
  package var wholeNumbers: [Int64]? {
    let whole = values.map { Value.number($0).whole }
    return whole.isEmpty || whole.contains(nil) ? nil : whole.map { Int64($0 ?? 0) }
  }

  /// Whether none is infinite or not a number.
  var areFinite: Bool {
    withValues { values in
      // An exponent of ones, and only that, runs over into the sign when one is added to it.
      var found: UInt64 = 0
      for value in values { found |= (value.bitPattern & 0x7FF0_0000_0000_0000) &+ 0x0010_0000_0000_0000 }
      return found < 1 << 63
    }
  }

  // MARK: - Number by number

  /// The same shape with each number replaced.
  @inline(__always)
  func map(areTruths: Bool = false, _ body: (Double) throws -> Double) rethrows -> NumberArray {
    let storage = try withValues { own in
      try Storage(count: own.count) { result in for i in own.indices { result[i] = try body(own[i]) } }
    }
    return NumberArray(shape: shape, areTruths: areTruths, storage: storage, offset: 0)
  }

  /// Two arrays number by number. The shapes are held against each other from their ends, as NumPy does: where one has no
  /// dimension, or one of extent 1, its numbers are used again for each of the other's.
  /// - Returns: nil where the shapes do not go together.
  @inline(__always)
  static func combined(
    _ a: NumberArray, _ b: NumberArray, areTruths: Bool = false, _ body: (Double, Double) -> Double
  ) -> NumberArray? {
    if a.shape == b.shape {
      let storage = a.withValues { a in
        b.withValues { b in
          Storage(count: a.count) { result in for i in 0..<a.count { result[i] = body(a[i], b[i]) } }
        }
      }
      return NumberArray(shape: a.shape, areTruths: areTruths, storage: storage, offset: 0)
    }
    if b.count == 1, b.shape.count <= a.shape.count {
      let number = b.withValues { $0[0] }
      return a.map(areTruths: areTruths) { body($0, number) }
    }
    if a.count == 1, a.shape.count <= b.shape.count {
      let number = a.withValues { $0[0] }
      return b.map(areTruths: areTruths) { body(number, $0) }
    }
    guard let shape = sharedShape(a.shape, b.shape) else { return nil }
    let first = a.places(in: shape), second = b.places(in: shape)
    let storage = a.withValues { a in
      b.withValues { b in
        Storage(count: first.count) { result in
          for i in 0..<first.count { result[i] = body(a[first[i]], b[second[i]]) }
        }
      }
    }
    return NumberArray(shape: shape, areTruths: areTruths, storage: storage, offset: 0)
  }

  /// The shape of what two shapes give together; nil where they do not go together.
  private static func sharedShape(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    var shape: [Int] = []
    for level in 0..<rank {
      let i = level - (rank - a.count), j = level - (rank - b.count)
      let own = i >= 0 ? a[i] : 1, other = j >= 0 ? b[j] : 1
      guard own == other || own == 1 || other == 1 else { return nil }
      shape.append(own == 1 ? other : own)
    }
    return shape.reduce(1, *) <= largest ? shape : nil
  }

  /// Where the number of each place of a larger shape stands among these.
  private func places(in larger: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: larger.count), step = 1
    for level in shape.indices.reversed() {
      if shape[level] > 1 { strides[level + larger.count - shape.count] = step }
      step *= shape[level]
    }
    var places = [0]
    for (extent, stride) in zip(larger, strides) {
      places = places.flatMap { place in (0..<extent).map { place + $0 * stride } }
    }
    return places
  }
}

import BVAEPlatform

/// `x[0]`, `x[-1]`, `x[1..]`, `x[.., 2]`, `x[[0, 3]]`, `x[x > 0]`: what an index chooses of a value.
struct Indexing {
  /// What stands for one dimension.
  enum Index {
    case value(Value)
    case slice(Int?, Int?)
  }

  /// What it chooses of a dimension.
  enum Choice {
    case place(Int)
    case range(Range<Int>)
    case places([Int])
  }

  private let indices: [Index]
  private let hint: String?

  /// - Parameter hint: what is to be said where an index is out of range.
  init(_ indices: [Index], hint: String?) { (self.indices, self.hint) = (indices, hint) }

  func apply(to value: Value) throws -> Value {
    guard indices.count == 1 else { return try applySeveral(to: value) }
    if case .object(let object) = value, case .value(let index) = indices[0], let names = index.names {
      return try object.elements(named: names, asList: index.type != .text)
    }
    let count: Int
    switch value {
    case .list(let list):
      count = list.count
      // Truth values of the same shape choose single numbers.
      if let array = list.numbers, case .value(.list(let mask)) = indices[0], let chosen = mask.numbers,
        chosen.areTruths, chosen.shape.count > 1, chosen.shape == array.shape
      {
        return .list(array.flattened.picked([.places(Self.places(chosen))]))
      }
    case .range(let range) where range.isWhole: count = range.count
    case .object(let object) where type(of: object).elementType != nil || type(of: object).sliceType != nil:
      count = object.count
    default: throw ScriptFailure("\(value.brief) cannot be indexed")
    }
    switch (try choice(indices[0], count: count), value) {
    case (.place(let place), .list(let list)): return list[place]
    case (.range(let range), .list(let list)): return .list(list[range])
    case (.places(let places), .list(let list)):
      if let array = list.numbers { return .list(array.picked([.places(places)])) }
      return .list(try ScriptList(places.map { list[$0] }))
    case (.place(let place), .range(let range)): return .number(range.lower + Double(place))
    case (.range(let places), .range(let range)):
      return .range(
        ScriptRange(range.lower + Double(places.lowerBound), range.lower + Double(places.upperBound) - 1))
    case (.places(let places), .range(let range)): return try .numbers(places.map { range.lower + Double($0) })
    case (.place(let place), .object(let object)): return try object.element(place)
    case (.range(let range), .object(let object)): return try object.slice(range)
    case (.places(let places), .object(let object)): return try object.elements(places)
    default: return .nothing
    }
  }

  /// What the only index chooses of so many elements.
  func choice(in count: Int) throws -> Choice {
    guard indices.count == 1 else { throw ScriptFailure("this list has no \(indices.count) dimensions") }
    return try choice(indices[0], count: count)
  }

  /// Where the numbers that are chosen begin, each the first of so many in a row; nil where the indices choose none of an
  /// array's dimensions.
  func places(in array: NumberArray) throws -> (places: [Int], run: Int)? {
    if indices.count == 1, case .value(.list(let mask)) = indices[0], let chosen = mask.numbers, chosen.areTruths,
      chosen.shape.count > 1, chosen.shape == array.shape
    {
      return (Self.places(chosen), 1)
    }
    guard indices.count <= array.shape.count else {
      throw ScriptFailure("this list has the shape \(array.shape), not \(indices.count) dimensions")
    }
    let chosen = array.chosen(try zip(indices, array.shape).map { try choice($0, count: $1) })
    return (chosen.starts, chosen.run)
  }

  private func applySeveral(to value: Value) throws -> Value {
    guard case .list(let list) = value, let array = list.numbers else {
      throw ScriptFailure(
        "\(value.brief) has no dimensions to take \(indices.count) indices", hint: "write x[0][1] for lists in lists")
    }
    guard indices.count <= array.shape.count else {
      throw ScriptFailure("this list has the shape \(array.shape), not \(indices.count) dimensions")
    }
    let choices = try zip(indices, array.shape).map { try choice($0, count: $1) }
    if let number = array.number(at: choices) { return number }
    return .list(array.picked(choices))
  }

  // MARK: - One dimension

  private func choice(_ index: Index, count: Int) throws -> Choice {
    switch index {
    case .slice(let lower, let upper):
      let first = fromStart(lower ?? 0, count), last = fromStart(upper ?? count - 1, count)
      guard first >= 0, last < count, last >= first - 1, first <= count else {
        let range = ScriptRange(Double(lower ?? 0), Double(upper ?? count - 1))
        throw outside(.range(range), count)
      }
      return .range(first..<last + 1)
    case .value(.range(let range)): return .range(try bounds(of: range, count: count))
    case .value(.list(let list)): return .places(try places(list, count: count))
    case .value(let value):
      guard let whole = value.whole else {
        throw ScriptFailure("an index is a whole number, a range or a list of them; \(value.found)")
      }
      let place = fromStart(whole, count)
      guard place >= 0, place < count else { throw outside(value, count) }
      return .place(place)
    }
  }

  /// Numbers below 0 count from the end.
  private func fromStart(_ place: Int, _ count: Int) -> Int { place < 0 ? place + count : place }

  private func bounds(of slice: ScriptRange, count: Int) throws -> Range<Int> {
    guard slice.isWhole else {
      throw ScriptFailure("a slice goes between whole numbers; this is \(Value.range(slice).brief)")
    }
    let isFromEnd = slice.lower < 0 && slice.upper < 0 && slice.count > 0
    let lower = Int(slice.lower) + (isFromEnd ? count : 0)
    if slice.count == 0 && lower >= 0 && lower <= count {
      guard slice.upper >= 0 || slice.lower == 0 else {
        throw ScriptFailure(
          "this range ends before it begins", hint: "to leave out the end write x[\(slice.lower.scriptText)..]")
      }
      return lower..<lower
    }
    guard lower >= 0, slice.count > 0, lower <= count - slice.count else { throw outside(.range(slice), count) }
    return lower..<lower + slice.count
  }

  private func places(_ list: ScriptList, count: Int) throws -> [Int] {
    guard list.count > 0 else { return [] }
    guard let array = list.numbers, array.shape.count == 1 else {
      throw ScriptFailure("an index is a whole number, a range or a list of them")
    }
    if array.areTruths {
      guard array.count == count else {
        throw ScriptFailure("\(counted(array.count, "truth value")) cannot choose among \(count)")
      }
      return Self.places(array)
    }
    return try array.values.map { number in
      guard let whole = Value.number(number).whole else {
        throw ScriptFailure("an index is a whole number; this list holds \(number.scriptText)")
      }
      let place = fromStart(whole, count)
      guard place >= 0, place < count else { throw outside(.number(number), count) }
      return place
    }
  }

  private static func places(_ truths: NumberArray) -> [Int] {
    truths.withValues { truths in truths.indices.filter { truths[$0] != 0 } }
  }

  private func outside(_ index: Value, _ count: Int) -> ScriptFailure {
    ScriptFailure(
      count == 0
        ? "the index \(index.brief) is out of range: there are no elements"
        : "the index \(index.brief) is out of range 0..\(count - 1)", hint: hint)
  }
}

extension NumberArray {
  /// All numbers as one list.
  var flattened: NumberArray { reshaped([count]) }

  /// The number where every dimension is told a place.
  func number(at choices: [Indexing.Choice]) -> Value? {
    guard choices.count == shape.count else { return nil }
    var place = 0
    for (choice, extent) in zip(choices, shape) {
      guard case .place(let index) = choice else { return nil }
      place = place * extent + index
    }
    return flattened.element(place)
  }

  /// What is chosen of the first dimensions; a dimension of which one place is chosen is none any more.
  func picked(_ choices: [Indexing.Choice]) -> ScriptList {
    let (starts, size, shape) = chosen(choices)
    guard !starts.isEmpty, size > 0 else { return .empty }
    return ScriptList(gathering(starts, runs: size, shape: shape))
  }

  /// Where the numbers that are chosen begin, each the first of so many in a row, and their shape.
  func chosen(_ choices: [Indexing.Choice]) -> (starts: [Int], run: Int, shape: [Int]) {
    var starts = [0], shape: [Int] = []
    var size = count
    for (choice, extent) in zip(choices, self.shape) {
      size = extent == 0 ? 0 : size / extent
      switch choice {
      case .place(let place): starts = starts.map { $0 + place * size }
      case .range(let range):
        starts = starts.flatMap { start in range.map { start + $0 * size } }
        shape.append(range.count)
      case .places(let places):
        starts = starts.flatMap { start in places.map { start + $0 * size } }
        shape.append(places.count)
      }
    }
    return (starts, size, shape + self.shape.dropFirst(choices.count))
  }
}

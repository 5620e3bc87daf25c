import BVAEPlatform

/// One step from a value to the part of it that is changed.
enum ChangeStep {
  case field(String)
  case index([Indexing.Index], Span)
}

extension Value {
  /// Replaces a part: `x[2]`, `x[x > 0]`, `row.name`, `rows[0].name`. Whatever else holds the value keeps it as it was.
  mutating func set(_ steps: ArraySlice<ChangeStep>, to new: Value) throws {
    guard let step = steps.first else {
      self = new
      return
    }
    switch step {
    case .index(let indices, let span):
      do {
        try set(indices, steps.dropFirst(), to: new)
      } catch let failure as ScriptFailure where failure.span == nil {
        throw ScriptFailure(failure.message, hint: failure.hint, at: span)
      }
    case .field(let name): try set(name, steps.dropFirst(), to: new)
    }
  }

  private mutating func set(_ indices: [Indexing.Index], _ rest: ArraySlice<ChangeStep>, to new: Value) throws {
    guard case .list(var list) = self else {
      if case .range = self {
        throw ScriptFailure("a range cannot be changed", hint: "make a list of it: list(0..9)")
      }
      throw ScriptFailure("\(brief) has no elements that can be changed")
    }
    // Nothing else refers to the list while it is changed, so that it need not be copied.
    self = .nothing
    defer { self = .list(list) }
    try list.set(indices, rest, to: new)
  }

  private mutating func set(_ name: String, _ rest: ArraySlice<ChangeStep>, to new: Value) throws {
    guard case .object(let object) = self else { throw ScriptFailure("\(type) has no field '\(name)' that can be set") }
    guard !rest.isEmpty else {
      self = .object(try object.setting(name, to: new))
      return
    }
    guard var part = try object.value(ofField: name) else { throw ScriptFailure("\(type) has no field '\(name)'") }
    try part.set(rest, to: new)
    self = .object(try object.setting(name, to: part))
  }

  /// The part that a change is of.
  func part(at steps: ArraySlice<ChangeStep>) throws -> Value {
    try steps.reduce(self) { value, step in
      switch (step, value) {
      case (.index(let indices, _), _): return try Indexing(indices, hint: nil).apply(to: value)
      case (.field(let name), .object(let object)):
        if let found = try object.value(ofField: name) { return found }
        if Swift.type(of: object).namedElementType != nil { return try object.elements(named: [name], asList: false) }
        throw ScriptFailure("\(value.type) has no field '\(name)'")
      case (.field(let name), _): throw ScriptFailure("\(value.type) has no field '\(name)'")
      }
    }
  }
}

extension ScriptList {
  fileprivate mutating func set(_ indices: [Indexing.Index], _ rest: ArraySlice<ChangeStep>, to new: Value) throws {
    let indexing = Indexing(indices, hint: nil)
    if !rest.isEmpty {
      guard case .place(let place) = try indexing.choice(in: count) else {
        throw ScriptFailure("several elements at once cannot be changed in part")
      }
      var element = self[place]
      try element.set(rest, to: new)
      try replace(place, by: element)
      return
    }
    if let target = try target(indexing), try changeNumbers(target, to: new) { return }
    guard indices.count == 1 else {
      throw ScriptFailure("only numbers can be put among numbers in several dimensions; \(new.found)")
    }
    switch try indexing.choice(in: count) {
    case .place(let place): try replace(place, by: new)
    case .range(let range): try replace(Array(range), by: new)
    case .places(let places): try replace(places, by: new)
    }
  }

  /// Which numbers of a list of numbers are changed. It keeps no hold of them, so that they are changed in their place.
  private struct Target {
    let places: [Int]
    let run: Int
    let areTruths: Bool
    let isFlat: Bool
  }

  private func target(_ indexing: Indexing) throws -> Target? {
    guard let array = numbers, let (places, run) = try indexing.places(in: array) else { return nil }
    return Target(places: places, run: run, areTruths: array.areTruths, isFlat: array.shape.count == 1)
  }

  /// Puts numbers, or truth values, into an array of the same sort: one for all places, or one for each.
  /// - Returns: false where they are of another sort.
  private mutating func changeNumbers(_ target: Target, to new: Value) throws -> Bool {
    let places = target.places, run = target.run, count = places.count * run
    switch new {
    case .number(let number) where !target.areTruths: withNumbers { $0.write(places, run: run) { _ in number } }
    case .truth(let truth) where target.areTruths: withNumbers { $0.write(places, run: run) { _ in truth ? 1 : 0 } }
    case .list, .range:
      guard let other = try new.listed().numbers, other.areTruths == target.areTruths else { return false }
      // One element of a list of lists takes a list of its length.
      guard other.count == count || other.count == run && places.count > 1 else {
        if target.isFlat && places.count == 1 { return false }
        throw ScriptFailure("\(counted(count, "value")) cannot be replaced by \(other.count)")
      }
      let values = other.values
      withNumbers { $0.write(places, run: run) { values[$0 % values.count] } }
    default: return false
    }
    return true
  }

  private mutating func replace(_ places: [Int], by new: Value) throws {
    var elements = elements
    if case .list(let list) = new, list.count == places.count {
      for (place, value) in zip(places, list.elements) { elements[place] = value }
    } else {
      guard new.type != .list && new.type != .range else {
        throw ScriptFailure("\(counted(places.count, "value")) cannot be replaced by \(new.brief)")
      }
      for place in places { elements[place] = new }
    }
    self = try ScriptList(elements)
  }
}

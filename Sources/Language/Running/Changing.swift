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
    switch (step, self) {
    case (.index(let indices, let span), .list(var list)):
      // Nothing else refers to the list while it is changed, so that it need not be copied.
      self = .nothing
      defer { self = .list(list) }
      do {
        try list.set(indices, steps.dropFirst(), to: new)
      } catch let failure as ScriptFailure where failure.span == nil {
        throw ScriptFailure(failure.message, hint: failure.hint, at: span)
      }
    case (.index(_, let span), .range):
      throw ScriptFailure(
        "a range cannot be changed", hint: "make a list of it: list(0..9)", at: span)
    case (.index(_, let span), _): throw ScriptFailure("\(brief) has no elements that can be changed", at: span)
    case (.field(let name), .object(let object)):
      guard steps.count > 1 else {
        self = .object(try object.setting(name, to: new))
        return
      }
      guard var part = try object.value(ofField: name) else { throw ScriptFailure("\(type) has no field '\(name)'") }
      try part.set(steps.dropFirst(), to: new)
      self = .object(try object.setting(name, to: part))
    case (.field(let name), _): throw ScriptFailure("\(type) has no field '\(name)' that can be set")
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
    if let array = numbers, let (places, run) = try indexing.places(in: array),
      try changeNumbers(places, run: run, to: new)
    {
      return
    }
    guard indices.count == 1 else {
      throw ScriptFailure("only numbers can be put among numbers in several dimensions; \(new.found)")
    }
    switch try indexing.choice(in: count) {
    case .place(let place): try replace(place, by: new)
    case .range(let range): try replace(Array(range), by: new)
    case .places(let places): try replace(places, by: new)
    }
  }

  /// Puts numbers, or truth values, into an array of the same sort: one for all places, or one for each.
  /// - Returns: false where they are of another sort.
  private mutating func changeNumbers(_ places: [Int], run: Int, to new: Value) throws -> Bool {
    guard let own = numbers else { return false }
    let count = places.count * run
    switch new {
    case .number(let number) where !own.areTruths:
      withNumbers { $0.write(places, run: run) { _ in number } }
    case .truth(let truth) where own.areTruths:
      withNumbers { $0.write(places, run: run) { _ in truth ? 1 : 0 } }
    case .list, .range:
      guard let other = try new.listed().numbers, other.areTruths == own.areTruths else { return false }
      // One element of a list of lists takes a list of its length.
      guard other.count == count || other.count == run && places.count > 1 else {
        if own.shape.count == 1 && places.count == 1 { return false }
        throw ScriptFailure("\(counted(count, "value")) cannot be replaced by \(other.count)")
      }
      let values = other.values
      withNumbers { $0.write(places, run: run) { values[$0 % values.count] } }
    default: return false
    }
    return true
  }

  private mutating func replace(_ place: Int, by new: Value) throws {
    var elements = elements
    elements[place] = new
    self = try ScriptList(elements)
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

/// `0..10 step 2`
enum Steps {
  /// first, first + width, … as far as last, which is among them where rounding alone keeps it out.
  static func values(from first: Double, to last: Double, by width: Double) throws -> [Double] {
    guard width != 0 else { throw ScriptFailure("a step of 0 leads nowhere") }
    let count = ((last - first) / width + 1e-9).rounded(.down) + 1
    guard count <= Double(NumberArray.largest) else {
      throw ScriptFailure("this range would have more than \(NumberArray.largest.grouped) numbers")
    }
    return (0..<max(0, Int(count))).map { first + Double($0) * width }
  }
}

/// `x in list`, `part in text`
enum Membership {
  static func holds(_ value: Value, in whole: Value) throws -> Bool {
    if let complaint = complaint(about: value.type, in: whole.type) { throw ScriptFailure(complaint) }
    switch (value, whole) {
    case (.text(let part), .text(let text)): return part.isEmpty || text.components(by: part).count > 1
    case (.number(let number), .range(let range)):
      return range.isWhole && range.count > 0
        && (range.lower...range.upper).contains(number) && number == number.rounded()
    default:
      let list = try whole.listed()
      if case .number(let number) = value, let array = list.numbers, array.shape.count == 1, !array.areTruths {
        return array.withValues { $0.contains(number) }
      }
      return (0..<list.count).contains { Comparison.isEqual(list[$0], value) }
    }
  }

  /// What is wrong with such a question, nil where some values can be asked for.
  static func complaint(about value: ValueType, in whole: ValueType) -> String? {
    switch whole {
    case .any, .list, .range: nil
    case .text: value == .text || value == .any ? nil : "a part of a text is a text; \(value.found)"
    default: "what a value is looked for in is a list, a range or a text; \(whole.found)"
    }
  }
}

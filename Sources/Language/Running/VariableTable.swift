/// Variables by name, in the order in which they were first set.
///
/// A loop reads and sets a few variables a million times: as long as there are few, comparing names costs less than
/// hashing them.
package struct VariableTable {
  private var names: [String] = []
  private var values: [Value] = []
  /// Where each name stands, once there are many.
  private var places: [String: Int] = [:]
  private static let few = 12

  /// Without variables.
  package init() {}

  /// The names.
  package var keys: [String] { names }

  /// The value of a variable; nil where there is none.
  package subscript(name: String) -> Value? {
    get { place(of: name).map { values[$0] } }
    set {
      guard let newValue else { return remove(name) }
      if let place = place(of: name) {
        values[place] = newValue
        return
      }
      names.append(name)
      values.append(newValue)
      if names.count == Self.few + 1 {
        for (place, name) in names.enumerated() { places[name] = place }
      } else if names.count > Self.few {
        places[name] = names.count - 1
      }
    }
  }

  /// Changes the value of a variable in its place, so that large ones are not copied.
  /// - Returns: whether there is one of the name.
  mutating func change(_ name: String, _ body: (inout Value) throws -> Void) rethrows -> Bool {
    guard let place = place(of: name) else { return false }
    try body(&values[place])
    return true
  }

  /// The name of the last value that the prompt has shown.
  static let lastValue = "_"

  /// The variables by their names, without the prompt's last value.
  package var sorted: [(key: String, value: Value)] {
    zip(names, values).map { (key: $0, value: $1) }.filter { $0.key != Self.lastValue }.sorted { $0.key < $1.key }
  }

  /// The sort of value of each.
  var types: [String: ValueType] {
    Dictionary(uniqueKeysWithValues: zip(names, values.map(\.type)))
  }

  private func place(of name: String) -> Int? {
    guard names.count <= Self.few else { return places[name] }
    for place in names.indices where names[place] == name { return place }
    return nil
  }

  private mutating func remove(_ name: String) {
    guard let place = place(of: name) else { return }
    names.remove(at: place)
    values.remove(at: place)
    places = [:]
    if names.count > Self.few { for (place, name) in names.enumerated() { places[name] = place } }
  }
}

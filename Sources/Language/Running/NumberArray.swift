import BVAEPlatform

/// Numbers with a shape: those of a list, or of lists in lists that are equally long on each level, the last index
/// running fastest. The means of 10 codes of 4 latents have the shape [10, 4].
package struct NumberArray {
  /// The extent of each dimension, at least one.
  package private(set) var shape: [Int] = []
  /// As many as the product of `shape`.
  package private(set) var values: [Double] = []

  /// The numbers of a list, or of a range of whole numbers.
  /// - Throws: `ScriptFailure` where it holds something else, or lists of different lengths.
  init(_ value: Value) throws {
    let list = try value.listed()
    var inner = list
    shape = [list.count]
    while case .list(let next)? = inner.elements.first {
      shape.append(next.count)
      inner = next
    }
    values.reserveCapacity(shape.reduce(1, *))
    try add(list, level: 0)
  }

  private mutating func add(_ list: ScriptList, level: Int) throws {
    guard list.count == shape[level] else {
      throw ScriptFailure("the lists in it are of \(shape[level]) and \(counted(list.count, "value"))")
    }
    let isLast = level == shape.count - 1
    for element in list.elements {
      switch element {
      case .number(let number) where isLast: values.append(number)
      case .list(let inner) where !isLast: try add(inner, level: level + 1)
      default: throw ScriptFailure("this list holds \(element.brief)")
      }
    }
  }

  /// The numbers as whole ones, where there are any and all of them are: labels, latents.
  package var wholeNumbers: [Int64]? {
    let whole = values.map { Value.number($0).whole }
    return whole.isEmpty || whole.contains(nil) ? nil : whole.map { Int64($0 ?? 0) }
  }
}

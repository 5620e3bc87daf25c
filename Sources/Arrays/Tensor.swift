/// Numbers in a rectangular arrangement, the last index running fastest.
public struct Tensor: Sendable, Equatable {
  /// The extent of each dimension.
  public let shape: [Int]
  /// The values, as many as the product of `shape`.
  public var values: [Float]

  /// A tensor of given values; their number must be the product of `shape`.
  public init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// A tensor filled with one value.
  public init(shape: [Int], repeating value: Float = 0) {
    self.init(shape: shape, values: Array(repeating: value, count: shape.reduce(1, *)))
  }

  /// The number of rows: the extent of the first dimension.
  public var count: Int { shape.first ?? 1 }

  /// The part at one index of the first dimension, of one dimension less.
  public subscript(row: Int) -> Tensor {
    let size = values.count / count
    return Tensor(shape: Array(shape.dropFirst()), values: Array(values[row * size..<(row + 1) * size]))
  }
}

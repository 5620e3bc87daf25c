/// Numbers in a rectangular arrangement, the last index running fastest.
public struct Tensor: Sendable, Equatable {
  /// The extent of each dimension.
  public let shape: [Int]
  /// The values, as many as the product of `shape`.
  public package(set) var values: [Float]

  /// A tensor of a caller's own values, the last index running fastest.
  /// - Throws: `TensorError` where an extent is negative, or the values are not as many as the product of `shape`.
  public init(_ values: [Float], shape: [Int]) throws(TensorError) {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { throw TensorError("no tensor has the shape \(shape)") }
      count = product
    }
    guard values.count == count else { throw TensorError("\(values.count) values do not fill the shape \(shape)") }
    self.init(shape: shape, values: values)
  }

  /// A tensor of given values; their number must be the product of `shape`.
  package init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// A tensor filled with one value.
  package init(shape: [Int], repeating value: Float = 0) {
    self.init(shape: shape, values: Array(repeating: value, count: shape.reduce(1, *)))
  }

  /// The number of rows: the extent of the first dimension.
  public var count: Int { shape.first ?? 1 }

  /// The part at one index of the first dimension, of one dimension less.
  /// - Throws: `TensorError` where there is no such row.
  public func row(_ index: Int) throws(TensorError) -> Tensor {
    guard !shape.isEmpty, (0..<count).contains(index) else {
      throw TensorError("there is no row \(index) in a tensor of the shape \(shape)")
    }
    return self[index]
  }

  /// The part at one index of the first dimension, of one dimension less.
  package subscript(row: Int) -> Tensor {
    let size = values.count / count
    return Tensor(shape: Array(shape.dropFirst()), values: Array(values[row * size..<(row + 1) * size]))
  }

  /// The parts at some indices of the first dimension, in their order.
  package func rows(_ places: some Collection<Int>) -> Tensor {
    let size = shape.dropFirst().reduce(1, *)
    return Tensor(
      shape: [places.count] + shape.dropFirst(), values: places.flatMap { values[$0 * size..<($0 + 1) * size] })
  }
}

/// A tensor that cannot be.
public struct TensorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What does not fit, in words.
  public let description: String

  init(_ description: String) { self.description = description }
}

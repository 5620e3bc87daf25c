/// One trained array, by the name and in the shape that PyTorch gives it, wherever and in whatever order a device keeps
/// it: element (i, j, k) is at `first[i] + second[j] + third[k]` of its buffer.
package struct Parameter {
  package let name: String
  /// PyTorch's shape.
  package let shape: [Int]
  package let buffer: any Buffer
  package let first: [Int], second: [Int], third: [Int]

  package init(name: String, shape: [Int], buffer: any Buffer, first: [Int], second: [Int], third: [Int]) {
    self.name = name
    self.shape = shape
    self.buffer = buffer
    self.first = first
    self.second = second
    self.third = third
  }

  package var count: Int { first.count * second.count * third.count }

  /// The values in PyTorch's order, in its own buffer or in another one of the same order.
  package func values(in buffer: any Buffer) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count)
    buffer.withValues { source in
      for i in first {
        for j in second {
          for k in third { result.append(source[i + j + k]) }
        }
      }
    }
    return result
  }

  /// Sets the values, given in PyTorch's order.
  package func set(_ values: some RandomAccessCollection<Float>) {
    precondition(values.count == count)
    buffer.withValues { target in
      var next = values.startIndex
      for i in first {
        for j in second {
          for k in third {
            target[i + j + k] = values[next]
            next = values.index(after: next)
          }
        }
      }
    }
  }

  /// The array that lies in another buffer as this one lies in its own.
  package func counterpart(_ prefix: String, in buffer: any Buffer) -> Parameter {
    Parameter(name: "\(prefix).\(name)", shape: shape, buffer: buffer, first: first, second: second, third: third)
  }
}

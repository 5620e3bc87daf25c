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

  /// Calls `body` with the values in PyTorch's order, in its own buffer or in another one of the same order, some at a
  /// time. A device may keep sixteen rows side by side: so many are read at once, and the buffer from front to back.
  package func forEachPart(in buffer: any Buffer, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    let size = second.count * third.count
    let part = UnsafeMutableBufferPointer<Float>.allocate(capacity: min(16, first.count) * size)
    defer { part.deallocate() }
    try buffer.withValues { source in
      for start in stride(from: 0, to: first.count, by: 16) {
        let rows = first[start..<min(first.count, start + 16)]
        var place = 0
        for j in second {
          for k in third {
            for (row, i) in rows.enumerated() { part[row * size + place] = source[i + j + k] }
            place += 1
          }
        }
        try body(UnsafeMutableBufferPointer(rebasing: part[..<(rows.count * size)]))
      }
    }
  }

  /// The values in PyTorch's order, in its own buffer or in another one of the same order.
  package func values(in buffer: any Buffer) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count)
    forEachPart(in: buffer) { result.append(contentsOf: $0) }
    return result
  }

  /// Sets the values, made one after the other in PyTorch's order.
  package func set(next: () -> Float) {
    let size = second.count * third.count
    let part = UnsafeMutableBufferPointer<Float>.allocate(capacity: min(16, first.count) * size)
    defer { part.deallocate() }
    buffer.withValues { target in
      for start in stride(from: 0, to: first.count, by: 16) {
        let rows = first[start..<min(first.count, start + 16)]
        for place in 0..<rows.count * size { part[place] = next() }
        var place = 0
        for j in second {
          for k in third {
            for (row, i) in rows.enumerated() { target[i + j + k] = part[row * size + place] }
            place += 1
          }
        }
      }
    }
  }

  /// Sets the values, given in PyTorch's order.
  package func set(_ values: some RandomAccessCollection<Float>) {
    precondition(values.count == count)
    var place = values.startIndex
    set {
      defer { place = values.index(after: place) }
      return values[place]
    }
  }

  /// The array that lies in another buffer as this one lies in its own.
  package func counterpart(_ prefix: String, in buffer: any Buffer) -> Parameter {
    Parameter(name: "\(prefix).\(name)", shape: shape, buffer: buffer, first: first, second: second, third: third)
  }
}

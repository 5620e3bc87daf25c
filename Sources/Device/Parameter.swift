/// One array of a network, by the name and in the shape that PyTorch gives it, wherever and in whatever order a device keeps
/// it: element (i, j, k) is at `first[i] + second[j] + third[k]` of its buffer.
package struct Parameter {
  package let name: String
  /// PyTorch's shape.
  package let shape: [Int]
  package let kind: Kind
  package let buffer: any Buffer
  package let first: [Int], second: [Int], third: [Int]

  /// What an array is for.
  package enum Kind: Sendable {
    /// The factors of a linear operation, which begin at random, and what is added to its sums.
    case weight, bias
    /// The factors of a batch norm; what it adds is a bias.
    case scale
    /// What a batch norm knows of the batches so far; PyTorch calls such arrays buffers.
    case runningMean, runningVariance

    /// Whether it has a gradient; the others are kept with the network, but follow from the batches alone.
    package var isTrained: Bool {
      switch self {
      case .weight, .bias, .scale: true
      case .runningMean, .runningVariance: false
      }
    }

    /// What all its values begin as; nil where they are drawn at random.
    package var beginning: Float? {
      switch self {
      case .weight: nil
      case .bias, .runningMean: 0
      case .scale, .runningVariance: 1
      }
    }
  }

  package init(
    name: String, shape: [Int], kind: Kind, buffer: any Buffer, first: [Int], second: [Int], third: [Int]
  ) {
    self.name = name
    self.shape = shape
    self.kind = kind
    self.buffer = buffer
    self.first = first
    self.second = second
    self.third = third
  }

  /// Whether it has a gradient.
  package var isTrained: Bool { kind.isTrained }

  package var count: Int { first.count * second.count * third.count }

  /// Goes through the values some rows at a time. A device may keep sixteen rows side by side: of so many each value is
  /// visited with its place among them, in PyTorch's order, and in the buffer, which is gone through from front to back.
  /// - Parameters:
  ///   - visit: called with room for the values of these rows.
  private func forEachPart(
    _ visit: (UnsafeMutableBufferPointer<Float>, _ each: ((_ place: Int, _ stored: Int) -> Void) -> Void) throws -> Void
  ) rethrows {
    let size = second.count * third.count
    let room = UnsafeMutableBufferPointer<Float>.allocate(capacity: min(16, first.count) * size)
    defer { room.deallocate() }
    for start in stride(from: 0, to: first.count, by: 16) {
      let rows = first[start..<min(first.count, start + 16)]
      try visit(UnsafeMutableBufferPointer(rebasing: room[..<(rows.count * size)])) { body in
        var place = 0
        for j in second {
          for k in third {
            for (row, i) in rows.enumerated() { body(row * size + place, i + j + k) }
            place += 1
          }
        }
      }
    }
  }

  /// Calls `body` with the values in PyTorch's order, in its own buffer or in another one of the same order, some at a
  /// time.
  package func forEachPart(in buffer: any Buffer, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    try buffer.withValues(0..<buffer.count, .read) { source in
      try forEachPart { part, each in
        each { part[$0] = source[$1] }
        try body(part)
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
    buffer.withValues { target in
      forEachPart { part, each in
        for place in part.indices { part[place] = next() }
        each { target[$1] = part[$0] }
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

  /// The arrays of a batch norm, which all have one value a channel and lie in the channels' order.
  package static func batchNorm(
    _ name: String, channels: Int, scale: any Buffer, bias: any Buffer, running: RunningStatistics
  ) -> [Parameter] {
    let arrays: [(String, Kind, any Buffer)] = [
      ("weight", .scale, scale), ("bias", .bias, bias), ("running_mean", .runningMean, running.mean),
      ("running_var", .runningVariance, running.variance),
    ]
    return arrays.map { word, kind, buffer in
      Parameter(
        name: "\(name).\(word)", shape: [channels], kind: kind, buffer: buffer, first: Array(0..<channels), second: [0],
        third: [0])
    }
  }

  /// The array that lies in another buffer as this one lies in its own.
  package func counterpart(_ prefix: String, in buffer: any Buffer) -> Parameter {
    Parameter(
      name: "\(prefix).\(name)", shape: shape, kind: kind, buffer: buffer, first: first, second: second, third: third)
  }
}

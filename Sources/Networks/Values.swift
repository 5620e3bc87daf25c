import BVAEDevice

/// The values of a batch at one place of a network, and how they lie.
package struct Values {
  package let buffer: any Buffer
  package let layout: MapLayout
  package let shape: Shape

  /// The value of each byte: a division less for each of an image's.
  private static let levels = (0...255).map { Float($0) / 255 }

  /// Calls `body` with the consecutive pieces of one image, and the number of values before each.
  private func forEachPiece(
    _ image: Int, _ body: (UnsafeMutableBufferPointer<Float>, _ before: Int) -> Void
  ) {
    let (rows, columns, channels) = shape.extents
    buffer.withValues { values in
      // A row of a map is one piece where nothing lies between its places.
      let isWhole = channels == layout.channels
      let length = isWhole ? columns * channels : channels
      for row in 0..<rows {
        for column in isWhole ? 0..<1 : 0..<columns {
          let start = layout.offset(image: image, row: row, column: column)
          body(
            UnsafeMutableBufferPointer(rebasing: values[start..<start + length]),
            (row * columns + column) * channels)
        }
      }
    }
  }

  /// Sets an image from bytes, 0…255 for 0…1.
  package func set(_ image: Int, to bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBufferPointer { source in
      Self.levels.withUnsafeBufferPointer { levels in
        forEachPiece(image) { piece, before in
          for i in piece.indices { piece[i] = levels[Int(source[before + i])] }
        }
      }
    }
  }

  /// Sets an image.
  package func set(_ image: Int, to values: ArraySlice<Float>) {
    values.withUnsafeBufferPointer { source in
      forEachPiece(image) { piece, before in
        for i in piece.indices { piece[i] = source[before + i] }
      }
    }
  }

  /// Changes each value of an image.
  package func change(_ image: Int, _ changed: (Float) -> Float) {
    forEachPiece(image) { piece, _ in for i in piece.indices { piece[i] = changed(piece[i]) } }
  }

  /// Sets the first `count` images to the sums of those of other values of the same shape, added in their order.
  package func set(_ count: Int, toSumOf sources: [Values]) {
    var sum: [Float] = [], summand: [Float] = []
    for image in 0..<count {
      sum.removeAll(keepingCapacity: true)
      for source in sources {
        guard !sum.isEmpty else {
          source.append(image, to: &sum)
          continue
        }
        summand.removeAll(keepingCapacity: true)
        source.append(image, to: &summand)
        for i in sum.indices { sum[i] += summand[i] }
      }
      set(image, to: sum[...])
    }
  }

  /// Appends an image's values to a list.
  package func append(_ image: Int, to list: inout [Float]) {
    forEachPiece(image) { piece, _ in list.append(contentsOf: piece) }
  }

  /// Appends the numbers of one head of an image to a list.
  package func append(_ image: Int, head: Int, to list: inout [Float]) {
    let start = layout.offset(image: image, column: head), count = shape.extents.channels
    buffer.withValues { list.append(contentsOf: $0[start..<start + count]) }
  }

  /// The values of the first `count` images, one image after the other.
  package func list(_ count: Int) -> [Float] {
    var list: [Float] = []
    for image in 0..<count { append(image, to: &list) }
    return list
  }

  /// The numbers of the first two heads of the first `count` images: of an encoder the means and the log variances.
  package func heads(_ count: Int) -> (mean: [Float], logVariance: [Float]) {
    var heads: (mean: [Float], logVariance: [Float]) = ([], [])
    for image in 0..<count {
      append(image, head: 0, to: &heads.mean)
      append(image, head: 1, to: &heads.logVariance)
    }
    return heads
  }

  /// Where each value of an image lies, from the image's own beginning.
  package var places: [Int] { layout.places(of: shape) }
}

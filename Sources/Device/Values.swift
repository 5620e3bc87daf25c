/// The values of a batch at one place of a network, and how they lie.
package struct Values {
  package let buffer: any Buffer
  package let layout: MapLayout
  package let shape: Shape
  /// Where the buffer is.
  package let device: any Device

  package init(buffer: any Buffer, layout: MapLayout, shape: Shape, device: any Device) {
    (self.buffer, self.layout, self.shape, self.device) = (buffer, layout, shape, device)
  }

  /// Whether nothing lies between the values of a batch.
  private var isPlain: Bool {
    layout.before == 0 && layout.after == 0 && layout.gap == 0 && layout.channels == shape.extents.channels
  }

  /// The places of some images in the buffer.
  private func places(_ images: Range<Int>) -> Range<Int> {
    images.lowerBound * layout.imageStride..<images.upperBound * layout.imageStride
  }

  /// Calls `body` with the buffer's part of the first `count` images, for reading.
  package func reading<Result>(
    _ count: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try buffer.withValues(places(0..<count), .read, body)
  }

  /// The same for setting all of their values, and for changing some of them.
  package func writing<Result>(
    _ count: Int, changing: Bool = false, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try buffer.withValues(places(0..<count), changing || !isPlain ? .change : .write, body)
  }

  /// Calls `body` with the consecutive pieces of some images, the image's number among them, and the number of values of
  /// the image before each.
  private func forEachPiece(
    _ images: Range<Int>, _ access: BufferAccess,
    _ body: (UnsafeMutableBufferPointer<Float>, _ image: Int, _ before: Int) -> Void
  ) {
    let (rows, columns, channels) = shape.extents
    buffer.withValues(places(images), access == .write && !isPlain ? .change : access) { values in
      // A row of a map is one piece where nothing lies between its places.
      let isWhole = channels == layout.channels
      let length = isWhole ? columns * channels : channels
      for image in 0..<images.count {
        for row in 0..<rows {
          for column in isWhole ? 0..<1 : 0..<columns {
            let start = layout.offset(image: image, row: row, column: column)
            body(
              UnsafeMutableBufferPointer(rebasing: values[start..<start + length]), image,
              (row * columns + column) * channels)
          }
        }
      }
    }
  }

  /// Sets the first images from bytes.
  /// - Parameter bytes: those of an image of the batch.
  package func load(_ count: Int, levels: ByteLevels = .unit, _ bytes: (_ row: Int) -> ArraySlice<UInt8>) {
    device.load(count, levels, into: self, bytes)
  }

  /// The same on the host.
  func set(_ count: Int, _ levels: ByteLevels, _ bytes: (_ row: Int) -> ArraySlice<UInt8>) {
    levels.values.withUnsafeBufferPointer { levels in
      for image in 0..<count {
        bytes(image).withUnsafeBufferPointer { source in
          forEachPiece(image..<image + 1, .write) { piece, _, before in
            for i in piece.indices { piece[i] = levels[Int(source[before + i])] }
          }
        }
      }
    }
  }

  /// Sets an image.
  package func set(_ image: Int, to values: ArraySlice<Float>) { set(from: image, to: values) }

  /// Sets images from `first` on, given one after the other.
  package func set(from first: Int = 0, to values: ArraySlice<Float>) {
    let size = shape.count
    values.withUnsafeBufferPointer { source in
      forEachPiece(first..<first + values.count / size, .write) { piece, image, before in
        for i in piece.indices { piece[i] = source[image * size + before + i] }
      }
    }
  }

  /// Changes each value of the first images.
  package func change(_ count: Int, _ changed: (Float) -> Float) {
    forEachPiece(0..<count, .change) { piece, _, _ in for i in piece.indices { piece[i] = changed(piece[i]) } }
  }

  /// Sets the first `count` images to the sums of those of other values of the same shape, added in their order.
  package func set(_ count: Int, toSumOf sources: [Values]) { device.add(sources, into: self, count: count) }

  /// Appends an image's values to a list.
  package func append(_ image: Int, to list: inout [Float]) {
    forEachPiece(image..<image + 1, .read) { piece, _, _ in list.append(contentsOf: piece) }
  }

  /// Appends the values of the first images to a list, one image after the other.
  package func append(rows count: Int, to list: inout [Float]) {
    forEachPiece(0..<count, .read) { piece, _, _ in list.append(contentsOf: piece) }
  }

  /// The values of the first `count` images, one image after the other.
  package func list(_ count: Int) -> [Float] {
    var list: [Float] = []
    list.reserveCapacity(count * shape.count)
    append(rows: count, to: &list)
    return list
  }

  /// The numbers of the first two heads of the first `count` images: of an encoder the means and the log variances.
  package func heads(_ count: Int) -> (mean: [Float], logVariance: [Float]) {
    let size = shape.extents.channels
    return reading(count) { values in
      func head(_ number: Int) -> [Float] {
        (0..<count).flatMap { image in
          let start = layout.offset(image: image, column: number)
          return values[start..<start + size]
        }
      }
      return (head(0), head(1))
    }
  }

  /// Where each value of an image lies, from the image's own beginning.
  package var places: [Int] { layout.places(of: shape) }
}

/// What number each value of a byte stands for.
package struct ByteLevels: Sendable {
  /// 256 numbers.
  package let values: [Float]

  /// 0…1 for 0…255.
  package static let unit = ByteLevels { $0 }

  /// A function of 0…1.
  package init(_ number: (Float) -> Float) { values = (0...255).map { number(Float($0) / 255) } }
}

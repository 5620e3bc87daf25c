/// Pictures of one size that are shown one after the other, for ever. `GIF` and `PNG` write it.
public struct Animation: Sendable, Equatable {
  /// The pictures, at least one. All are grey, of one plane, where all of them show only greys; else all have three.
  public let frames: [Bitmap]
  /// How long each is shown, in hundredths of a second.
  public let delay: Int

  /// The most frames, and the most pixels of all of them together.
  public static let mostFrames = 1000, mostPixels = 1 << 27
  /// The frames a second that can be. Browsers show slowly what is to be faster.
  public static let rates = 0.1...50.0

  /// Pictures that are shown `rate` a second; the time of each is rounded to hundredths of a second.
  /// - Throws: `AnimationError`.
  public init(_ pictures: [Bitmap], rate: Double = 10) throws(AnimationError) {
    guard let first = pictures.first else { throw AnimationError("there are no frames") }
    for (place, picture) in pictures.enumerated() where picture.width != first.width || picture.height != first.height {
      throw AnimationError(
        "the frames of an animation have one size: the first has \(first.width)×\(first.height) pixels, number "
          + "\(place) has \(picture.width)×\(picture.height)")
    }
    try Self.check(count: pictures.count, width: first.width, height: first.height)
    guard Self.rates.contains(rate) else {
      throw AnimationError(
        "the frames a second are from \(Self.rates.lowerBound) to \(Self.rates.upperBound), not \(rate)")
    }
    let greys = pictures.map(\.withoutColor)
    frames = greys.contains(nil) ? pictures.map(\.colored) : greys.compactMap { $0 }
    delay = Int((100 / rate).rounded())
  }

  /// Whether so many frames of a size can be an animation.
  /// - Throws: `AnimationError`.
  package static func check(count: Int, width: Int, height: Int) throws(AnimationError) {
    guard count <= mostFrames else {
      throw AnimationError("\(count) frames are more than the \(mostFrames) that an animation may have")
    }
    guard width * height <= mostPixels / max(1, count) else {
      throw AnimationError(
        "\(count) frames of \(width)×\(height) pixels are more than the limit of \(mostPixels / 1_000_000) million pixels"
      )
    }
  }

  /// Pixels a row.
  public var width: Int { frames[0].width }
  /// Rows of pixels.
  public var height: Int { frames[0].height }

  /// What each frame changes of the one before it: its place and its pixels; of the first frame all. Where nothing changes,
  /// it is a single pixel, as no format has parts without any.
  var changes: [(x: Int, y: Int, part: Bitmap)] {
    frames.indices.map { place in
      let frame = frames[place]
      guard place > 0 else { return (0, 0, frame) }
      let area = frame.area(unlike: frames[place - 1])
      return (area.columns.lowerBound, area.rows.lowerBound, frame.part(area.columns, area.rows))
    }
  }
}

/// Why pictures cannot be an animation.
public struct AnimationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, in words.
  public let description: String

  init(_ description: String) { self.description = description }
}

extension Bitmap {
  /// The same with one plane, where it shows only greys; nil for others.
  package var withoutColor: Bitmap? {
    guard planes == 3 else { return self }
    let greys = [UInt8](unsafeUninitializedCapacity: width * height) { greys, count in
      bytes.withUnsafeBufferPointer { bytes in
        while count < width * height, bytes[3 * count] == bytes[3 * count + 1], bytes[3 * count] == bytes[3 * count + 2]
        {
          greys[count] = bytes[3 * count]
          count += 1
        }
      }
    }
    return greys.count == width * height ? Bitmap(width: width, height: height, planes: 1, bytes: greys) : nil
  }

  /// The same at the top left of a picture that is at least as large, with a colour around it.
  package func widened(to newWidth: Int, _ newHeight: Int, with color: Color) -> Bitmap {
    if newWidth == width && newHeight == height { return self }
    precondition(newWidth >= width && newHeight >= height)
    let pixel = planes == 1 ? [color.red] : [color.red, color.green, color.blue]
    let right = Array(repeatElement(pixel, count: newWidth - width).joined())
    var wide: [UInt8] = []
    wide.reserveCapacity(newWidth * newHeight * planes)
    for row in 0..<height { wide += bytes[row * width * planes..<(row + 1) * width * planes] + right }
    wide += repeatElement(pixel, count: newWidth * (newHeight - height)).joined()
    return Bitmap(width: newWidth, height: newHeight, planes: planes, bytes: wide)
  }

  /// The smallest area outside of which the picture is like another one of its size; one pixel where they are the same.
  fileprivate func area(unlike other: Bitmap) -> (columns: Range<Int>, rows: Range<Int>) {
    let stride = width * planes
    var top: Int?, bottom = 0, left = stride, right = 0
    bytes.withUnsafeBufferPointer { own in
      other.bytes.withUnsafeBufferPointer { others in
        for row in 0..<height {
          let start = row * stride
          guard let first = (0..<stride).first(where: { own[start + $0] != others[start + $0] }) else { continue }
          let last = (0..<stride).last { own[start + $0] != others[start + $0] } ?? first
          (left, right) = (min(left, first), max(right, last))
          top = top ?? row
          bottom = row
        }
      }
    }
    guard let top else { return (0..<1, 0..<1) }
    return (left / planes..<right / planes + 1, top..<bottom + 1)
  }

  /// The pixels of an area.
  fileprivate func part(_ columns: Range<Int>, _ rows: Range<Int>) -> Bitmap {
    if columns.count == width, rows.count == height { return self }
    var part: [UInt8] = []
    part.reserveCapacity(columns.count * rows.count * planes)
    for row in rows {
      let start = row * width * planes
      part += bytes[start + columns.lowerBound * planes..<start + columns.upperBound * planes]
    }
    return Bitmap(width: columns.count, height: rows.count, planes: planes, bytes: part)
  }
}

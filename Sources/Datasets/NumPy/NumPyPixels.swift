import Numerics
import Platform

extension NumPyReader {
  /// What an array of images holds: images × rows × columns, or that × planes.
  /// - Throws: `NumPyError` where it is no such array, or too large.
  func imageLayout() throws(NumPyError) -> (shape: ImageShape, count: Int, number: BinaryNumber) {
    guard let number = header.number else {
      throw failure(.elementType(header.type, expected: "bytes 0…255 ('|u1') or floats 0…1 ('<f4')"))
    }
    let found = header.shape
    let planes = found.count == 3 ? 1 : found.last ?? 0
    guard found.count == 3 || found.count == 4, found[0] > 0, IDX.sides.contains(found[1]),
      IDX.sides.contains(found[2]),
      planes == 1 || planes == 3
    else {
      var expected = "images × rows × columns, or images × rows × columns × 1 or 3"
      if found.count == 4, [1, 3].contains(found[1]) { expected += "; transpose it by (0, 2, 3, 1)" }
      throw failure(.shape(found, expected: expected))
    }
    let shape = ImageShape(height: found[1], width: found[2], planes: planes)
    guard found[0] <= Limits.images else {
      throw failure(.tooLarge(promise: counted(found[0], "image"), limit: Limits.images))
    }
    return (shape, found[0], number)
  }

  /// The images at `places`, which ascend, or all.
  /// - Parameter promised: the number of images of the whole array; fewer of them, `count`, may be there.
  mutating func images(at places: [Int]?, count: Int? = nil) throws(NumPyError) -> ByteImages {
    let (shape, promised, number) = try imageLayout()
    let wanted = (places?.count ?? count ?? promised) * shape.count, limit = Limits.kept(from: size)
    guard wanted <= limit else {
      throw failure(.tooLarge(promise: "\(counted(wanted, "byte")) of images", limit: limit))
    }
    let bytes = promised * shape.count * number.size  // at most 2²⁴ · 4096 · 4096 · 3 · 8
    guard number.size == 1 || bytes <= Limits.numbers(from: size) else {
      throw failure(
        .tooLarge(promise: "\(counted(bytes, "byte")) of numbers", limit: Limits.numbers(from: size)))
    }
    if count == nil, let remaining, remaining < bytes {
      throw failure(.tooFew(shape: header.shape, bytes: bytes, found: remaining))
    }
    let pixels =
      header.isFortran
      ? try fortranImages(places ?? Array(0..<promised), shape, promised, number)
      : try rowMajorImages(places, shape, count ?? promised, number)
    if count == nil || count == promised { try checkEnd(bytes) }
    return ByteImages(shape: shape, bytes: pixels)
  }

  /// Reads in pieces of the same size whatever that of the images is.
  private mutating func rowMajorImages(
    _ places: [Int]?, _ shape: ImageShape, _ count: Int, _ number: BinaryNumber
  ) throws(NumPyError) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity((places?.count ?? count) * shape.count)
    let block = (1 << 18) / number.size
    var rest = places?[...]
    for start in stride(from: 0, to: count * shape.count, by: block) {
      let end = min(count * shape.count, start + block)
      let piece = try readWhole((end - start) * number.size, before: start * number.size)
      var place = start
      while place < end {
        guard let next = rest == nil ? place / shape.count : rest?.first else { break }
        let first = max(place, next * shape.count), last = min(end, rest == nil ? end : (next + 1) * shape.count)
        guard first < end else { break }
        let part = (first - start) * number.size..<(last - start) * number.size
        pixels += try self.pixels(piece[part], number, before: first, shape)
        if last == (next + 1) * shape.count { rest?.removeFirst() }
        place = last
      }
    }
    return pixels
  }

  /// The pixels of numbers, the first of which is at `start` of the array.
  private func pixels(
    _ values: ArraySlice<UInt8>, _ number: BinaryNumber, before start: Int, _ shape: ImageShape
  ) throws(NumPyError) -> ArraySlice<UInt8> {
    if number.kind == .unsigned && number.size == 1 { return values }
    var isInside = true
    let pixels = [UInt8](unsafeUninitializedCapacity: values.count / number.size) { pixels, count in
      count = values.count / number.size
      values.withUnsafeBytes { bytes in
        number.convert(bytes, into: pixels) { value in
          guard let pixel = number.pixel(value) else {
            isInside = false
            return 0
          }
          return pixel
        }
      }
    }
    if isInside { return pixels[...] }
    for index in 0..<pixels.count {
      let value = number.value(values, at: values.startIndex + index * number.size)
      _ = try pixel(value, number, (start + index) / shape.count)
    }
    return pixels[...]
  }

  /// The first index runs fastest: the same pixel of every image stands together.
  private mutating func fortranImages(
    _ places: [Int], _ shape: ImageShape, _ count: Int, _ number: BinaryNumber
  ) throws(NumPyError) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: places.count * shape.count)
    var pixelIndex = 0
    for plane in 0..<shape.planes {
      for column in 0..<shape.width {
        for row in 0..<shape.height {
          let values = try readWhole(count * number.size, before: pixelIndex * count * number.size)
          let target = (row * shape.width + column) * shape.planes + plane
          let bad = pixels.withUnsafeMutableBufferPointer { pixels in
            values.withUnsafeBytes { values in
              places.indices.first { position in
                let pixel = number.pixel(number.value(values, at: places[position] * number.size))
                pixels[position * shape.count + target] = pixel ?? 0
                return pixel == nil
              }
            }
          }
          if let bad { _ = try pixel(number.value(values[...], at: places[bad] * number.size), number, places[bad]) }
          pixelIndex += 1
        }
      }
    }
    return pixels
  }

  private mutating func readWhole(_ count: Int, before: Int) throws(NumPyError) -> [UInt8] {
    let bytes = try readAvailable(count)
    guard bytes.count == count else {
      let total = (header.shape.checkedProduct ?? 0) * (header.number?.size ?? 1)
      throw failure(.tooFew(shape: header.shape, bytes: total, found: before + bytes.count))
    }
    return bytes
  }

  private func pixel(_ value: Double, _ number: BinaryNumber, _ item: Int) throws(NumPyError) -> UInt8 {
    guard let pixel = number.pixel(value) else {
      throw outside(value, item, number.kind == .floating ? "0 to 1" : "0 to 255")
    }
    return pixel
  }

  private func outside(_ value: Double, _ item: Int, _ expected: String) -> NumPyError {
    failure(.value(value.formatted(digits: 8), item: item, what: "image", expected: expected))
  }

  /// Labels: whole numbers 0…255 of any type, [images] or [images, 1].
  mutating func labels() throws(NumPyError) -> [UInt8] {
    let shape = header.shape
    guard shape.count == 1 || shape.count == 2 && shape[1] == 1 else {
      throw failure(.shape(shape, expected: "labels: one for every image, images or images × 1"))
    }
    var labels: [UInt8] = []
    for (item, value) in try numbers(most: Limits.images).enumerated() {
      guard (0...255).contains(value), value == value.rounded() else {
        throw failure(.value(value.formatted(digits: 8), item: item, what: "label", expected: "whole numbers 0 to 255"))
      }
      labels.append(UInt8(value))
    }
    return labels
  }
}

extension BinaryNumber {
  /// A byte for a value: whole numbers mean 0…255, floating-point numbers 0…1, truth values black and white; nil for what
  /// is outside.
  @inline(__always)
  fileprivate func pixel(_ value: Double) -> UInt8? {
    switch kind {
    case .truth: return value == 0 ? 0 : 255
    case .unsigned, .signed: return value >= 0 && value <= 255 ? UInt8(value) : nil
    case .floating:
      // Arithmetic in float32 goes a little beyond the ends.
      guard value >= -1e-5 && value <= 1 + 1e-5 else { return nil }
      // Rounded without a function's call: whole part, and one more from a half on.
      let scaled = max(0, min(255, value * 255)), whole = UInt8(scaled)
      return scaled - Double(whole) >= 0.5 ? whole + 1 : whole
    }
  }
}

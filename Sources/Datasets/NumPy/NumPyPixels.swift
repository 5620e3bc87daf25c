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

  private mutating func rowMajorImages(
    _ places: [Int]?, _ shape: ImageShape, _ count: Int, _ number: BinaryNumber
  ) throws(NumPyError) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity((places?.count ?? count) * shape.count)
    try forEachItem(
      count: count, size: shape.count * number.size, at: places,
      read: { (bytes, item) throws(NumPyError) in
        try readWhole(bytes, before: item * shape.count * number.size)
      },
      take: { (item, values) throws(NumPyError) in
        if number.kind == .unsigned && number.size == 1 {
          pixels += values
        } else {
          for place in stride(from: values.startIndex, to: values.endIndex, by: number.size) {
            pixels.append(try pixel(number.value(values, at: place), number, item))
          }
        }
      })
    return pixels
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
          for (position, place) in places.enumerated() {
            let value = number.value(values[...], at: place * number.size)
            pixels[position * shape.count + target] = try pixel(value, number, place)
          }
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

  /// A byte for a value: whole numbers mean 0…255, floating-point numbers 0…1, truth values black and white.
  private func pixel(_ value: Double, _ number: BinaryNumber, _ item: Int) throws(NumPyError) -> UInt8 {
    switch number.kind {
    case .truth: return value == 0 ? 0 : 255
    case .unsigned, .signed:
      guard (0...255).contains(value) else { throw outside(value, item, "0 to 255") }
      return UInt8(value)
    case .floating:
      // Arithmetic in float32 goes a little beyond the ends.
      guard (-1e-5...1 + 1e-5).contains(value) else { throw outside(value, item, "0 to 1") }
      return UInt8(max(0, min(255, (value * 255).rounded())))
    }
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

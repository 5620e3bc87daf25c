import BVAEArrays
import BVAEPlatform

extension NumPyReader {
  /// How the images of the array lie, and its numbers.
  /// - Throws: `FileProblem` where it is no array of images, or too large.
  func imageLayout() throws(FileProblem) -> (layout: ImageLayout, number: BinaryNumber) {
    guard let number = header.number else {
      throw otherType(
        expected: "numbers, such as bytes 0…255 ('|u1') or floats 0…1 ('<f4')"
          + (header.isObjects ? ", not Python objects" : ""))
    }
    let layout: ImageLayout
    do {
      layout = try ImageLayout(header.shape)
    } catch {
      throw error.within(member)
    }
    guard layout.count <= Limits.images else { throw tooLarge(counted(layout.count, "image"), limit: Limits.images) }
    return (layout, number)
  }

  /// The images at `places`, which ascend, or all.
  /// - Parameters:
  ///   - count: the number of images that are there, where it is less than the array promises.
  ///   - converter: makes pixels of the numbers, and knows afterwards which ones there were.
  mutating func images(
    at places: [Int], count: Int? = nil, storage: ImageStorage, _ converter: inout PixelConverter
  ) throws(FileProblem) -> ByteImages {
    let (layout, number) = try imageLayout()
    let shape = layout.shape
    let bytes = layout.count * shape.count * number.size  // at most 2²⁴ · 4096 · 4096 · 3 · 8
    if count == nil, let remaining, remaining < bytes {
      throw tooFew(bytes, found: remaining)
    }
    let images =
      header.isFortran
      ? try fortranImages(places, layout, &converter).kept(in: storage)
      : try rowMajorImages(places, layout, count ?? layout.count, storage, &converter)
    if count == nil || count == layout.count { try checkEnd(bytes) }
    do {
      try converter.check()
    } catch {
      throw error.within(member)
    }
    return images
  }

  /// Reads in pieces of the same size whatever that of the images is.
  private mutating func rowMajorImages(
    _ places: [Int], _ layout: ImageLayout, _ count: Int, _ storage: ImageStorage, _ converter: inout PixelConverter
  ) throws(FileProblem) -> ByteImages {
    let number = converter.number, shape = layout.shape
    var collector = try ImageCollector(shape, count: places.count, order: layout.order, storage: storage)
    let block = (1 << 18) / number.size
    // The place in `places` of the next image that is wanted.
    var position = 0
    for start in stride(from: 0, to: count * shape.count, by: block) {
      let end = min(count * shape.count, start + block)
      let piece = try readWhole((end - start) * number.size, before: start * number.size)
      var place = start
      while place < end {
        guard position < places.count else { break }
        let next = places[position]
        let first = max(place, next * shape.count), last = min(end, (next + 1) * shape.count)
        guard first < end else { break }
        converter.append(
          piece[(first - start) * number.size..<(last - start) * number.size], to: &collector.pixels, from: first,
          size: shape.count)
        if last == (next + 1) * shape.count { position += 1 }
        place = last
      }
      try collector.store()
    }
    return try collector.images()
  }

  /// The first index runs fastest: the same pixel of every image stands together, so that no image is whole before all are
  /// read, and all must have room in memory.
  private mutating func fortranImages(
    _ places: [Int], _ layout: ImageLayout, _ converter: inout PixelConverter
  ) throws(FileProblem) -> ByteImages {
    try Limits.checkMemory(places.count * layout.shape.count)
    let number = converter.number, size = layout.shape.count
    var pixels = [UInt8](repeating: 0, count: places.count * size)
    for (index, target) in layout.fortranOrder.enumerated() {
      let values = try readWhole(layout.count * number.size, before: index * layout.count * number.size)
      pixels.withUnsafeMutableBufferPointer { pixels in
        values.withUnsafeBytes { values in
          for (position, place) in places.enumerated() {
            pixels[position * size + target] = converter.byte(
              number.value(values, at: place * number.size), image: place)
          }
        }
      }
    }
    return ByteImages(shape: layout.shape, bytes: pixels)
  }

  private mutating func readWhole(_ count: Int, before: Int) throws(FileProblem) -> [UInt8] {
    let bytes = try readAvailable(count)
    guard bytes.count == count else {
      let total = (header.shape.checkedProduct ?? 0) * (header.number?.size ?? 1)
      throw tooFew(total, found: before + bytes.count)
    }
    return bytes
  }
}

import BVAEPlatform

/// GIF files (CompuServe 1990, version 89a), written.
public enum GIF {
  /// An animation that plays for ever. All frames share one palette: where they have at most 256 colours, as grey ones do,
  /// these are exact; else see `Palette`. Of each frame only what differs from the one before is stored. Equal input gives
  /// equal bytes.
  /// - Parameter comments: what is noted in the file, beside the pictures.
  /// - Throws: `FileProblem` for frames of more than 65,535 pixels a side.
  public static func encode(_ animation: Animation, comments: [String] = []) throws(FileProblem) -> [UInt8] {
    let (width, height) = (animation.width, animation.height)
    guard max(width, height) <= 0xFFFF else {
      throw FileProblem("a GIF of \(width)×\(height) pixels is larger than 65,535 a side", action: "write")
    }
    var palette = Palette(for: animation.frames)
    // 2, 4, … 256 entries, of which those that are too many are black.
    let bits = max(1, (1...8).first { palette.colors.count <= 1 << $0 } ?? 8)
    var file = Array("GIF89a".utf8) + number(width) + number(height) + [0xF0 | UInt8(bits - 1), 0, 0]
    for color in palette.colors { file += [color.red, color.green, color.blue] }
    file += [UInt8](repeating: 0, count: 3 * ((1 << bits) - palette.colors.count))
    if animation.frames.count > 1 {
      // Again and again: 0 times is for ever.
      file += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    }
    for comment in comments where !comment.isEmpty { file += [0x21, 0xFE] + blocks(Array(comment.utf8)) }
    for change in animation.changes {
      // What is there stays (disposal 1).
      file += [0x21, 0xF9, 4, 1 << 2] + number(animation.delay) + [0, 0]
      let sides = [change.x, change.y, change.part.width, change.part.height]
      file += [0x2C] + sides.flatMap(number) + [0]
      let bits = max(2, bits)
      file += [UInt8(bits)] + blocks(GIFCompression.compressed(palette.indices(of: change), bits: bits))
    }
    return file + [0x3B]
  }

  private static func number(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  /// Bytes in blocks of at most 255, each with its length in front, and an empty one at the end.
  private static func blocks(_ bytes: [UInt8]) -> [UInt8] {
    var blocks: [UInt8] = []
    blocks.reserveCapacity(bytes.count + bytes.count / 255 + 2)
    for start in stride(from: 0, to: bytes.count, by: 255) {
      let block = bytes[start..<min(bytes.count, start + 255)]
      blocks.append(UInt8(block.count))
      blocks += block
    }
    return blocks + [0]
  }
}

/// The compression of GIF: Lempel, Ziv and Welch's (Welch 1984), whose codes grow from `bits + 1` to twelve bits and stand in
/// the bytes from the least significant bit up.
enum GIFCompression {
  private static let widest = 12

  /// Numbers below `1 << bits`, compressed; `bits` is 2…8.
  static func compressed(_ numbers: [UInt8], bits: Int) -> [UInt8] {
    let clear = 1 << bits, end = clear + 1
    var output = BitWriter()
    var width = bits + 1, next = end + 1
    // Strings of two or more numbers: the code of all but the last, and the last, to the code of the whole.
    var strings = StringTable()
    output.write(clear, width)
    guard var prefix = numbers.first.map(Int.init) else {
      output.write(end, width)
      return output.finished
    }
    for number in numbers.dropFirst() {
      if let longer = strings.code(prefix, number) {
        prefix = longer
        continue
      }
      output.write(prefix, width)
      if next < 1 << widest {
        strings.insert(prefix, number, next)
        // The reader knows this code one step later.
        if next == 1 << width { width += 1 }
        next += 1
      } else {
        output.write(clear, width)
        strings = StringTable()
        (width, next) = (bits + 1, end + 1)
      }
      prefix = Int(number)
    }
    output.write(prefix, width)
    if next == 1 << width, width < widest { width += 1 }
    output.write(end, width)
    return output.finished
  }

  /// Strings by their code, found by hashing; at most 4096 of them.
  private struct StringTable {
    private static let mask = (1 << 13) - 1
    /// The string with the code: 20 bits and 12; all ones where there is none.
    private var entries = [UInt32](repeating: .max, count: mask + 1)

    private static func start(_ key: UInt32) -> Int { Int(truncatingIfNeeded: (key &* 2_654_435_761) >> 19) }

    func code(_ prefix: Int, _ number: UInt8) -> Int? {
      let key = UInt32(prefix) << 8 | UInt32(number)
      var place = Self.start(key)
      while entries[place] != .max {
        if entries[place] >> 12 == key { return Int(entries[place] & 0xFFF) }
        place = (place + 1) & Self.mask
      }
      return nil
    }

    mutating func insert(_ prefix: Int, _ number: UInt8, _ code: Int) {
      let key = UInt32(prefix) << 8 | UInt32(number)
      var place = Self.start(key)
      while entries[place] != .max { place = (place + 1) & Self.mask }
      entries[place] = key << 12 | UInt32(code)
    }
  }

  private struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var count = 0

    mutating func write(_ code: Int, _ width: Int) {
      pending |= UInt32(code) << count
      count += width
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        count -= 8
      }
    }

    var finished: [UInt8] { count > 0 ? bytes + [UInt8(truncatingIfNeeded: pending)] : bytes }
  }
}

/// Damages well-formed bytes: flipped bits, bytes and numbers of interesting values, missing, repeated, moved and foreign
/// pieces, other numbers and words in text.
struct Mutator {
  /// Words that mean something to the reader.
  let words: [[UInt8]]
  /// The longest input that is made.
  let limit: Int

  /// A damaged copy of one of the seeds, which must not be empty.
  func mutated(_ seeds: [[UInt8]], _ generator: inout FuzzGenerator) -> [UInt8] {
    var bytes = seeds[generator.below(seeds.count)]
    // One change most of the time: what is damaged in many places is refused at the first.
    var changes = 1
    while changes < 8 && generator.once(in: 2) { changes += 1 }
    for _ in 0..<changes { change(&bytes, seeds, &generator) }
    if bytes.count > limit { bytes.removeLast(bytes.count - limit) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ generator: inout FuzzGenerator) {
    switch generator.below(13) {
    case 0: flipBits(&bytes, &generator)
    case 1: setByte(&bytes, &generator)
    case 2, 3, 4: setNumber(&bytes, &generator)
    case 5: bytes.removeLast(generator.below(bytes.count + 1))
    case 6: extend(&bytes, &generator)
    case 7:
      let other = seeds[generator.below(seeds.count)]
      bytes = Array(bytes.prefix(generator.below(bytes.count + 1))) + other.suffix(generator.below(other.count + 1))
    case 8:
      let piece = Array(bytes[piece(bytes, &generator)])
      bytes.insert(contentsOf: piece, at: generator.below(bytes.count + 1))
    case 9: bytes.removeSubrange(piece(bytes, &generator))
    case 10:
      let removed = piece(bytes, &generator), moved = Array(bytes[removed])
      bytes.removeSubrange(removed)
      bytes.insert(contentsOf: moved, at: generator.below(bytes.count + 1))
    case 11: setDigits(&bytes, &generator)
    default: insertWord(&bytes, &generator)
    }
  }

  /// Headers come first in most formats: every other place is near the beginning.
  private func place(_ bytes: [UInt8], _ generator: inout FuzzGenerator) -> Int {
    generator.once(in: 2) ? generator.below(min(bytes.count, 160)) : generator.below(bytes.count)
  }

  private func piece(_ bytes: [UInt8], _ generator: inout FuzzGenerator) -> Range<Int> {
    guard !bytes.isEmpty else { return 0..<0 }
    let start = place(bytes, &generator)
    let longest = generator.once(in: 4) ? bytes.count - start : min(bytes.count - start, 32)
    return start..<start + 1 + generator.below(longest)
  }

  private func flipBits(_ bytes: inout [UInt8], _ generator: inout FuzzGenerator) {
    guard !bytes.isEmpty else { return }
    for _ in 0...generator.below(4) { bytes[place(bytes, &generator)] ^= 1 << UInt8(generator.below(8)) }
  }

  private func setByte(_ bytes: inout [UInt8], _ generator: inout FuzzGenerator) {
    guard !bytes.isEmpty else { return }
    let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x0A, 0x22, UInt8(truncatingIfNeeded: generator.next())]
    bytes[place(bytes, &generator)] = values[generator.below(values.count)]
  }

  /// A length, an offset or an extent of a value at which arithmetic is apt to go wrong.
  private func setNumber(_ bytes: inout [UInt8], _ generator: inout FuzzGenerator) {
    let width = [2, 4, 8][generator.below(3)]
    guard bytes.count >= width else { return }
    let value = interesting(bytes.count, &generator)
    let isBig = generator.once(in: 2)
    var start = place(bytes, &generator)
    if !generator.once(in: 3) { start -= start % width }
    start = min(start, bytes.count - width)
    for i in 0..<width {
      bytes[start + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (isBig ? width - 1 - i : i)))
    }
  }

  private func interesting(_ count: Int, _ generator: inout FuzzGenerator) -> UInt64 {
    let size = UInt64(count)
    let values: [UInt64] = [
      0, 1, 2, 3, 4, 7, 8, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x100_0000, 0x7FFF_FFFF, 0x8000_0000,
      0xFFFF_FFFF, 0x1_0000_0000, 0x4000_0000, 0x3FFF_FFFF_FFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000,
      .max, size, size &+ 1, size &- 1, size / 2, size &* 1032, size << 20,
    ]
    let value = values[generator.below(values.count)]
    return generator.once(in: 4) ? 0 &- value : value
  }

  private func extend(_ bytes: inout [UInt8], _ generator: inout FuzzGenerator) {
    let count = 1 + generator.below(generator.once(in: 8) ? 4096 : 16)
    let isZero = generator.once(in: 2)
    bytes += (0..<count).map { _ in isZero ? 0 : UInt8(truncatingIfNeeded: generator.next()) }
  }

  /// Another number in place of one that is written in decimal digits.
  private func setDigits(_ bytes: inout [UInt8], _ generator: inout FuzzGenerator) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard !bytes.isEmpty else { return }
    let from = place(bytes, &generator)
    guard let start = bytes[from...].firstIndex(where: digits.contains) else { return }
    let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
    let numbers = [
      "0", "1", "-1", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
      "18446744073709551616", "1e308", "1e999", "0.5", "NaN", "null", "99999999999999999999999999999999", "1e-320",
      "3,3",
    ]
    bytes.replaceSubrange(start..<end, with: Array(numbers[generator.below(numbers.count)].utf8))
  }

  private func insertWord(_ bytes: inout [UInt8], _ generator: inout FuzzGenerator) {
    guard !words.isEmpty else { return flipBits(&bytes, &generator) }
    let word = words[generator.below(words.count)], times = generator.once(in: 16) ? 1 + generator.below(300) : 1
    let start = place(bytes, &generator)
    let end = generator.once(in: 2) ? start : min(bytes.count, start + word.count)
    bytes.replaceSubrange(start..<end, with: (0..<times).flatMap { _ in word })
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): random numbers that depend on nothing but the seed.
package struct FuzzGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator for the input of a number among those of a seed and a reader.
  package init(seed: UInt64, reader: String, index: Int) {
    state = seed &* 0x9E37_79B9_7F4A_7C15
    for byte in reader.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    state ^= UInt64(truncatingIfNeeded: index) &* 0xD134_2543_DE82_EF95
    _ = next()
  }

  /// The next number.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// A number of 0..<bound; 0 where the bound is not above 0.
  mutating func below(_ bound: Int) -> Int { bound > 1 ? Int(next() % UInt64(bound)) : 0 }

  /// True once in `times`.
  mutating func once(in times: Int) -> Bool { below(times) == 0 }
}

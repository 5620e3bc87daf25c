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

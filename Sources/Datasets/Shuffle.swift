/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): the order that a seed stands
/// for is part of what results depend on, so it is written out here and never changes.
package struct SplitMix64 {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number of 0..<bound, each equally likely: the high half of a product, with the few values refused that would
  /// favour some results (Lemire: "Fast random integer generation in an interval", 2019). `bound` must be positive.
  package mutating func next(below bound: UInt64) -> UInt64 {
    let refused = (0 &- bound) % bound
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= refused { return product.high }
    }
  }
}

extension Array {
  /// In the order that `seed` stands for (Fisher and Yates, from the last place down).
  package func shuffled(seed: UInt64) -> [Element] {
    var result = self
    var generator = SplitMix64(seed: seed)
    for last in result.indices.reversed() where last > 0 {
      result.swapAt(last, Int(generator.next(below: UInt64(last) + 1)))
    }
    return result
  }
}

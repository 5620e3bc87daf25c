import Glibc

/// What a random number is for; each purpose has its own stream, so that one more draw here changes nothing there.
public enum RandomStream: UInt32, Sendable {
  /// Initial weights; the index is the parameter.
  case weights = 1
  /// The order of the training images; the index is the epoch.
  case order
  /// The noise ε of the reparameterisation; the index is the epoch.
  case noise
  /// Codes drawn from the prior.
  case sample
  /// Choosing images from a dataset.
  case selection
  /// Drawing images for disentanglement scores, and their bootstrap; the index is the score.
  case scores = 40
  /// Which images of a large dataset something is computed from; the index tells what.
  case subset
  /// The order of the second batches of a FactorVAE, and the noise of their codes; the index is the epoch.
  case secondOrder = 60, secondNoise
  /// Which image's value of a latent each image is given; the index is the step.
  case permutation
  /// Which factor varies in a batch, and how; the index is the step.
  case variation
  /// The factors of drawn images, for training; the index is the image.
  case trainingDraw = 101
  /// The factors of drawn images, for testing; the index is the image.
  case testDraw
  /// What a drawn image's seed stands for: grain, noise.
  case drawing
  /// The values that images are transformed by; the index is the image.
  case transformation
  /// Noise and codes that the generator of an InfoGAN is given, for the judge's step and for its own; the index is the step.
  case judgedCode = 120
  case generatedCode = 121
  /// Numbers that a script draws itself; the index is the draw.
  case script = 140
}

/// A counter-based generator: Philox4×32 with ten rounds (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers:
/// as easy as 1, 2, 3"). A number is a function of seed, stream, index and position, so any thread can draw any
/// part of a stream, and a training can go on from any epoch, with the same numbers.
public struct RandomGenerator: Sendable, RandomNumberGenerator {
  private let key: (UInt32, UInt32)
  private let stream: (UInt32, UInt32)
  private var position: UInt64 = 0
  private var buffered: UInt64?

  /// A generator for one purpose.
  /// - Parameters:
  ///   - seed: any number.
  ///   - stream: the purpose.
  ///   - index: which of the streams of that purpose, such as the epoch.
  public init(seed: UInt64, stream: RandomStream, index: Int = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = (stream.rawValue, UInt32(truncatingIfNeeded: index))
  }

  /// The block of four 32-bit numbers at a position of the stream.
  public func block(at position: UInt64) -> SIMD4<UInt32> {
    philox(
      counter: SIMD4(UInt32(truncatingIfNeeded: position), UInt32(position >> 32), stream.0, stream.1), key: key)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if let rest = buffered {
      buffered = nil
      return rest
    }
    let block = block(at: position)
    position += 1
    buffered = UInt64(block.z) << 32 | UInt64(block.w)
    return UInt64(block.x) << 32 | UInt64(block.y)
  }

  /// A number in `0..<1`, of 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Two independent standard normal numbers belonging to a position of the stream (Box and Muller 1958).
  public func normalPair(at position: UInt64) -> (Double, Double) {
    let block = block(at: position)
    let first = (Double((UInt64(block.x) << 32 | UInt64(block.y)) >> 11) + 0.5) * 0x1p-53
    let second = Double((UInt64(block.z) << 32 | UInt64(block.w)) >> 11) * 0x1p-53
    let radius = (-2 * log(first)).squareRoot(), angle = 2 * Double.pi * second
    return (radius * cos(angle), radius * sin(angle))
  }

  /// The numbers `0..<count` in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, Int(below(UInt64(i + 1)))) }
    return order
  }

  /// A random choice of `size` of the numbers `0..<count`, ascending; all of them where there are no more than that. Every
  /// subset of that size is equally likely (Floyd's algorithm, in Bentley 1987, "Programming pearls: a sample of
  /// brilliance"), unlike evenly spaced numbers, which miss whole levels of a factor where images are in the order of a grid.
  /// Takes O(size log size), whatever the count.
  public mutating func subset(of count: Int, atMost size: Int) -> [Int] {
    guard size < count else { return Array(0..<max(0, count)) }
    guard size > 0 else { return [] }
    var chosen = Set<Int>(minimumCapacity: size)
    for last in count - size..<count {
      let number = index(below: last + 1)
      if !chosen.insert(number).inserted { chosen.insert(last) }
    }
    return chosen.sorted()
  }

  /// A number in `0..<count`, each equally likely; 0 where the count is not positive.
  public mutating func index(below count: Int) -> Int { count > 1 ? Int(below(UInt64(count))) : 0 }

  /// A number in `0..<bound` without bias (Lemire 2019).
  private mutating func below(_ bound: UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }
}

/// Philox4×32-10 itself, for known-answer tests.
package func philox(counter: SIMD4<UInt32>, key: (UInt32, UInt32)) -> SIMD4<UInt32> {
  var counter = counter, key = key
  for _ in 0..<10 {
    let a = counter.x.multipliedFullWidth(by: 0xD251_1F53), b = counter.z.multipliedFullWidth(by: 0xCD9E_8D57)
    counter = SIMD4(b.high ^ counter.y ^ key.0, b.low, a.high ^ counter.w ^ key.1, a.low)
    key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85)
  }
  return counter
}

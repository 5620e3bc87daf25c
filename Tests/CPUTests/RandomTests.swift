import BVAECPU
import BVAEPlatform
import Glibc
import Testing

func exponential(_ x: Double) -> Double { exp(x) }
func exponentOfTen(_ x: Double) -> Float { Float(pow(10, x)) }
func power(_ base: Double, _ exponent: Int) -> Double { pow(base, Double(exponent)) }

@Suite("Random numbers")
struct RandomTests {
  /// The known answers of the Random123 distribution (kat_vectors, philox 4×32, 10 rounds).
  @Test("Philox gives its published answers")
  func knownAnswers() {
    #expect(
      philox(counter: SIMD4(repeating: 0), key: (0, 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      philox(counter: SIMD4(repeating: .max), key: (.max, .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      philox(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test("Normal numbers have mean 0, variance 1 and the right tails")
  func normal() {
    let generator = RandomGenerator(seed: 3, stream: .noise)
    let values = (0..<50_000).flatMap { position -> [Double] in
      let pair = generator.normalPair(at: UInt64(position))
      return [pair.0, pair.1]
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    #expect(abs(mean) < 0.015)
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / count - 1) < 0.02)
    #expect(abs(Double(values.count { abs($0) > 1.96 }) / count - 0.05) < 0.003)
    // Beyond 3.29 lies one in a thousand: 100 of these, give or take four times their standard deviation.
    #expect((60...140).contains(values.count { abs($0) > 3.2905 }))
    // The two numbers of a pair say nothing of each other, nor do their squares.
    let pairs = stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }
    let products = pairs.reduce(0) { $0 + $1.0 * $1.1 } / Double(pairs.count)
    let squares = pairs.reduce(0) { $0 + ($1.0 * $1.0 - 1) * ($1.1 * $1.1 - 1) } / Double(pairs.count)
    #expect(abs(products) < 0.018 && abs(squares) < 0.04)
  }

  @Test("Every bit of the seed, the purpose, the index and the place makes another number")
  func streams() {
    func first(_ seed: UInt64, _ stream: RandomStream = .noise, _ index: Int = 0, at position: UInt64 = 0)
      -> SIMD4<UInt32>
    {
      RandomGenerator(seed: seed, stream: stream, index: index).block(at: position)
    }
    var blocks = (0..<64).map { first(1 << $0) }
    blocks += [first(0), first(0, .order), first(0, .weights), first(0, .sample), first(0, .selection)]
    blocks += (0..<32).map { first(0, .noise, 1 << $0) }
    blocks += (0..<64).map { first(0, at: 1 << $0) }
    #expect(Set(blocks.map { [$0.x, $0.y, $0.z, $0.w] }).count == blocks.count)
    // And nothing else does: the block of a place is the published function of seed, place, purpose and index.
    #expect(
      first(0xa409_3822_1111_2222, .sample, 0x0370_7344, at: 0x85a3_08d3_243f_6a88)
        == philox(counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 4, 0x0370_7344), key: (0x1111_2222, 0xa409_3822)))
  }

  @Test("All orders of three are equally likely")
  func uniformPermutations() {
    var counts: [[Int]: Int] = [:]
    var generator = RandomGenerator(seed: 11, stream: .order)
    for _ in 0..<6000 { counts[generator.permutation(3), default: 0] += 1 }
    // 1,000 each, give or take five times their standard deviation of 29.
    #expect(counts.count == 6 && counts.values.allSatisfy { (855...1145).contains($0) }, "\(counts)")
  }

  @Test("A permutation holds every number once, differs by seed and index, and is the same again")
  func permutation() {
    func order(_ seed: UInt64, _ index: Int) -> [Int] {
      var generator = RandomGenerator(seed: seed, stream: .order, index: index)
      return generator.permutation(1000)
    }
    #expect(order(1, 0).sorted() == Array(0..<1000))
    #expect(order(1, 0) == order(1, 0))
    #expect(order(1, 0) != order(1, 1))
    #expect(order(1, 0) != order(2, 0))
    var generator = RandomGenerator(seed: 1, stream: .order)
    #expect(generator.permutation(0).isEmpty && generator.permutation(1) == [0])
  }

  @Test("A subset has as many different numbers as asked, in order, all of them where there are no more")
  func subset() {
    func subset(_ count: Int, _ size: Int, seed: UInt64 = 1, index: Int = 0) -> [Int] {
      var generator = RandomGenerator(seed: seed, stream: .subset, index: index)
      return generator.subset(of: count, atMost: size)
    }
    let chosen = subset(737_280, 15_000)
    #expect(chosen.count == 15_000 && Set(chosen).count == 15_000 && chosen == chosen.sorted())
    #expect(chosen.allSatisfy { (0..<737_280).contains($0) })
    #expect(chosen == subset(737_280, 15_000))
    #expect(chosen != subset(737_280, 15_000, seed: 2) && chosen != subset(737_280, 15_000, index: 1))
    #expect(subset(5, 5) == [0, 1, 2, 3, 4] && subset(5, .max) == [0, 1, 2, 3, 4])
    #expect(subset(5, 0).isEmpty && subset(5, -1).isEmpty && subset(0, 3).isEmpty && subset(-1, 3).isEmpty)
  }

  @Test("Every subset is equally likely")
  func subsetsAreUniform() {
    // Ten subsets of three of five numbers. With 9 degrees of freedom χ² exceeds 33.7 once in 10,000 times.
    var counts: [[Int]: Double] = [:]
    var generator = RandomGenerator(seed: 4, stream: .subset)
    for _ in 0..<20_000 { counts[generator.subset(of: 5, atMost: 3), default: 0] += 1 }
    #expect(counts.count == 10)
    #expect(counts.values.reduce(0) { $0 + ($1 - 2000) * ($1 - 2000) / 2000 } < 33.7)
  }

  @Test("A subset of a grid in order has every level of every factor about as often as the grid")
  func subsetOfGrid() {
    var generator = RandomGenerator(seed: 1, stream: .subset)
    let chosen = generator.subset(of: 32 * 32 * 32, atMost: 3200)
    for stride in [1, 32, 1024] {
      var levels = [Int](repeating: 0, count: 32)
      for place in chosen { levels[place / stride % 32] += 1 }
      #expect(levels.allSatisfy { (60...140).contains($0) }, "\(levels)")
    }
  }
}

@Suite("Threads")
struct WorkersTests {
  @Test("Every unit is done once, on any number of threads", arguments: [1, 2, 3, 4, 9])
  func everyUnit(threads: Int) {
    let workers = Workers(count: threads)
    for round in 0..<200 {
      let counts = FloatBuffer(count: 100)
      workers.run(units: round % 101) { counts[$0] += 1 }
      #expect((0..<100).allSatisfy { counts[$0] == ($0 < round % 101 ? 1 : 0) })
    }
  }

  @Test("Teams come and go")
  func teams() {
    for _ in 0..<50 {
      let total = FloatBuffer(count: 8)
      Workers(count: 4).run(units: 8) { total[$0] = 1 }
      #expect(total.values.allSatisfy { $0 == 1 })
    }
  }
}

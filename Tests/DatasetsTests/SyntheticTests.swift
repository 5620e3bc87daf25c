import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Drawn data")
struct SyntheticTests {
  private let one = Workers(count: 1), three = Workers(count: 3)

  private func wish(
    _ digits: [Int]? = nil, count: Int? = 40, each: Int? = nil, skip: Int = 0, seed: UInt64? = 7, split: Split? = .train
  ) -> SyntheticWish {
    SyntheticWish(
      selection: Selection(digits: digits, count: count, each: each, skip: skip, shuffle: seed), split: split)
  }

  private func draw(_ data: SyntheticData, _ wish: SyntheticWish, side: Int? = nil) throws -> Dataset {
    try data.dataset(of: data.factors(wish, side: side), split: wish.split, side: side, workers: three)
  }

  @Test("A seed stands for the same bits on every machine and any number of threads")
  func sameBits() throws {
    // Recorded on x86-64; another machine has to agree.
    for (data, expected) in [(SyntheticData.sprites, "ff506ae902ce2b58"), (.streets, "335fdb0ae3f49e48")] {
      let table = try data.factors(wish(count: 100))
      let few = try data.dataset(of: table, workers: one), many = try data.dataset(of: table, workers: three)
      #expect(few.images == many.images && few.fingerprint == many.fingerprint)
      #expect(few.fingerprint == expected)
    }
  }

  @Test("Another seed gives other images", arguments: SyntheticData.all)
  func otherSeed(data: SyntheticData) throws {
    #expect(try draw(data, wish()).images != draw(data, wish(seed: 8)).images)
  }

  @Test(
    "Factors and seeds alone give the same images again, in any order of the columns", arguments: SyntheticData.all
  )
  func regeneration(data: SyntheticData) throws {
    let drawn = try draw(data, wish(count: 30), side: 36)
    let table = try #require(drawn.factors)
    #expect(try data.dataset(of: table, side: 36, workers: one).images == drawn.images)
    let order = Array(table.factors.indices.reversed())
    let turned = FactorTable(
      factors: order.map { table.factors[$0] }, count: table.count,
      values: (0..<table.count).flatMap { image in order.map { Array(table[image])[$0] } }, seeds: table.seeds)
    #expect(try data.dataset(of: turned, side: 36, workers: one).images == drawn.images)
    let part = try drawn.selecting([7, 3]), partTable = try #require(part.factors)
    #expect(try data.dataset(of: partTable, side: 36, workers: one).images == part.images)
    #expect(part.labels == drawn.labels.map { [$0[7], $0[3]] })
    #expect(part.synthetic == "synthetic \(data.rawValue)")
  }

  @Test("Every value is one of its factor's, and every factor has many", arguments: SyntheticData.all)
  func ranges(data: SyntheticData) throws {
    let table = try data.factors(wish(count: 1500))
    for (place, factor) in data.factors.enumerated() {
      let values = (0..<table.count).map { Array(table[$0])[place] }
      #expect(values.allSatisfy(factor.admits), "\(factor.name)")
      #expect(values == table.column(factor.name))
      switch factor.kind {
      case .categorical(let names): #expect(Set(values).count == names.count, "\(factor.name)")
      case .continuous(let range):
        let width = range.upperBound - range.lowerBound
        #expect(values.min()! <= range.lowerBound + width * 0.05 && values.max()! >= range.upperBound - width * 0.05)
      }
    }
  }

  @Test("Factors vary independently of one another")
  func independence() throws {
    let table = try SyntheticData.streets.factors(wish(count: 3000))
    let columns = table.factors.map { factor -> [Double] in
      let values = (table.column(factor.name) ?? []).map(Double.init)
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
      return values.map { ($0 - mean) / deviation }
    }
    for a in columns.indices {
      for b in 0..<a {
        let correlation = zip(columns[a], columns[b]).reduce(0) { $0 + $1.0 * $1.1 } / Double(table.count)
        #expect(abs(correlation) < 0.08, "\(table.factors[a].name) and \(table.factors[b].name)")
      }
    }
  }

  @Test("Every factor can be seen in the image", arguments: SyntheticData.all)
  func visible(data: SyntheticData) throws {
    for factor in data.factors {
      var seen = false
      // A hue is not seen without saturation, nor a spacing without a neighbour: one of several images shows it.
      for skip in 0..<6 where !seen {
        let table = try data.factors(varying: factor.name, of: wish(count: 5, skip: skip))
        let images = try data.dataset(of: table, workers: one).images
        seen = (1..<5).contains { step in
          zip(images[0], images[step]).contains { abs(Int($0) - Int($1)) > 8 }
        }
        #expect(table.count == 5 && Set(table.column(factor.name) ?? []).count >= 2)
      }
      #expect(seen, "\(factor.name)")
    }
  }

  @Test("Training and test images share none", arguments: SyntheticData.all)
  func splits(data: SyntheticData) throws {
    func rows(_ split: Split, seed: UInt64) throws -> Set<[Float]> {
      let table = try data.factors(wish(count: 2000, seed: seed, split: split))
      return Set((0..<table.count).map { image in table[image] + (table.seeds.map { [Float($0[image] % 2)] } ?? []) })
    }
    let train = try rows(.train, seed: 7), test = try rows(.test, seed: 7), other = try rows(.test, seed: 8)
    #expect(train.isDisjoint(with: test) && train.isDisjoint(with: other))
    #expect(train.count == 2000 && test.count == 2000)
    // Street numbers of both parts are told apart by their noise's seed; their factors are drawn apart too.
    guard data == .streets else { return }
    let values = try [Split.train, .test].map { split in
      let table = try data.factors(wish(count: 500, split: split))
      return Set((0..<table.count).map { Array(table[$0]) })
    }
    #expect(values[0].isDisjoint(with: values[1]))
  }

  @Test("One in ten sprites is for testing: those whose Philox number ends in 0")
  func spriteSplit() throws {
    // By an implementation of Philox4×32-10 in Python, checked with Random123's known answers: the p in 0..<200 for which
    // the first number for counter (p, 0, 102, 0) and key (0, 0) is a multiple of 10.
    let places = [5, 39, 46, 49, 51, 55, 107, 112, 122, 140, 176, 177, 185]
    func rows(_ split: Split, _ count: Int) throws -> [[Float]] {
      let table = try SyntheticData.sprites.factors(
        SyntheticWish(selection: Selection(count: count), split: split))
      return (0..<count).map { Array(table[$0]) }
    }
    func expected(_ places: [Int]) -> [[Float]] {
      places.map { [0, 0.5, 0, Float($0 / 32) / 31, Float($0 % 32) / 31] }
    }
    #expect(try rows(.test, places.count) == expected(places))
    let others = (0..<186).filter { !places.contains($0) }
    #expect(try rows(.train, others.count) == expected(others))
  }

  @Test("digits, each and skip choose as from a file")
  func selection() throws {
    let ones = try draw(.streets, wish([1])), first = try draw(.streets, wish([1], count: 10))
    #expect(ones.digitCounts == [0, 40, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(try ones[0..<10].images == first.images)
    let next = try ones[10..<20]
    #expect(try draw(.streets, wish([1], count: 10, skip: 10)).images == next.images)
    let each = try draw(.streets, wish([3, 5], count: nil, each: 4))
    #expect(each.labels == [3, 5, 3, 5, 3, 5, 3, 5] || each.labels == [5, 3, 5, 3, 5, 3, 5, 3])
    let skipped = try draw(.streets, wish([3, 5], count: nil, each: 2, skip: 2))
    #expect(try skipped.images == each[4..<8].images)
    #expect(try draw(.sprites, wish([2], count: 5)).labels == [2, 2, 2, 2, 2])
    // Whichever digits are wanted, an image's other factors are the same.
    let sevens = try SyntheticData.streets.factors(wish([7]))
    #expect(sevens.column("slant") == ones.factors?.column("slant") && sevens.seeds == ones.factors?.seeds)
    #expect(try SyntheticData.streets.factors(wish(count: nil)).count == SyntheticData.usualCount)
  }

  @Test("The grid has the order of dSprites, the last factor first")
  func grid() throws {
    let table = try SyntheticData.sprites.factors(wish(count: 1025, seed: nil, split: nil))
    #expect(Array(table[0]) == [0, 0.5, 0, 0, 0] && Array(table[1]) == [0, 0.5, 0, 0, 1.0 / 31])
    #expect(Array(table[32]) == [0, 0.5, 0, 1.0 / 31, 0] && Array(table[1024]) == [0, 0.5, 1.0 / 40, 0, 0])
    let last = try SyntheticData.sprites.factors(wish(count: 1, skip: 737_279, seed: nil, split: nil))
    #expect(Array(last[0]) == [2, 1, 39.0 / 40, 1, 1])
  }

  @Test("A sprite is whole, white on black, and covers what its shape does")
  func sprites() throws {
    let data = SyntheticData.sprites
    for (place, share) in [(0, 3.61), (1, 2.26), (2, 2.89)] {
      for position: Float in [0, 1] {
        let table = FactorTable(factors: data.factors, count: 1, values: [Float(place), 1, 0.1, position, position])
        let image = try data.dataset(of: table, workers: one).images
        #expect(image.bytes.max() == 255)
        let bytes = image.bytes
        for place in 0..<64 {
          #expect(
            bytes[place] == 0 && bytes[63 * 64 + place] == 0 && bytes[place * 64] == 0 && bytes[place * 64 + 63] == 0)
        }
        let covered = bytes.reduce(0) { $0 + Int($1) }
        let area: Double = Double(covered) / 255 / (10.24 * 10.24)
        #expect(abs(area - share) < 0.06, "\(place): \(area)")
      }
    }
  }

  @Test("Sizes that the network does not take, and too many images, are refused before anything is drawn")
  func sizes() throws {
    for side in [0, 4, 30, 132, -8] {
      #expect(
        error { _ = try draw(.streets, wish(), side: side) }?.contains("expected a multiple of 4 from 8 to 128") == true
      )
    }
    for side in [8, 128] { #expect(try draw(.streets, wish(count: 2), side: side).images.shape.height == side) }
    let most = "737,280 images of 64×64×1 are asked for; at most 524,288 of that size are drawn at once"
    #expect(error { _ = try draw(.sprites, wish(count: nil, seed: nil, split: nil)) }?.hasPrefix(most) == true)
    #expect(error { _ = try draw(.streets, wish(count: 4_000_000_000)) }?.contains("at most 699,050") == true)
    #expect(error { _ = try draw(.streets, wish(count: 10, skip: 4_294_967_290)) }?.contains("another seed") == true)
    #expect(error { _ = try draw(.streets, wish(nil, count: nil, each: 4_000_000_000)) }?.contains("at most") == true)
    #expect(error { _ = try draw(.streets, wish([10])) }?.hasPrefix("'digits' has 10; expected 0 to 9") == true)
    #expect(error { _ = try draw(.sprites, wish([3])) }?.contains("there are none") == true)
    #expect(error { _ = try draw(.streets, wish(count: 2, each: 2)) }?.contains("together") == true)
  }

  @Test("Factors from outside are checked one by one")
  func hostileFactors() throws {
    let data = SyntheticData.streets, good = try data.factors(wish(count: 2))
    func message(_ factors: [Factor], _ values: [Float], _ seeds: [UInt32]? = [1, 2]) -> String? {
      let table = FactorTable(factors: factors, count: 2, values: values, seeds: seeds)
      return error { _ = try data.dataset(of: table, workers: one) }
    }
    #expect(message(good.factors, good.values) == nil)
    #expect(message(good.factors, good.values, nil)?.contains("not the seeds") == true)
    for bad: Float in [.nan, .infinity, -.infinity, 1e30, -1, 10, 0.5] {
      var values = good.values
      values[good.factors.count] = bad
      #expect(message(good.factors, values)?.hasPrefix("the factor 'digit' of image 1 is ") == true, "\(bad)")
    }
    var values = good.values
    values[6] = 0.31
    #expect(message(good.factors, values) == "the factor 'slant' of image 0 is 0.31; expected -0.12 to 0.3")
    #expect(
      message(SyntheticData.sprites.factors, [Float](repeating: 0, count: 10))?.contains("'digit', 'typeface'") == true)
    #expect(message([], [])?.contains("missing") == true)
    let extra = good.factors + [Factor("age", "", .continuous(0...1))]
    #expect(message(extra, [Float](repeating: 0, count: extra.count * 2))?.contains("'age'") == true)
    let twice = good.factors + [good.factors[0]]
    #expect(message(twice, [Float](repeating: 0, count: twice.count * 2)) != nil)
    #expect(error { _ = try data.factors(varying: "age", of: wish()) }?.contains("no factor 'age'") == true)
  }

  @Test("Drawing every corner of the ranges at every size goes well")
  func corners() throws {
    for data in SyntheticData.all {
      var rows: [[Float]] = []
      for corner in 0..<24 {
        rows.append(
          data.factors.enumerated().map { place, factor in
            let isUpper = (corner * 7 + place * (corner + 3)) % 5 < 2
            switch factor.kind {
            case .categorical(let names): return Float(isUpper ? names.count - 1 : (corner + place) % names.count)
            case .continuous(let range): return isUpper ? range.upperBound : range.lowerBound
            }
          })
      }
      let table = FactorTable(
        factors: data.factors, count: rows.count, values: rows.flatMap { $0 },
        seeds: rows.indices.map { UInt32.max - UInt32($0) })
      for side in [8, 32, 128] {
        let drawn = try data.dataset(of: table, side: side, workers: three)
        #expect(drawn.images.count == rows.count && PixelStatistics(drawn.images).deviation > 0.02)
      }
    }
  }

  @Test("The statistics of values are those of the formulas")
  func statistics() {
    let images = ByteImages(shape: ImageShape(height: 2, width: 2, planes: 1), bytes: [0, 51, 51, 102, 51, 51, 51, 51])
    let found = PixelStatistics(images)
    #expect(
      found.least == 0 && found.greatest == 0.4 && abs(found.mean - 0.2) < 1e-12 && abs(found.deviation - 0.1) < 1e-12)
    let none = PixelStatistics(ByteImages(shape: .mnist))
    #expect(none.mean == 0 && none.deviation == 0 && none.greatest == 0)
  }
}

import BVAECPU
import BVAEDatasets
import Testing

@Suite("Datasets in memory")
struct DatasetTests {
  private func dataset(_ height: Int, _ width: Int, bytes: [UInt8], labels: [UInt8]?) throws -> Dataset {
    try Dataset(
      name: "n", split: nil,
      images: ByteImages(shape: ImageShape(height: height, width: width, planes: 1), bytes: bytes),
      labels: labels, origin: "o", licence: "l")
  }

  @Test("A fingerprint depends on the size of the images, every byte and every label")
  func fingerprints() throws {
    let bytes: [UInt8] = Array(0..<12)
    var other = bytes
    other[11] = 99
    let all = try [
      dataset(2, 3, bytes: bytes, labels: [1, 2]), dataset(3, 2, bytes: bytes, labels: [1, 2]),
      dataset(1, 6, bytes: bytes, labels: [1, 2]), dataset(2, 3, bytes: other, labels: [1, 2]),
      dataset(2, 3, bytes: bytes, labels: [2, 1]), dataset(2, 3, bytes: bytes, labels: nil),
    ]
    #expect(Set(all.map(\.fingerprint)).count == all.count)
    #expect(try all[0].fingerprint == dataset(2, 3, bytes: bytes, labels: [1, 2]).fingerprint)
  }

  @Test("Chosen images take their labels along, in the order asked for")
  func selecting() throws {
    let data = try dataset(1, 2, bytes: [0, 1, 10, 11, 20, 21], labels: [5, 6, 7])
    let chosen = try data.selecting([2, 0])
    #expect(chosen.images.bytes == [20, 21, 0, 1] && chosen.labels == [7, 5])
  }

  @Test("Streets for testing have other factors than those for training, of the same seed too")
  func streets() throws {
    func values(_ split: Split) throws -> [Float] {
      let wish = SyntheticWish(selection: Selection(count: 40, shuffle: 7), split: split)
      return try SyntheticData.streets.factors(wish).values
    }
    let train = try values(.train), test = try values(.test)
    #expect(train.count == test.count && zip(train, test).count { $0 != $1 } > train.count / 2)
  }
}

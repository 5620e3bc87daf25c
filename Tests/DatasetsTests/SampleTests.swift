import BVAEDatasets
import BVAEPlatform
import Testing

struct SampleTests {
  /// Fingerprints of each digit's first 2000 training and first 100 test images, computed from the complete files by
  /// another program.
  static let complete: [Split: [String]] = [
    .train: [
      "42236a3663cc8f11", "b44446998007f86e", "9039a40fa45b72a3", "0ea87bcc95e71e0c", "451625527ed21282",
      "52c22a60669347a1", "152c7f0a311b359e", "c30d099a9597839f", "1d8bec68b0a280bf", "03b835184d3dd6e2",
    ],
    .test: [
      "7c0358d31ac79f4a", "465c7a58fe7ebef7", "8a717697ea0bffae", "d5d094a0dc8173ea", "ff13dbf35f0d49e4",
      "1322e13e420b3203", "6a61c484f827bde5", "9eedfde0d54d83f8", "33dc4eb6ebba8d6b", "3edceec57131a093",
    ],
  ]
  static let size: [Split: Int] = [.train: 2000, .test: 100]

  /// Nothing but the embedded sample.
  private let library = DataLibrary(given: nil, environment: nil, cache: "/nowhere")

  @Test(
    "every digit of the sample is the beginning of that digit in the complete files", arguments: [Split.train, .test])
  func fingerprints(split: Split) throws {
    for digit in 0...9 {
      let dataset = try library.load(.mnist, split: split, selection: Selection(digits: [digit]))
      #expect(dataset.count == SampleTests.size[split])
      #expect(dataset.fingerprint == SampleTests.complete[split]?[digit])
      #expect(dataset.labels == Array(repeating: UInt8(digit), count: dataset.count))
    }
  }

  @Test(
    "the complete files, where BVAE_TEST_DATA has them, give the same images",
    .enabled(if: Machine.environment("BVAE_TEST_DATA") != nil), arguments: [Split.train, .test])
  func completeFiles(split: Split) throws {
    let complete = DataLibrary(given: Machine.environment("BVAE_TEST_DATA"), environment: nil, cache: "/nowhere")
    for digit in [0, 5, 9] {
      let selection = Selection(digits: [digit], count: SampleTests.size[split])
      let dataset = try complete.load(.mnist, split: split, selection: selection)
      #expect(dataset.fingerprint == SampleTests.complete[split]?[digit])
    }
    let each = Selection(each: 100)
    let whole = try complete.load(.mnist, split: split, selection: each)
    #expect(try library.load(.mnist, split: split, selection: each).fingerprint == whole.fingerprint)
    #expect(
      try complete.load(.mnist, split: split, selection: Selection()).count == (split == .train ? 60_000 : 10_000))
  }

  @Test("the sample says what it is")
  func told() throws {
    let dataset = try library.load(.mnist, split: .test, selection: Selection(count: 3))
    #expect(dataset.name == "MNIST" && dataset.split == .test && dataset.images.shape == .mnist)
    #expect(dataset.origin == "embedded sample of MNIST")
    #expect(dataset.licence == "CC BY-SA 3.0 (LeCun, Cortes, Burges)")
    // The first test images of MNIST are a 7, a 2 and a 1.
    #expect(dataset.labels == [7, 2, 1])
  }

  @Test("more than the sample has says how to get the rest")
  func more() {
    let selection = Selection(digits: [1], count: 3000)
    #expect(
      error { _ = try library.load(.mnist, selection: selection) }
        == "cannot choose from 'embedded sample of MNIST': asked for 3,000 images of digit 1, but there are 2,000; "
        + "this is the embedded sample; 'fetch mnist' downloads all of MNIST")
    #expect(
      error { _ = try library.load(.mnist, selection: Selection(count: 0)) }?.contains("embedded sample;") == false)
  }
}

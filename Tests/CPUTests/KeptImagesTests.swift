import BVAECPU
import BVAEPlatform
import Glibc
import TestSupport
import Testing

/// Large sets of images, with sizes from which on they are kept otherwise that small ones reach.
@Suite("Images that are kept as bits or in a file")
struct KeptImagesTests {
  private let folder: String

  init() throws {
    folder = Path.join(Machine.environment("TMPDIR") ?? "/tmp", "kept-images-\(KeptImagesTests.counter.next())")
  }

  private static let counter = Counter()

  private func storage(largestInMemory: Int = 0) -> ImageStorage {
    var storage = ImageStorage()
    (storage.largestPlain, storage.largestInMemory, storage.folder) = (0, largestInMemory, folder)
    return storage
  }

  private static let shapes = [(1, 1, 1), (2, 4, 1), (3, 5, 1), (4, 5, 3), (64, 64, 1)].map {
    ImageShape(height: $0, width: $1, planes: $2)
  }

  /// Images of some values, of which no two are alike for long.
  private static func bytes(_ count: Int, _ shape: ImageShape, _ values: [UInt8]) -> [UInt8] {
    var generator = RandomGenerator(seed: 5, stream: .subset, index: shape.count)
    return (0..<count * shape.count).map { _ in values[generator.index(below: values.count)] }
  }

  private func collected(
    _ bytes: [UInt8], _ shape: ImageShape, piece: Int, order: [Int]? = nil, _ storage: ImageStorage
  ) throws -> ByteImages {
    var collector = try ImageCollector(shape, count: bytes.count / shape.count, order: order, storage: storage)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      collector.pixels += bytes[start..<min(bytes.count, start + piece)]
      try collector.store()
    }
    return try collector.images()
  }

  /// FNV-1a, byte by byte as it is defined.
  private static func fingerprint(_ bytes: [UInt8]) -> String {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Compares images with their bytes in every way in which they are looked at.
  private func expect(_ images: ByteImages, _ bytes: [UInt8], _ words: String) {
    let size = images.shape.count, plain = ByteImages(shape: images.shape, bytes: bytes)
    #expect(images.count == plain.count && images == plain && plain == images, "\(words)")
    #expect(images.bytes == bytes, "\(words)")
    for place in [0, images.count / 2, images.count - 1] {
      #expect(Array(images[place]) == Array(bytes[place * size..<(place + 1) * size]), "\(words)")
    }
    var fingerprint = Fingerprint()
    images.add(to: &fingerprint)
    #expect(fingerprint.description == Self.fingerprint(bytes), "\(words)")
    for value: UInt8 in [0, 3, 255] {
      #expect(images.contains { $0 == value } == bytes.contains(value), "\(words)")
    }
    var generator = RandomGenerator(seed: 7, stream: .subset, index: 1)
    let order = generator.permutation(images.count)
    var arranged = images, arrangedPlain = plain
    arranged.arrange(order)
    arrangedPlain.arrange(order)
    #expect(arranged == arrangedPlain && arranged.keeping == images.keeping, "\(words)")
    let chosen = (0..<9).map { _ in generator.index(below: images.count) }
    #expect(arranged.selecting(chosen) == plain.selecting(chosen.map { order[$0] }), "\(words)")
    var other = bytes
    other[other.count - 1] ^= 1
    #expect(images != ByteImages(shape: images.shape, bytes: other), "\(words)")
  }

  @Test(
    "Images of one or two values are bits, whatever the values, the size and the pieces in which they come",
    arguments: shapes)
  func bits(shape: ImageShape) throws {
    for values: [UInt8] in [[0, 255], [255, 0], [3, 130], [0, 1], [7], [127, 128]] {
      for count in [1, 5, 300] {
        let bytes = Self.bytes(count, shape, values)
        for piece in [max(1, bytes.count / 3 - 1), 4099, bytes.count] {
          let images = try collected(bytes, shape, piece: piece, storage())
          #expect(images.keeping == .bits)
          expect(images, bytes, "\(values) \(count) \(piece)")
        }
      }
    }
    #expect(!Files.exists(folder))
  }

  @Test(
    "The first image with a third value makes bytes of all, in memory or in a file that has no name", arguments: shapes)
  func thirdValue(shape: ImageShape) throws {
    for (largestInMemory, keeping) in [(0, ByteImages.Keeping.file), (1 << 30, .bytes)] {
      for (count, place) in [(1, 0), (300, 0), (300, 151), (300, 299)] {
        var bytes = Self.bytes(count, shape, [0, 255])
        bytes[place * shape.count + shape.count / 2] = 9
        for piece in [max(1, bytes.count / 3 - 1), 4099, bytes.count] {
          let images = try collected(bytes, shape, piece: piece, storage(largestInMemory: largestInMemory))
          // A single value of one image may be one of two.
          #expect(images.keeping == keeping || Set(bytes).count < 3)
          expect(images, bytes, "\(keeping) \(count) \(place) \(piece)")
          if images.keeping == .file { #expect(try Files.list(folder).isEmpty) }
        }
      }
    }
  }

  @Test("Values find their place in an image, in every form")
  func order() throws {
    let shape = ImageShape(height: 3, width: 4, planes: 3)
    let order = (0..<36).map { $0 % 3 * 12 + $0 / 3 }
    for values: [UInt8] in [[0, 255], [1, 2, 3, 4]] {
      let bytes = Self.bytes(400, shape, values)
      let expected = (0..<400).flatMap { image in order.map { bytes[image * 36 + $0] } }
      for storage in [ImageStorage(), storage(), storage(largestInMemory: 1 << 20)] {
        for piece in [35, 36, 5000] {
          expect(try collected(bytes, shape, piece: piece, order: order, storage), expected, "\(values) \(piece)")
        }
      }
    }
  }

  @Test("A choice of many images stays where they are, one of few is copied")
  func choices() throws {
    let shape = ImageShape(height: 64, width: 64, planes: 1), count = ImageStorage.largestCopy / shape.count + 100
    var bytes = [UInt8](repeating: 0, count: count * shape.count)
    for image in 0..<count { for bit in 0..<16 where image >> bit & 1 == 1 { bytes[image * shape.count + bit] = 255 } }
    let images = try collected(bytes, shape, piece: bytes.count, storage())
    var generator = RandomGenerator(seed: 7, stream: .subset, index: 1)
    let order = generator.permutation(count)
    func number(_ images: ByteImages, _ place: Int) -> Int {
      images[place].prefix(16).enumerated().reduce(0) { $0 + ($1.element == 255 ? 1 << $1.offset : 0) }
    }
    let many = images.selecting(order.dropLast()), again = many.selecting((0..<count - 1).reversed())
    #expect(many.keeping == .bits && again.keeping == .bits && many.count == count - 1)
    #expect((0..<count - 1).allSatisfy { number(many, $0) == order[$0] })
    #expect((0..<count - 1).allSatisfy { number(again, $0) == order[count - 2 - $0] })
    let few = again.selecting([0, 5])
    #expect(few.keeping == .bytes && number(few, 1) == order[count - 7])
  }

  @Test("Where there is no room, neither in memory nor on the disk, it is said what to do")
  func room() throws {
    let shape = ImageShape(height: 8, width: 8, planes: 1), bytes = Self.bytes(100, shape, [1, 2, 3])
    var small = storage()
    small.largestFile = 6399
    let problem = #expect(throws: FileProblem.self) { try collected(bytes, shape, piece: 64, small) }
    #expect(
      problem?.description
        == "100 images of 8×8×1 take 6,400 bytes, more than the 0 that are kept in memory, and for a file in '\(folder)' there "
        + "is room for only 6,399; take fewer with 'count' or 'each', or set XDG_CACHE_HOME to a folder on a larger disk"
    )
    #expect(!Files.exists(folder))
    // The same of two values needs no file.
    #expect(try collected(Self.bytes(100, shape, [1, 2]), shape, piece: 64, small).keeping == .bits)
    small.largestFile = 6400
    #expect(try collected(bytes, shape, piece: 64, small).keeping == .file)
    // Where the folder cannot be.
    try Files.write([1], to: Path.join(folder, "file"))
    small.folder = Path.join(folder, "file/inside")
    let other = #expect(throws: FileProblem.self) { try collected(bytes, shape, piece: 64, small) }
    #expect(other?.description.contains("file") == true)
  }

  @Test("An image that the disk does not give back is black, and told")
  func unreadable() throws {
    let shape = ImageShape(height: 8, width: 8, planes: 1), bytes = Self.bytes(100, shape, [1, 2, 3])
    let images = try collected(bytes, shape, piece: 64, storage())
    #expect(images.keeping == .file)
    images.prefetch(0..<100)
    #expect(try cutOffFiles(in: folder, to: 50 * 64))
    #expect(Array(images[49]) == Array(bytes[49 * 64..<50 * 64]))
    try images.check()
    #expect(images[50].allSatisfy { $0 == 0 })
    let problem = #expect(throws: FileProblem.self) { try images.check() }
    #expect(problem?.description == "cannot read '\(folder)': Input/output error")
  }
}

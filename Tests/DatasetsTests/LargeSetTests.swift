import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

/// Sets that are kept as bits or in a file, with sizes from which on they are kept so that small files reach.
@Suite("Large sets")
struct LargeSetTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private var library: DataLibrary { DataLibrary(given: nil, environment: nil, cache: "/nowhere") }

  /// - Parameter isSmall: whether sets are kept as they are when they have at most so many bytes as they have here.
  private func options(isSmall: Bool, scale: Scale? = nil, fitting: Fitting = Fitting(), isPartial: Bool = false)
    -> LoadOptions
  {
    var options = LoadOptions(isPartial: isPartial, fitting: fitting, scale: scale)
    guard !isSmall else { return options }
    options.storage.largestPlain = 0
    options.storage.largestInMemory = 0
    options.storage.folder = folder("kept")
    return options
  }

  private func expectSame(_ small: Dataset, _ large: Dataset, _ words: String) {
    #expect(large.fingerprint == small.fingerprint && large.images == small.images, "\(words)")
    #expect(
      large.labels == small.labels && large.factors == small.factors && large.classes == small.classes, "\(words)")
    #expect(large.variationFingerprint == small.variationFingerprint, "\(words)")
    #expect(PixelStatistics(large.images) == PixelStatistics(small.images) && large.doubts == small.doubts, "\(words)")
    #expect(large.differences(from: small).isEmpty, "\(words)")
    let notes = large.remarks.filter { !small.remarks.contains($0) }
    #expect(small.images.keeping == .bytes && notes.count == 1, "\(words): \(notes)")
    let wanted = large.images.keeping == .bits ? "have two values and are kept as bits, in" : "are kept in a file in"
    #expect(notes[0].text.contains(wanted) && !notes[0].isWarning, "\(words): \(notes)")
  }

  /// Files of the formats that are read front to back or in pieces; those of NumPy in all orders.
  private static let names = [
    "images.npy", "grey.npy", "fortran.npy", "fortran-grey.npy", "fraction-f4-little.npy", "deflated.npz", "keras.npz",
    "scipy-packed.mat", "scipy-plain.mat", "scipy-reversed.mat", "hand-big-packed.mat",
  ]

  @Test("A file is read into a file as into memory, with the same fingerprint", arguments: names)
  func formats(name: String) throws {
    for selection in [Selection(), Selection(count: 4, shuffle: 3), Selection(count: 2, skip: 3)] {
      let small = try library.load(.file(Fixture.path(name)), selection: selection, options: options(isSmall: true))
      let large = try library.load(.file(Fixture.path(name)), selection: selection, options: options(isSmall: false))
      #expect(large.images.keeping == .file)
      expectSame(small, large, "\(name) \(selection)")
    }
    #expect(try Files.list(folder("kept")).isEmpty)
  }

  @Test("IDX, turned upright too, on another scale and in another size")
  func prepared() throws {
    let grey = Make.gzip(Make.idx([30, 4, 8], (0..<960).map { UInt8($0 % 251) }))
    let binary = Make.gzip(Make.idx([30, 4, 8], (0..<960).map { $0 % 7 < 3 ? 200 : 40 }))
    for (name, bytes) in [("images", grey), ("emnist-images", grey), ("binary", binary), ("emnist-binary", binary)] {
      try Files.write(bytes, to: folder(name))
      let size = Fitting(size: Fitting.Size(height: 6, width: 5), planes: 3)
      for (scale, fitting) in [
        (nil, Fitting()), (Scale(black: 255, white: 0), Fitting()), (nil, size), (Scale(black: 0, white: 256), size),
      ] {
        let small = try library.load(
          .file(folder(name)), options: options(isSmall: true, scale: scale, fitting: fitting))
        let large = try library.load(
          .file(folder(name)), options: options(isSmall: false, scale: scale, fitting: fitting))
        #expect(large.images.keeping == (name.hasSuffix("binary") && fitting.size == nil ? .bits : .file))
        expectSame(small, large, "\(name) \(String(describing: scale))")
      }
    }
    let names = ["1.png", "2.png", "3.png"]
    try Files.makeDirectory(folder("pictures"))
    for name in names { try Files.write(Fixture.bytes("rgb.png"), to: folder("pictures/\(name)")) }
    for scale in [nil, Scale(black: 255, white: 0)] {
      let small = try library.load(.file(folder("pictures")), options: options(isSmall: true, scale: scale))
      let large = try library.load(.file(folder("pictures")), options: options(isSmall: false, scale: scale))
      #expect(large.images.keeping == .file)
      expectSame(small, large, "pictures")
    }
  }

  /// dSprites in small: a grid of three shapes, two scales and eight places, of 64×64.
  private func sprites() throws -> String {
    var pixels: [UInt8] = [], values: [Double] = []
    for image in 0..<48 {
      let shape = image / 16, scale = image / 8 % 2, x = image % 8
      for row in 0..<64 {
        for column in 0..<64 {
          let inside = abs(row - 30) < 4 + 3 * scale && abs(column - 12 - 5 * x) < 3 + 2 * shape
          pixels.append(inside ? 1 : 0)
        }
      }
      values += [1, Double(shape + 1), scale == 0 ? 0.5 : 1, 0, Double(x) / 7, 0.5]
    }
    let path = folder("sprites.npz")
    try Files.write(
      NumPyArchiveFile.encoded([
        NamedArray("imgs", shape: [48, 64, 64], .bytes(pixels)),
        NamedArray("latents_values", shape: [48, 6], .doubles(values)),
      ]), to: path)
    return path
  }

  @Test("dSprites is kept as bits, and chosen from by label, factor and place as ever")
  func choosing() throws {
    let path = try sprites()
    let small = try library.load(.file(path), options: options(isSmall: true))
    let large = try library.load(.file(path), options: options(isSmall: false))
    #expect(large.images.keeping == .bits)
    expectSame(small, large, "sprites")
    for selection in [
      Selection(digits: [1]), Selection(count: 9, shuffle: 4), Selection(each: 3, shuffle: 2), Selection(vary: "posX"),
      Selection(conditions: [FactorCondition("scale", .numbers([1])), FactorCondition("shape", .names(["heart"]))]),
    ] {
      let chosen = try large.choosing(selection),
        loaded = try library.load(
          .file(path), selection: selection, options: options(isSmall: false))
      #expect(try chosen.fingerprint == small.choosing(selection).fingerprint, "\(selection)")
      #expect(loaded.fingerprint == chosen.fingerprint && loaded.images.keeping == .bits, "\(selection)")
    }
    #expect(try large[3..<40].fingerprint == small[3..<40].fingerprint)
    #expect(try large.float(7) == small.float(7))
    var generator = RandomGenerator(seed: 1, stream: .variation, index: 0), other = generator
    let varied = try large.varied(["posX"], workers: Workers(count: 1))
    let expected = try small.varied(["posX"], workers: Workers(count: 1))
    #expect(
      varied.images(varying: 0, like: 5, count: 20, using: &generator)
        == expected.images(varying: 0, like: 5, count: 20, using: &other))
  }

  @Test("Sets are joined whatever their keeping, and saved piece by piece to the same images")
  func joinedAndSaved() throws {
    let path = try sprites()
    let small = try library.load(.file(path), options: options(isSmall: true))
    let large = try library.load(.file(path), options: options(isSmall: false))
    let grey = try library.load(
      .file(Fixture.path("grey.npy")),
      options: options(isSmall: false, fitting: Fitting(size: Fitting.Size(height: 64, width: 64))))
    #expect(grey.images.keeping == .file)
    let joined = try Dataset.joined([large, small, large])
    #expect(joined.images.keeping == .bits && joined.count == 144)
    #expect(try joined.fingerprint == Dataset.joined([small, small, small]).fingerprint)
    let mixed = try Dataset.joined([large, grey])
    #expect(mixed.images.keeping == .file && mixed.count == 48 + grey.count)
    #expect(mixed.images == (try ByteImages.joined([small.images, grey.images], ImageStorage())))
    for (name, data) in [("large", large), ("mixed", mixed), ("small", small)] {
      try data.writeArchive(to: folder("\(name).npz"), largest: 0)
      let read = try library.load(.file(folder("\(name).npz")))
      #expect(read.images == data.images && read.labels == data.labels)
      #expect(read.factors?.values == data.factors?.values)
      try data.writeArray(to: folder("\(name).npy"))
      let tensor = Tensor(
        shape: [data.count, 64, 64, 1], values: data.images.bytes.map { Float($0) / 255 })
      #expect(try Files.read(folder("\(name).npy")) == NumPyArray.encoded(tensor))
      #expect(try MATFileWriter.encoded(data) == MATFileWriter.encoded(small) || name == "mixed")
    }
    let again = try Files.read(folder("large.npz"))
    try large.writeArchive(to: folder("large.npz"), largest: 0)
    #expect(try Files.read(folder("large.npz")) == again && Files.read(folder("small.npz")) == again)
  }

  @Test("A file on the disk, cut off and damaged too, is read as the same bytes in memory are")
  func pieces() throws {
    var count = 0
    for name in try Files.list(Path.parent(Fixture.path("x"))) where Files.isRegular(Fixture.path(name)) {
      let whole = try Fixture.bytes(name)
      var variants = [whole] + [1, 3, 7].map { Array(whole.prefix(whole.count * $0 / 8)) }
      var damaged = whole
      damaged[whole.count / 2] ^= 0x55
      variants.append(damaged)
      for (number, bytes) in variants.enumerated() {
        for isPartial in [false, true] {
          let options = options(isSmall: true, isPartial: isPartial), path = folder("file")
          func outcome(_ load: () throws -> Dataset) -> String {
            do { return try load().fingerprint } catch { return "\(error)" }
          }
          try Files.write(bytes, to: path)
          let inMemory = outcome { try DataLibrary.load(bytes: bytes, name: path, options: options) }
          #expect(outcome { try library.load(.file(path), options: options) } == inMemory, "\(name) \(number)")
          count += 1
        }
      }
    }
    #expect(count > 500)
  }

  @Test("More than the disk has room for is refused, with the number of images and what to do")
  func room() throws {
    var options = options(isSmall: false)
    options.storage.largestFile = 100
    let path = Fixture.path("images.npy")
    let message = error { _ = try library.load(.file(path), options: options) }
    #expect(message?.hasPrefix("cannot read '\(path)': 7 images of 6×5×3 take 630 bytes, more than") == true)
    #expect(message?.contains("room for only 100; take fewer with 'count'") == true)
    #expect(try library.load(.file(path), selection: Selection(count: 1), options: options).count == 1)
  }
}

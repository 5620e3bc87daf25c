import BVAECPU
import BVAEDatasets
import BVAEPixels
import BVAEPlatform
import Testing

@Suite("Folders of pictures")
struct PictureTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func put(_ fixture: String, _ name: String) throws {
    try Files.makeDirectory(Path.parent(folder(name)))
    try Files.write(Fixture.bytes(fixture), to: folder(name))
  }

  private func load(_ name: String, _ selection: Selection = Selection(), _ fitting: Fitting = Fitting()) throws
    -> Dataset
  {
    try DataLibrary(given: nil, environment: nil, cache: "/nowhere").load(
      .file(folder(name)), selection: selection, options: LoadOptions(fitting: fitting))
  }

  private func mistake(_ name: String, _ selection: Selection = Selection(), _ fitting: Fitting = Fitting()) -> String?
  {
    error { _ = try load(name, selection, fitting) }?.replacing(folder.path + "/", with: "")
  }

  @Test(
    "pictures of every kind are read",
    arguments: [
      ("grey", 1), ("grey-16", 1), ("grey-interlaced", 1), ("rgb", 3), ("rgb-16", 3), ("rgb-interlaced", 3),
    ])
  func kinds(name: String, planes: Int) throws {
    try put(name + ".png", "a/x.png")
    #expect(try load("a").images == Fixture.images(planes: planes, [1]))
    #expect(try load("a/x.png").images == Fixture.images(planes: planes, [1]))
  }

  @Test("a palette gives its colours, and what is transparent shows white")
  func paletteAndAlpha() throws {
    try put("palette.png", "p/x.png")
    let grey = Fixture.image(1, planes: 1)
    #expect(try load("p").images.bytes == grey.flatMap { [Int($0), Int($0) * 3, Int($0) * 5].map { UInt8($0 % 256) } })
    try put("grey-alpha.png", "g/x.png")
    try put("rgba.png", "c/x.png")
    let isOpaque = (0..<6).flatMap { row in (0..<5).map { (row + $0) % 2 == 1 } }
    #expect(try load("g").images.bytes == zip(grey, isOpaque).map { $1 ? $0 : 255 })
    let colour = Fixture.image(1)
    #expect(try load("c").images.bytes == colour.indices.map { isOpaque[$0 / 3] ? colour[$0] : 255 })
  }

  @Test("folders are labels, numbered by their names where these are numbers, else in their order")
  func labels() throws {
    for name in ["7/b.png", "7/a.PNG", "10/10.png", "10/9.png", "10/notes.txt", "10/.hidden.png", "empty/notes.txt"] {
      try put("grey.png", "numbers/" + name)
    }
    let numbers = try load("numbers")
    #expect(numbers.labels == [7, 7, 10, 10] && numbers.classes == nil)
    #expect(try load("numbers", Selection(digits: [10])).count == 2)
    for name in ["cat/1.png", "ant/1.png", "ant/2.png", "bee/1.png"] { try put("grey.png", "names/" + name) }
    let names = try load("names", Selection(digits: [0, 2]))
    #expect(names.labels == [0, 0, 2] && names.classes == ["ant", "bee", "cat"])
    #expect(try names[0..<1].classes == ["ant", "bee", "cat"])
  }

  @Test("the order is that of the names, numbers in them counting as numbers")
  func order() throws {
    #expect(
      naturallySorted(["b", "a10", "a9", "a", "a09x", "10", "9", "a9b1", "A1"])
        == ["9", "10", "A1", "a", "a9", "a9b1", "a09x", "a10", "b"])
    try put("grey.png", "flat/10.png")
    try put("grey-alpha.png", "flat/9.png")
    let dataset = try load("flat")
    #expect(dataset.labels == nil && Array(dataset.images[1]) == Fixture.image(1, planes: 1))
  }

  @Test("sizes and planes that differ name the option that helps")
  func differ() throws {
    try put("rgb.png", "sizes/1.png")
    try put("scene.png", "sizes/2.png")
    #expect(
      mistake("sizes")
        == "cannot read 'sizes/2.png': it has 31×40 pixels, 'sizes/1.png' has 6×5; say 'size [6, 5]' to give all one size"
    )
    let size = try #require(Fitting.Size(height: 28, width: 28))
    #expect(
      try load("sizes", Selection(), Fitting(size: size)).images.shape == ImageShape(height: 28, width: 28, planes: 3))
    try put("rgb.png", "planes/1.png")
    try put("grey.png", "planes/2.png")
    #expect(
      mistake("planes")
        == "cannot read 'planes/2.png': it is grey, 'planes/1.png' is in colour; say 'planes 1' to make all grey or "
        + "'planes 3' to make all colour")
    let grey = try load("planes", Selection(), Fitting(planes: 1)),
      colour = try load("planes", Selection(), Fitting(planes: 3))
    #expect(grey.images.shape.planes == 1 && colour.images.shape.planes == 3 && grey.count == 2)
    #expect(Array(colour.images[1]) == Fixture.image(1, planes: 1).flatMap { [$0, $0, $0] })
    // Only what is chosen matters.
    #expect(try load("planes", Selection(count: 1)).count == 1)
  }

  @Test("resampling is Pillow's, give or take its rounding", arguments: [(8, 8), (28, 28), (50, 64)])
  func resampling(height: Int, width: Int) throws {
    let scene = try PNG.decode(Fixture.bytes("scene.png")).bitmap
    let expected = try PNG.decode(Fixture.bytes("scene-\(height)x\(width).png")).bitmap
    let found = scene.resized(width: width, height: height)
    let differences = zip(found.bytes, expected.bytes).map { abs(Int($0) - Int($1)) }
    #expect(differences.count == height * width * 3 && (differences.max() ?? 9) <= 1)
    #expect(try scene.grey == PNG.decode(Fixture.bytes("scene-grey.png")).bitmap)
    // A picture that lies on its side gives the same, lying on its side.
    func turned(_ bitmap: Bitmap) -> Bitmap {
      var bytes: [UInt8] = []
      for x in 0..<bitmap.width {
        for y in 0..<bitmap.height {
          bytes += bitmap.bytes[(y * bitmap.width + x) * bitmap.planes..<(y * bitmap.width + x + 1) * bitmap.planes]
        }
      }
      return Bitmap(width: bitmap.height, height: bitmap.width, planes: bitmap.planes, bytes: bytes)
    }
    let side = turned(turned(scene).resized(width: height, height: width))
    #expect(zip(side.bytes, found.bytes).allSatisfy { abs(Int($0) - Int($1)) <= 1 } && side.width == width)
    let even = Bitmap(width: 9, height: 7, planes: 1, fill: 200)
    #expect(even.resized(width: width, height: height).bytes.allSatisfy { $0 == 200 })
  }

  @Test("other data are resized too")
  func fitted() throws {
    let size = try #require(Fitting.Size(height: 28, width: 28))
    let dataset = try DataLibrary(given: nil, environment: nil, cache: "/nowhere").load(
      .svhn, split: .test, selection: Selection(count: 3), options: LoadOptions(fitting: Fitting(size: size, planes: 1))
    )
    #expect(dataset.images.shape == .mnist && dataset.count == 3)
    // Rows first, then columns.
    let flat = try #require(Fitting.Size(height: 12, width: 40))
    let stretched = try DataLibrary(given: nil, environment: nil, cache: "/nowhere").load(
      .svhn, split: .test, selection: Selection(count: 2), options: LoadOptions(fitting: Fitting(size: flat)))
    let original = try DataLibrary(given: nil, environment: nil, cache: "/nowhere").load(
      .svhn, split: .test, selection: Selection(count: 2))
    let first = Bitmap(width: 32, height: 32, planes: 3, bytes: Array(original.images[0]))
    #expect(stretched.images.shape == ImageShape(height: 12, width: 40, planes: 3))
    #expect(Array(stretched.images[0]) == first.resized(width: 40, height: 12).bytes)
    let large = try #require(Fitting.Size(height: 4096, width: 4096))
    #expect(
      error {
        _ = try DataLibrary(given: nil, environment: nil, cache: "/nowhere").load(
          .mnist, options: LoadOptions(fitting: Fitting(size: large, planes: 3)))
      }?.contains("20,000 images of 4096×4096×3 take 1,006,632,960,000 bytes, more than the ") == true)
    #expect(Fitting.Size(height: 0, width: 1) == nil && Fitting.Size(height: 1, width: 4097) == nil)
  }

  @Test("folders without pictures, with pictures and folders, or with folders in folders are refused")
  func refused() throws {
    try Files.makeDirectory(folder("none"))
    #expect(
      mistake("none")
        == "cannot read 'none': there is no picture in this folder or the folders inside it that is read (.png, .jpg)")
    try put("grey.png", "photos/a.txt")
    try put("grey.png", "photos/b.TXT")
    try put("grey.png", "photos/c")
    #expect(mistake("photos")?.hasSuffix("that is read (.png, .jpg); there are 3 other files (.txt, c)") == true)
    try put("grey.png", "mixed/a.png")
    try put("grey.png", "mixed/1/b.png")
    #expect(mistake("mixed")?.contains("it has both pictures ('a.png') and folders of pictures ('1')") == true)
    try put("grey.png", "deep/more/0/b.png")
    #expect(
      mistake("deep")
        == "cannot read 'deep': it has folders inside folders ('more/0'); expected one folder for each class with the pictures in "
        + "it, or such folders inside folders called train, test or val; load one of the folders inside")
    try put("grey.png", "deeper/a/b/c/d/e.png")
    #expect(mistake("deeper")?.contains("it has folders inside folders ('a/b/c')") == true)
    for name in 0..<257 { try put("grey.png", "many/\(name)/a.png") }
    #expect(mistake("many")?.contains("it has 257 folders of pictures; at most 256 classes") == true)
    try put("bytes.npy", "wrong/a.png")
    #expect(
      mistake("wrong")?.hasPrefix("cannot read 'wrong/a.png': it is not a PNG picture: it begins with 93 4E") == true)
    #expect(mistake("mixed/none") == "cannot read 'mixed/none': No such file or directory")
    try put("grey.png", "flat/a.png")
    #expect(
      mistake("flat", Selection(digits: [1]))?.hasSuffix("labels are the names of folders inside the one loaded")
        == true)
  }

  @Test("a picture cut off or changed anywhere does no harm")
  func damaged() throws {
    for name in ["rgb-interlaced.png", "grey-16.png", "palette.png"] {
      let whole = try Fixture.bytes(name)
      for count in whole.indices { #expect(Fixture.mistake(Array(whole.prefix(count))) != nil) }
      for place in whole.indices {
        for change: UInt8 in [0x01, 0x80, 0xFF] {
          var bytes = whole
          bytes[place] ^= change
          _ = Fixture.mistake(bytes)
        }
      }
      var huge = whole
      huge.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
      #expect(Fixture.mistake(huge)?.contains("too large: 65535 × 65535 pixels") == true)
    }
  }
}

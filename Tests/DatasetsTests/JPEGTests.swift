import BVAEDatasets
import BVAEPixels
import BVAEPlatform
import Testing

@Suite("JPEG pictures")
struct JPEGTests {
  static let kinds = [
    "grey", "444", "422", "420", "rgb", "progressive", "grey-progressive", "restarts", "cmyk", "turned",
  ]

  @Test("every kind gives Pillow's values", .enabled(if: JPEG.isAvailable), arguments: kinds)
  func values(kind: String) throws {
    let found = try PictureFile.decode(Fixture.bytes("jpeg-\(kind).jpg"))
    let expected = try PNG.decode(Fixture.bytes("jpeg-\(kind).png"))
    #expect(found.bitmap == expected.bitmap && found.bitmap.planes == (kind.hasPrefix("grey") ? 1 : 3))
    #expect(found.orientation == (kind == "turned" ? 6 : nil))
  }

  @Test("files and folders of them are loaded, whatever they are called", .enabled(if: JPEG.isAvailable))
  func loaded() throws {
    let folder = try Folder()
    try Files.makeDirectory(folder("a/0"))
    try Files.makeDirectory(folder("a/1"))
    try Files.write(Fixture.bytes("jpeg-420.jpg"), to: folder("a/0/1.JPG"))
    try Files.write(Fixture.bytes("jpeg-420.jpg"), to: folder("a/0/2.png"))
    try Files.write(Fixture.bytes("scene.png"), to: folder("a/1/1.jpeg"))
    let library = DataLibrary(given: nil, environment: nil, cache: "/nowhere")
    let dataset = try library.load(.file(folder("a")))
    #expect(dataset.labels == [0, 0, 1] && dataset.images[0] == dataset.images[1] && dataset.remarks.isEmpty)
    #expect(try Array(dataset.images[2]) == PNG.decode(Fixture.bytes("scene.png")).bitmap.bytes)
    #expect(try library.load(.file(folder("a/0/1.JPG"))).images.bytes == Array(dataset.images[0]))
    try Files.write(Fixture.bytes("jpeg-turned.jpg"), to: folder("turned.jpg"))
    #expect(
      try library.load(.file(folder("turned.jpg"))).remarks.map(\.text) == [
        "1 picture has a note to be turned for showing (EXIF), '\(folder("turned.jpg"))'; images are taken as they are stored"
      ])
  }

  @Test("what is damaged or of another kind says so", .enabled(if: JPEG.isAvailable))
  func damaged() throws {
    let whole = try Fixture.bytes("jpeg-420.jpg")
    func mistake(_ bytes: [UInt8]) -> String? { error { _ = try PictureFile.decode(bytes) } }
    #expect(mistake(Array(whole.dropLast(40))) == "the JPEG picture is damaged: Premature end of JPEG file")
    #expect(
      mistake(Array(whole.prefix(30))) == "the JPEG picture is damaged: it ends before it says how large the picture is"
    )
    let frame = try #require(whole.indices.first { whole[$0] == 0xFF && whole[$0 + 1] == 0xC0 })
    func changed(_ place: Int, _ value: UInt8) -> [UInt8] {
      var bytes = whole
      bytes[frame + place] = value
      return bytes
    }
    #expect(mistake(changed(1, 0xC3)) == "the JPEG picture is a lossless one, which is not read; save it as PNG")
    #expect(mistake(changed(4, 12)) == "the JPEG picture is one of 12 bits, which is not read; save it as PNG")
    #expect(mistake(changed(9, 2)) == "the JPEG picture is one of 2 planes, which is not read; save it as PNG")
    for place in whole.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= change
        // Whether this is an error or a picture depends on the byte; that it returns is what counts.
        _ = try? PictureFile.decode(bytes, limit: 1 << 16)
      }
    }
  }

  @Test("a large picture, or one that is gone over very often, is refused before it is read")
  func bombs() throws {
    let frame: [UInt8] = [0xFF, 0xC2, 0, 11, 8, 0x20, 0, 0x20, 0, 1, 1, 0x11, 0]
    let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0]
    func mistake(_ scans: Int, limit: Int) -> String? {
      error {
        _ = try JPEG.decode(
          [0xFF, 0xD8] + frame + (0..<scans).flatMap { _ in scan }, limit: limit, isAvailable: JPEG.isAvailable)
      }
    }
    #expect(
      mistake(1, limit: 1 << 25)
        == "the JPEG picture is too large: 8192 × 8192 pixels, more than the 33554432 that are accepted")
    if JPEG.isAvailable {
      #expect(
        mistake(500, limit: 1 << 26) == "the JPEG picture is damaged: it goes over its 8192 × 8192 pixels 500 times")
    }
  }

  @Test("without the library the message names the package, and a folder says how many were left out")
  func missing() throws {
    let folder = try Folder()
    for name in ["0/1.jpg", "0/2.jpeg", "1/1.png", "1/2.jpg"] {
      try Files.makeDirectory(Path.parent(folder("a/" + name)))
      try Files.write(Fixture.bytes("grey.png"), to: folder("a/" + name))
    }
    var options = LoadOptions()
    options.pictures = [.png]
    let library = DataLibrary(given: nil, environment: nil, cache: "/nowhere")
    let dataset = try library.load(.file(folder("a")), options: options)
    #expect(dataset.labels == [1])
    #expect(
      dataset.remarks == [
        .warning(
          "left out 3 JPEG pictures, for which a library is missing: install libturbojpeg ('apt install libturbojpeg0' on "
            + "Debian and Ubuntu)"),
        .warning("no picture is left of the class '0'"),
      ])
    try Files.makeDirectory(folder("b"))
    try Files.write(Fixture.bytes("jpeg-grey.jpg"), to: folder("b/1.jpg"))
    #expect(
      error { _ = try library.load(.file(folder("b")), options: options) }?.contains(
        "left out: 1 JPEG picture, for which a")
        == true)
    #expect(
      error { _ = try JPEG.decode(Fixture.bytes("jpeg-grey.jpg"), isAvailable: false) }
        == "JPEG pictures need a library that is not here; install libturbojpeg ('apt install libturbojpeg0' on Debian and "
        + "Ubuntu), or save the picture as PNG")
  }
}

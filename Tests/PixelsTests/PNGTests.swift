import BVAEPixels
import BVAEPlatform
import Testing

@Suite("PNG files")
struct PNGTests {
  private let grey = Bitmap(width: 5, height: 3, planes: 1, bytes: (0..<15).map { UInt8($0 * 17) })
  private let colored = Bitmap(width: 4, height: 2, planes: 3, bytes: (0..<24).map { UInt8($0 * 10) })

  @Test("Pixels survive writing and reading")
  func roundTrip() throws {
    for bitmap in [grey, colored, Bitmap(width: 1, height: 1, planes: 1, fill: 9)] {
      #expect(try PNG.decode(PNG.encode(bitmap)).bitmap == bitmap)
    }
  }

  @Test("Notes survive in order, whatever their letters")
  func notes() throws {
    let notes = [
      ("Title", "Figure 3: MNIST Single Digit Latent Z0"), ("Model", "β-VAE, β = 4 → 12 latents 数字 🙂"),
      ("Größe", "28×28, naïve"), ("Empty", ""), ("Lines", "one\ntwo"),
    ].map { (key: $0.0, value: $0.1) }
    let found = try PNG.decode(PNG.encode(grey, text: notes))
    #expect(found.bitmap == grey)
    #expect(found.text.map(\.key) == notes.map(\.key))
    #expect(found.text.map(\.value) == notes.map(\.value))
  }

  @Test("Equal pictures give equal bytes")
  func deterministic() throws {
    #expect(try PNG.encode(colored, text: [("A", "b")]) == PNG.encode(colored, text: [("A", "b")]))
  }

  @Test(
    "A keyword that the format forbids is refused",
    arguments: ["", " x", "x ", "β", "a\nb", String(repeating: "k", count: 80)])
  func keywords(keyword: String) {
    #expect {
      try PNG.encode(grey, text: [(keyword, "v")])
    } throws: {
      "\($0)"
        == "'\(keyword)' cannot be the keyword of a text chunk; expected 1 to 79 Latin-1 characters without outer spaces"
    }
  }

  @Test("A palette, transparency, sixteen bits and one bit are read as eight")
  func otherFormats() throws {
    let palette = try PNG.decode(Samples.palette).bitmap
    #expect(palette.bytes == [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 0, 0])
    #expect(try PNG.decode(Samples.alpha).bitmap.bytes == [255, 0, 0, 255, 255, 255])
    #expect(try PNG.decode(Samples.alpha, background: .black).bitmap.bytes == [255, 0, 0, 0, 0, 0])
    #expect(try PNG.decode(Samples.deep).bitmap.bytes == [255, 128])
    #expect(try PNG.decode(Samples.bit).bitmap.bytes == [0, 255, 0])
  }

  @Test("Compressed and international text of other programs is read")
  func otherText() throws {
    let text = try PNG.decode(Samples.text).text
    #expect(text.map(\.key) == ["Title", "Model", "Plain"])
    #expect(text[0].value == String(repeating: "compressed text ", count: 4))
    #expect(text[1].value == String(repeating: "β-VAE ", count: 8))
    #expect(text[2].value == "größe")
  }

  @Test("A file cut off anywhere is refused")
  func truncated() throws {
    let bytes = try PNG.encode(colored, text: [("Title", "β")])
    for count in 0..<bytes.count {
      #expect(throws: FileProblem.self) { try PNG.decode(Array(bytes[..<count])) }
    }
  }

  @Test("Chunks that the pixels do not depend on are passed over, be they damaged or bombs")
  func passedOver() throws {
    let bytes = try PNG.encode(colored, text: [("Title", "β")])
    // A zlib stream of a quarter of a megabyte and one byte of zeros, which is one more than is accepted, and then no stream at all.
    let long = MakePNG.packed([UInt8](repeating: 0, count: 1 << 18 + 1)), short = MakePNG.packed([0, 0, 0])
    for kind in ["iCCP", "zTXt", "abCd"] {
      var file = Array(bytes[..<33])
      for content in [long, short, [1, 2, 3]] { file += MakePNG.chunk(kind, Array("a\0\0".utf8) + content) }
      let found = try PNG.decode(file + bytes[33...])
      #expect(found.bitmap == colored)
      #expect(found.text.map(\.key) == (kind == "zTXt" ? ["a", "Title"] : ["Title"]))
    }
    #expect(throws: FileProblem.self) {
      try PNG.decode(Array(bytes[..<33]) + MakePNG.chunk("ABCD", [1]) + bytes[33...])
    }
  }

  @Test("No wrong byte does harm")
  func corrupted() throws {
    for sample in [try PNG.encode(colored, text: [("Title", "β")]), Samples.text, Samples.palette, Samples.alpha] {
      for index in sample.indices {
        for change in [0x01, 0x80, 0xFF] as [UInt8] {
          var bytes = sample
          bytes[index] ^= change
          // Whether this is an error or a picture depends on the byte; that it returns is what counts.
          _ = try? PNG.decode(bytes, limit: 1000)
        }
      }
    }
  }

  @Test("Errors say what was found")
  func messages() throws {
    func told(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return "\(error)" }
      return nil
    }
    let expected = " instead of 89 50 4E 47 0D 0A 1A 0A"
    #expect(
      told { _ = try PNG.decode([0xFF, 0xD8, 0xFF]) } == "it is not a PNG picture: it begins with FF D8 FF" + expected)
    #expect(told { _ = try PNG.decode([]) } == "it is not a PNG picture: it begins with nothing" + expected)
    #expect(
      told { _ = try PNG.decode(PNG.encode(colored), limit: 7) }
        == "the PNG picture is too large: 4 × 2 pixels, more than the 7 that are accepted")
    var huge = try PNG.encode(colored)
    huge.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    #expect(
      told { _ = try PNG.decode(huge) }
        == "the PNG picture is too large: 2147483647 × 2147483647 pixels, more than the \(PNG.defaultLimit) that are "
        + "accepted")
  }
}

/// Small files that another program (Pillow) wrote.
private enum Samples {
  static let palette = bytes(
    "89504e470d0a1a0a0000000d49484452000000020000000204030000008098101700000012504c5445ff000000ff000000ff"
      + "000000000000000000af98f0460000000c49444154789c636064920700002a00237b0a07e90000000049454e44ae426082")
  static let alpha = bytes(
    "89504e470d0a1a0a0000000d4948445200000002000000010806000000f4227f8a0000001149444154789c63f8cfc0f09f81"
      + "e13f03000efa02fee2ea954c0000000049454e44ae426082")
  static let deep = bytes(
    "89504e470d0a1a0a0000000d494844520000000200000001100000000081d9fc150000000d49444154789c63fcffbfb1110008860302e5"
      + "ad92f80000000049454e44ae426082")
  static let bit = bytes(
    "89504e470d0a1a0a0000000d4948445200000003000000010100000000339b29190000000a49444154789c63700000004200412937f4ef"
      + "0000000049454e44ae426082")
  static let text = bytes(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55000000227a5458745469746c650000789c"
      + "4bcecf2d284a2d2e4e4d512849ad28514826910f00341918e93968ba2c00000024695458744d6f64656c000100656e004d6f"
      + "64656c6c00789c3bb74937ccd155e11ca91400755a1549d7513c4c0000000b74455874506c61696e006772f6df656669db19"
      + "0000000a49444154789c63600700000900082023c38c0000000049454e44ae426082")

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
  }
}

import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Which values are black and white")
struct ScaleTests {
  /// A .npy file of one image a value, [count, 1, 1].
  private func file(_ type: String, _ values: [[UInt8]]) -> [UInt8] {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(values.count), 1, 1), }"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + values.flatMap { $0 }
  }

  private func whole<Number: FixedWidthInteger>(_ type: String, _ values: [Number]) -> [UInt8] {
    file(type, values.map { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } })
  }

  private func floats(_ values: [Float]) -> [UInt8] {
    file("<f4", values.map { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
  }

  private func load(_ bytes: [UInt8], _ scale: Scale? = nil) throws -> Dataset {
    try DataLibrary.load(bytes: bytes, name: "f", options: LoadOptions(scale: scale))
  }

  // NumPy: np.floor((v - black) * 255 / (white - black) + 0.5)
  @Test("values become 255 · (value − black) / (white − black), as NumPy computes them")
  func values() throws {
    let sixteen = whole("|u1", Array(0...16) as [UInt8])
    let shades: [UInt8] = [0, 16, 32, 48, 64, 80, 96, 112, 128, 143, 159, 175, 191, 207, 223, 239, 255]
    #expect(try load(sixteen, Scale(black: 0, white: 16)).images.bytes == shades)
    #expect(try load(whole("<i8", (0...16).map { Int64($0) }), Scale(black: 0, white: 16)).images.bytes == shades)
    #expect(
      try load(floats([-1, -0.5, -0.25, 0, 0.3, 1]), Scale(black: -1, white: 1)).images.bytes == [
        0, 64, 96, 128, 166, 255,
      ])
    #expect(
      try load(floats([0, 1, 100, 254.6, 255]), Scale(black: 0, white: 255)).images.bytes == [0, 1, 100, 255, 255])
    #expect(
      try load(whole("<u2", [0, 1, 255, 256, 32768, 65535] as [UInt16]), Scale(black: 0, white: 65535)).images.bytes
        == [0, 0, 1, 1, 128, 255])
    #expect(try load(floats([0, 0.25, 1]), Scale(black: 1, white: 0)).images.bytes == [255, 191, 0])
    #expect(
      try load(whole("|i1", [-128, -1, 0, 127] as [Int8]), Scale(black: -128, white: 127)).images.bytes
        == [0, 127, 128, 255])
    #expect(try load(floats([0, 0.1, 0.5, 0.999])).images.bytes == [0, 26, 128, 255])
  }

  @Test("the scale holds for IDX, MATLAB files and pictures too, and the dataset remembers it")
  func formats() throws {
    let scale = try #require(Scale(black: 0, white: 5))
    let idx = try load(Make.idx([1, 1, 3], [0, 2, 5]), scale)
    #expect(idx.images.bytes == [0, 102, 255] && idx.options.scale == scale)
    let inverted = try #require(Scale(black: 255, white: 0))
    let bytes = try load(Fixture.bytes("scipy-plain.mat"), inverted).images.bytes
    #expect(bytes == Fixture.images().bytes.map { 255 - $0 })
    let picture = try load(Fixture.bytes("rgb.png")), turned = try load(Fixture.bytes("rgb.png"), inverted)
    #expect(turned.images.bytes == picture.images.bytes.map { 255 - $0 })
    #expect(
      try load(Fixture.bytes("fortran-grey.npy"), inverted).images.bytes
        == Fixture.images(planes: 1).bytes.map { 255 - $0 })
  }

  @Test("whole numbers far below 255 raise a warning that says the range and how to scale")
  func darkness() throws {
    func warnings(_ bytes: [UInt8], _ scale: Scale? = nil) throws -> [String] {
      try load(bytes, scale).remarks.filter(\.isWarning).map(\.text)
    }
    let binary = [
      "the values go from 0 to 1, and 255 is taken for white, so that the images are nearly black; say 'scale 0..1' where 1 "
        + "is white"
    ]
    #expect(try warnings(whole("|u1", [0, 1, 1] as [UInt8])) == binary)
    #expect(try warnings(whole("<i8", [0, 1, 1] as [Int64])) == binary)
    #expect(try warnings(Make.idx([1, 1, 3], [0, 1, 1])) == binary)
    #expect(
      try warnings(whole("<i4", [0, 9, 16] as [Int32])).first?.contains("say 'scale 0..16' where 16 is white") == true)
    #expect(try warnings(whole("|u1", [0, 1] as [UInt8]), Scale(black: 0, white: 1)) == [])
    #expect(try warnings(whole("|u1", [0, 200] as [UInt8])) == [])
    #expect(try warnings(whole("|b1", [0, 1] as [UInt8])) == [])
    #expect(try load(whole("|b1", [0, 1] as [UInt8])).images.bytes == [0, 255])
  }

  @Test("values beyond the scale are an error that says the range and a scale that suits")
  func beyond() throws {
    func mistake(_ bytes: [UInt8], _ scale: Scale? = nil) -> String? {
      error { _ = try load(bytes, scale) }.map { $0.replacing("cannot read 'f': ", with: "") }
    }
    let choice = " or which other values are black and white"
    #expect(
      mistake(floats([0, 3.5, 254]))
        == "its values go from 0 to 254 (3.5 in image 1), but fractions are taken for 0 to 1; say 'scale 0..255'"
        + choice)
    #expect(mistake(floats([-1, 0, 0.5]))?.contains("say 'scale -1..1'") == true)
    #expect(mistake(floats([0, 8, 16]))?.contains("say 'scale 0..16'") == true)
    #expect(
      mistake(whole("<u2", [0, 60_000] as [UInt16]))
        == "its values go from 0 to 60000 (60000 in image 1), but whole numbers are taken for 0 to 255; say 'scale 0..65535'"
        + choice)
    #expect(mistake(whole("|i1", [-100, 100] as [Int8]))?.contains("say 'scale -128..127'") == true)
    #expect(
      mistake(whole("|u1", [3, 17] as [UInt8]), Scale(black: 0, white: 16))?.hasPrefix(
        "its values go from 3 to 17, beyond those of 'scale 0..16' (17 in image 1)") == true)
    #expect(mistake(floats([0, .nan])) == "image 1 has the value nan, which is no shade of grey")
    #expect(mistake(floats([.infinity, 0]))?.hasPrefix("image 0 has the value inf") == true)
  }

  @Test("a scale of one value, or of what is no number, is none")
  func none() {
    #expect(Scale(black: 1, white: 1) == nil && Scale(black: .nan, white: 1) == nil)
    #expect(Scale(black: 0, white: .infinity) == nil)
    #expect(Scale(black: 0, white: 16).map { "\($0)" } == "0..16")
    #expect(Scale(black: 1, white: -0.5).map { "\($0)" } == "[1, -0.5]")
  }
}

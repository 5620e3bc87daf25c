import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

struct IDXTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func file(_ bytes: [UInt8]) throws -> String {
    try Files.write(bytes, to: folder("f"))
    return folder("f")
  }

  /// What reading `bytes` as images reports, without the path that it begins with.
  private func imagesError(_ bytes: [UInt8]) throws -> String? { try told(bytes) { _ = try IDX.images($0) } }
  private func labelsError(_ bytes: [UInt8]) throws -> String? { try told(bytes) { _ = try IDX.labels($0) } }

  private func told(_ bytes: [UInt8], _ read: (String) throws -> Void) throws -> String? {
    let path = try file(bytes)
    let start = "cannot read '\(path)': "
    return error { try read(path) }.map { $0.hasPrefix(start) ? String($0.dropFirst(start.count)) : "? \($0)" }
  }

  @Test("images and labels are read, plain and in gzip", arguments: [false, true])
  func read(packed: Bool) throws {
    func pack(_ bytes: [UInt8]) -> [UInt8] { packed ? Make.gzip(bytes) : bytes }
    let images = try IDX.images(try file(pack(Make.images(3))))
    #expect(images.shape == ImageShape(height: 2, width: 3, planes: 1))
    #expect(images.bytes == [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25])
    let colour = try IDX.images(try file(pack(Make.idx([2, 1, 1, 3], [1, 2, 3, 4, 5, 6]))))
    #expect(colour.shape == ImageShape(height: 1, width: 1, planes: 3) && colour.count == 2)
    #expect(try IDX.labels(try file(pack(Make.labels([3, 1, 4, 1, 5, 9, 0])))) == [3, 1, 4, 1, 5, 9, 0])
  }

  @Test("images of shorts, ints, floats and doubles are read as NumPy's arrays of them are")
  func otherTypes() throws {
    func big(_ bits: UInt64, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * (size - 1 - $0))) }
    }
    let whole: [UInt8] = [0, 1, 128, 255], shares = [0, 0.25, 0.5, 1.0]
    let cases: [(type: UInt8, values: [[UInt8]])] = [
      (0x0B, whole.map { big(UInt64($0), 2) }), (0x0C, whole.map { big(UInt64($0), 4) }),
      (0x0D, shares.map { big(UInt64(Float($0).bitPattern), 4) }), (0x0E, shares.map { big($0.bitPattern, 8) }),
    ]
    for (type, values) in cases {
      var bytes: [UInt8] = [0, 0, type, 3]
      for extent in [1, 2, 2] { bytes += Make.bigEndian(extent) }
      for value in values { bytes += value }
      // 0.25 · 255 and 0.5 · 255 are rounded.
      #expect(try IDX.images(file(bytes)).bytes == (type < 0x0D ? whole : [0, 64, 128, 255]), "type \(type)")
    }
  }

  @Test("files of more than one block are read whole")
  func blocks() throws {
    let bytes = (0..<1000 * 28 * 28).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
    for packed in [false, true] {
      let whole = Make.idx([1000, 28, 28], bytes)
      #expect(try IDX.images(try file(packed ? Make.gzip(whole) : whole)).bytes == bytes)
    }
  }

  @Test("a file cut off anywhere is refused, plain and in gzip, cut before or after packing")
  func truncated() throws {
    for whole in [Make.images(3), Make.labels([1, 2, 3]), Make.idx([1, 1, 1, 1], [9])] {
      for count in whole.indices {
        let part = Array(whole.prefix(count))
        for bytes in [part, Make.gzip(part), Array(Make.gzip(whole).dropLast(whole.count - count))] {
          #expect(try imagesError(bytes) != nil)
          #expect(try labelsError(bytes) != nil)
        }
      }
    }
  }

  @Test("what is cut off says what was promised and what is there")
  func truncatedMessages() throws {
    #expect(try imagesError([]) == "it is empty; expected an IDX file")
    #expect(
      try imagesError([0])
        == "it is not an IDX file: it begins with 00; expected 00 00 08 03 or 00 00 08 04 (images) or 00 00 08 01 (labels), "
        + "with 09 or 0B to 0E in place of 08 where its values are no unsigned bytes")
    #expect(try imagesError([0, 0, 8]) == "it ends within the header, after 3 bytes; expected 4")
    #expect(
      try imagesError(Array(Make.images(3).prefix(9))) == "it ends within the header, after 9 bytes; expected 16")
    #expect(
      try imagesError(Array(Make.images(3).dropLast()))
        == "its header promises 3 images of 2×3×1, 18 bytes, but only 17 follow; the file is incomplete, fetch it again"
    )
    #expect(
      try imagesError(Make.gzip(Array(Make.images(3).dropLast(12))))
        == "its header promises 3 images of 2×3×1, 18 bytes, but only 6 follow; the file is incomplete, fetch it again")
    #expect(
      try labelsError(Array(Make.labels([1, 2]).dropLast()))
        == "its header promises 2 labels, 2 bytes, but only 1 follow; the file is incomplete, fetch it again")
    let packed = Make.gzip(Make.images(3))
    #expect(
      try imagesError(Array(packed.dropLast(3)))
        == "the gzip data end too early, after \(packed.count - 3) bytes; the file is incomplete, fetch it again")
  }

  @Test("more bytes than promised are refused")
  func tooMany() throws {
    #expect(
      try imagesError(Make.images(3) + [0]) == "its header promises 3 images of 2×3×1, 18 bytes, but 19 follow")
    #expect(
      try imagesError(Make.gzip(Make.images(3) + [0]))
        == "its header promises 3 images of 2×3×1, 18 bytes, but more follow")
    #expect(try labelsError(Make.labels([1]) + [2, 3]) == "its header promises 1 label, 1 byte, but 3 follow")
    #expect(try imagesError(Make.gzip(Make.images(1)) + [7])?.hasPrefix("1 byte that is not gzip data") == true)
  }

  @Test("headers that lie take neither memory nor overflow")
  func lies() throws {
    let most = 0xFFFF_FFFF
    #expect(
      try imagesError(Make.idx([most, 28, 28], [1]))
        == "at byte 4: 4,294,967,295 items; expected at most 16,777,216")
    #expect(
      try imagesError(Make.idx([1 << 24, 4096, 4096, 3], [1]))
        == "its header promises 16,777,216 images of 4096×4096×3, 844,424,930,131,968 bytes, but only 1 follow; the file is "
        + "incomplete, fetch it again")
    let packed = Make.gzip(Make.idx([2_000_000, 32, 32], [1]))
    #expect(
      try imagesError(packed)
        == "its header promises 2,000,000 images of 32×32×1, 2,048,000,000 bytes, more than its \(packed.count) compressed "
        + "bytes can stand for")
    #expect(
      try labelsError(Make.gzip(Make.idx([most], [1])))
        == "at byte 4 of the inflated data: 4,294,967,295 items; expected at most 16,777,216")
    #expect(
      try labelsError(Make.gzip(Make.idx([1 << 24], [1])))?.hasPrefix(
        "its header promises 16,777,216 labels, 16,777,216 bytes, more than its") == true)
    #expect(try imagesError(Make.idx([1, most, most], [1])) == "at byte 8: 4,294,967,295 rows; expected 1 to 4,096")
    #expect(try imagesError(Make.idx([1, 28, 5000], [1])) == "at byte 12: 5,000 columns; expected 1 to 4,096")
    #expect(try imagesError(Make.idx([1, 0, 28], [])) == "at byte 8: 0 rows; expected 1 to 4,096")
    #expect(try imagesError(Make.idx([0, 28, 28], [])) == "at byte 4: 0 items; expected at least 1")
    #expect(
      try imagesError(Make.gzip(Make.idx([1, 1, 1, 2], [1, 1])))
        == "at byte 16 of the inflated data: 2 colour planes; expected 1 or 3")
  }

  @Test("labels beyond 9 are refused with their place")
  func labels() throws {
    #expect(try labelsError(Make.labels([0, 1, 2, 3, 4, 11])) == "at byte 13: label 11 of item 5; expected 0 to 9")
    #expect(
      try labelsError(Make.gzip(Make.labels([255])))
        == "at byte 8 of the inflated data: label 255 of item 0; expected 0 to 9")
  }

  @Test("other files are recognised by their content")
  func others() throws {
    let expected =
      "; expected 00 00 08 03 or 00 00 08 04 (images) or 00 00 08 01 (labels), with 09 or 0B to 0E in place of 08 where its "
      + "values are no unsigned bytes"
    #expect(
      try imagesError([0x89] + Array("PNG\r\n".utf8))
        == "it is not an IDX file: it begins with 89 50 4E 47 (a PNG image)" + expected)
    #expect(
      try imagesError(Array("MATLAB 5.0 MAT-file".utf8))
        == "it is not an IDX file: it begins with 4D 41 54 4C (a MATLAB file)" + expected)
    #expect(try imagesError([1, 2])?.hasPrefix("it is not an IDX file: it begins with 01 02;") == true)
    #expect(try imagesError([0, 0, 7, 3]) == "it is not an IDX file: it begins with 00 00 07 03" + expected)
    #expect(try imagesError([0, 0, 0x0D, 3]) == "it ends within the header, after 4 bytes; expected 16")
    #expect(
      try imagesError(Make.idx([1, 2], [1, 2]))
        == "its 2 dimensions are those of labels in 2 columns; expected images, which have 3 or 4")
    #expect(try imagesError(Make.idx([1, 1], [1])) == "it holds labels; expected images")
    #expect(
      try imagesError(Make.idx([1, 784], [UInt8](repeating: 1, count: 784)))
        == "at byte 8: 784 columns of labels; expected 1 to 64, or 3 or 4 dimensions (images)")
    #expect(
      try imagesError(Make.idx([1, 1, 1, 1, 1], [1]))
        == "at byte 3: 5 dimensions; expected 1 or 2 (labels), 3 or 4 (images)")
    #expect(try imagesError(Make.labels([1])) == "it holds labels; expected images")
    #expect(try labelsError(Make.images(1)) == "it holds images; expected labels")
    #expect(
      try imagesError(Make.gzip(Make.gzip(Make.images(1))))?.hasPrefix("it is not an IDX file: it begins with 1F 8B")
        == true)
  }

  @Test("no change of a byte in a header passes as anything but an error or other images")
  func headerFuzz() throws {
    let whole = Make.images(2)
    for place in 0..<16 {
      for value: UInt8 in [0, 1, 2, 3, 4, 8, 0x7F, 0x80, 0xFF] where whole[place] != value {
        var bytes = whole
        bytes[place] = value
        #expect(try imagesError(bytes) != nil)
      }
    }
  }

  @Test("a file that is not there or a folder is reported as such")
  func absent() {
    #expect(error { _ = try IDX.images(folder("no")) } == "cannot read '\(folder("no"))': No such file or directory")
    #expect(error { _ = try IDX.images(folder.path) } == "cannot read '\(folder.path)': Is a directory")
  }
}

import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("NumPy files")
struct NumPyTests {
  private func load(_ name: String, split: Split? = nil, _ selection: Selection = Selection()) throws -> Dataset {
    try DataLibrary.load(bytes: Fixture.bytes(name), name: name, split: split, selection: selection)
  }

  @Test(
    "bytes and whole numbers of every size, order and version are images",
    arguments: [
      "grey", "fortran-grey", "version-2", "version-3", "whole-u2-little", "whole-u2-big", "whole-i4-little",
      "whole-i4-big", "whole-i8-little", "whole-u8-big", "fraction-f2-little", "fraction-f4-little", "fraction-f4-big",
      "fraction-f8-little", "fraction-f8-big",
    ])
  func grey(name: String) throws {
    let dataset = try load(name + ".npy")
    #expect(dataset.images == Fixture.images(planes: 1) && dataset.labels == nil)
    #expect(try load(name + ".npy", Selection(count: 2, skip: 3)).images == Fixture.images(planes: 1, [3, 4]))
  }

  @Test("colour, in either order of the dimensions", arguments: ["bytes", "fortran", "fortran-fraction", "images"])
  func colour(name: String) throws {
    #expect(try load(name + ".npy").images == Fixture.images())
    let shuffled = try load(name + ".npy", Selection(count: 4, shuffle: 3))
    #expect(Set((0..<4).map { Array(shuffled.images[$0]) }).isSubset(of: Set((0..<7).map { Fixture.image($0) })))
  }

  @Test("truth values are black and white")
  func truth() throws {
    let expected = Fixture.images(planes: 1).bytes.map { $0 > 127 ? UInt8(255) : 0 }
    #expect(try load("truth.npy").images.bytes == expected)
  }

  @Test("labels are found in the file beside")
  func beside() throws {
    let dataset = try DataLibrary(given: nil, environment: nil, cache: "/nowhere").load(
      .file(Fixture.path("images.npy")), selection: Selection(digits: [2, 4]))
    #expect(dataset.labels == [2, 4] && dataset.images == Fixture.images([2, 4]))
  }

  @Test(
    "archives give images and labels, however they are written", arguments: ["stored", "deflated", "column", "wide"])
  func archives(name: String) throws {
    let dataset = try load(name + ".npz")
    #expect(dataset.images == Fixture.images() && dataset.labels == Fixture.labels)
    #expect(try load(name + ".npz", Selection(digits: [6, 1])).images == Fixture.images([1, 6]))
  }

  @Test("archives of two parts give the one asked for, and a single array needs no name")
  func parts() throws {
    #expect(try load("keras.npz").images == Fixture.images(planes: 1))
    let test = try load("keras.npz", split: .test)
    #expect(
      test.images == Fixture.images(planes: 1, Array((0..<7).reversed())) && test.labels == Fixture.labels.reversed())
    #expect(try load("alone.npz").images == Fixture.images(planes: 1))
    #expect(
      try Fixture.mistake(Fixture.bytes("unknown.npz"))
        == "the archive has no images, as one of 'images', 'X', 'x', 'imgs', 'x_train', 'X_train', 'train_images', 'train_x', "
        + "'train_X', 'train_data', 'trainX', 'data', 'arr_0'; it has 'a', 'b'"
    )
  }

  @Test("Hundreds of thousands of labels that repeat, which are packed into a few hundred bytes, are read")
  func repeatedLabels() throws {
    let count = 200_000
    let images = NamedArray("images", shape: [count, 2, 2], .bytes([UInt8](repeating: 7, count: count * 4)))
    for label in [
      NamedArray.Values.bytes((0..<count).map { UInt8($0 / 100_000) }),
      .integers((0..<count).map { Int64($0 / 100_000) }),
    ] {
      let read = try DataLibrary.load(
        bytes: NumPyArchiveFile.encoded([images, NamedArray("labels", shape: [count], label)]), name: "f")
      #expect(read.count == count && read.labels?[99_999] == 0 && read.labels?[100_000] == 1)
    }
  }

  @Test("what is written is read back, whatever the values")
  func roundTrip() throws {
    for labels in [nil, Fixture.labels] as [[UInt8]?] {
      let dataset = try Dataset(
        name: "n", split: nil, images: Fixture.images(), labels: labels, origin: "o", licence: "l")
      let file = try NumPyArchiveFile.encoded(dataset.arrays)
      let back = try DataLibrary.load(bytes: file, name: "f")
      #expect(back.images == dataset.images && back.labels == labels && back.fingerprint == dataset.fingerprint)
      #expect(try NumPyArchiveFile.encoded(dataset.arrays) == file)
    }
    let arrays = [
      NamedArray("whole", shape: [2], .integers([-1, .max])), NamedArray("doubles", shape: [1, 1], .doubles([.pi])),
      NamedArray("floats", shape: [0], .floats([])), NamedArray("names", shape: [2], .texts(["β", "shape"])),
    ]
    let archive = try NumPyArchive(NumPyArchiveFile.encoded(arrays))
    #expect(archive.names == ["whole", "doubles", "floats", "names"])
    func numbers(_ name: String) throws -> [Double]? {
      var array = try archive.array(name)
      return try array?.numbers(most: 10)
    }
    #expect(try numbers("whole") == [-1, 0x1p63] && numbers("doubles") == [.pi] && numbers("floats") == [])
    var names = try #require(try archive.array("names"))
    #expect(names.header.shape == [2])
    #expect(try names.texts(most: 2) == ["β", "shape"])
    #expect(try archive.array("nothing") == nil)
  }

  // MARK: Broken files

  private func npy(_ header: String, _ values: [UInt8] = [], version: [UInt8] = [1, 0], count: Int? = nil) -> [UInt8] {
    let count = count ?? header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + version + [
      UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8),
    ]
      + Array(header.utf8) + values
  }

  private func header(_ shape: String, type: String = "|u1") -> String {
    "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
  }

  @Test(
    "a file cut off anywhere is refused, and in part gives whole images",
    arguments: ["bytes.npy", "fraction-f8-big.npy"])
  func truncated(name: String) throws {
    let whole = try Fixture.bytes(name)
    for count in whole.indices {
      let part = Array(whole.prefix(count))
      #expect(Fixture.mistake(part) != nil)
      let planes = name == "bytes.npy" ? 3 : 1
      if let read = try? DataLibrary.load(bytes: part, name: "f", options: LoadOptions(isPartial: true)) {
        #expect(read.count > 0 && read.images == Fixture.images(planes: planes, Array(0..<read.count)))
      }
    }
    #expect(
      try Fixture.mistake(Array(Fixture.bytes("bytes.npy").dropLast(100)))
        == "an array of 7×6×5×3 takes 630 bytes, but only 530 follow its header; the file is incomplete")
    #expect(
      try Fixture.mistake(Array(Fixture.bytes("fortran.npy").dropLast(1)), isPartial: true)?.contains("only 629 follow")
        == true)
  }

  @Test("archives cut off anywhere are refused", arguments: ["stored.npz", "deflated.npz", "wide.npz"])
  func truncatedArchives(name: String) throws {
    let whole = try Fixture.bytes(name)
    for count in whole.indices { #expect(Fixture.mistake(Array(whole.prefix(count))) != nil) }
    #expect(
      Fixture.mistake(Array(whole.dropLast(30)))?.hasPrefix("its zip archive is incomplete: its last record") == true)
  }

  @Test(
    "no changed byte does harm or passes unnoticed as other pixels",
    arguments: ["stored.npz", "deflated.npz", "wide.npz"])
  func changed(name: String) throws {
    let whole = try Fixture.bytes(name)
    for place in whole.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= change
        if let read = try? DataLibrary.load(bytes: bytes, name: "f") {
          // A changed name hides the labels; everything else is guarded by checksums.
          #expect(read.images == Fixture.images())
          #expect(read.labels == nil || read.labels == Fixture.labels)
        }
      }
    }
  }

  @Test("no changed byte of an array does harm")
  func changedArray() throws {
    for name in ["fortran.npy", "fraction-f2-little.npy"] {
      let whole = try Fixture.bytes(name)
      var told = 0
      for place in 0..<140 {
        for value: UInt8 in [0, 0x20, 0x30, 0x39, 0x28, 0xFF] where whole[place] != value {
          var bytes = whole
          bytes[place] = value
          if Fixture.mistake(bytes) != nil { told += 1 }
        }
      }
      #expect(told > 100)
    }
  }

  @Test("headers that lie or are damaged are told with their place")
  func headers() throws {
    #expect(Fixture.mistake(npy(header("(1, 2, 2)"), [1, 2, 3, 4])) == nil)
    #expect(
      Fixture.mistake(npy(header("(1, 2, 2)"), [1, 2, 3, 4, 5]))?.hasSuffix("takes 4 bytes, but 5 follow its header")
        == true)
    let layouts = "; expected images × rows × columns, or images × rows × columns × 1 or 3"
    for (shape, words) in [
      ("()", "a single value"), ("(7,)", "7 long"), ("(2, 3)", "2×3"),
      ("(1, 2, 2, 2)", "1×2×2×2"),
      ("(1, 5000, 2)", "1×5,000×2"), ("(1, 1, 1, 1, 1)", "1×1×1×1×1"),
    ] {
      #expect(Fixture.mistake(npy(header(shape), [1])) == "the array is \(words)" + layouts)
    }
    #expect(Fixture.mistake(npy(header("(0, 2, 2)"), [1])) == "it has no images: the array is 0×2×2")
    #expect(
      Fixture.mistake(npy(header("(1, 3, 8, 8)"), [1]))
        == "an array of 1×3×8×8 takes 192 bytes, but only 1 follow its header; the file is incomplete")
    #expect(
      Fixture.mistake(npy(header("(9223372036854775807, 4096, 4096, 3)", type: "<f8"), [1]))
        == "its header promises 9,223,372,036,854,775,807 images; at most 16,777,216 are read")
    #expect(
      Fixture.mistake(npy(header("(16777216, 4096, 4096, 3)", type: "<f8"), [1]))
        == "an array of 16,777,216×4,096×4,096×3 takes 6,755,399,441,055,744 bytes, but only 1 follow its header; the "
        + "file is incomplete")
    #expect(Fixture.mistake(npy(header("(99999999999999999999, 1, 1)")))?.contains("expected whole numbers") == true)
    #expect(
      Fixture.mistake(npy(header("(-1, 1, 1)")))?.contains(
        "at byte 61: the array's header is damaged; expected whole numbers") == true)
    #expect(
      Fixture.mistake(npy(header("(" + String(repeating: "1, ", count: 40) + ")")))?.contains("at most 32") == true)
    #expect(
      Fixture.mistake(npy("{'descr': '|u1'}"))
        == "at byte 26: the array's header is damaged; expected the keys 'descr', 'fortran_order' and 'shape'")
    #expect(Fixture.mistake(npy("{'descr': '|u1', 'other': 1}"))?.contains("not 'other'") == true)
    #expect(Fixture.mistake(npy("{'descr': ["))?.contains("arrays of records are not read") == true)
    #expect(Fixture.mistake(npy("{'fortran_order': Maybe"))?.hasSuffix("expected True or False") == true)
    #expect(Fixture.mistake(npy(header("(1, 1, 1)") + "x", [1]))?.hasSuffix("expected nothing more") == true)
    #expect(Fixture.mistake(npy("", count: 9)) == "the array ends within its header, after 10 bytes; expected 19")
    #expect(
      Fixture.mistake(npy("x", version: [9, 0])) == "the array's format has version 9.0; expected 1.0, 2.0 or 3.0")
    #expect(
      Fixture.mistake(npy("", version: [2, 0]) + [0xFF, 0xFF])
        == "the array's header is said to have 4,294,901,760 bytes; at most 65,536 are read")
    #expect(
      try Fixture.mistake(Fixture.bytes("objects.npy"))
        == "its values are of type '|O'; expected numbers, such as bytes 0…255 ('|u1') or floats 0…1 ('<f4'), not Python "
        + "objects")
    #expect(
      Fixture.mistake(npy(header("(1, 1, 1)", type: "<c8"), [UInt8](repeating: 0, count: 8)))
        == "its values are of type '<c8'; expected numbers, such as bytes 0…255 ('|u1') or floats 0…1 ('<f4')")
    #expect(try Fixture.mistake(Fixture.bytes("records.npy"))?.contains("arrays of records are not read") == true)
  }

  @Test("values that are no pixels and no labels are told with their place")
  func values() throws {
    #expect(
      Fixture.mistake(npy(header("(2, 1, 1)", type: "<i2"), [1, 0, 0, 1]))
        == "its values go from 1 to 256 (256 in image 1), but whole numbers are taken for 0 to 255; say 'scale 0..256' or "
        + "which other values are black and white")
    #expect(
      Fixture.mistake(npy(header("(1, 1, 1)", type: "<f4"), [0, 0, 0, 0x40]))
        == "its values are all 2, but fractions are taken for 0 to 1; say 'scale 0..2' or which other values "
        + "are black and white")
    #expect(
      Fixture.mistake(npy(header("(1, 1, 1)", type: "<f4"), [0, 0, 0xC0, 0x7F]))
        == "image 0 has the value nan, which is no shade of grey")
    func archive(_ labels: NamedArray) throws -> String? {
      let images = NamedArray("images", shape: [2, 1, 1], .bytes([1, 2]))
      return try Fixture.mistake(NumPyArchiveFile.encoded([images, labels]))
    }
    #expect(try archive(NamedArray("labels", shape: [2], .integers([255, 0]))) == nil)
    #expect(
      try archive(NamedArray("labels", shape: [2], .integers([1, 256])))
        == "in 'labels': the value 256 in label 1 is none of a label; expected whole numbers 0 to 255")
    #expect(
      try archive(NamedArray("labels", shape: [2], .doubles([0.5, 1])))?.contains("the value 0.5 in label 0") == true)
    // A row of labels, as MATLAB's and SciPy's are, and names.
    for labels in [
      NamedArray("labels", shape: [1, 2], .bytes([1, 2])), NamedArray("labels", shape: [2], .texts(["1", "2"])),
    ] {
      let images = NamedArray("images", shape: [2, 1, 1], .bytes([1, 2]))
      let read = try DataLibrary.load(bytes: NumPyArchiveFile.encoded([images, labels]), name: "f")
      #expect(read.labels == [1, 2] && read.classes == nil)
    }
    // Texts of bytes, as NumPy keeps those of Python 2 and of HDF5: zeros at their ends are no part of them.
    let bytes = npy(header("(2,)", type: "|S5"), Array("owl\0\0d\0ner".utf8))
    let two = npy(header("(2, 1, 1)"), [1, 2])
    let zip = Make.zip([("images.npy", two, [], 0), ("labels.npy", bytes, [], 0)])
    let named = try DataLibrary.load(bytes: zip, name: "f")
    #expect(named.labels == [1, 0] && named.classes == ["d\0ner", "owl"])
    for shape in [[1, 1, 2], [2, 0], [2, 65]] {
      let values = [UInt8](repeating: 1, count: shape.reduce(1, *))
      #expect(
        try archive(NamedArray("labels", shape: shape, .bytes(values)))
          == "in 'labels': the array is \(shape.map(String.init).joined(separator: "×")); expected labels: one for every "
          + "image, images or images × 1")
    }
    #expect(
      try archive(NamedArray("labels", shape: [3], .bytes([1, 2, 3])))
        == "in 'images': it has 2 images but 3 labels; they do not belong together")
    let objects = npy(header("(2,)", type: "|O"), [1, 2]), pixels = npy(header("(2, 1, 1)"), [1, 2])
    #expect(
      Fixture.mistake(Make.zip([("images.npy", pixels, [], 0), ("labels.npy", objects, [], 0)]))
        == "in 'labels': its values are of type '|O'; expected labels as numbers or texts, not Python objects")
  }

  @Test("archives that lie, explode or need what is not understood are refused")
  func archiveLies() throws {
    let whole = try Fixture.bytes("stored.npz")
    let directory = try #require(whole.firstRange(of: Array("PK\u{1}\u{2}".utf8))).lowerBound
    let end = whole.count - 22
    func changed(_ place: Int, _ values: [UInt8]) -> String? {
      var bytes = whole
      bytes.replaceSubrange(place..<place + values.count, with: values)
      return Fixture.mistake(bytes)
    }
    #expect(changed(directory + 8, [1]) == "the member 'images.npy' is encrypted")
    #expect(
      changed(directory + 10, [12])
        == "the member 'images.npy' is compressed by method 12; expected 0 (stored) or 8 (deflate)")
    #expect(changed(directory + 16, [0, 0, 0, 0])?.contains("its checksum is another") == true)
    #expect(
      changed(directory + 20, [0, 0, 0, 0x7F])?.hasPrefix("the member 'images.npy' of the zip archive is said to take")
        == true)
    #expect(changed(directory + 24, [0, 0, 0, 0])?.hasPrefix("the stored member 'images.npy' is said to be") == true)
    #expect(changed(directory + 42, [9, 9])?.contains("zip archive") == true)
    #expect(changed(end + 10, [3, 0]) == "the zip archive's end says 3 members, its directory has 2")
    #expect(
      changed(end + 10, [0xFE, 0xFF]) == "the zip archive says that it has 65534 members; at most 4,096 are read")
    #expect(changed(end + 4, [1]) == "the zip archive is one of several parts; expected a whole one")
    #expect(
      changed(end + 12, [0xFF, 0xFF, 0xFF, 0x7F])?.hasPrefix("the directory of the zip archive is said to take") == true
    )
    #expect(
      changed(end + 16, [0xFF, 0xFF, 0xFF, 0x7F])?.hasPrefix("the directory of the zip archive is said to take") == true
    )
    // The 64-bit end record at the largest place.
    var wide = try Fixture.bytes("wide.npz")
    wide.replaceSubrange(wide.count - 34..<wide.count - 26, with: [UInt8](repeating: 0xFF, count: 8))
    #expect(
      Fixture.mistake(wide)?.hasPrefix("the 64-bit end record of the zip archive is said to take 56 bytes") == true)
    // Twice the same member, and a size that inflating could never reach.
    let one = NamedArray("images", shape: [1, 1, 1], .bytes([1]))
    #expect(
      try Fixture.mistake(NumPyArchiveFile.encoded([one, one])) == "the zip archive has two members 'images.npy'")
    var bomb = try NumPyArchiveFile.encoded([one])
    let place = try #require(bomb.firstRange(of: Array("PK\u{1}\u{2}".utf8))).lowerBound
    bomb.replaceSubrange(place + 24..<place + 28, with: [0xFE, 0xFF, 0xFF, 0xFF])
    let packed = bomb[place + 20]
    #expect(
      Fixture.mistake(bomb)
        == "the member 'images.npy' is said to have 4294967294 bytes, more than its \(packed) compressed bytes can stand for"
    )
    bomb.replaceSubrange(place + 24..<place + 28, with: [130, 0, 0, 0])
    #expect(Fixture.mistake(bomb)?.contains("images") == true)
  }
}

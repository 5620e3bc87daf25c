import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("MATLAB files")
struct MATTests {
  private static let types = [
    "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64",
  ]
  private static let byHand = ["little", "big"].flatMap { order in
    ["plain", "packed"].map { "hand-\(order)-\($0)" }
      + ["i1", "i2", "u2", "i4", "u4", "f4", "f8", "i8", "u8"].map { "hand-\(order)-y-\($0)" }
  }
  private static let whole =
    ["plain", "packed", "long-names", "row", "reversed", "others-plain", "others-packed"].map { "scipy-\($0)" }
    + types.map { "scipy-y-\($0)" } + byHand

  @Test("every way of writing gives the same images and labels", arguments: whole)
  func read(name: String) throws {
    let (images, labels) = try MATImages.read(try Fixture.bytes(name + ".mat"), path: name)
    #expect(images == Fixture.images())
    #expect(labels == Fixture.labels)
    let chosen = try DataLibrary.load(
      bytes: Fixture.bytes(name + ".mat"), name: name, selection: Selection(digits: [0, 3, 5]))
    #expect(chosen.images == Fixture.images([0, 3, 5]) && chosen.labels == [0, 3, 5])
  }

  @Test("grey images have three dimensions, one colour image too, and a label may stand in its tag")
  func shapes() throws {
    #expect(try MATImages.read(Fixture.bytes("scipy-grey.mat"), path: "f").images == Fixture.images(planes: 1))
    for name in ["scipy-single.mat", "hand-short.mat"] {
      let (images, labels) = try MATImages.read(Fixture.bytes(name), path: "f")
      #expect(images == Fixture.images([0]) && labels == [0])
    }
    var dropped = try Fixture.bytes("hand-short.mat")
    // Four dimensions 6×5×3×1 become three and padding.
    let place = try #require(dropped.firstRange(of: [6, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0])).lowerBound
    dropped[place - 4] = 12
    dropped[place + 12] = 0
    #expect(try MATImages.read(dropped, path: "f").images == Fixture.images([0]))
  }

  @Test("classes by name are read, y counting their places from 1, and written again for others to read")
  func classes() throws {
    let bytes = try Fixture.bytes("scipy-classes.mat")
    let names = (0..<6).map { "class \($0)" } + ["größe"]
    let dataset = try DataLibrary.load(bytes: bytes, name: "f", selection: Selection(classes: ["größe", "class 2"]))
    #expect(dataset.classes == names && dataset.labels == [2, 6] && dataset.images == Fixture.images([2, 6]))
    let again = try DataLibrary.load(bytes: MATFileWriter.encoded(dataset), name: "f")
    #expect(again.classes == names && again.labels == [2, 6] && again.images == dataset.images)
    // More labels than names.
    let wrong = try Dataset(
      name: "x", split: nil, images: Fixture.images([0]), labels: [2], origin: "x", licence: "x", classes: ["a", "b"])
    #expect(
      error { _ = try MATFileWriter.encoded(wrong) }
        == "a .mat file as SVHN's has digits for labels, and image 0 has the label 2; save it as .npz")
  }

  @Test("images without labels are read without, and choosing a digit says why it cannot be had")
  func unlabelled() throws {
    #expect(try MATImages.read(Fixture.bytes("scipy-no-labels.mat"), path: "f").labels == nil)
    let library = DataLibrary(given: nil, environment: nil, cache: "/nowhere")
    let path = Fixture.path("scipy-no-labels.mat")
    #expect(try library.load(.file(path)).images == Fixture.images())
    #expect(
      error { _ = try library.load(.file(path), selection: Selection(digits: [1])) }
        == "cannot choose from '\(path)': 'digits' needs labels, and these images have none; the file has no labels, "
        + "variable y")
  }

  @Test("what is no such file, or holds other things, says what it holds")
  func others() throws {
    #expect(
      try Fixture.mistake(Fixture.bytes("scipy-no-images.mat"))
        == "it has no variable 'X'; it has y (7×1 int64), comment (1×14 char); expected X (the images, rows × columns × 3 × "
        + "images) and y (the labels)")
    #expect(
      try Fixture.mistake(Fixture.bytes("scipy-double.mat"))
        == "its values go from 0 to 255 (11 in image 0), but fractions are taken for 0 to 1; say 'scale 0..255' or which "
        + "other values are black and white")
    let scaled = LoadOptions(scale: Scale(black: 0, white: 255))
    #expect(
      try DataLibrary.load(bytes: Fixture.bytes("scipy-double.mat"), name: "f", options: scaled).images
        == Fixture.images())
    #expect(
      Fixture.mistake(Array(Self.header.prefix(100)))
        == "it begins with 20 20 20 20, which is no format of images that is understood: IDX, plain or in gzip, as MNIST's "
        + "files; MATLAB 5 (.mat), as SVHN's; NumPy arrays (.npy); archives of them (.npz); PNG and JPEG pictures, and "
        + "folders of them")
    #expect(
      try Fixture.mistake(Array(Fixture.bytes("scipy-plain.mat").prefix(100)))
        == "it is no whole MATLAB 5 file: it has only 100 bytes, beginning with 4D 41 54 4C (a MATLAB file), and the header "
        + "alone takes 128; fetch it again")
    var newer = try Fixture.bytes("scipy-plain.mat")
    newer.replaceSubrange(124..<126, with: [0, 2])
    #expect(Fixture.mistake(newer)?.hasPrefix("it is a MATLAB 7.3 file, which is HDF5 inside") == true)
    newer[125] = 9
    #expect(Fixture.mistake(newer) == "at byte 124: version 09 00; expected 01 00, MATLAB 5")
  }

  @Test("a real interrupted download says what was promised and what is there; its whole images can be had")
  func interrupted() throws {
    let bytes = try Fixture.bytes("interrupted.mat")
    let message =
      "it is incomplete, as an interrupted download is: it promises 73,257 images of 32×32×3 in at least 182,004,483 bytes, "
      + "but ends after 20,000 with 7 whole images and no labels; 'fetch svhn' gets the whole file, or say 'partial' to take "
      + "the images that are whole"
    #expect(Fixture.mistake(bytes) == message)
    let part = try MATImages.read(bytes, path: "f", isPartial: true)
    #expect(part.images.count == 7 && part.images.shape == .svhn && part.labels == nil)
    // The sample in the program begins with the same images.
    let sample = try DataLibrary(given: nil, environment: nil, cache: "/nowhere").load(
      .svhn, selection: Selection(count: 7))
    #expect(part.images == sample.images)
    #expect(
      Fixture.mistake(Array(bytes.prefix(1500)), isPartial: true)
        == "it is incomplete, as an interrupted download is: it promises at least 182,004,483 bytes, but ends after 1,500, "
        + "before the first image does; fetch it again ('fetch svhn' gets SVHN's files)")
  }

  @Test(
    "a file cut off anywhere says so, or where it can be read in part gives whole images",
    arguments: [
      "scipy-plain", "scipy-packed", "scipy-reversed", "hand-big-plain", "hand-big-packed", "hand-little-y-f8",
    ])
  func truncated(name: String) throws {
    let whole = try Fixture.bytes(name + ".mat")
    var withoutLabels = 0
    for count in whole.indices {
      let part = Array(whole.prefix(count))
      if let read = try? MATImages.read(part, path: "f") {
        // Nothing tells that a variable should follow, and padding is nothing.
        #expect(read.images == Fixture.images())
        if read.labels == nil { withoutLabels += 1 } else { #expect(read.labels == Fixture.labels) }
      }
      if let (images, labels) = try? MATImages.read(part, path: "f", isPartial: true) {
        #expect(images.count > 0 && images == Fixture.images(Array(0..<images.count)))
        #expect(labels == nil || labels == Array(Fixture.labels.prefix(images.count)))
      }
    }
    #expect(withoutLabels <= 8)
  }

  @Test("labels that come first are kept for the images that are whole")
  func labelsFirst() throws {
    let whole = try Fixture.bytes("scipy-reversed.mat")
    let part = Array(whole.dropLast(40))
    let (images, labels) = try MATImages.read(part, path: "f", isPartial: true)
    #expect(images.count < 7 && labels == Array(Fixture.labels.prefix(images.count)))
    #expect(Fixture.mistake(part)?.contains("whole images and their labels; fetch it again, or say 'partial'") == true)
  }

  @Test(
    "no changed byte does harm", arguments: ["scipy-others-plain", "hand-big-packed", "scipy-reversed", "hand-short"])
  func changed(name: String) throws {
    let whole = try Fixture.bytes(name + ".mat")
    var told = 0
    for place in whole.indices.dropFirst(110) {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] where whole[place] != value {
        var bytes = whole
        bytes[place] = value
        for isPartial in [false, true] where Fixture.mistake(bytes, isPartial: isPartial) != nil { told += 1 }
      }
    }
    #expect(told > 100)
  }

  @Test("what is written is read back, whatever the images")
  func roundTrip() throws {
    for (planes, places) in [(3, [0, 3, 6]), (1, [4]), (1, [0, 1, 2]), (3, [5])] {
      for labels in [nil, places.map { UInt8($0) }] as [[UInt8]?] {
        let dataset = try Dataset(
          name: "n", split: nil, images: Fixture.images(planes: planes, places), labels: labels, origin: "o",
          licence: "l")
        let file = try MATFileWriter.encoded(dataset)
        let back = try DataLibrary.load(bytes: file, name: "f")
        #expect(back.images == dataset.images && back.labels == labels && back.fingerprint == dataset.fingerprint)
        #expect(try MATFileWriter.encoded(dataset) == file)
      }
    }
    let letters = try Dataset(
      name: "n", split: nil, images: Fixture.images([0, 1]), labels: [9, 26], origin: "o", licence: "l")
    #expect(
      error { _ = try MATFileWriter.encoded(letters) }
        == "a .mat file as SVHN's has digits for labels, and image 1 has the label 26; save it as .npz")
  }

  // MARK: Broken structure, by hand

  private static func little(_ value: Int, _ count: Int = 4) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func element(_ type: Int, _ content: [UInt8], count: Int? = nil) -> [UInt8] {
    little(type) + little(count ?? content.count) + content + [UInt8](repeating: 0, count: (8 - content.count % 8) % 8)
  }

  private static let header = [UInt8](repeating: 0x20, count: 116) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 1] + Array("IM".utf8)

  private static func variable(
    _ name: String, kind: Int, _ dimensions: [Int], type: Int, _ values: [UInt8], count: Int? = nil, flags: Int = 0
  ) -> [UInt8] {
    element(
      14,
      element(6, little(kind | flags) + little(0)) + element(5, dimensions.flatMap { little($0) })
        + element(1, Array(name.utf8)) + element(type, values, count: count))
  }

  private static func x(
    _ dimensions: [Int] = [1, 2, 3, 2], kind: Int = 9, type: Int = 2, values: Int = 12, count: Int? = nil,
    flags: Int = 0
  ) -> [UInt8] {
    variable(
      "X", kind: kind, dimensions, type: type, [UInt8](repeating: 7, count: values), count: count, flags: flags)
  }

  private func mistake(_ parts: [UInt8]...) -> String? { Fixture.mistake(Self.header + parts.flatMap { $0 }) }

  private func y(_ values: [UInt8], kind: Int = 9, _ dimensions: [Int] = [2, 1], type: Int = 2, flags: Int = 0)
    -> [UInt8]
  {
    Self.variable("y", kind: kind, dimensions, type: type, values, flags: flags)
  }

  @Test("a well-formed file by hand is read, so that what follows is wrong for one reason each")
  func wellFormed() {
    #expect(mistake(Self.x(), y([1, 10])) == nil)
    #expect(mistake(y([1, 10]), Self.x([2, 1, 3, 2])) == nil)
  }

  @Test("wrong classes, types and dimensions are told with their place")
  func wrong() {
    let classes = "; expected real numbers (int8 … double)"
    for kind in 8...15 { #expect(mistake(Self.x(kind: kind)) == nil) }
    #expect(
      mistake(Self.x(kind: 6)) == "its values are all 7, but fractions are taken for 0 to 1; say 'scale 0..7' "
        + "or which other values are black and white")
    #expect(mistake(Self.x(kind: 1)) == "the variable 'X' is of class cell" + classes)
    #expect(mistake(Self.x(flags: 0x0800)) == "the variable 'X' is of class complex uint8" + classes)
    #expect(mistake(Self.x(kind: 16)) == "the variable 'X' is of class function_handle" + classes)
    #expect(
      mistake(Self.x(kind: 99))?.hasPrefix("it has no variable 'X'; it has one without a name (unknown);") == true)
    let layouts = "; expected rows × columns × 3 × images, as 32×32×3×N, or rows × columns × images, grey"
    #expect(mistake(Self.x([12, 1])) == "the variable 'X' is 12×1" + layouts)
    #expect(mistake(Self.x([1, 2, 2, 3])) == "the variable 'X' is 1×2×2×3" + layouts)
    #expect(mistake(Self.x([0, 2, 3, 2])) == "it has no images: the variable 'X' is 0×2×3×2")
    #expect(mistake(Self.x([1, 5000, 3, 2]))?.hasSuffix("1×5,000×3×2" + layouts) == true)
    #expect(mistake(Self.x([1, 2, 3, -2]))?.hasSuffix("1×2×3×-2" + layouts) == true)
    #expect(mistake(Self.x([1, 2, 3, 2, 1]))?.hasSuffix(layouts) == true)
    #expect(
      mistake(Self.x(type: 3)) == "at byte 192: the values of 'X' take 12 bytes; its dimensions ask for 24")
    #expect(
      mistake(Self.x(type: 14))
        == "at byte 192: the type of the values of 'X' is 14; expected 1 to 7, 9, 12 or 13 (numbers)")
    #expect(mistake(Self.x(), Self.x()) == "it has two variables 'X'")
    #expect(mistake(Self.x(), y([1, 2]), y([1, 2])) == "it has two variables 'y'")
    #expect(
      mistake(Self.x(), y([1, 2], kind: 4)) == "the variable 'y' is of class char" + classes)
    #expect(
      mistake(Self.x(), y([1, 2], flags: 0x0800)) == "the variable 'y' is of class complex uint8" + classes)
    #expect(mistake(Self.x(), y([1, 2, 3, 4], [2, 2])) == "the variable 'y' is 2×2; expected images × 1")
    #expect(
      mistake(Self.x(), y([1, 2, 3], [3, 1])) == "X has 2 images but y has 3 labels; they do not belong together")
    #expect(
      mistake(Self.x(), y([1, 2], type: 14))?.contains(
        "the type of the values of 'y' is 14; expected 1 to 7, 9, 12 or 13 (numbers)") == true)
    // Labels need not be digits.
    let labels = " of y; expected whole numbers 0 to 255"
    #expect(mistake(Self.x(), y([11, 255])) == nil)
    #expect(mistake(Self.x(), y([1, 0, 0, 1], type: 4)) == "label 256 at item 1" + labels)
    #expect(mistake(Self.x(), y([255, 1], type: 1)) == "label -1 at item 0" + labels)
    #expect(
      mistake(Self.x(), y([0, 0, 0xC0, 0x3F, 0, 0, 0xC0, 0x7F], kind: 7, type: 7)) == "label 1.5 at item 0" + labels)
    #expect(
      mistake(Self.x(), y([0, 0, 0x80, 0x3F, 0, 0, 0xC0, 0x7F], kind: 7, type: 7)) == "label nan at item 1" + labels)
  }

  @Test("counts that lie take neither memory nor overflow")
  func lies() {
    let most = 0x7FFF_FFFF
    #expect(
      mistake(Self.x([1, 2, 3, most]))
        == "its header promises 2,147,483,647 images of 1×2×3; at most 16,777,216 images are read")
    #expect(
      mistake(Self.x([4096, 4096, 3, most]))
        == "its header promises 2,147,483,647 images of 4096×4096×3; at most 16,777,216 images are read")
    #expect(
      mistake(Self.x([1, 2, 3, 3])) == "at byte 192: the values of 'X' take 12 bytes; its dimensions ask for 18")
    #expect(mistake(Self.x(values: 12, count: 11))?.hasSuffix("take 11 bytes; its dimensions ask for 12") == true)
    #expect(
      mistake(Self.x([1, 2, 3, 3], count: 18))
        == "at byte 192: the values of 'X' take 16 bytes; its dimensions ask for 18")
    #expect(mistake(Self.x(), y([1, 2], [most, most]))?.contains("expected images × 1") == true)
    #expect(
      mistake(Self.x(), y([1, 2], [1, most]))?.hasPrefix("X has 2 images but y has 2,147,483,647 labels") == true)
    // Elements that reach beyond the file.
    let incomplete = "it is incomplete, as an interrupted download is: it promises at least "
    let beforeImages = ", before the first image does; fetch it again ('fetch svhn' gets SVHN's files)"
    for type in [14, 15] {
      #expect(
        mistake(Self.element(type, [], count: 0xFFFF_FFFF))
          == incomplete + "4,294,967,431 bytes, but ends after 136" + beforeImages)
    }
    #expect(
      mistake(Self.element(99, [1]))
        == "at byte 128: the type of an element is 99; expected 14 (a variable) or 15 (a compressed one)")
    #expect(mistake([14, 0, 0]) == incomplete + "136 bytes, but ends after 131" + beforeImages)
    let flags = Self.element(6, [9, 0, 0, 0, 0, 0, 0, 0])
    #expect(
      mistake(Self.element(14, flags + Self.element(5, [1, 2, 3])))
        == "at byte 152: the size of the dimensions is 3 bytes; expected 8 to 128, a multiple of 4")
    #expect(
      mistake(
        Self.element(
          14,
          flags + Self.element(5, [UInt8](repeating: 1, count: 8))
            + Self.element(1, [UInt8](repeating: 88, count: 2000))))?
        .hasSuffix("the size of the name is 2,000 bytes; expected 0 to 1024") == true)
    #expect(
      mistake(Self.element(14, Self.little(6 | 9 << 16) + [0, 0, 0, 0]))
        == "at byte 136: the size of the array flags is 9 bytes; expected at most 4 in a short element")
    #expect(
      mistake(
        Array(repeating: Self.element(14, Self.element(6, Self.little(17) + [0, 0, 0, 0])), count: 5000).flatMap { $0 })
        == "it has more than the 4,096 variables that are accepted")
  }

  @Test("compressed elements that lie, are damaged or explode are refused")
  func compressed() throws {
    func packed(_ content: [UInt8]) -> [UInt8] {
      let bytes = Make.zlib(content)
      return Self.little(15) + Self.little(bytes.count) + bytes
    }
    #expect(mistake(packed(Self.x()), packed(y([1, 2]))) == nil)
    #expect(
      mistake(packed(Self.element(2, [1])))
        == "at byte 0 of the inflated element at byte 128: the type of the compressed element is 2; expected 14 (a variable)"
    )
    #expect(
      mistake(packed(Array(Self.x().dropLast(6))))
        == "at byte 82 of the inflated element at byte 128: the element ends in the middle of image 0 or one soon after it"
    )
    #expect(
      mistake(packed(Self.x([100, 100, 3, 500], values: 15_000_000, count: 15_000_000))) == nil)
    #expect(
      mistake(packed(Self.x([100, 100, 3, 500], values: 12, count: 15_000_000)))?
        .hasPrefix("the variable 'X' promises 15,000,000 bytes, more than its") == true)
    // A kilobyte that would be a gigabyte.
    #expect(
      mistake(packed(Self.x([1000, 1000, 3, 700], values: 3_000_000, count: 2_100_000_000)))?
        .hasPrefix("the variable 'X' promises 2,100,000,000 bytes") == true)
    var damaged = Self.header + packed(Self.x())
    damaged[damaged.count - 1] ^= 1
    #expect(Fixture.mistake(damaged)?.hasSuffix("(incorrect data check); fetch the file again") == true)
    #expect(
      Fixture.mistake(damaged)?.hasPrefix(
        "at byte 128: in the element that begins here, the compressed data are damaged near byte") == true)
    damaged = Self.header + packed(Self.x())
    damaged[137] ^= 0xFF
    #expect(Fixture.mistake(damaged)?.contains("(incorrect header check)") == true)
    let extra = Make.zlib(Self.x()) + [1, 2, 3]
    #expect(
      mistake(Self.little(15) + Self.little(extra.count) + extra)?.contains("3 bytes that are not compressed data")
        == true)
  }
}

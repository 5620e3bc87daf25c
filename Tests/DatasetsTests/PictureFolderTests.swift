import BVAECPU
import BVAEDatasets
import BVAEPixels
import BVAEPlatform
import Testing

@Suite("What is in folders of pictures")
struct PictureFolderTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func put(_ fixture: String, _ names: String...) throws {
    for name in names {
      try Files.makeDirectory(Path.parent(folder(name)))
      try Files.write(Fixture.bytes(fixture), to: folder(name))
    }
  }

  private func load(
    _ name: String, _ split: Split? = nil, _ selection: Selection = Selection(), _ fitting: Fitting = Fitting()
  ) throws -> Dataset {
    try DataLibrary(given: nil, environment: nil, cache: "/nowhere").load(
      .file(folder(name)), split: split, selection: selection, options: LoadOptions(fitting: fitting))
  }

  private func mistake(_ name: String, _ split: Split? = nil) -> String? {
    error { _ = try load(name, split) }?.replacing(folder.path + "/", with: "")
  }

  private func remarks(_ dataset: Dataset) -> [String] {
    dataset.remarks.map { ($0.isWarning ? "! " : "") + $0.text.replacing(folder.path + "/", with: "") }
  }

  @Test("folders called train, test and val are parts, and classes are numbered over all of them")
  func parts() throws {
    try put(
      "grey.png", "a/train/cat/1.png", "a/train/dog/1.png", "a/train/dog/2.png", "a/Test/dog/1.png", "a/valid/ant/1.png"
    )
    let train = try load("a"), test = try load("a", .test), val = try load("a", .val)
    #expect(train.split == .train && train.labels == [1, 2, 2] && train.classes == ["ant", "cat", "dog"])
    #expect(test.split == .test && test.labels == [2] && test.classes == train.classes)
    #expect(val.split == .val && val.labels == [0] && val.classes == train.classes)
    #expect(try load("a", .train).fingerprint == train.fingerprint)
    // Without classes.
    try put("grey.png", "b/train/1.png", "b/train/2.png", "b/test/1.png")
    #expect(try load("b").count == 2 && load("b", .test).count == 1 && load("b").labels == nil)
    #expect(
      mistake("b", .val)
        == "cannot read 'b': it has no folder for validation images; there is 'test' and 'train': say 'split test' or 'split train'"
    )
    // A class may be called so where not all are.
    try put("grey.png", "c/test/1.png", "c/fail/1.png")
    #expect(try load("c").classes == ["fail", "test"])
    #expect(
      mistake("c", .test)?.hasPrefix("cannot read 'c': it has no parts: 'split test' is for folders that hold") == true)
    // A folder that is a part itself stands for the whole.
    #expect(try load("b/train", .train).fingerprint == load("b", .train).fingerprint)
    #expect(try load("b/train", .test).count == 1 && load("b/train", .test).split == .test)
    #expect(
      mistake("b/train", .val)?.hasPrefix(
        "'b/train' has no validation part, nor is there one beside it; looked for 'b/val'") == true)
  }

  @Test("what other systems leave behind is passed over and named")
  func clutter() throws {
    try put("grey.png", "a/0/x.png", "a/1/x.png")
    try put(
      "bytes.npy", "a/0/._x.png", "a/__MACOSX/0/._x.png", "a/__MACOSX/y.png", "a/.DS_Store", "a/1/Thumbs.db",
      "a/1/.hidden")
    let dataset = try load("a")
    #expect(dataset.labels == [0, 1])
    #expect(
      remarks(dataset) == [
        "passed over what other systems leave behind: '.DS_Store', '._*', 'Thumbs.db' and '__MACOSX'"
      ])
  }

  @Test("backslashes in names are folders, as archives from Windows mean them")
  func backslashes() throws {
    try put("grey.png", #"a/0\a.png"#, #"a/1\b.png"#, #"a/1\c.png"#, #"a/__MACOSX\1\._c.png"#)
    #expect(try load("a").labels == [0, 1, 1])
    try put("grey.png", #"b/train\cat\a.png"#, #"b/test\cat\a.png"#, #"b/test\dog\b.png"#)
    #expect(try load("b").count == 1 && load("b", .test).labels == [0, 1] && load("b").classes == ["cat", "dog"])
    try put("grey.png", #"c/train/cat\a.png"#, #"c/train/dog\a.png"#)
    #expect(try load("c").classes == ["cat", "dog"])
  }

  @Test("names are bytes: folders and files in Latin-1 are loaded and shown readably")
  func latin1() throws {
    try put("grey.png", "a/zebra/1.png")
    let name = RawPath(folder("a")).joined(RawPath(bytes: [0x63, 0x61, 0x66, 0xE9]))
    #expect(name.text.hasSuffix("/café"))
    try Folder.make(name)
    try Folder.write(Fixture.bytes("grey.png"), name.joined(RawPath(bytes: [0xFC, 0x2E, 0x70, 0x6E, 0x67])))
    let dataset = try load("a")
    #expect(dataset.classes == ["café", "zebra"] && dataset.labels == [0, 1])
    #expect(try load("a", nil, Selection(classes: ["café"])).count == 1)
    try Folder.write([1, 2, 3], name.joined(RawPath(bytes: [0xFC, 0x2E, 0x70, 0x6E, 0x67])))
    #expect(
      mistake("a")
        == "cannot read 'a/café/ü.png': it is not a PNG picture: it begins with 01 02 03 instead of 89 50 4E 47 0D 0A 1A 0A"
    )
  }

  @Test("pictures of kinds that are not read are counted, with what makes PNG of them, and their classes stay in place")
  func foreign() throws {
    try put("grey.png", "a/b/1.png", "a/c/1.png")
    try put("bytes.npy", "a/a/1.bmp", "a/a/2.BMP", "a/b/3.webp", "a/c/notes.txt")
    let dataset = try load("a")
    #expect(dataset.labels == [1, 2] && dataset.classes == ["a", "b", "c"])
    #expect(
      remarks(dataset) == [
        "! left out 3 pictures of kinds that are not read (2 .bmp, 1 .webp); ImageMagick turns them into PNG: mogrify -format "
          + "png *.bmp *.webp", "! no picture is left of the class 'a'",
        "left out 1 file without a picture's ending: 'c/notes.txt'",
      ])
    try put("bytes.npy", "d/1.gif", "d/notes.txt")
    #expect(
      mistake("d")
        == "cannot read 'd': there is no picture in this folder or the folders inside it that is read (.png, .jpg); left out: 1 "
        + "picture of kinds that are not read (1 .gif); ImageMagick turns them into PNG: mogrify -format png *.gif; there is 1 "
        + "other file (.txt)")
  }

  @Test("transparent pictures show the background, and a warning tells where nothing is left of them")
  func background() throws {
    try put("grey-alpha.png", "a/1.png")
    let grey = Fixture.image(1, planes: 1), isOpaque = (0..<6).flatMap { row in (0..<5).map { (row + $0) % 2 == 1 } }
    for (background, value): (Color?, UInt8) in [(nil, 255), (.white, 255), (.black, 0), (Color(grey: 70), 70)] {
      let images = try load("a", nil, Selection(), Fitting(background: background)).images
      #expect(images.bytes == zip(grey, isOpaque).map { $1 ? $0 : value })
    }
    try Files.write(Fixture.whiteInk, to: folder("a/2.png"))
    let size = try #require(Fitting.Size(height: 4, width: 4))
    let white = try load("a", nil, Selection(), Fitting(size: size))
    #expect(white.images[1].allSatisfy { $0 == 255 })
    #expect(
      remarks(white) == [
        "! 1 picture with transparent parts is of one colour all over in front of the background, 'a/2.png'; say 'background "
          + "black'"
      ])
    #expect(try load("a", nil, Selection(), Fitting(size: size, background: .black)).remarks.isEmpty)
    #expect(try load("a", nil, Selection(count: 1)).remarks.isEmpty)
  }

  @Test(
    "cropping and padding are Pillow's ImageOps.fit and ImageOps.pad, give or take their rounding",
    arguments: [(24, 24), (20, 64), (64, 12)])
  func proportions(height: Int, width: Int) throws {
    let size = try #require(Fitting.Size(height: height, width: width))
    try put("scene.png", "a/1.png")
    for proportions in [Fitting.Proportions.crop, .pad] {
      let fitting = Fitting(size: size, proportions: proportions, background: Color(red: 10, green: 200, blue: 90))
      let found = try load("a", nil, Selection(), fitting).images
      let expected = try PNG.decode(Fixture.bytes("scene-\(proportions)-\(height)x\(width).png")).bitmap
      let differences = zip(found.bytes, expected.bytes).map { abs(Int($0) - Int($1)) }
      #expect(differences.count == height * width * 3 && (differences.max() ?? 9) <= 1, "\(proportions)")
    }
    // Black is around what is padded unless said otherwise.
    let padded = try load("a", nil, Selection(), Fitting(size: size, proportions: .pad)).images
    #expect(padded.bytes.prefix(3) == [0, 0, 0] && padded.bytes.suffix(3) == [0, 0, 0])
  }
}

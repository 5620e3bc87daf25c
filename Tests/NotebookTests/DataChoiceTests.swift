import BVAEDatasets
import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

@Suite("Choosing, joining and comparing in scripts")
struct DataChoiceTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func ran(_ script: String) -> (shown: String, host: RecordingHost) {
    let host = RecordingHost(), text = script.replacing("FOLDER", with: folder.path)
    let outcome = Session.full(host: host).run(Source(name: "test.bvs", text: text))
    return ((host.shown + ending(outcome)).joined(separator: "\n").replacing(folder.path, with: "FOLDER"), host)
  }

  private func shown(_ script: String) -> String { ran(script).shown }

  @Test("select takes what load takes, and load gives the same")
  func likeLoad() {
    #expect(
      shown(
        """
        all = load mnist
        print (select all digits [1, 7] count 5 skip 3) == (load mnist digits [1, 7] count 5 skip 3)
        print (select all each 2 shuffle seed 4) == (load mnist each 2 shuffle seed 4)
        print (select all at [2, 0]).labels == [all.labels[2], all.labels[0]]
        print (select all digits 1 count 3).labels
        """) == "true\ntrue\ntrue\n[1, 1, 1]")
  }

  @Test("factors are chosen by value, range and name, and one varies while the others stay")
  func factors() {
    #expect(
      shown(
        """
        shapes = load sprites grid count 4096 size 16
        right = select shapes where "x" is 0.5..1
        print right.count, min(factor(right, "x")) >= 0.5
        print (select shapes where "y" is [0, 1]).count
        line = select shapes vary "y" count 4
        print factor(line, "y"), line.factors == shapes.factors
        print (select shapes digits "square" count 2).labels
        print (select shapes where "shape" is "square").count
        """) == "2048 true\n256\n[0, 0.322580636, 0.677419364, 1] true\n[0, 0]\n4096")
    #expect(shown("s = load sprites count 9 size 16\nx = select s where \"size\" is 1").contains("no factor 'size'"))
    #expect(shown("s = load sprites count 9 size 16\nx = select s where \"x\"").contains("expected both"))
    #expect(shown("x = load sprites count 9 where \"x\" is 1").contains("then 'select' from them"))
    #expect(shown("s = load mnist count 3\nx = select s digits [1.5]").contains("this list holds 1.5"))
    #expect(
      shown("s = load mnist count 3\nx = select s at [3]").contains("there is no image 3; the 3 images are 0 to 2"))
  }

  @Test("joined datasets have the images of all, and compare tells what is different")
  func joining() {
    #expect(
      shown(
        """
        ones = load mnist digits 1 count 4
        sevens = load mnist digits 7 count 2
        both = combine ones, sevens
        print both.labels, both[0..3] == ones
        compare both[4..5], sevens
        compare ones, both
        """
      ).hasPrefix("[1, 1, 1, 1, 7, 7] true\nno difference\ndifferent:\n  4 images and 6") == true)
    #expect(shown("x = combine (load mnist count 1)").contains("'combine' takes 2 or more datasets"))
    #expect(
      shown("x = combine (load mnist count 1), (load svhn count 1)").contains(
        "with 'size' and 'planes' to give all one size"))
  }

  @Test("scale takes a range, a list or white alone, and describe shows it")
  func scale() throws {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 1, 2), }"
    let array =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + [0, 4, 8, 12, 16, 16]
    try Files.write(array as [UInt8], to: folder.path + "/a.npy")
    let (text, host) = ran(
      """
      a = load "FOLDER/a.npy" scale 0..16
      b = load "FOLDER/a.npy" scale 16
      c = load "FOLDER/a.npy" scale [16, 0]
      print round(a[1].values[0, 1, 0] * 255), a == b, c[0].values[0, 0, 0], c[2].values[0, 1, 0]
      describe a
      """)
    #expect(text.hasPrefix("191 true 1 0\n") && text.contains("scale: 0..16 of the file is black to white\n"))
    #expect(text.contains("background: as usual, white behind transparent pictures and black around padded images\n"))
    let grey = shown("describe (load \"FOLDER/a.npy\" size 8 fit pad background [9, 9, 9])")
    #expect(grey.contains("background: 9\n"))
    #expect(host.warnings == ["a.npy: 1 image has one value everywhere, the first of them image 2"])
    let dark = ran("a = load \"FOLDER/a.npy\"").host.warnings
    #expect(dark.count == 1 && dark.first?.contains("say 'scale 0..16'") == true)
    #expect(
      shown("a = load \"FOLDER/a.npy\" scale 0..8").contains("its values go from 0 to 16, beyond those of 'scale 0..8'")
    )
    #expect(shown("a = load \"FOLDER/a.npy\" scale [1, 1]").contains("two that differ"))
    #expect(shown("a = load \"FOLDER/a.npy\" scale [1, 2, 3]").contains("two that differ"))
    #expect(shown("a = load sprites count 3 scale 0..1").contains("'scale' is for files"))
  }
}

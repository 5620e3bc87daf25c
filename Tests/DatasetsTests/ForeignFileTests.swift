import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Files that hold something else")
struct ForeignFileTests {
  private let lfs = Array(
    "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "0", count: 64))\nsize 206964\n".utf8)

  @Test("a Git LFS pointer, a web page, a server's error and an empty file are named as such")
  func named() {
    #expect(
      Fixture.mistake(lfs)
        == "it is a Git LFS pointer, not the file itself, which has 206,964 bytes; fetch it with 'git lfs pull'")
    for page in ["<!DOCTYPE html><html>", "\n  <html lang=\"en\"><head>", "<HTML><BODY>Sign in</BODY>"] {
      #expect(Fixture.mistake(Array(page.utf8))?.hasPrefix("it is a web page, not the file") == true)
    }
    #expect(
      Fixture.mistake(Array("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".utf8))?
        .hasPrefix("it is XML, as servers report an error in") == true)
    #expect(Fixture.mistake(Array("{\"message\": \"Not Found\"}".utf8))?.hasPrefix("it is JSON") == true)
    #expect(Fixture.mistake([])?.hasPrefix("it is empty") == true)
    #expect(Fixture.mistake([UInt8](repeating: 0, count: 600))?.contains("zero bytes") == true)
  }

  @Test(
    "a named dataset's files are looked at too", arguments: ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"])
  func ofLibrary(name: String) throws {
    let folder = try Folder()
    try Files.makeDirectory(folder("mnist"))
    let images = name.contains("images") ? lfs : Make.images(1),
      labels = name.contains("images") ? Make.labels([1]) : lfs
    try Files.write(images, to: folder("mnist/train-images-idx3-ubyte.gz"))
    try Files.write(labels, to: folder("mnist/train-labels-idx1-ubyte"))
    let library = DataLibrary(given: folder.path, environment: nil, cache: "/nowhere")
    #expect(
      error { _ = try library.load(.mnist) }?.contains("'\(folder("mnist/" + name))': it is a Git LFS pointer") == true)
  }

  @Test("MATLAB 4 files, HDF5 and pickles say how they can be converted")
  func convertible() throws {
    #expect(
      try Fixture.mistake(Fixture.bytes("scipy-version-4.mat"))?.hasPrefix(
        "it is a MATLAB 4 file, which begins with the variable y (7×1); such files hold flat matrices") == true)
    // One of each byte order by hand: y, 1×2.
    for isBig in [false, true] {
      func number(_ value: Int) -> [UInt8] { isBig ? Make.bigEndian(value) : Make.bigEndian(value).reversed() }
      let bytes = [isBig ? 1000 : 0, 1, 2, 0, 2].flatMap(number) + Array("y\0".utf8) + [UInt8](repeating: 1, count: 16)
      #expect(
        Fixture.mistake(bytes)
          == "it is a MATLAB 4 file, which begins with the variable y (1×2); such files hold flat matrices and no stacks of "
          + "images: in MATLAB, save with the option -v7; in Python, with numpy.savez")
    }
    let hdf: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0, count: 100)
    #expect(Fixture.mistake(hdf)?.contains("h5py") == true)
    #expect(Fixture.mistake([0x80, 4, 0x95, 1, 2])?.contains("a Python pickle") == true)
    // Kaggle's MNIST: names, then a label and 784 values a line.
    let names = "label," + (0..<784).map { "pixel\($0)" }.joined(separator: ",")
    let line = "\n1," + [String](repeating: "0", count: 784).joined(separator: ",")
    let told = try #require(Fixture.mistake(Array((names + line).utf8)))
    #expect(told.hasPrefix("it is a table as text (CSV), which is not read as images; in Python"))
    #expect(told.contains("skiprows=1"))
    #expect(Fixture.mistake(Array("1\t2\t3\t4\t5\t6\t7\t8\n".utf8))?.contains("(TSV)") == true)
    #expect(Fixture.mistake(Array("one, two, three\n".utf8))?.contains("table") == false)
  }

  @Test("data are not taken for anything else")
  func data() {
    for bytes: [UInt8] in [
      Make.images(1), [0x89, 0x50, 0x4E, 0x47], Array("MATLAB 5.0 MAT-file".utf8), [0x1F, 0x8B],
      Array("P5 2 2 255 ".utf8),
    ] {
      #expect(foreignContent(bytes) == nil)
    }
  }
}

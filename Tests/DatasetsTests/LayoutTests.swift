import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("How images lie in arrays")
struct LayoutTests {
  /// The numbers 0, 1, 2, … as bytes, of an array of these extents.
  private func array(_ shape: [Int], fortran: Bool = false) -> [UInt8] {
    let header =
      "{'descr': '|u1', 'fortran_order': \(fortran ? "True" : "False"), "
      + "'shape': (\(shape.map { "\($0)," }.joined(separator: " "))), }"
    let values = (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0 + 100) }
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + values
  }

  private func load(_ bytes: [UInt8]) throws -> Dataset { try DataLibrary.load(bytes: bytes, name: "f") }
  private func shape(_ height: Int, _ width: Int, _ planes: Int) -> ImageShape {
    ImageShape(height: height, width: width, planes: planes)
  }

  @Test("one picture in colour is one image, and says so")
  func picture() throws {
    let read = try load(array([8, 12, 3]))
    #expect(read.count == 1 && read.images.shape == shape(8, 12, 3))
    #expect(read.images.bytes == (0..<288).map { UInt8(truncatingIfNeeded: $0 + 100) })
    #expect(read.remarks == [.note("an array of 8×12×3 is taken for one picture in colour")])
    let grey = try load(array([8, 12]))
    #expect(grey.count == 1 && grey.images.shape == shape(8, 12, 1) && grey.remarks.count == 1)
    #expect(try load(array([8, 12, 1])).images.shape == shape(8, 12, 1))
  }

  @Test("three grey images warn of what else they may be; images of any other number do not")
  func threeGrey() throws {
    let read = try load(array([3, 8, 12]))
    #expect(read.count == 3 && read.images.shape == shape(8, 12, 1))
    #expect(read.remarks.first?.isWarning == true && read.remarks.first?.text.contains("(1, 2, 0)") == true)
    #expect(try load(array([4, 8, 12])).remarks.isEmpty)
    #expect(try load(array([5, 8, 32])).remarks.isEmpty)
  }

  @Test("images whose colours come first are read as such, in either order of the dimensions")
  func planesFirst() throws {
    // NumPy: (np.arange(2*3*4*5) + 100).astype('u1').reshape(2, 3, 4, 5).transpose(0, 2, 3, 1)
    let read = try load(array([2, 3, 4, 5]))
    #expect(read.images.shape == shape(4, 5, 3) && read.count == 2)
    #expect(read.images.bytes.prefix(6) == [100, 120, 140, 101, 121, 141])
    #expect(read.images.bytes.suffix(3) == [179, 199, 219])
    #expect(read.remarks == [.note("an array of 2×3×4×5 is taken for images whose colours come first")])
    // The same bytes with order='F': value (n, c, h, w) is n + 2c + 6h + 24w + 100.
    let fortran = try load(array([2, 3, 4, 5], fortran: true))
    #expect(fortran.images.bytes.prefix(6) == [100, 102, 104, 124, 126, 128])
    #expect(Array(fortran.images[1].prefix(3)) == [101, 103, 105])
    #expect(try load(array([2, 1, 4, 5])).images.shape == shape(4, 5, 1))
  }

  @Test("rows of a square number of values are images, and what may be two things is refused")
  func rows() throws {
    let read = try load(array([300, 64]))
    #expect(read.count == 300 && read.images.shape == shape(8, 8, 1))
    #expect(Array(read.images[1].prefix(2)) == [164, 165])
    #expect(read.remarks.map(\.text) == ["each row of 64 values is taken for a grey image of 8×8"])
    // Value (n, i) is n + 300 i + 100.
    let fortran = try load(array([300, 64], fortran: true))
    #expect(Array(fortran.images[1].prefix(2)) == [101, 145])
    #expect(
      Fixture.mistake(array([64, 64]))?.contains("this may be one picture or 64 of 8×8; reshape it to 1×64×64") == true)
    #expect(
      Fixture.mistake(array([70, 64]))
        == "the array is 70×64; expected images × rows × columns, or images × rows × columns × 1 or 3: this may be one "
        + "picture or 70 of 8×8; reshape it to 1×70×64 or 70×8×8")
    #expect(Fixture.mistake(array([100, 10]))?.hasPrefix("the array is 100×10; expected images × rows") == true)
    #expect(Fixture.mistake(array([9, 9, 4]))?.contains("[..., :3]") == true)
    #expect(Fixture.mistake(array([2, 9, 9, 4]))?.contains("[..., :3]") == true)
  }

  @Test("an array of no images says so", arguments: [[0, 8, 12], [0, 8, 12, 3], [5, 0, 8]])
  func none(shape: [Int]) {
    let words = shape.map(String.init).joined(separator: "×")
    #expect(Fixture.mistake(array(shape)) == "it has no images: the array is \(words)")
  }

  @Test("an array in gzip is read as it is unpacked")
  func gzip() throws {
    let bytes = array([4, 8, 12])
    #expect(try load(Make.gzip(bytes)).images == load(bytes).images)
    // Smaller and larger than what the format is told by.
    let files = try ["scipy-plain.mat", "rgb.png"].map(Fixture.bytes)
    for bytes in files + [array([4, 8, 12]), array([40, 8, 12])] {
      let packed = Make.gzip(bytes)
      for missing in [1, 9, 30, packed.count / 2] {
        #expect(
          Fixture.mistake(Array(packed.dropLast(missing)))
            == "the gzip data end too early, after \(packed.count - missing) bytes; the file is incomplete, fetch it again"
        )
      }
    }
    // In part, the images that are whole are had.
    for name in ["bytes.npy", "fraction-f8-big.npy", "scipy-plain.mat", "scipy-packed.mat"] {
      let packed = try Make.gzip(Fixture.bytes(name)), planes = name.hasPrefix("fraction") ? 1 : 3
      var counts: Set<Int> = []
      for count in packed.indices {
        guard
          let read = try? DataLibrary.load(
            bytes: Array(packed.prefix(count)), name: "f", options: LoadOptions(isPartial: true))
        else { continue }
        counts.insert(read.count)
        #expect(read.count > 0 && read.images == Fixture.images(planes: planes, Array(0..<read.count)))
      }
      #expect(counts.isSuperset(of: 2...7), "\(name)")
    }
    #expect(try load(Make.gzip(Fixture.bytes("rgb.png"))).images == load(Fixture.bytes("rgb.png")).images)
    #expect(try load(Make.gzip(Fixture.bytes("scipy-plain.mat"))).images == Fixture.images())
    #expect(try load(Make.gzip(Fixture.bytes("stored.npz"))).labels == Fixture.labels)
  }

  // MARK: Archives

  private func archive(_ arrays: NamedArray...) throws -> Dataset {
    try DataLibrary.load(bytes: NumPyArchiveFile.encoded(arrays), name: "f")
  }

  private func pixels(_ name: String, _ count: Int = 2, first: UInt8 = 200) -> NamedArray {
    NamedArray(name, shape: [count, 2, 2], .bytes((0..<count * 4).map { first + UInt8($0) }))
  }

  @Test(
    "the names that others give images and labels are known",
    arguments: [
      ("images", "labels"), ("x", "y"), ("X", "y"), ("x_train", "y_train"), ("train_images", "train_labels"),
      ("data", "target"), ("data", "targets"), ("arr_0", "arr_1"), ("train_x", "train_y"),
    ])
  func names(images: String, labels: String) throws {
    let read = try archive(
      pixels(images), NamedArray(labels, shape: [2], .integers([7, 200])))
    #expect(read.images.bytes == (200..<208).map { UInt8($0) } && read.labels == [7, 200])
    let isAssumed = images == "arr_0"
    #expect(read.remarks.map(\.text) == (isAssumed ? ["'arr_0' is taken for images, 'arr_1' for their labels"] : []))
  }

  @Test("what is left out is named, and Python objects are called so")
  func leftOut() throws {
    let read = try archive(pixels("images"), NamedArray("codes", shape: [1], .doubles([1])))
    #expect(read.remarks == [.note("not read: 'codes'")])
  }

  @Test("labels may be names, columns with a single one, or several columns")
  func labels() throws {
    let named = try archive(pixels("x", 3), NamedArray("y", shape: [3], .texts(["dog", "cat", "dog"])))
    #expect(named.labels == [1, 0, 1] && named.classes == ["cat", "dog"])
    let numbers = try archive(pixels("x", 3), NamedArray("y", shape: [3], .texts(["7", "0", "12"])))
    #expect(numbers.labels == [7, 0, 12] && numbers.classes == nil)
    let ones = try archive(pixels("x", 2), NamedArray("y", shape: [2, 3], .floats([0, 0, 1, 1, 0, 0])))
    #expect(ones.labels == [2, 0] && ones.remarks.count == 1)
    let columns = try archive(pixels("x", 2), NamedArray("y", shape: [2, 3], .integers([5, 1, 0, 8, 1, 1])))
    #expect(
      columns.labels == [5, 8]
        && columns.remarks.map(\.text) == ["the labels have 3 columns, of which the first is taken"])
  }
}

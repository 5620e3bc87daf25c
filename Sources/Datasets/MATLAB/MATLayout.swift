import BVAEArrays
import BVAEPlatform

/// How the images of a MATLAB variable lie.
struct MATLayout {
  let count: Int
  let shape: ImageShape
  /// Whether the first index is the image's, as in arrays of Python, rather than the last.
  var isImagesFirst = false
  /// Where the values go that come one after the other, where images are first.
  var order: [Int] = []
  var remarks: [LoadRemark] = []

  /// - Parameter labels: how many labels there are, which settles what the extents leave open.
  init(_ variable: MATFile.Variable, labels: Int?) throws(FileProblem) {
    let name = variable.name
    try variable.checkNumbers()
    let found = variable.dimensions
    if found.contains(0) {
      throw FileProblem("it has no images: the variable '\(name)' is \(variable.size)")
    }
    if let labels, let python = MATLayout.python(found, labels: labels) {
      (count, shape, isImagesFirst, order) = (python.count, python.shape, true, python.fortranOrder)
      remarks = [
        .note(
          "'\(name)' is taken for images × rows × columns, as Python has them, for there are \(labels.grouped) labels")
      ]
    } else {
      let (sizes, note) = MATLayout.sizes(found, labels: labels, name)
      guard sizes.count == 4, IDX.sides.contains(sizes[0]), IDX.sides.contains(sizes[1]), [1, 3].contains(sizes[2]),
        sizes[3] > 0
      else {
        throw variable.otherSize(
          expected: "rows × columns × 3 × images, as 32×32×3×N, or rows × columns × images, grey")
      }
      // At most 4096 · 4096 · 3 · 2³¹ · 8, far from overflow.
      (count, shape) = (sizes[3], ImageShape(height: sizes[0], width: sizes[1], planes: sizes[2]))
      remarks = note.map { [$0] } ?? []
    }
    guard count <= Limits.images else {
      throw FileProblem(
        "its header promises \(counted(count, "image")) of \(shape); at most \(Limits.images.grouped) images are read")
    }
  }

  /// Images first, where only that fits the number of labels.
  private static func python(_ found: [Int], labels: Int) -> ImageLayout? {
    guard found.count > 2, labels == found[0], labels != found[found.count - 1] else { return nil }
    guard let layout = try? ImageLayout(found), layout.count == labels else { return nil }
    return layout
  }

  /// Rows, columns, planes and images.
  private static func sizes(_ found: [Int], labels: Int?, _ name: String) -> ([Int], LoadRemark?) {
    switch found.count {
    case 4: return (found, nil)
    // MATLAB drops last dimensions of 1: one colour image is rows × columns × 3.
    case 3 where found[2] == 3 && labels == 1: return (found + [1], nil)
    case 3 where found[2] == 3 && labels == nil:
      return (
        found + [1],
        .warning("'\(name)' is taken for one picture in colour; if it is three grey images, add their labels as 'y'")
      )
    case 3: return ([found[0], found[1], 1, found[2]], nil)
    case 2 where found.allSatisfy({ $0 >= 8 }) && found.max() ?? 0 <= 4 * (found.min() ?? 0):
      return ([found[0], found[1], 1, 1], .note("'\(name)' is taken for one grey picture"))
    default: return ([0], nil)
    }
  }
}

extension MATFile.Variable {
  /// `uint8`, `complex double`
  var classWords: String { (isComplex ? "complex " : "") + (kind?.word ?? "unknown") }

  /// `32×32×3×983`
  var size: String { dimensions.map(\.grouped).joined(separator: "×") }

  func otherSize(expected: String) -> FileProblem {
    FileProblem("the variable '\(name)' is \(size)", expected: expected)
  }

  /// Checks that it is of real numbers.
  func checkNumbers() throws(FileProblem) {
    guard let kind, kind.isNumeric, !isComplex else {
      throw FileProblem("the variable '\(name)' is of class \(classWords)", expected: "real numbers (int8 … double)")
    }
  }

  /// What its numbers are meant as, in whatever form they are stored.
  var numberKind: BinaryNumber.Kind {
    switch kind {
    case _ where isLogical: .truth
    case .double, .single: .floating
    case .int8, .int16, .int32, .int64: .signed
    default: .unsigned
    }
  }
}

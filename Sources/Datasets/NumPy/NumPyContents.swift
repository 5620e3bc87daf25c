import BVAEPlatform

/// All that an array of a .npy file or an .npz archive holds, the last index running fastest.
package struct NumPyContents {
  package enum Values {
    case numbers([Double])
    /// 0 and 1.
    case truths([Double])
    case texts([String])
  }

  /// The extent of each dimension; none of a single value.
  package let shape: [Int]
  package let values: Values
  /// Whether it holds whole numbers beyond 2⁵³, which are rounded.
  package let isRounded: Bool

  /// The array of a .npy file.
  /// - Parameter most: the most values that are accepted.
  /// - Throws: `FileProblem`.
  package static func read(_ path: String, most: Int) throws -> NumPyContents {
    try FileProblem.naming(path) {
      var reader = try NumPyReader(try FileBytes(path: path))
      return try NumPyContents(&reader, most: most)
    }
  }

  /// The arrays of an .npz archive, in its order.
  /// - Throws: `FileProblem`.
  package static func readArchive(
    _ path: String, most: Int
  ) throws -> [(name: String, contents: NumPyContents)] {
    try FileProblem.naming(path) {
      let archive = try NumPyArchive(try FileBytes(path: path))
      var found: [(name: String, contents: NumPyContents)] = [], left = most
      for name in archive.names {
        guard var reader = try archive.array(name) else { continue }
        let contents = try NumPyContents(&reader, most: left)
        left -= contents.shape.reduce(1, *)
        found.append((name, contents))
      }
      return found
    }
  }

  private init(_ reader: inout NumPyReader, most: Int) throws(FileProblem) {
    let header = reader.header
    shape = header.shape
    if header.text != nil {
      (values, isRounded) = (.texts(Self.inOrder(try reader.texts(most: most), header)), false)
      return
    }
    let numbers = Self.inOrder(try reader.numbers(most: most), header)
    let kind = header.number?.kind
    if kind == .truth {
      (values, isRounded) = (.truths(numbers.map { $0 == 0 ? 0 : 1 }), false)
    } else {
      values = .numbers(numbers)
      isRounded = kind != .floating && header.number?.size == 8 && numbers.contains { $0.magnitude >= 0x1p53 }
    }
  }

  /// Values whose first index runs fastest, in the other order.
  private static func inOrder<T>(_ values: [T], _ header: NumPyHeader) -> [T] {
    guard header.isFortran, header.shape.count > 1, !values.isEmpty else { return values }
    var strides: [Int] = [], step = 1
    for extent in header.shape {
      strides.append(step)
      step *= extent
    }
    var index = [Int](repeating: 0, count: strides.count), place = 0
    return values.indices.map { _ in
      defer {
        for level in index.indices.reversed() {
          index[level] += 1
          place += strides[level]
          if index[level] < header.shape[level] { break }
          place -= strides[level] * header.shape[level]
          index[level] = 0
        }
      }
      return values[place]
    }
  }
}

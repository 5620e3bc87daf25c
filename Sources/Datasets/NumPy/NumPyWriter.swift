import BVAEArrays
import BVAEPlatform

/// An array with a name, to be written for NumPy.
public struct NamedArray: Sendable, Equatable {
  /// The values, the last index running fastest.
  public enum Values: Sendable, Equatable {
    /// Unsigned bytes.
    case bytes([UInt8])
    /// Whole numbers of 64 bits.
    case integers([Int64])
    /// float32.
    case floats([Float])
    /// float64.
    case doubles([Double])
    /// Texts.
    case texts([String])
    /// Truth values, 0 and 1.
    case truths([UInt8])

    /// The number of values.
    public var count: Int {
      switch self {
      case .bytes(let values): values.count
      case .integers(let values): values.count
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .texts(let values): values.count
      case .truths(let values): values.count
      }
    }
  }

  /// The name, as NumPy shows it.
  public let name: String
  /// The extent of each dimension.
  public let shape: [Int]
  /// As many as the product of `shape`.
  public let values: Values

  /// An array; the number of values must be the product of `shape`.
  package init(_ name: String, shape: [Int], _ values: Values) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for shape \(shape)")
    (self.name, self.shape, self.values) = (name, shape, values)
  }

  /// The array as a .npy file, little-endian, in C order.
  public var encoded: [UInt8] {
    switch values {
    case .bytes(let bytes): NumPyArray.header(type: "|u1", shape: shape) + bytes
    case .integers(let numbers): file("<i8", numbers.map { UInt64(bitPattern: $0) }, 8)
    case .floats(let numbers): file("<f4", numbers.map { UInt64($0.bitPattern) }, 4)
    case .doubles(let numbers): file("<f8", numbers.map(\.bitPattern), 8)
    case .truths(let bytes): NumPyArray.header(type: "|b1", shape: shape) + bytes
    case .texts(let texts): textFile(texts.map { $0.unicodeScalars.map(\.value) })
    }
  }

  private func file(_ type: String, _ patterns: [UInt64], _ size: Int) -> [UInt8] {
    var bytes = NumPyArray.header(type: type, shape: shape)
    bytes.reserveCapacity(bytes.count + patterns.count * size)
    for pattern in patterns {
      for place in 0..<size { bytes.append(UInt8(truncatingIfNeeded: pattern >> UInt64(8 * place))) }
    }
    return bytes
  }

  private func textFile(_ texts: [[UInt32]]) -> [UInt8] {
    let longest = max(1, texts.map(\.count).max() ?? 1)
    let letters = texts.flatMap { $0.map(UInt64.init) + repeatElement(0, count: longest - $0.count) }
    return file("<U\(longest)", letters, 4)
  }
}

/// Writing NumPy's archive of named arrays.
public enum NumPyArchiveFile {
  /// A .npz file, deflated. Equal arrays give equal bytes.
  /// - Throws: `FileProblem` where an array takes more than 2 GB.
  public static func encoded(_ arrays: [NamedArray]) throws(FileProblem) -> [UInt8] {
    try ZipWriter.encoded(arrays.map { (name: $0.name + ".npy", content: $0.encoded) })
  }
}

extension Dataset {
  /// The dataset for a .npz file: `images`, uint8 [images, rows, columns, planes], and `labels`, uint8 [images], where
  /// they are known, `classes`, text [classes], where these have names, with `factorArrays`. `load` reads it back.
  public var arrays: [NamedArray] { [NamedArray("images", shape: extents, .bytes(images.bytes))] + smallArrays }

  private var extents: [Int] { [count, images.shape.height, images.shape.width, images.shape.planes] }

  /// All arrays but the images.
  private var smallArrays: [NamedArray] {
    let labels = labels.map { [NamedArray("labels", shape: [$0.count], .bytes($0))] } ?? []
    let names = classes.map { [NamedArray("classes", shape: [$0.count], .texts($0))] } ?? []
    return labels + names + factorArrays
  }

  /// Writes a .npz file of `arrays`; equal datasets give equal bytes. Many images are written piece by piece.
  /// - Throws: `FileProblem`.
  public func writeArchive(to path: String) throws { try writeArchive(to: path, largest: 1 << 28) }

  /// - Parameter largest: up to so many bytes of images are compressed in memory.
  package func writeArchive(to path: String, largest: Int) throws {
    guard count * images.shape.count > largest else {
      return try Files.write(try NumPyArchiveFile.encoded(arrays), to: path)
    }
    try Files.write(to: path) { sink in
      var archive = ZipStream(sink)
      try archive.add("images.npy") { write in
        try NumPyArray.header(type: "|u1", shape: extents).withUnsafeBufferPointer(write)
        try images.forEachPart(write)
      }
      for array in smallArrays { try archive.add(array.name + ".npy", array.encoded) }
      try archive.end()
      try images.check()
    }
  }

  /// Writes the images as a .npy file of float32 in 0…1, [images, rows, columns, planes].
  /// - Throws: `FileProblem`.
  public func writeArray(to path: String) throws {
    try Files.write(to: path) { sink in
      try sink.write(NumPyArray.header(type: "<f4", shape: extents))
      try images.forEachPart { try sink.write(floats: $0.map { Float($0) / 255 }) }
      try images.check()
    }
  }
}

import BVAEPlatform

/// A MATLAB 5 file (The MathWorks, "MAT-File Format", version 5): which variables it holds and where. Only their headers
/// are read; the file may be cut off anywhere.
struct MATFile {
  /// One variable.
  struct Variable {
    let name: String
    /// nil for a class that the format does not know.
    let kind: MATClass?
    let isComplex: Bool
    /// Whether its numbers, of whatever class, are truth values.
    let isLogical: Bool
    let dimensions: [Int]
    /// Where its tag begins.
    let element: Int
    /// Where its content lies, as far as it is there.
    let content: Range<Int>
    /// Bytes of content that are missing.
    let missing: Int
    let isCompressed: Bool

    /// Whether its name can be one, as that of a damaged file often cannot.
    var hasName: Bool { !name.isEmpty && name.unicodeScalars.allSatisfy { $0.value >= 0x20 } }

    /// `X (32×32×3×983 uint8)`
    var words: String {
      let size = dimensions.map(String.init).joined(separator: "×")
      return
        "\(hasName ? name : "one without a name") (\(size.isEmpty ? "" : size + " ")\(isLogical ? "logical" : kind?.word ?? "unknown"))"
    }
  }

  static let mostVariables = 4096

  let bytes: [UInt8]
  let order: ByteOrder
  private(set) var variables: [Variable] = []
  /// The size that the file should have at least.
  private(set) var expectedBytes: Int
  /// Why the last element's header could not be read, where the file is cut off in it.
  private(set) var cut: FileProblem?

  /// Whether the bytes begin as a MATLAB file of version 5 or later does.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 128 && (bytes[126..<128].elementsEqual("IM".utf8) || bytes[126..<128].elementsEqual("MI".utf8))
  }

  /// - Throws: `FileProblem`, without the path, as all that follow.
  init(_ bytes: [UInt8]) throws(FileProblem) {
    guard MATFile.recognises(bytes) else { throw MATFile.foreign(bytes) }
    self.bytes = bytes
    order = bytes[126] == UInt8(ascii: "I") ? .little : .big
    expectedBytes = bytes.count
    let version = order.integer(bytes[124..<126])
    if version == 0x0200 {
      throw FileProblem(
        "it is a MATLAB 7.3 file, which is HDF5 inside", expected: "version 5",
        advice: "in MATLAB, save it with the option -v7; in Python, read it with h5py and write it with numpy.savez")
    }
    guard version == 0x0100 else {
      let found = [UInt8(truncatingIfNeeded: version >> 8), UInt8(truncatingIfNeeded: version)]
      throw FileProblem("version \(hexadecimal(found))", at: .byte(124), expected: "01 00, MATLAB 5")
    }
    try index()
  }

  private static func foreign(_ bytes: [UInt8]) -> FileProblem {
    let beginning = ForeignFiles.signature(bytes)
    if bytes.isEmpty { return FileProblem("it is empty", expected: "a MATLAB 5 file") }
    if bytes.count < 128 {
      return FileProblem(
        "it is no whole MATLAB 5 file: it has only \(counted(bytes.count, "byte")), beginning with \(beginning), and the "
          + "header alone takes 128", advice: "fetch it again", isCutOff: true)
    }
    return FileProblem(
      "it is no MATLAB 5 file: it begins with \(beginning), and bytes 126 and 127 are neither IM nor MI")
  }

  private mutating func index() throws(FileProblem) {
    var offset = 128
    while offset < bytes.count {
      guard bytes.count - offset >= 8 else {
        cut = FileProblem(
          "the file ends \(counted(bytes.count - offset, "byte")) into an element's tag of 8", at: .byte(bytes.count),
          advice: "it is incomplete, fetch it again", isCutOff: true)
        expectedBytes = offset + 8
        return
      }
      let type = order.integer(bytes[offset..<offset + 4]), promised = order.integer(bytes[offset + 4..<offset + 8])
      let content = offset + 8..<offset + 8 + min(promised, bytes.count - offset - 8)
      let missing = promised - content.count
      switch MATType(rawValue: type) {
      case .matrix, .compressed:
        guard variables.count < MATFile.mostVariables else {
          throw FileProblem("it has more than the \(MATFile.mostVariables.grouped) variables that are accepted")
        }
        do {
          variables.append(try variable(offset, content, missing: missing, isCompressed: type == 15))
        } catch {
          guard missing > 0 else { throw error }
          cut = error
        }
      case .some: break
      case nil:
        throw FileProblem(
          "the type of an element is \(type)", at: .byte(offset), expected: "14 (a variable) or 15 (a compressed one)")
      }
      expectedBytes = max(expectedBytes, offset + 8 + promised)
      offset = content.upperBound
    }
  }

  /// The variable in an element: its header alone is read.
  private func variable(
    _ offset: Int, _ content: Range<Int>, missing: Int, isCompressed: Bool
  ) throws(FileProblem) -> Variable {
    var elements = try elements(offset, content, missing: missing, isCompressed: isCompressed)
    if isCompressed { try skipMatrixTag(&elements) }
    let flags = try elements.small("the array flags", types: [.uint32], sizes: 8...8)
    let word = order.integer(flags[0..<4]), kind = MATClass(rawValue: word & 0xFF)
    var dimensions: [Int] = [], name = ""
    // Objects of MATLAB's own classes have another header; they are passed over.
    if let kind, kind != .opaque {
      let extents = try elements.small("the dimensions", types: [.int32], sizes: 8...128, unit: 4)
      dimensions = stride(from: 0, to: extents.count, by: 4).map {
        Int(Int32(truncatingIfNeeded: order.integer(extents[$0..<$0 + 4])))
      }
      let letters = try elements.small("the name", types: [.int8, .uint8, .utf8], sizes: 0...1024)
      name = String(decoding: letters.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Variable(
      name: name, kind: kind, isComplex: word & 0x0800 != 0,
      isLogical: word & 0x0200 != 0, dimensions: dimensions, element: offset, content: content,
      missing: missing, isCompressed: isCompressed)
  }

  /// The elements inside a variable, behind its header, and how many bytes of values follow there by their tag.
  func values(of variable: Variable) throws(FileProblem) -> (elements: MATElements, tag: MATElements.Tag) {
    var elements = try elements(
      variable.element, variable.content, missing: variable.missing, isCompressed: variable.isCompressed)
    if variable.isCompressed { try skipMatrixTag(&elements) }
    for part in ["the array flags", "the dimensions", "the name"] {
      _ = try elements.content(of: try elements.tag(part), part)
    }
    let tag = try elements.tag("the values of '\(variable.name)'")
    return (elements, tag)
  }

  private func elements(
    _ offset: Int, _ content: Range<Int>, missing: Int, isCompressed: Bool
  ) throws(FileProblem) -> MATElements {
    try MATElements(
      bytes: bytes, order: order, element: offset, content: content, isCompressed: isCompressed,
      acceptsTruncation: missing > 0)
  }

  private func skipMatrixTag(_ elements: inout MATElements) throws(FileProblem) {
    let tag = try elements.tag("the compressed element")
    guard tag.type == MATType.matrix.rawValue else {
      throw MATElements.otherType(tag, of: "the compressed element", expected: "14 (a variable)")
    }
  }
}

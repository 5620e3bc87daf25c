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

  let path: String
  let bytes: [UInt8]
  let order: ByteOrder
  private(set) var variables: [Variable] = []
  /// The size that the file should have at least.
  private(set) var expectedBytes: Int
  /// Why the last element's header could not be read, where the file is cut off in it.
  private(set) var cut: MATError?

  /// Whether the bytes begin as a MATLAB file of version 5 or later does.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 128 && (bytes[126..<128].elementsEqual("IM".utf8) || bytes[126..<128].elementsEqual("MI".utf8))
  }

  /// - Parameter path: the name for error messages.
  init(path: String, bytes: [UInt8]) throws(MATError) {
    guard MATFile.recognises(bytes) else {
      throw MATError(path: path, problem: .notMATLAB(beginning: Array(bytes.prefix(8)), count: bytes.count))
    }
    (self.path, self.bytes) = (path, bytes)
    order = bytes[126] == UInt8(ascii: "I") ? .little : .big
    expectedBytes = bytes.count
    let version = order.integer(bytes[124..<126])
    guard version == 0x0100 else { throw MATError(path: path, problem: .version(version)) }
    try index()
  }

  private mutating func index() throws(MATError) {
    var offset = 128
    while offset < bytes.count {
      guard bytes.count - offset >= 8 else {
        let place = MATError.Place(element: offset, offset: bytes.count, isCompressed: false)
        cut = MATError(path: path, problem: .cutTag(place, count: bytes.count - offset))
        expectedBytes = offset + 8
        return
      }
      let type = order.integer(bytes[offset..<offset + 4]), promised = order.integer(bytes[offset + 4..<offset + 8])
      let content = offset + 8..<offset + 8 + min(promised, bytes.count - offset - 8)
      let missing = promised - content.count
      switch MATType(rawValue: type) {
      case .matrix, .compressed:
        guard variables.count < MATFile.mostVariables else {
          throw MATError(path: path, problem: .tooManyVariables(limit: MATFile.mostVariables))
        }
        do {
          variables.append(try variable(offset, content, missing: missing, isCompressed: type == 15))
        } catch {
          guard missing > 0 else { throw error }
          cut = error
        }
      case .some: break
      case nil:
        let place = MATError.Place(element: offset, offset: offset, isCompressed: false)
        throw MATError(
          path: path,
          problem: .elementType(
            place, part: "an element", found: type, expected: "14 (a variable) or 15 (a compressed one)"))
      }
      expectedBytes = max(expectedBytes, offset + 8 + promised)
      offset = content.upperBound
    }
  }

  /// The variable in an element: its header alone is read.
  private func variable(
    _ offset: Int, _ content: Range<Int>, missing: Int, isCompressed: Bool
  ) throws(MATError) -> Variable {
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
  func values(of variable: Variable) throws(MATError) -> (elements: MATElements, tag: MATElements.Tag) {
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
  ) throws(MATError) -> MATElements {
    try MATElements(
      path: path, bytes: bytes, order: order, element: offset, content: content, isCompressed: isCompressed,
      acceptsTruncation: missing > 0)
  }

  private func skipMatrixTag(_ elements: inout MATElements) throws(MATError) {
    let tag = try elements.tag("the compressed element")
    guard tag.type == MATType.matrix.rawValue else {
      throw elements.failure(
        .elementType(tag.place, part: "the compressed element", found: tag.type, expected: "14 (a variable)"))
    }
  }
}

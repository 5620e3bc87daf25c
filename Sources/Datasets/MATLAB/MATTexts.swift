extension MATFile {
  /// The texts of a cell array of them; nil where there is no such variable, or its cells hold something else.
  /// - Parameter most: the most texts that are read.
  func texts(_ name: String, most: Int) throws(MATError) -> [String]? {
    guard let variable = try variableIfAny([name]), variable.kind == .cell, variable.missing == 0,
      let count = variable.dimensions.checkedProduct, (1...most).contains(count)
    else { return nil }
    var (elements, tag) = try values(of: variable)
    var texts: [String] = []
    for cell in 0..<count {
      if cell > 0 { tag = try elements.tag("a cell of '\(name)'") }
      guard tag.type == MATType.matrix.rawValue, tag.content == nil,
        let text = try text(&elements, "a cell of '\(name)'")
      else { return nil }
      texts.append(text)
    }
    return texts
  }

  /// The text of an array of characters behind its tag; nil where it is no such array.
  private func text(_ elements: inout MATElements, _ part: String) throws(MATError) -> String? {
    let flags = try elements.small(part, types: [.uint32], sizes: 8...8)
    guard order.integer(flags[0..<4]) & 0xFF == MATClass.character.rawValue else { return nil }
    _ = try elements.small(part, types: [.int32], sizes: 8...128, unit: 4)
    _ = try elements.small(part, types: [.int8, .uint8, .utf8], sizes: 0...1024)
    let tag = try elements.tag(part)
    guard tag.count <= 1 << 12 else {
      throw elements.failure(.elementSize(tag.place, part: part, found: tag.count, expected: "at most 4096"))
    }
    let bytes = try elements.content(of: tag, part)
    switch MATType(rawValue: tag.type) {
    case .uint16:
      let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
        UInt16(truncatingIfNeeded: order.integer(bytes[$0..<$0 + 2]))
      }
      return String(decoding: units, as: UTF16.self)
    case .int8, .uint8, .utf8: return String(decoding: bytes, as: UTF8.self)
    default: return nil
    }
  }
}

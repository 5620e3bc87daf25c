import BVAEPlatform

extension MATFile {
  /// The labels of a variable of numbers: the places of so many classes, counted from 1; else, where they go from 1 to 10,
  /// 10 stands for 0.
  func labels(_ variable: Variable, count: Int, classes: Int?) throws(FileProblem) -> Labels {
    try variable.checkNumbers()
    let found = variable.dimensions
    guard found.count == 2, found.contains(1) || found.contains(0), let total = found.checkedProduct else {
      throw variable.otherSize(expected: "images × 1")
    }
    guard total == count else {
      throw FileProblem(
        "X has \(counted(count, "image")) but y has \(counted(total, "label"))", advice: "they do not belong together")
    }
    var (elements, tag) = try values(of: variable)
    guard let number = MATType(rawValue: tag.type)?.number(order) else {
      throw MATElements.otherType(
        tag, of: "the values of '\(variable.name)'", expected: "1 to 7, 9, 12 or 13 (numbers)")
    }
    guard tag.count == total * number.size else {
      throw MATElements.otherSize(tag.count, ofValues: variable.name, at: tag.place, asked: total * number.size)
    }
    let values = number.values(try elements.content(of: tag, "the values of '\(variable.name)'"))
    if variable.isCompressed { _ = try elements.readAvailable(16) }
    var labels: [UInt8] = []
    labels.reserveCapacity(total)
    for (item, value) in values.enumerated() {
      guard (classes.map { 1...Double($0) } ?? 0...255).contains(value), value == value.rounded() else {
        throw FileProblem(
          "label \(value.formatted(digits: 8)) at item \(item) of y",
          expected: classes.map { "1 to \($0), the places of 'classes'" } ?? "whole numbers 0 to 255")
      }
      labels.append(UInt8(classes == nil ? value : value - 1))
    }
    guard classes == nil, labels.max() == 10, !labels.contains(0) else { return Labels(values: labels) }
    return Labels(
      values: labels.map { $0 == 10 ? 0 : $0 },
      remarks: [.note("the label 10 is taken for the digit 0, as in SVHN's files")])
  }

  /// The texts of a cell array of them; nil where there is no such variable, or its cells hold something else.
  /// - Parameter most: the most texts that are read.
  func texts(_ name: String, most: Int) throws(FileProblem) -> [String]? {
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
  private func text(_ elements: inout MATElements, _ part: String) throws(FileProblem) -> String? {
    let flags = try elements.small(part, types: [.uint32], sizes: 8...8)
    guard order.integer(flags[0..<4]) & 0xFF == MATClass.character.rawValue else { return nil }
    _ = try elements.small(part, types: [.int32], sizes: 8...128, unit: 4)
    _ = try elements.small(part, types: [.int8, .uint8, .utf8], sizes: 0...1024)
    let tag = try elements.tag(part)
    guard tag.count <= 1 << 12 else {
      throw MATElements.otherSize(tag.count, of: part, at: tag.place, expected: "at most 4096")
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

import BVAEPlatform

/// Labels, 0…255, and what they stand for where the file has names for them.
struct Labels: Equatable {
  var values: [UInt8]
  /// The names, by number; nil where labels are just numbers.
  var classes: [String]?
  var remarks: [LoadRemark] = []
}

extension Labels {
  /// One label a row of several numbers: the place of the one where each row has a single one among zeros, else the first.
  static func oneOfEach(
    rows: Int, columns: Int, _ value: (_ row: Int, _ column: Int) -> Double
  ) -> (values: [Double], remarks: [LoadRemark]) {
    let ones = (0..<rows).map { row in
      let row = (0..<columns).map { value(row, $0) }
      return row.filter { $0 == 0 }.count == columns - 1 ? row.firstIndex(of: 1) : nil
    }
    if ones.allSatisfy({ $0 != nil }) {
      return (
        ones.map { Double($0 ?? 0) },
        [.note("the labels have \(columns) columns of 0 and 1, of which the one with the 1 is taken for the label")]
      )
    }
    return (
      (0..<rows).map { value($0, 0) }, [.note("the labels have \(columns) columns, of which the first is taken")]
    )
  }
}

extension NumPyReader {
  /// Labels: whole numbers 0…255 of any type, [images], [images, 1] or [1, images]; texts, which are numbered in their
  /// alphabetic order unless they are such numbers; or columns of numbers, of which the first is taken, as QMNIST's are.
  mutating func labels() throws(FileProblem) -> Labels {
    let shape = header.shape
    guard (1...2).contains(shape.count), !shape.contains(0) else {
      throw otherShape(expected: "labels: one for every image, images or images × 1")
    }
    if header.text != nil { return try textLabels() }
    if header.number == nil {
      throw otherType(expected: "labels as numbers or texts" + (header.isObjects ? ", not Python objects" : ""))
    }
    let columns = shape.count == 2 && shape[0] > 1 ? shape[1] : 1
    guard columns <= 64 else {
      throw otherShape(expected: "labels: one for every image, images or images × 1")
    }
    var numbers = try numbers(most: Limits.images * columns)
    var remarks: [LoadRemark] = []
    if columns > 1 {
      let rows = numbers.count / columns, isFortran = header.isFortran
      (numbers, remarks) = Labels.oneOfEach(rows: rows, columns: columns) { row, column in
        numbers[isFortran ? column * rows + row : row * columns + column]
      }
    }
    var labels: [UInt8] = []
    labels.reserveCapacity(numbers.count)
    for (item, value) in numbers.enumerated() {
      guard (0...255).contains(value), value == value.rounded() else {
        throw otherValue(value.formatted(digits: 8), in: "label", item, expected: "whole numbers 0 to 255")
      }
      labels.append(UInt8(value))
    }
    return Labels(values: labels, remarks: remarks)
  }

  private mutating func textLabels() throws(FileProblem) -> Labels {
    let texts = try texts(most: Limits.images), names = Set(texts)
    let numbers = texts.compactMap { UInt8($0) }
    if numbers.count == texts.count { return Labels(values: numbers) }
    guard names.count <= 256 else {
      throw failure("the labels are \(names.count.grouped) names", expected: "at most 256")
    }
    let classes = names.sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    return Labels(values: texts.map { UInt8(places[$0] ?? 0) }, classes: classes)
  }
}

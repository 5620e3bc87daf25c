import BVAEArrays
import BVAEPlatform

/// Writing MATLAB 5 files.
public enum MATFileWriter {
  /// A dataset as SVHN's files: X, uint8, rows × columns × planes × images, and, where there are labels, y, uint8,
  /// images × 1, with 10 for the digit 0. Where classes have names these are the cell array `classes`, and y counts their
  /// places from 1, so that `classes{y(i)}` is an image's class. Variables are compressed; equal datasets give equal bytes.
  /// - Throws: `FileProblem` where a label is neither a digit nor the place of a name, or the images take 2 GB or more.
  public static func encoded(_ dataset: Dataset) throws(FileProblem) -> [UInt8] {
    let images = dataset.images, shape = images.shape
    // Extents and sizes have 32 bits, the former with a sign.
    let count = images.count * shape.count
    guard count < Int(Int32.max) else { throw tooLarge(count) }
    var file = Array("MATLAB 5.0 MAT-file, written by bvae-script".utf8)
    file += [UInt8](repeating: UInt8(ascii: " "), count: 116 - file.count) + [UInt8](repeating: 0, count: 8)
    file += little(0x0100, 2) + Array("IM".utf8)
    // Four dimensions even of grey images: three would be taken for one image in colour where there are three.
    let extents = [shape.height, shape.width, shape.planes, images.count]
    file += try variable("X", extents, columnMajor(images))
    if let classes = dataset.classes {
      file += try packed(
        matrix(
          "classes", .cell, [classes.count, 1],
          classes.flatMap { name in
            let letters = Array(name.utf16)
            return matrix("", .character, [1, letters.count], element(.uint16, letters.flatMap { little(Int($0), 2) }))
          }))
    }
    guard let labels = dataset.labels else { return file }
    if let classes = dataset.classes {
      if let item = labels.firstIndex(where: { $0 == 255 || Int($0) >= classes.count }) {
        throw otherLabel(labels[item], item)
      }
      return file + (try variable("y", [labels.count, 1], labels.map { $0 + 1 }))
    }
    if let item = labels.firstIndex(where: { $0 > 9 }) { throw otherLabel(labels[item], item) }
    return file + (try variable("y", [labels.count, 1], labels.map { $0 == 0 ? 10 : $0 }))
  }

  private static func otherLabel(_ label: UInt8, _ item: Int) -> FileProblem {
    FileProblem(
      "a .mat file as SVHN's has digits for labels, and image \(item.grouped) has the label \(label)", action: "write",
      advice: "save it as .npz")
  }

  private static func tooLarge(_ bytes: Int) -> FileProblem {
    FileProblem(
      "\(counted(bytes, "byte")) of images are more than the 2 GB that a .mat file takes", action: "write",
      advice: "save them in parts")
  }

  private static func columnMajor(_ images: ByteImages) -> [UInt8] {
    let order = columnMajorOrder(of: images.shape, planesFirst: true), size = images.shape.count
    var result = [UInt8](repeating: 0, count: images.count * size)
    for index in 0..<images.count {
      let image = images[index]
      for (target, value) in zip(order, image) { result[index * size + target] = value }
    }
    return result
  }

  private static func variable(
    _ name: String, _ dimensions: [Int], _ values: [UInt8]
  ) throws(FileProblem) -> [UInt8] {
    try packed(matrix(name, .uint8, dimensions, element(.uint8, values)))
  }

  private static func matrix(_ name: String, _ kind: MATClass, _ dimensions: [Int], _ content: [UInt8]) -> [UInt8] {
    element(
      .matrix,
      element(.uint32, little(kind.rawValue, 4) + little(0, 4))
        + element(.int32, dimensions.flatMap { little($0, 4) }) + element(.int8, Array(name.utf8)) + content)
  }

  private static func packed(_ matrix: [UInt8]) throws(FileProblem) -> [UInt8] {
    guard let packed = Deflate.packed(matrix, .zlib) else { throw tooLarge(matrix.count) }
    return little(MATType.compressed.rawValue, 4) + little(packed.count, 4) + packed
  }

  private static func element(_ type: MATType, _ content: [UInt8]) -> [UInt8] {
    little(type.rawValue, 4) + little(content.count, 4) + content
      + [UInt8](repeating: 0, count: (8 - content.count % 8) % 8)
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

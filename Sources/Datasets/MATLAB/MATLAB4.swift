/// What is known of a MATLAB 4 file, which holds flat matrices only and therefore no stack of images: enough to name it.
enum MATLAB4 {
  /// What the first variable is, `y (1×2)`; nil where the bytes do not begin as such a file does: the type, rows, columns,
  /// whether there are imaginary parts, and the length of the name, each a number of four bytes; then the name.
  static func firstVariable(_ bytes: [UInt8]) -> String? {
    for order in [ByteOrder.little, .big] {
      guard bytes.count >= 20 else { return nil }
      let fields = stride(from: 0, to: 20, by: 4).map { order.integer(bytes[$0..<$0 + 4]) }
      let (type, rows, columns, imaginary, length) = (fields[0], fields[1], fields[2], fields[3], fields[4])
      // The digits of the type: the machine's order, 0, the kind of number, and the kind of matrix.
      guard type == 1000 * (order == .little ? 0 : 1) + type % 100, type % 10 <= 2, type / 10 % 10 <= 5,
        (0...1).contains(imaginary), (2...64).contains(length), bytes.count >= 20 + length,
        (0...1 << 24).contains(rows), (0...1 << 24).contains(columns)
      else { continue }
      let name = bytes[20..<20 + length - 1]
      guard bytes[20 + length - 1] == 0,
        name.allSatisfy({
          $0 == 0x5F || $0 < 0x80 && Character(Unicode.Scalar($0)).isLetter
            || (0x30...0x39).contains($0)
        })
      else { continue }
      return "\(String(decoding: name, as: UTF8.self)) (\(rows)×\(columns))"
    }
    return nil
  }
}

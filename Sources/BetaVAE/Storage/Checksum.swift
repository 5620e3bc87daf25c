/// A 64-bit sum that any change of a value changes: FNV-1a's step (Fowler, Noll, Vo) on whole values instead of bytes,
/// in four chains side by side, since half a gigabyte has to be gone through in a fraction of a second.
package struct Checksum {
  private var chains: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
  private static let prime: UInt64 = 0x100_0000_01b3

  /// The sum of nothing.
  init() {}

  /// The sum of a file's texts, but for the checksum that it gives, and of its values, in the order of their names.
  package init(_ file: Safetensors) {
    add(file.metadata.filter { $0.key != "checksum" })
    for (_, tensor) in file.tensors.sorted(by: { $0.key < $1.key }) { add(tensor.values) }
  }

  /// Takes values in.
  mutating func add(_ values: [Float]) {
    var (a, b, c, d) = chains
    values.withUnsafeBufferPointer { values in
      let whole = values.count / 4 * 4
      var i = 0
      while i < whole {
        a = (a ^ UInt64(values[i].bitPattern)) &* Self.prime
        b = (b ^ UInt64(values[i + 1].bitPattern)) &* Self.prime
        c = (c ^ UInt64(values[i + 2].bitPattern)) &* Self.prime
        d = (d ^ UInt64(values[i + 3].bitPattern)) &* Self.prime
        i += 4
      }
      while i < values.count {
        a = (a ^ UInt64(values[i].bitPattern)) &* Self.prime
        i += 1
      }
      // Where one array ends and the next begins.
      d = (d ^ UInt64(values.count)) &* Self.prime
    }
    chains = (a, b, c, d)
  }

  /// Takes names and texts in, in the order of the names.
  mutating func add(_ texts: [String: String]) {
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      for byte in "\(name)=\(text)\n".utf8 { chains.0 = (chains.0 ^ UInt64(byte)) &* Self.prime }
    }
  }

  /// Sixteen hexadecimal digits.
  package var text: String {
    let all = [chains.0, chains.1, chains.2, chains.3].reduce(UInt64(0)) { ($0 ^ $1) &* Self.prime ^ ($0 >> 32) }
    let digits = String(all, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// In which order the bytes of a number lie.
enum ByteOrder: Hashable, Sendable {
  /// The least significant byte first.
  case little
  /// The most significant byte first.
  case big

  /// A whole number without sign of all `bytes`, at most eight.
  func unsigned(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    switch self {
    case .little: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    case .big: bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// Such a number of four bytes or fewer.
  func integer(_ bytes: ArraySlice<UInt8>) -> Int { Int(truncatingIfNeeded: unsigned(bytes)) }
}

/// How a number lies in a file.
struct BinaryNumber: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case truth, unsigned, signed, floating }

  let kind: Kind
  /// Bytes a number: 1, 2, 4 or 8; of floating-point numbers 2, 4 or 8.
  let size: Int
  var order = ByteOrder.little

  /// The number at `start`; whole numbers above 2⁵³ are rounded.
  func value(_ bytes: ArraySlice<UInt8>, at start: Int) -> Double {
    let bits = order.unsigned(bytes[start..<start + size])
    switch kind {
    case .truth: return bits == 0 ? 0 : 1
    case .unsigned: return Double(bits)
    case .signed:
      let unused = UInt64(64 - 8 * size)
      return Double(Int64(bitPattern: bits << unused) >> Int64(unused))
    case .floating:
      switch size {
      case 2: return Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
      case 4: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      default: return Double(bitPattern: bits)
      }
    }
  }

  /// All numbers of some bytes, which must be a whole number of them.
  func values(_ bytes: [UInt8]) -> [Double] {
    stride(from: 0, to: bytes.count, by: size).map { value(bytes[...], at: $0) }
  }
}

extension Collection<Int> {
  /// The product, nil where it overflows or a factor is negative.
  var checkedProduct: Int? {
    var product = 1
    for factor in self {
      let (next, overflows) = product.multipliedReportingOverflow(by: factor)
      if overflows || factor < 0 { return nil }
      product = next
    }
    return product
  }
}

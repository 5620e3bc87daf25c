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
    bytes[start..<start + size].withUnsafeBytes { value($0, at: 0) }
  }

  /// The number at a place inside of some bytes.
  @inline(__always)
  func value(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
    var value = 0.0
    withUnsafeMutablePointer(to: &value) { target in
      convert(
        UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size]),
        into: UnsafeMutableBufferPointer(start: target, count: 1)
      ) { $0 }
    }
    return value
  }

  /// All numbers of some bytes, which must be a whole number of them.
  func values(_ bytes: [UInt8]) -> [Double] {
    [Double](unsafeUninitializedCapacity: bytes.count / size) { values, count in
      bytes.withUnsafeBytes { convert($0, into: values) { $0 } }
      count = bytes.count / size
    }
  }

  /// Puts what `transform` makes of each number into `target`, which has room for just so many. The kind of number is
  /// looked at once, not for each.
  @inline(__always)
  func convert<Result: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Result>,
    _ transform: (Double) -> Result
  ) {
    switch (kind, size) {
    case (.truth, _): each(bytes, target, of: UInt8.self) { transform($0 == 0 ? 0 : 1) }
    case (.unsigned, 1): each(bytes, target, of: UInt8.self) { transform(Double($0)) }
    case (.unsigned, 2): each(bytes, target, of: UInt16.self) { transform(Double($0)) }
    case (.unsigned, 4): each(bytes, target, of: UInt32.self) { transform(Double($0)) }
    case (.unsigned, _): each(bytes, target, of: UInt64.self) { transform(Double($0)) }
    case (.signed, 1): each(bytes, target, of: UInt8.self) { transform(Double(Int8(bitPattern: $0))) }
    case (.signed, 2): each(bytes, target, of: UInt16.self) { transform(Double(Int16(bitPattern: $0))) }
    case (.signed, 4): each(bytes, target, of: UInt32.self) { transform(Double(Int32(bitPattern: $0))) }
    case (.signed, _): each(bytes, target, of: UInt64.self) { transform(Double(Int64(bitPattern: $0))) }
    case (.floating, 2): each(bytes, target, of: UInt16.self) { transform(Double(Float16(bitPattern: $0))) }
    case (.floating, 4): each(bytes, target, of: UInt32.self) { transform(Double(Float(bitPattern: $0))) }
    case (.floating, _): each(bytes, target, of: UInt64.self) { transform(Double(bitPattern: $0)) }
    }
  }

  @inline(__always)
  private func each<Bits: FixedWidthInteger & BitwiseCopyable, Result: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ target: UnsafeMutableBufferPointer<Result>, of type: Bits.Type,
    _ transform: (Bits) -> Result
  ) {
    let width = MemoryLayout<Bits>.size, count = min(target.count, bytes.count / width), isLittle = order == .little
    for index in 0..<count {
      let bits = bytes.loadUnaligned(fromByteOffset: index * width, as: Bits.self)
      target.initializeElement(at: index, to: transform(isLittle ? Bits(littleEndian: bits) : Bits(bigEndian: bits)))
    }
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

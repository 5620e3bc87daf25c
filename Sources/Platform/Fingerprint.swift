/// A 64-bit FNV-1a hash (Fowler, Noll, Vo) of bytes and words: equal content gives an equal fingerprint on every
/// machine. It names results and finds accidental change; it is no protection against intent.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
  @usableFromInline var state: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The fingerprint of nothing.
  public init() {}

  /// Takes bytes in.
  @inlinable
  public mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// Takes bytes in that lie together, zeros eight at a time: eight steps over zeros are one product.
  public mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    let words = UnsafeRawBufferPointer(bytes)
    var state = state, place = 0
    while place + 8 <= bytes.count {
      if words.loadUnaligned(fromByteOffset: place, as: UInt64.self) == 0 {
        state = state &* Self.zeros &* Self.zeros
      } else {
        for byte in bytes[place..<place + 8] { state = (state ^ UInt64(byte)) &* Self.prime }
      }
      place += 8
    }
    for byte in bytes[place...] { state = (state ^ UInt64(byte)) &* Self.prime }
    self.state = state
  }

  /// Takes a text in, with its length, so that neighbours cannot run into each other.
  public mutating func add(_ text: String) {
    add(text.utf8.count)
    add(text.utf8)
  }

  /// Takes a whole number in.
  public mutating func add(_ number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    for _ in 0..<8 {
      add(CollectionOfOne(UInt8(truncatingIfNeeded: rest)))
      rest >>= 8
    }
  }

  /// Takes a number in as `add(_: Int)` does, whose upper half is zero: four bytes of zeros are one product.
  public mutating func add(_ number: UInt32) {
    for shift: UInt32 in [0, 8, 16, 24] { state = (state ^ UInt64(number >> shift & 0xFF)) &* Self.prime }
    state = state &* Self.zeros
  }

  private static let prime: UInt64 = 0x100_0000_01b3
  private static let zeros = prime &* prime &* prime &* prime

  /// Sixteen hexadecimal digits.
  public var description: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

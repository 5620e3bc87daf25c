import BVAEPlatform
import Synchronization

/// Where the images of a set are kept, by how many bytes they are: as bytes in memory; where they have only two values, as
/// bits; and where they have more and there are too many of them, in a file.
package struct ImageStorage: Hashable, Sendable {
  /// Up to so many bytes images are kept as they are, whatever their values.
  package var largestPlain = 1 << 28
  /// Images of more than two values are kept in memory up to so many bytes, or as many as are free.
  package var largestInMemory = 1 << 30
  /// The folder of the files.
  package var folder = Machine.cacheDirectory
  /// The most bytes that a file may take, where its disk has room for them.
  package var largestFile = 1 << 37

  /// The usual sizes and folder.
  package init() {}

  /// From so few bytes on a choice of images that are kept as bits or in a file is copied into memory.
  package static let largestCopy = 1 << 26
  /// The most bytes that any file may take, for a process that may not fill a disk.
  package static let fileCeiling = Mutex<Int?>(nil)

  /// The bytes of memory that can be used: three quarters of what is free, for what is made of images too.
  package static var memory: Int { (Machine.availableMemory ?? 1 << 32) / 4 * 3 }

  /// The most bytes of more than two values that are kept in memory.
  var inMemory: Int { min(largestInMemory, Self.memory) }

  /// The bytes that a file may take; a tenth of the disk's room is left for others.
  var onDisk: Int {
    let room = ScratchFile.room(in: folder).map { $0 / 10 * 9 }
    return [room, largestFile, Self.fileCeiling.withLock { $0 }].compactMap { $0 }.min() ?? largestFile
  }

  /// Checks that a file has room for images.
  func checkDisk(_ count: Int, _ shape: ImageShape) throws(FileProblem) {
    let bytes = count * shape.count, room = onDisk
    guard bytes > room else { return }
    throw FileProblem(
      "\(counted(count, "image")) of \(shape) take \(counted(bytes, "byte")), more than the \(inMemory.grouped) that are kept "
        + "in memory, and for a file in '\(folder)' there is room for only \(room.grouped)", advice: Self.advice)
  }

  /// What to do where images have no room.
  static let advice =
    "take fewer with 'count' or 'each', or set XDG_CACHE_HOME to a folder on a larger disk"
}

/// Images that are kept otherwise than as bytes in memory. Several threads read them at a time.
protocol KeptImages: AnyObject, Sendable {
  /// The number of images.
  var count: Int { get }
  /// Bytes an image.
  var size: Int { get }
  /// Writes the bytes of an image.
  func read(_ image: Int, into bytes: UnsafeMutableBufferPointer<UInt8>)
  /// Makes images that are read soon faster to read, where that takes time.
  func prefetch(_ image: Int)
  /// What has gone wrong in reading so far; the images that it hit were read as black.
  var problem: FileProblem? { get }
}

/// Images of two values, a bit for each.
final class BitImages: KeptImages {
  let size: Int, count: Int
  /// Image after image, each beginning with a byte of its own; the lowest bit of a byte is the first value.
  private let bits: [UInt8]
  private let pair: ValuePair
  /// The eight values that a byte stands for.
  private let values: [UInt64]

  init(size: Int, bits: [UInt8], _ pair: ValuePair) {
    (self.size, self.bits, self.pair) = (size, bits, pair)
    count = bits.count / ((size + 7) / 8)
    values = pair.values
  }

  func read(_ image: Int, into bytes: UnsafeMutableBufferPointer<UInt8>) {
    let stride = (size + 7) / 8
    precondition(image >= 0 && image < count && bytes.count == size)
    bits.withUnsafeBufferPointer { bits in
      values.withUnsafeBufferPointer { values in
        let target = UnsafeMutableRawBufferPointer(bytes), start = image * stride
        for word in 0..<size / 8 {
          target.storeBytes(of: values[Int(bits[start + word])], toByteOffset: 8 * word, as: UInt64.self)
        }
        for place in size / 8 * 8..<size {
          bytes[place] = bits[start + place / 8] >> UInt8(place % 8) & 1 == 0 ? pair.zero : pair.one
        }
      }
    }
  }

  func prefetch(_ image: Int) {}
  var problem: FileProblem? { nil }
}

/// The values that the bits of images stand for.
struct ValuePair {
  /// The first value that was met.
  let zero: UInt8
  /// The other one; the same as `zero` as long as none was met.
  private(set) var one: UInt8

  init(_ first: UInt8) { (zero, one) = (first, first) }

  /// What each byte of eight bits stands for, as little-endian words.
  var values: [UInt64] {
    (0..<256).map { bits in
      UInt64(littleEndian: (0..<8).reduce(0) { $0 | UInt64(bits >> $1 & 1 == 0 ? zero : one) << UInt64(8 * $1) })
    }
  }

  /// Appends the bits of an image.
  /// - Returns: false, and nothing is appended, where it has a third value.
  mutating func append(_ image: UnsafeBufferPointer<UInt8>, to bits: inout [UInt8]) -> Bool {
    if one == zero, let other = image.first(where: { $0 != zero }) { one = other }
    let difference = zero ^ one, background = UInt64(zero) &* 0x0101_0101_0101_0101
    // The highest bit in which the two differ is brought to the top of each byte; all eight tops are then collected by a
    // product, in which none of the 64 partial ones meet.
    let shift = UInt64(difference.leadingZeroBitCount), whole = image.count / 8
    let words = UnsafeRawBufferPointer(image), one = one
    var isPair = true
    let own = [UInt8](unsafeUninitializedCapacity: (image.count + 7) / 8) { own, filled in
      filled = (image.count + 7) / 8
      for place in 0..<whole {
        let word = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)) ^ background
        let tops = (word << shift & 0x8080_8080_8080_8080) >> 7
        if tops &* UInt64(difference) != word { isPair = false }
        own.initializeElement(at: place, to: UInt8(truncatingIfNeeded: (tops &* 0x0102_0408_1020_4080) >> 56))
      }
      guard filled > whole else { return }
      var last: UInt8 = 0
      for (bit, value) in image[(8 * whole)...].enumerated() {
        if value != zero && value != one { isPair = false }
        if value != zero { last |= 1 << UInt8(bit) }
      }
      own.initializeElement(at: whole, to: last)
    }
    if isPair { bits += own }
    return isPair
  }
}

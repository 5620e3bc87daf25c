import BVAEDevice
import Glibc

/// A fixed block of floats for the kernels: aligned to a cache line, zero at first, with room behind the end that
/// the kernels may read but never use.
///
/// Unchecked: the kernels write disjoint parts of it from several threads, inside one parallel region at a time.
package final class FloatBuffer: Buffer, @unchecked Sendable {
  /// The number of values.
  package let count: Int
  let pointer: UnsafeMutablePointer<Float>
  private static let slack = 64
  private static let hugePage = 1 << 21

  /// A buffer of `count` zeros.
  package init(count: Int) {
    precondition(count >= 0 && count < 1 << 31, "offsets into a buffer are 32 bits wide")
    self.count = count
    let size = (count + FloatBuffer.slack) * 4
    // Weights of many megabytes are walked with large strides: pages of 2 MB keep their addresses in the TLB.
    let isLarge = size >= 4 * FloatBuffer.hugePage
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: isLarge ? FloatBuffer.hugePage : 64)
    if isLarge { madvise(memory, size, Int32(MADV_HUGEPAGE)) }
    pointer = memory.initializeMemory(as: Float.self, repeating: 0, count: count + FloatBuffer.slack)
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// The value at `index`.
  package subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count)
      return pointer[index]
    }
    set {
      precondition(index >= 0 && index < count)
      pointer[index] = newValue
    }
  }

  /// All values, for reading or writing in place.
  package var values: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }

  /// Some of them, as a device's buffer has them.
  package func withValues<Result>(
    _ range: Range<Int>, _ access: BufferAccess, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeMutableBufferPointer(rebasing: values[range]))
  }

  /// Sets every value to zero.
  package func clear() { pointer.update(repeating: 0, count: count) }

  /// Takes over the values of a buffer of the same size.
  package func copy(from other: FloatBuffer) {
    precondition(count == other.count)
    pointer.update(from: other.pointer, count: count)
  }
}

/// Offsets into a buffer, one a row, with room for a whole tile behind the end.
///
/// Unchecked: written once, while it is made.
final class Offsets: @unchecked Sendable {
  let count: Int
  let pointer: UnsafeMutablePointer<Int32>

  init(_ offsets: [Int]) {
    count = offsets.count
    pointer = .allocate(capacity: count + 16)
    for (i, offset) in offsets.enumerated() { pointer[i] = Int32(offset) }
    (pointer + count).update(repeating: 0, count: 16)
  }

  deinit { pointer.deallocate() }
}

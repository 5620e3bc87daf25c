import BVAEPlatform

/// How much a file may make of itself. It is read from front to back in pieces, so that only what is kept of it takes
/// memory; that is bounded by the memory there is, and by what the file's own bytes can stand for.
enum Limits {
  /// The most bytes that `packed` bytes of deflate data can stand for: 258 bytes take two bits at least.
  static func inflated(from packed: Int) -> Int { min(packed, 1 << 40) * 1032 + 1024 }

  /// The most bytes that are kept of a file: three quarters of the memory that is free, for what is made of them too.
  static var memory: Int { (Machine.availableMemory ?? 1 << 32) / 4 * 3 }

  /// What is wrong where `what`, which takes so many bytes, is more than `limit`; ends with what to do.
  static func memoryWords(_ what: String, _ bytes: Int, _ limit: Int) -> String {
    "\(what) take \(counted(bytes, "byte")), more than the \(limit.grouped) of free memory that can be used; take fewer "
      + "with 'count' or 'each'"
  }

  /// The most images that a file may promise, so that a label of each takes little memory.
  static let images = 1 << 24
}

import BVAEResources

/// The files that travel inside the program.
enum Sample {
  /// The bytes of an embedded file, if there is one of that name.
  static func bytes(_ name: String) -> [UInt8]? {
    var count = 0
    guard let start = resource_bytes(name, &count) else { return nil }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }
}

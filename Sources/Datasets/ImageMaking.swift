import BVAEPlatform
import Synchronization

extension Workers {
  /// Makes images one by one, parts of them at a time on all threads, and hands their bytes on in order.
  /// - Parameters:
  ///   - size: bytes an image.
  ///   - part: images that a thread makes together.
  ///   - goOn: called now and then; what it throws ends the work.
  ///   - make: appends the bytes of an image.
  ///   - take: is given the bytes of one part after the other.
  func makeImages(
    _ count: Int, size: Int, part: Int, goOn: () throws -> Void,
    make: @Sendable (_ image: Int, _ bytes: inout [UInt8]) -> Void, take: ([UInt8]) throws -> Void
  ) rethrows {
    let group = 128 / part * part * self.count
    for start in stride(from: 0, to: count, by: group) {
      try goOn()
      let images = start..<min(start + group, count), units = (images.count + part - 1) / part
      let made = Mutex([[UInt8]](repeating: [], count: units))
      run(units: units) { unit in
        let first = start + unit * part
        var own: [UInt8] = []
        own.reserveCapacity(part * size)
        for image in first..<min(first + part, images.upperBound) { make(image, &own) }
        made.withLock { [own] in $0[unit] = own }
      }
      for own in made.withLock({ $0 }) { try take(own) }
    }
  }
}

import BVAEPlatform
import Synchronization

/// Images in a file.
final class FiledImages: KeptImages {
  let size: Int
  let file: ScratchFile
  private let written = Atomic<Int>(0)
  private let failure = Mutex<FileProblem?>(nil)

  /// A file without images yet.
  init(size: Int, in folder: String) throws(FileProblem) {
    self.size = size
    file = try ScratchFile(in: folder)
  }

  var count: Int { written.load(ordering: .acquiring) }

  /// Appends whole images.
  func append(_ images: UnsafeBufferPointer<UInt8>) throws(FileProblem) {
    try file.write(UnsafeRawBufferPointer(images), at: count * size)
    written.add(images.count / size, ordering: .releasing)
  }

  func read(_ image: Int, into bytes: UnsafeMutableBufferPointer<UInt8>) {
    precondition(image >= 0 && image < count && bytes.count == size)
    do {
      try file.read(into: UnsafeMutableRawBufferPointer(bytes), at: image * size)
    } catch {
      bytes.update(repeating: 0)
      failure.withLock { $0 = $0 ?? error }
    }
  }

  func prefetch(_ image: Int) { file.prefetch(image * size..<(image + 1) * size) }

  var problem: FileProblem? { failure.withLock { $0 } }
}

import BVAEPlatform
import Glibc

/// Cuts off this process's files without a name in a folder, as a disk that loses bytes does.
/// - Returns: whether all of them could be cut off.
public func cutOffFiles(in folder: String, to count: Int) throws -> Bool {
  var areCut = true
  for name in try Files.list("/proc/self/fd") {
    let path = "/proc/self/fd/" + name
    var target = [CChar](repeating: 0, count: 4096)
    let length = readlink(path, &target, 4095)
    let name = String(decoding: target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard name.hasPrefix(folder) else { continue }
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    areCut = descriptor >= 0 && ftruncate(descriptor, off_t(count)) == 0 && areCut
    close(descriptor)
  }
  return areCut
}

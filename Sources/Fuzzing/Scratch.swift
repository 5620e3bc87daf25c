import BVAEPlatform
import Glibc

extension Files {
  /// Writes bytes over a file, fast and without care: for files that nobody else reads.
  static func overwrite(_ bytes: [UInt8], _ path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileProblem("it cannot be made", of: path, action: "write") }
    defer { close(descriptor) }
    guard bytes.withUnsafeBytes({ Glibc.write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
      throw FileProblem("it is not whole", of: path, action: "write")
    }
  }
}

/// A folder of a process's own, in memory where the system has such a place, that is removed with it.
package final class ScratchFolder {
  /// Where it is.
  package let path: String

  /// Makes one.
  package init() throws {
    let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : Machine.environment("TMPDIR") ?? "/tmp"
    var template = Array("\(base)/bvae-fuzz-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileProblem("it takes no folder", of: base, action: "write into") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.removeAll(path) }

  private static func removeAll(_ path: String) {
    guard Glibc.remove(path) != 0 else { return }
    for name in (try? Files.list(path)) ?? [] { removeAll(Path.join(path, name)) }
    _ = Glibc.remove(path)
  }
}

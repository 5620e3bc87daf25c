import BVAEPlatform
import Glibc

/// A new folder that is removed with everything in it when the test is over.
final class Folder {
  let path: String

  init() throws {
    var template = Array("/tmp/bvae-platform-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw FileProblem("cannot make a folder", of: "/tmp") }
    path = String(cString: made)
  }

  deinit { Folder.removeAll(path) }

  /// The path of a file in the folder.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  private static func removeAll(_ path: String) {
    // `remove` unlinks links and files and removes empty folders.
    guard Glibc.remove(path) != 0 else { return }
    for name in (try? Files.list(path)) ?? [] { removeAll(path + "/" + name) }
    _ = Glibc.remove(path)
  }
}

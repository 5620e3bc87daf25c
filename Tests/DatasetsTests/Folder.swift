import BVAEPlatform
import Glibc

/// A new folder that is removed with everything in it when the test is over.
final class Folder {
  let path: String

  init() throws {
    let parent = Machine.environment("TMPDIR") ?? "/tmp"
    var template = Array(Path.join(parent, "bvae-datasets-XXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else { throw FileProblem("cannot make a folder", of: parent) }
    path = String(cString: made)
  }

  deinit { Folder.removeAll(path) }

  /// The path of a file in the folder.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Makes a folder whose name need not be UTF-8.
  static func make(_ path: RawPath) throws {
    guard path.bytes.withCString({ mkdir($0, 0o755) }) == 0 else {
      throw FileProblem("cannot make the folder", of: path.text)
    }
  }

  /// Writes a file whose name need not be UTF-8.
  static func write(_ bytes: [UInt8], _ path: RawPath) throws {
    let descriptor = path.bytes.withCString { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw FileProblem("cannot write the file", of: path.text)
    }
  }

  private static func removeAll(_ path: String) { removeAll(RawPath(path)) }

  private static func removeAll(_ path: RawPath) {
    // `remove` unlinks links and files and removes empty folders.
    guard path.bytes.withCString({ Glibc.remove($0) }) != 0 else { return }
    for name in (try? Files.list(path)) ?? [] { removeAll(path.joined(name)) }
    _ = path.bytes.withCString { Glibc.remove($0) }
  }
}

extension [UInt8] {
  fileprivate func withCString<Result>(_ action: (UnsafePointer<CChar>) -> Result) -> Result {
    (self + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { $0.baseAddress.map(action) ?? action("") }
  }
}

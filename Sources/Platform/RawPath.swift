import Glibc

/// The path of a file as the system has it: bytes, which need not be UTF-8. Names from older systems and archives are
/// often in Latin-1.
public struct RawPath: Hashable, Sendable {
  /// The bytes, without a zero at the end.
  public let bytes: [UInt8]

  /// A path that is bytes.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// A path that is text.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// The path for people: as UTF-8 where it is such, else as Latin-1. Only the former opens a file again.
  public var text: String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    text.unicodeScalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
    return text.withoutControls
  }

  /// The path of what has a name in this folder.
  public func joined(_ name: RawPath) -> RawPath {
    let slash = UInt8(ascii: "/")
    if bytes.isEmpty { return name }
    return RawPath(bytes: bytes.last == slash ? bytes + name.bytes : bytes + [slash] + name.bytes)
  }

  fileprivate func withCString<Result>(_ action: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    try (bytes + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { buffer in
      // There is at least the zero.
      try buffer.baseAddress.map(action) ?? action("")
    }
  }
}

extension Files {
  /// The names in a folder, sorted by their bytes, without `.` and `..`.
  /// - Throws: `FileProblem` where it cannot be listed.
  public static func list(_ path: RawPath) throws -> [RawPath] {
    guard let directory = path.withCString({ opendir($0) }) else { throw FileProblem("list", path.text) }
    defer { closedir(directory) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
    }
    guard errno == 0 else { throw FileProblem("list", path.text) }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map(RawPath.init(bytes:))
  }

  /// Reads a whole file, see `read(_:limit:acceptsPipes:)`.
  public static func read(_ path: RawPath, limit: Int) throws -> [UInt8] {
    guard !path.bytes.contains(0) else { throw FileProblem("read", path.text, code: EINVAL) }
    let descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileProblem("read", path.text) }
    defer { close(descriptor) }
    return try readAll(descriptor, path.text, limit: limit)
  }

  /// Whether `path` is a folder.
  public static func isDirectory(_ path: RawPath) -> Bool {
    state(path).map { isKind(S_IFDIR, $0) } ?? false
  }

  /// The bytes of a file, zero where there is none.
  public static func size(_ path: RawPath) -> Int { state(path).map { Int($0.st_size) } ?? 0 }

  private static func state(_ path: RawPath) -> stat? {
    var status = stat()
    return path.withCString { stat($0, &status) } == 0 ? status : nil
  }
}

import Glibc

/// Paths as text, with `/` between their parts.
public enum Path {
  /// `folder/name`; an absolute `name` stands for itself, as does any name in the empty folder.
  public static func join(_ folder: String, _ name: String) -> String {
    if name.hasPrefix("/") || folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that holds `path`: `a/b` for `a/b/c.png`, the empty text for `c.png`, `/` for `/c.png`.
  public static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part: `c.png` for `a/b/c.png`.
  public static func name(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// What follows the last dot of the name, in lower case, or the empty text: `png` for `a/b/c.PNG`.
  public static func fileExtension(_ path: String) -> String {
    let name = name(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// `path` as seen from `folder`, with `..` where needed; both are taken as relative to the working folder.
  public static func relative(_ path: String, from folder: String) -> String {
    let target = components(absolute(path)), base = components(absolute(folder))
    let shared = zip(target, base).prefix { $0 == $1 }.count
    let parts = Array(repeating: "..", count: base.count - shared) + target[shared...]
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// `path` from the root, with `.` and `..` resolved as text.
  public static func absolute(_ path: String) -> String {
    "/" + components(path.hasPrefix("/") ? path : join(workingDirectory, path)).joined(separator: "/")
  }

  /// The folder the program was started in.
  public static var workingDirectory: String {
    guard let buffer = getcwd(nil, 0) else { return "/" }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  private static func components(_ path: String) -> [String] {
    var parts: [String] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts
  }
}

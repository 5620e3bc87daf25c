import Glibc

/// Paths as text, with `/` between their parts.
public enum Path {
  /// `folder/name`; an absolute `name` stands for itself, as does any name in the empty folder.
  public static func join(_ folder: String, _ name: String) -> String {
    if name.utf8.first == slash || folder.isEmpty { return name }
    return folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// The folder that holds `path`: `a/b` for `a/b/c.png` and `a/b/c/`, the empty text for `c.png`, `/` for `/c.png`.
  public static func parent(_ path: String) -> String {
    let path = withoutTrailingSlashes(path[...])
    guard let last = path.utf8.lastIndex(of: slash) else { return "" }
    return last == path.startIndex ? "/" : String(withoutTrailingSlashes(path[..<last]))
  }

  /// The last part: `c.png` for `a/b/c.png`, `c` for `a/b/c/`, the empty text for `/`.
  public static func name(_ path: String) -> String {
    let path = withoutTrailingSlashes(path[...])
    return path.utf8.lastIndex(of: slash).map { String(path[path.utf8.index(after: $0)...]) } ?? String(path)
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
    "/" + components(path.utf8.first == slash ? path : join(workingDirectory, path)).joined(separator: "/")
  }

  /// `path` with a leading `~` or `~user` in place of which the home folder stands, as shells write it: `~/a.npy`. A `~`
  /// anywhere else, and the name of a user that there is not, stay as they are; a file that is called so is `./~`.
  public static func expandingHome(_ path: String) -> String {
    guard path.utf8.first == UInt8(ascii: "~") else { return path }
    let end = path.utf8.firstIndex(of: slash) ?? path.endIndex
    let user = String(path[path.utf8.index(after: path.startIndex)..<end])
    guard let home = user.isEmpty ? Machine.homeDirectory : Machine.homeDirectory(of: user) else { return path }
    return home == "/" && end < path.endIndex ? String(path[end...]) : home + path[end...]
  }

  /// The folder the program was started in.
  public static var workingDirectory: String {
    guard let buffer = getcwd(nil, 0) else { return "/" }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  // Bytes, not characters: a combining mark after a slash would make one character of both.
  private static let slash = UInt8(ascii: "/")

  /// The root stays a slash.
  private static func withoutTrailingSlashes(_ path: Substring) -> Substring {
    var path = path
    while path.utf8.count > 1, path.utf8.last == slash { path = path[..<path.utf8.index(before: path.endIndex)] }
    return path
  }

  private static func components(_ path: String) -> [String] {
    var parts: [String] = []
    for bytes in path.utf8.split(separator: slash) {
      let part = String(Substring(bytes))
      if part == "." { continue }
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts
  }
}

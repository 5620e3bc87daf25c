import BVAEPlatform

/// What the system's terminal database (terminfo) says of a kind of terminal, from its compiled entry (term(5)).
package struct Terminfo {
  /// How many colours it has, 0 for none.
  package let colors: Int

  /// The place of `max_colors` among the numbers of an entry.
  private static let maxColors = 13

  /// Reads an entry: six 16-bit numbers (the magic number; the sizes of names, truths, numbers, strings and the texts'
  /// table), the names, the truths, the numbers.
  /// - Parameter bytes: the entry, its numbers of 16 bits (magic 0432) or of 32 (magic 01036).
  package init?(_ bytes: [UInt8]) {
    func short(_ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }
    guard bytes.count >= 12 else { return nil }
    let size: Int
    switch short(0) {
    case 0o432: size = 2
    case 0o1036: size = 4
    default: return nil
    }
    var start = 12 + short(2) + short(4)
    start += start % 2
    let place = start + Self.maxColors * size
    guard short(6) > Self.maxColors else {
      // What stands behind the end of the numbers is not there.
      colors = 0
      return
    }
    guard bytes.count >= place + size else { return nil }
    let low = short(place), high = size == 4 ? short(place + 2) : 0
    // Negative: it has none.
    let isNegative = (size == 4 ? high : low) & 0x8000 != 0
    colors = isNegative ? 0 : low | high << 16
  }

  /// The entry of a kind of terminal, nil where the database has none.
  package init?(name: String, environment: (String) -> String? = Machine.environment) {
    guard let first = name.utf8.first, !name.contains("/"), !name.hasPrefix(".") else { return nil }
    var folders = [environment("TERMINFO"), environment("HOME").map { Path.join($0, ".terminfo") }].compactMap { $0 }
    folders += (environment("TERMINFO_DIRS") ?? "").split(separator: ":").map(String.init)
    folders += [
      "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo", "/usr/local/share/terminfo",
    ]
    let letters = [String(name.prefix(1)), String(first, radix: 16)]
    for folder in folders {
      for letter in letters {
        let path = Path.join(Path.join(folder, letter), name)
        if let bytes = try? Files.read(path, limit: 1 << 16), let entry = Terminfo(bytes) {
          self = entry
          return
        }
      }
    }
    return nil
  }

  /// Whether colours are to be shown at the terminal of an environment: it has some (one that the database does not know
  /// is taken to have), and nobody has said NO_COLOR, which is about colours and leaves bold as it is (no-color.org).
  package static func showsColors(_ environment: (String) -> String? = Machine.environment) -> Bool {
    guard environment("NO_COLOR") == nil, let name = environment("TERM"), name != "dumb" else { return false }
    return (Terminfo(name: name, environment: environment)?.colors ?? 8) > 1
  }
}

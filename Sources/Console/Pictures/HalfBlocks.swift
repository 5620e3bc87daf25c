import BVAEPixels
import BVAEPlatform

/// A picture as characters: each `▀` shows two pixels, one above the other.
package struct HalfBlocks {
  /// How many colours the terminal has.
  package enum Depth {
    case full
    case palette

    /// What the environment says about this terminal; nil where it shows no colours.
    static var ofTerminal: Depth? {
      guard Terminfo.showsColors() else { return nil }
      let name = Machine.environment("COLORTERM") ?? ""
      return name == "truecolor" || name == "24bit" ? .full : .palette
    }
  }

  /// The lines, each ended by a line break.
  package let text: String

  /// A picture made small enough for a terminal, of whose rows two are left for what stands around the picture.
  package init(_ picture: Bitmap, columns: Int, rows: Int, depth: Depth) {
    let most = (width: max(1, columns), height: 2 * max(1, rows - 2))
    var (width, height) = (picture.width, picture.height)
    if width > most.width { (width, height) = (most.width, max(1, height * most.width / width)) }
    if height > most.height { (width, height) = (max(1, width * most.height / height), most.height) }
    let shown = picture.resized(width: width, height: height)
    var text = ""
    for row in stride(from: 0, to: shown.height, by: 2) {
      var foreground = "", background = ""
      for column in 0..<shown.width {
        let upper = "38;" + Self.code(shown.color(column, row), depth)
        let lower = row + 1 < shown.height ? "48;" + Self.code(shown.color(column, row + 1), depth) : ""
        // Only what changes from one character to the next is said.
        let changes = [upper == foreground ? "" : upper, lower == background ? "" : lower].filter { !$0.isEmpty }
        if !changes.isEmpty { text += "\u{1B}[\(changes.joined(separator: ";"))m" }
        text += "▀"
        foreground = upper
        background = lower
      }
      text += "\u{1B}[0m\n"
    }
    self.text = text
  }

  fileprivate typealias Color = (red: Int, green: Int, blue: Int)

  private static func code(_ color: Color, _ depth: Depth) -> String {
    switch depth {
    case .full: return "2;\(color.red);\(color.green);\(color.blue)"
    case .palette:
      // xterm's 256 colours: a cube of 6×6×6, and 24 greys between black and white.
      if abs(color.red - color.green) < 8 && abs(color.green - color.blue) < 8 {
        let grey = (color.red + color.green + color.blue) / 3
        return grey < 4 ? "5;16" : grey > 246 ? "5;231" : "5;\(232 + min(23, (grey - 3) / 10))"
      }
      func level(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : min(5, (value - 35) / 40) }
      return "5;\(16 + 36 * level(color.red) + 6 * level(color.green) + level(color.blue))"
    }
  }
}

extension Bitmap {
  /// The colour of a pixel of a picture with three planes.
  fileprivate func color(_ column: Int, _ row: Int) -> HalfBlocks.Color {
    let place = 3 * (row * width + column)
    return (Int(bytes[place]), Int(bytes[place + 1]), Int(bytes[place + 2]))
  }
}

import Platform
import Scripting

/// A picture as characters: each `▀` shows two pixels, one above the other.
package struct HalfBlocks {
  /// How many colours the terminal has.
  package enum Depth {
    case full
    case palette

    /// What the environment says about this terminal; nil where it shows no colours.
    static var ofTerminal: Depth? {
      if Machine.environment("NO_COLOR") != nil || Machine.environment("TERM") == "dumb" { return nil }
      let name = Machine.environment("COLORTERM") ?? ""
      return name == "truecolor" || name == "24bit" ? .full : .palette
    }
  }

  /// The lines, each ended by a line break; empty for a picture without pixels.
  package let text: String

  /// A picture made small enough for a number of columns.
  package init(_ picture: Preview, columns: Int, depth: Depth) {
    let scale = max(1, (picture.width + max(1, columns) - 1) / max(1, columns))
    let width = picture.width / scale, height = picture.height / scale
    var text = ""
    for row in stride(from: 0, to: height, by: 2) {
      var foreground = "", background = ""
      for column in 0..<width {
        let upper = "38;" + Self.code(Self.mean(picture, column: column, row: row, scale: scale), depth)
        let hasLower = row + 1 < height
        let lower =
          hasLower ? "48;" + Self.code(Self.mean(picture, column: column, row: row + 1, scale: scale), depth) : ""
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

  private typealias Color = (red: Int, green: Int, blue: Int)

  /// The mean of a square of pixels.
  private static func mean(_ picture: Preview, column: Int, row: Int, scale: Int) -> Color {
    var sum: Color = (0, 0, 0)
    for y in row * scale..<(row + 1) * scale {
      for x in column * scale..<(column + 1) * scale {
        let pixel = 3 * (y * picture.width + x)
        sum.red += Int(picture.pixels[pixel])
        sum.green += Int(picture.pixels[pixel + 1])
        sum.blue += Int(picture.pixels[pixel + 2])
      }
    }
    let count = scale * scale
    return (sum.red / count, sum.green / count, sum.blue / count)
  }

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

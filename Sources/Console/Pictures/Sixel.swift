import BVAEPixels

/// Pictures as sixels: bands of six rows, each colour of a band in a line of its own, repeated characters counted.
/// VT330/VT340 Programmer Reference Manual, volume 2, chapter 14.
package enum Sixel {
  /// The control string that shows a picture.
  package static func encode(_ picture: Bitmap) -> String {
    let palette = Palette(picture)
    let width = picture.width
    // Square pixels, and the size, so that the terminal need not find it out.
    var text = Array("\u{1B}P0;1q\"1;1;\(width);\(picture.height)".utf8)
    for (index, color) in palette.colors.enumerated() {
      text += "#\(index);2;\(percent(color.red));\(percent(color.green));\(percent(color.blue))".utf8
    }
    for top in stride(from: 0, to: picture.height, by: 6) {
      let rows = top..<min(top + 6, picture.height)
      var masks = [[UInt8]?](repeating: nil, count: palette.colors.count)
      for row in rows {
        for column in 0..<width {
          let color = Int(palette.indices[row * width + column])
          if masks[color] == nil { masks[color] = [UInt8](repeating: 0, count: width) }
          masks[color]?[column] |= 1 << UInt8(row - top)
        }
      }
      var isFirst = true
      for (color, mask) in masks.enumerated() {
        guard let mask else { continue }
        // $ goes back to the left edge.
        if !isFirst { text.append(UInt8(ascii: "$")) }
        isFirst = false
        text += "#\(color)".utf8
        append(mask, to: &text)
      }
      text.append(UInt8(ascii: "-"))
    }
    return String(decoding: text, as: UTF8.self) + "\u{1B}\\\n"
  }

  /// A line of a colour; what is empty at its end is left away.
  private static func append(_ mask: [UInt8], to text: inout [UInt8]) {
    let end = (mask.lastIndex { $0 != 0 } ?? -1) + 1
    var place = 0
    while place < end {
      let value = mask[place]
      let count = mask[place..<end].prefix { $0 == value }.count
      let character = value + 63
      if count > 3 {
        text += "!\(count)".utf8
        text.append(character)
      } else {
        for _ in 0..<count { text.append(character) }
      }
      place += count
    }
  }

  private static func percent(_ value: UInt8) -> Int { (Int(value) * 100 + 127) / 255 }
}

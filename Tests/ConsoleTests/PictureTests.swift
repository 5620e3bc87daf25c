import BVAEConsole
import BVAELanguage
import BVAENotebook
import BVAEPixels
import BVAEPlatform
import Testing

/// A picture of many colours.
private func gradient(_ width: Int, _ height: Int) -> Bitmap {
  var bytes: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      bytes += [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8((x * y) & 255)]
    }
  }
  return Bitmap(width: width, height: height, planes: 3, bytes: bytes)
}

/// Reads sixels as a terminal does.
private func decode(_ text: String) -> Bitmap? {
  guard text.hasPrefix("\u{1B}P"), text.hasSuffix("\u{1B}\\\n") else { return nil }
  var rest = Array(text.utf8.dropFirst(2).dropLast(3))[...]
  func number() -> Int? {
    var digits = ""
    while let byte = rest.first, (48...57).contains(byte) {
      digits.append(Character(Unicode.Scalar(rest.removeFirst())))
    }
    return Int(digits)
  }
  func numbers() -> [Int] {
    var found = [number() ?? 0]
    while rest.first == UInt8(ascii: ";") {
      rest.removeFirst()
      found.append(number() ?? 0)
    }
    return found
  }
  _ = numbers()
  guard rest.popFirst() == UInt8(ascii: "q"), rest.popFirst() == UInt8(ascii: "\"") else { return nil }
  let size = numbers()
  guard size.count == 4 else { return nil }
  let width = size[2], height = size[3]
  var colors: [Int: [UInt8]] = [:], color = 0, x = 0, top = 0
  var pixels = [UInt8?](repeating: nil, count: width * height * 3)
  while let byte = rest.popFirst() {
    switch byte {
    case UInt8(ascii: "#"):
      let parts = numbers()
      color = parts[0]
      if parts.count == 5 { colors[color] = parts[2...].map { UInt8(($0 * 255 + 50) / 100) } }
    case UInt8(ascii: "$"): x = 0
    case UInt8(ascii: "-"):
      x = 0
      top += 6
    case UInt8(ascii: "!"), 63...126:
      var count = 1, mask = byte
      if byte == UInt8(ascii: "!") {
        count = number() ?? 0
        mask = rest.popFirst() ?? 63
      }
      for _ in 0..<count {
        for bit in 0..<6 where (mask - 63) >> UInt8(bit) & 1 == 1 {
          guard top + bit < height, x < width, let own = colors[color] else { return nil }
          for plane in 0..<3 { pixels[((top + bit) * width + x) * 3 + plane] = own[plane] }
        }
        x += 1
      }
    default: return nil
    }
  }
  let whole = pixels.compactMap { $0 }
  return whole.count == pixels.count ? Bitmap(width: width, height: height, planes: 3, bytes: whole) : nil
}

private func largestDifference(_ a: Bitmap, _ b: Bitmap) -> Int {
  zip(a.colored.bytes, b.colored.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
}

@Test("sixels decode to the picture", arguments: [(1, 1), (7, 5), (28, 28), (40, 13)])
func sixels(width: Int, height: Int) throws {
  let bytes = (0..<width * height).map { UInt8($0 * 7 & 255) }
  let picture = Bitmap(width: width, height: height, planes: 1, bytes: bytes)
  let decoded = try #require(decode(Sixel.encode(picture)))
  #expect(decoded.width == width && decoded.height == height)
  // Sixel colours are whole percents.
  #expect(largestDifference(decoded, picture) <= 2)
}

@Test("a picture of too many colours keeps those that matter")
func quantization() throws {
  let picture = gradient(120, 90)
  let palette = Palette(picture)
  #expect(palette.colors.count == 256 && palette.indices.count == 120 * 90)
  let decoded = try #require(decode(Sixel.encode(picture)))
  let differences = zip(decoded.bytes, picture.bytes).map { abs(Int($0) - Int($1)) }
  #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 12)
  #expect(Palette(picture, limit: 2).colors.count == 2)
  let few = Palette(Bitmap(width: 2, height: 2, planes: 1, bytes: [0, 255, 255, 0]))
  #expect(few.colors == [.black, .white] && few.indices == [0, 1, 1, 0])
}

@Test("files go to the terminal as text that decodes to them")
func base64() {
  for (plain, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
    #expect([UInt8](base64Of: Array(plain.utf8)) == Array(text.utf8))
  }
  #expect([UInt8](base64Of: [255, 254, 0]) == Array("//4A".utf8))
}

@Test("kitty's pieces are short, and only the last one says that it is")
func kittyPieces() throws {
  var noise: UInt64 = 1
  let bytes = (0..<90 * 90 * 3).map { _ in
    noise = noise &* 6_364_136_223_846_793_005 &+ 1
    return UInt8(truncatingIfNeeded: noise >> 40)
  }
  let text = try InlinePictures.kitty(Bitmap(width: 90, height: 90, planes: 3, bytes: bytes))
  let pieces = text.split(separator: "\u{1B}\\")
  #expect(pieces.count > 3 && pieces.last == "\n")
  #expect(pieces[0].hasPrefix("\u{1B}_Ga=T,f=100,q=2,m=1;"))
  #expect(pieces.dropFirst().dropLast(2).allSatisfy { $0.hasPrefix("\u{1B}_Gq=2,m=1;") })
  #expect(pieces[pieces.count - 2].hasPrefix("\u{1B}_Gq=2,m=0;"))
  #expect(pieces.allSatisfy { $0.utf8.count <= 4096 + 30 })
  let iterm = try InlinePictures.iterm(Bitmap(width: 2, height: 1, planes: 1, bytes: [0, 255]))
  #expect(iterm.hasPrefix("\u{1B}]1337;File=inline=1;size=") && iterm.contains(";width=2px;height=1px:iVBOR"))
  #expect(iterm.hasSuffix("\u{7}\n"))
}

@Test("small pictures are enlarged without blurring, large ones made to fit")
func fitting() {
  let fit = PictureFit(columns: 81, rows: 42, cellWidth: 10, cellHeight: 20)
  let digit = Bitmap(width: 28, height: 28, planes: 1, bytes: (0..<784).map { UInt8($0 & 255) })
  let large = fit.fitted(digit)
  #expect(large.width == 224 && large.height == 224)
  #expect(large[8, 16] == digit[1, 2] && large[15, 23] == digit[1, 2])
  let sheet = fit.fitted(Bitmap(width: 1600, height: 400, planes: 3, fill: 9))
  #expect(sheet.width == 800 && sheet.height == 200)
  let tall = fit.fitted(Bitmap(width: 100, height: 8000, planes: 1, fill: 9))
  #expect(tall.height == 800 && tall.width == 10)
  #expect(fit.fitted(Bitmap(width: 300, height: 300, planes: 1)).width == 300)
  #expect(PictureFit(columns: 1, rows: 1).fitted(Bitmap(width: 5000, height: 1, planes: 1)).height == 1)
}

@Test("what a terminal can show follows from its answers")
func abilities() {
  func abilities(_ name: String, _ attributes: [Int]) -> TerminalAbilities {
    TerminalAbilities([
      .string(kind: "P", content: ">|" + name), .cell(height: 18, width: 9), .attributes(attributes),
    ])
  }
  let xterm = abilities("XTerm(390)", [64, 1, 4, 22])
  #expect(xterm.showsSixels && !xterm.mayKitty && !xterm.showsITerm && xterm.cell?.width == 9)
  #expect(!abilities("VTE(7600)", [61, 1, 21, 22]).showsSixels)
  // The first number is the terminal's class and no attribute.
  #expect(!abilities("other", [4, 1]).showsSixels)
  var kitty = abilities("kitty(0.31.0)", [62])
  #expect(kitty.mayKitty && !kitty.showsKitty)
  kitty.addKitty([.string(kind: "_", content: "Gi=31;OK"), .attributes([62])])
  #expect(kitty.showsKitty)
  var refused = abilities("WezTerm 2024", [65, 4])
  refused.addKitty([.string(kind: "_", content: "Gi=31;ENOTSUPPORTED"), .attributes([65, 4])])
  #expect(!refused.showsKitty && refused.showsITerm && refused.showsSixels)
  #expect(TerminalAbilities([.cell(height: 0, width: 9999)]).cell == nil)
}

@Test("terminals within terminals, and those that show questions as text, are not asked")
func notAsked() {
  func mayAsk(_ environment: [String: String]) -> Bool { TerminalAbilities.mayAsk { environment[$0] } }
  #expect(mayAsk(["TERM": "xterm-256color"]) && mayAsk(["TERM": "xterm-kitty"]))
  #expect(!mayAsk([:]) && !mayAsk(["TERM": "dumb"]) && !mayAsk(["TERM": "linux"]))
  #expect(!mayAsk(["TERM": "screen-256color"]) && !mayAsk(["TERM": "tmux-256color"]))
  #expect(!mayAsk(["TERM": "xterm", "TMUX": "/tmp/x"]) && !mayAsk(["TERM": "xterm", "STY": "1"]))
  #expect(!mayAsk(["TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"]))
}

@Test("half blocks show two pixels a character, in the colours that there are")
func halfBlocks() {
  let picture = Bitmap(
    width: 2, height: 3, planes: 3,
    bytes: [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255] + Array(repeating: 128, count: 6))
  func text(_ columns: Int, _ rows: Int, _ depth: HalfBlocks.Depth) -> String {
    HalfBlocks(picture, columns: columns, rows: rows, depth: depth).text
  }
  #expect(
    text(10, 10, .full)
      == "\u{1B}[38;2;255;0;0;48;2;0;0;255m▀▀\u{1B}[0m\n\u{1B}[38;2;128;128;128m▀▀\u{1B}[0m\n")
  #expect(text(10, 4, .palette) == "\u{1B}[38;5;196;48;5;21m▀▀\u{1B}[0m\n\u{1B}[38;5;244m▀▀\u{1B}[0m\n")
}

@Test(
  "half blocks fit the width and the height of the window", arguments: [(80, 24), (30, 12), (200, 30), (10, 3), (1, 1)])
func fittingBlocks(columns: Int, rows: Int) {
  for picture in [gradient(308, 112), gradient(28, 28), gradient(20, 900), gradient(900, 20)] {
    let lines = HalfBlocks(picture, columns: columns, rows: rows, depth: .full).text.split(separator: "\n")
    #expect(!lines.isEmpty && lines.count <= max(1, rows - 2))
    let widths = lines.map { $0.count { $0 == "▀" } }
    #expect(widths.allSatisfy { $0 == widths[0] && $0 <= columns })
    // As large as that allows, and no larger than it is.
    let isFilled =
      widths[0] == min(columns, picture.width) || lines.count == min(max(1, rows - 2), (picture.height + 1) / 2)
    #expect(isFilled, "\(picture.width)×\(picture.height): \(widths[0])×\(lines.count)")
  }
}

import BVAEPlatform

/// A page as PDF 1.4: text in the standard fonts, as wide as it was laid out, to be searched and copied; lines and areas as
/// vectors; pictures in their own pixels. A pixel of the page is 0.75 points, 1/96 inch.
enum PDF {
  static func encode(_ page: Page, _ about: FigureNotes) throws -> [UInt8] {
    var content = PDFContent(page)
    for mark in page.marks { content.add(mark) }
    var file = PDFFile()
    let catalog = file.reserve(), pages = file.reserve(), leaf = file.reserve()
    file.write(catalog, "<< /Type /Catalog /Pages \(pages) 0 R /ViewerPreferences << /DisplayDocTitle true >> >>")
    file.write(pages, "<< /Type /Pages /Kids [\(leaf) 0 R] /Count 1 >>")
    let stream = try file.stream("", content.finish())
    let resources = try [
      ("Font", content.fonts(in: &file)), ("ExtGState", content.states(in: &file)),
      ("XObject", content.pictures(in: &file)),
    ].filter { !$0.1.isEmpty }.map { "/\($0) << \($1) >>" }.joined(separator: " ")
    let size = [page.width, page.height].map { VectorPaths.number(Double($0) * 0.75) }.joined(separator: " ")
    file.write(
      leaf,
      "<< /Type /Page /Parent \(pages) 0 R /MediaBox [0 0 \(size)] /Contents \(stream) 0 R "
        + "/Resources << \(resources) >> >>")
    let info = file.reserve()
    let entries = [(key: "Title", value: about.heading)] + about.notes.filter { $0.key != "Title" }
    var seen: Set<String> = []
    file.write(
      info,
      "<< " + entries.map { "/\(name($0.key, &seen)) \(text($0.value))" }.joined(separator: " ") + " >>")
    return file.finish(root: catalog, info: info)
  }

  /// A name, each but once: of two notes of one name the second is called `Model2`.
  private static func name(_ key: String, _ seen: inout Set<String>) -> String {
    let usual = key == "Software" ? "Producer" : key
    var unique = usual, number = 2
    while !seen.insert(unique).inserted {
      unique = "\(usual)\(number)"
      number += 1
    }
    return unique.utf8.map { byte in
      let isPlain = byte > 32 && byte < 127 && !"()<>[]{}/%#".utf8.contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "#" + hexadecimal(byte)
    }.joined()
  }

  /// A text outside of the page's content: ASCII as it is, others as UTF-16.
  static func text(_ text: String) -> String {
    if text.utf8.allSatisfy({ (32..<127).contains($0) }) { return "(\(escaped(Array(text.utf8))))" }
    return "<FEFF\(utf16(text))>"
  }

  /// Bytes of a text in parentheses.
  static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
      case 32..<127: String(UnicodeScalar(byte))
      default: "\\\(byte >> 6)\(byte >> 3 & 7)\(byte & 7)"
      }
    }.joined()
  }

  /// A text's UTF-16 in hexadecimal digits, big-endian.
  static func utf16(_ text: String) -> String {
    text.utf16.map { hexadecimal(UInt8($0 >> 8)) + hexadecimal(UInt8($0 & 255)) }.joined()
  }

  static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }
}

/// The outer structure of a file: numbered objects and where each begins.
private struct PDFFile {
  private var bytes: [UInt8] = Array("%PDF-1.4\n%".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A]
  private var offsets: [Int] = []

  /// The number of an object that is written later.
  mutating func reserve() -> Int {
    offsets.append(0)
    return offsets.count
  }

  mutating func write(_ number: Int, _ content: String) { write(number, Array(content.utf8)) }

  private mutating func write(_ number: Int, _ content: [UInt8]) {
    offsets[number - 1] = bytes.count
    bytes += Array("\(number) 0 obj\n".utf8) + content + Array("\nendobj\n".utf8)
  }

  /// Writes compressed bytes.
  /// - Returns: the object's number.
  mutating func stream(_ entries: String, _ content: [UInt8]) throws -> Int {
    let number = reserve(), packed = try deflated(content)
    let head = "<< \(entries)\(entries.isEmpty ? "" : " ")/Filter /FlateDecode /Length \(packed.count) >>\nstream\n"
    write(number, Array(head.utf8) + packed + Array("\nendstream".utf8))
    return number
  }

  mutating func finish(root: Int, info: Int) -> [UInt8] {
    let start = bytes.count
    var table = "xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n"
    for offset in offsets {
      let digits = String(offset)
      table += String(repeating: "0", count: max(0, 10 - digits.count)) + digits + " 00000 n \n"
    }
    table += "trailer\n<< /Size \(offsets.count + 1) /Root \(root) 0 R /Info \(info) 0 R >>\n"
    return bytes + Array((table + "startxref\n\(start)\n%%EOF\n").utf8)
  }
}

/// The operators that draw a page, and what they refer to.
private struct PDFContent {
  private let page: Page
  private var operators = ""
  /// The codes of each font that occur.
  private var codes: [StandardFonts.Face: Set<UInt8>] = [:]
  /// Opacities in hundredths.
  private var opacities: Set<Int> = []
  private var images: [Bitmap: Int] = [:], imageOrder: [Bitmap] = []
  private var openClip: Rectangle?

  init(_ page: Page) {
    self.page = page
    // From points upward to pixels downward.
    write("0.75 0 0 -0.75 0 \(number(Double(page.height) * 0.75)) cm")
    write("\(rgb(page.paper)) rg 0 0 \(page.width) \(page.height) re f")
  }

  private mutating func write(_ line: String) {
    operators += line
    operators += "\n"
  }

  mutating func finish() -> [UInt8] {
    clip(nil)
    return Array(operators.utf8)
  }

  mutating func add(_ mark: Page.Mark) {
    switch mark {
    case .text(let text):
      clip(nil)
      add(text)
    case .fill(let area, let color):
      clip(nil)
      write("\(rgb(color)) rg \(size(area)) re f")
    case .frame(let area, let color, let thickness):
      clip(nil)
      let thickness = area.border(thickness), half = Float(thickness) / 2
      write(
        "q \(thickness) w 0 j \(rgb(color)) RG \(number(Float(area.x) + half)) \(number(Float(area.y) + half)) "
          + "\(number(Float(area.width - thickness))) \(number(Float(area.height - thickness))) re S Q")
    case .line(let points, let stroke, let area):
      let stretches = VectorPaths.stretches(points, on: page)
      guard !stretches.isEmpty else { return }
      clip(area)
      let dashes = stroke.dashes.map(number).joined(separator: " ")
      write("q 1 J 1 j \(number(stroke.width)) w [\(dashes)] 0 d \(rgb(stroke.color)) RG")
      for points in stretches { write(path(points)) }
      write("S Q")
    case .disc(let center, let radius, let color, let area):
      add(.symbols([center], .disc, radius: radius, color, opacity: 1, clip: area))
    case .polygon(let points, let color, let opacity, let area):
      let points = points.filter(\.isFinite)
      guard points.count > 2 else { return }
      clip(area)
      write("q \(state(opacity))\(rgb(color)) rg \(path(points)) h f Q")
    case .symbols(let places, let symbol, let radius, let color, let opacity, let area):
      let places = places.filter(\.isFinite)
      guard !places.isEmpty else { return }
      clip(area)
      if symbol == .disc {
        // A line without length and with round ends.
        write("q \(state(opacity))1 J \(number(radius * 2)) w \(rgb(color)) RG")
        for place in places {
          let point = "\(number(place.x)) \(number(place.y))"
          write("\(point) m \(point) l S")
        }
      } else {
        write("q \(state(opacity))\(rgb(color)) rg")
        for place in places { write("\(path(symbol.outline(at: place, radius: radius))) h f") }
      }
      write("Q")
    case .image(let image, let x, let y, let scale):
      clip(nil)
      if images[image] == nil {
        images[image] = images.count
        imageOrder.append(image)
      }
      let width = image.width * scale, height = image.height * scale
      write("q \(width) 0 0 \(-height) \(x) \(y + height) cm /P\(images[image] ?? 0) Do Q")
    }
  }

  private mutating func clip(_ area: Rectangle?) {
    guard area != openClip else { return }
    if openClip != nil { write("Q") }
    openClip = area
    if let area { write("q \(size(area)) re W n") }
  }

  private mutating func state(_ opacity: Float) -> String {
    guard opacity < 1 else { return "" }
    let hundredths = max(0, Int((opacity * 100).rounded()))
    opacities.insert(hundredths)
    return "/O\(hundredths) gs "
  }

  // MARK: - Text

  private mutating func add(_ text: PlacedText) {
    let letters = StandardFonts.letters(text.text, bold: text.font.isBold)
    guard letters.contains(where: { $0.code != 32 }) else { return }
    let isUpward = text.direction == .upward
    let natural = letters.reduce(0) { $0 + $1.width } / 1000 * Double(text.font.size)
    let (x, y, width) = text.pen
    let needsText = letters.contains { $0.shift != 0 || $0.accent != nil || $0.isStandIn }
    if needsText { write("/Span << /ActualText \(PDF.text(text.text)) >> BDC") }
    write(
      "BT \(rgb(text.color)) rg \(number(Double(width) / max(natural, 0.01) * 100)) Tz "
        + "\(isUpward ? "0 -1 -1 0" : "1 0 0 -1") \(x) \(y) Tm")
    var rest = letters[...]
    while let first = rest.first {
      let run = rest.prefix { $0.face == first.face && $0.shift == first.shift }
      rest = rest.dropFirst(run.count)
      write(
        "/F\(first.face.rawValue) \(number(Double(text.font.size) * first.scale)) Tf "
          + "\(number(Double(first.shift * text.font.size) * (first.shift > 0 ? 0.36 : 0.14))) Ts "
          + "[\(shown(Array(run)))] TJ")
    }
    write("ET")
    if needsText { write("EMC") }
  }

  /// The strings of a run, accents put over the letters that they follow.
  private mutating func shown(_ run: [StandardFonts.Letter]) -> String {
    var parts = "", pending: [UInt8] = []
    func flushed() -> String { pending.isEmpty ? "" : "(\(PDF.escaped(pending)))" }
    for letter in run {
      codes[letter.face, default: []].insert(letter.code)
      pending.append(letter.code)
      guard let accent = letter.accent else { continue }
      codes[letter.face, default: []].insert(accent)
      let own = StandardFonts.advance(of: accent, letter.face)
      let back = (letter.advance + own) / 2
      parts += flushed() + "\(back)(\(PDF.escaped([accent])))\(own - back)"
      pending = []
    }
    return parts + flushed()
  }

  // MARK: - Resources

  /// The fonts, each with a table of what its codes mean.
  func fonts(in file: inout PDFFile) throws -> String {
    var entries: [String] = []
    for face in StandardFonts.Face.allCases {
      guard let used = codes[face]?.sorted(), !used.isEmpty else { continue }
      let meaning = used.compactMap { code in
        StandardFonts.character(code, of: face).map { character in
          "<\(PDF.hexadecimal(code))> <"
            + PDF.utf16(String(character))
            + ">"
        }
      }
      var table =
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Meaning def\n/CMapType 2 def\n"
        + "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
      for start in stride(from: 0, to: meaning.count, by: 100) {
        let part = meaning[start..<min(start + 100, meaning.count)]
        table += "\(part.count) beginbfchar\n\(part.joined(separator: "\n"))\nendbfchar\n"
      }
      table += "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
      let stream = try file.stream("", Array(table.utf8)), font = file.reserve()
      file.write(
        font,
        "<< /Type /Font /Subtype /Type1 /BaseFont /\(face.name)"
          + (face == .symbol ? "" : " /Encoding /WinAnsiEncoding") + " /ToUnicode \(stream) 0 R >>")
      entries.append("/F\(face.rawValue) \(font) 0 R")
    }
    return entries.joined(separator: " ")
  }

  func states(in file: inout PDFFile) -> String {
    opacities.sorted().map { hundredths in
      let state = file.reserve(), opacity = VectorPaths.number(Double(hundredths) / 100)
      file.write(state, "<< /Type /ExtGState /ca \(opacity) /CA \(opacity) >>")
      return "/O\(hundredths) \(state) 0 R"
    }.joined(separator: " ")
  }

  func pictures(in file: inout PDFFile) throws -> String {
    try imageOrder.enumerated().map { place, image in
      let space = image.planes == 1 ? "DeviceGray" : "DeviceRGB"
      let picture = try file.stream(
        "/Type /XObject /Subtype /Image /Width \(image.width) /Height \(image.height) /ColorSpace /\(space) "
          + "/BitsPerComponent 8 /Interpolate false", image.bytes)
      return "/P\(place) \(picture) 0 R"
    }.joined(separator: " ")
  }

  // MARK: - Numbers

  private func number(_ value: Float) -> String { VectorPaths.number(value) }
  private func number(_ value: Double) -> String { VectorPaths.number(value) }

  private func size(_ area: Rectangle) -> String { "\(area.x) \(area.y) \(area.width) \(area.height)" }

  private func path(_ points: [Point]) -> String {
    points.enumerated().map { "\(number($1.x)) \(number($1.y)) \($0 == 0 ? "m" : "l")" }.joined(separator: " ")
  }

  private func rgb(_ color: Color) -> String {
    [color.red, color.green, color.blue].map { value in
      let thousandths = (Int(value) * 1000 + 127) / 255
      return thousandths == 0 ? "0" : thousandths == 1000 ? "1" : "." + String(1000 + thousandths).dropFirst()
    }.joined(separator: " ")
  }
}

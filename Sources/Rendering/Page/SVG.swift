import BVAEPlatform

/// A page as Scalable Vector Graphics 1.1: text as text of a sans-serif font, as wide as it was laid out, lines and areas as
/// shapes, pictures as PNGs inside.
enum SVG {
  static func encode(_ page: Page, _ about: FigureNotes) throws -> [UInt8] {
    var writer = SVGWriter(page)
    writer.head(about)
    for mark in page.marks { try writer.add(mark) }
    return writer.finish()
  }

  /// Text between tags and in attributes. What XML 1.0 has no place for is left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += scalar == "\n" ? "\n" : " "
      default:
        if scalar.value >= 32, scalar.value != 0xFFFE, scalar.value != 0xFFFF { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}

private struct SVGWriter {
  private let page: Page
  private var bytes: [UInt8] = []
  /// The areas that marks are clipped to, by the number in their name.
  private var clips: [Rectangle: Int] = [:]
  /// The group that is open, of marks that are clipped alike.
  private var openClip: Rectangle?

  init(_ page: Page) { self.page = page }

  private mutating func write(_ text: String) { bytes += text.utf8 }

  mutating func head(_ about: FigureNotes) {
    write(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" \
      width="\(page.width)" height="\(page.height)" viewBox="0 0 \(page.width) \(page.height)" \
      font-family="DejaVu Sans, Verdana, Helvetica, Arial, sans-serif">
      <title>\(SVG.escaped(about.heading))</title>

      """)
    if !about.notes.isEmpty {
      let lines = about.notes.map { "\(SVG.escaped($0.key)): \(SVG.escaped($0.value))" }
      write("<metadata>\n\(lines.joined(separator: "\n"))\n</metadata>\n")
    }
    write("<rect width=\"\(page.width)\" height=\"\(page.height)\" fill=\"\(hexadecimal(page.paper))\"/>\n")
  }

  mutating func finish() -> [UInt8] {
    clip(nil)
    write("</svg>\n")
    return bytes
  }

  mutating func add(_ mark: Page.Mark) throws {
    switch mark {
    case .text(let text):
      clip(nil)
      add(text)
    case .fill(let area, let color):
      clip(nil)
      guard area.width > 0, area.height > 0 else { return }
      write("<rect \(size(area)) fill=\"\(hexadecimal(color))\" shape-rendering=\"crispEdges\"/>\n")
    case .frame(let area, let color, let thickness):
      clip(nil)
      let thickness = area.border(thickness), half = Float(thickness) / 2
      let sides = [Float(area.width) - 2 * half, Float(area.height) - 2 * half].map { max(0, $0) }
      write(
        "<rect x=\"\(number(Float(area.x) + half))\" y=\"\(number(Float(area.y) + half))\" "
          + "width=\"\(number(sides[0]))\" height=\"\(number(sides[1]))\" fill=\"none\" "
          + "stroke=\"\(hexadecimal(color))\" stroke-width=\"\(thickness)\"/>\n")
    case .line(let points, let stroke, let area):
      let stretches = VectorPaths.stretches(points, on: page)
      guard !stretches.isEmpty else { return }
      clip(area)
      let dashes = stroke.dashes.map(number).joined(separator: ",")
      write(
        "<path d=\"\(stretches.map(path).joined())\" fill=\"none\" stroke=\"\(hexadecimal(stroke.color))\" "
          + "stroke-width=\"\(number(stroke.width))\" stroke-linecap=\"round\" stroke-linejoin=\"round\""
          + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"") + "/>\n")
    case .disc(let center, let radius, let color, let area):
      guard center.isFinite else { return }
      clip(area)
      write("\(circle(center, radius, " fill=\"\(hexadecimal(color))\""))\n")
    case .polygon(let points, let color, let opacity, let area):
      let points = points.filter(\.isFinite)
      guard points.count > 2 else { return }
      clip(area)
      write("<path d=\"\(path(points))z\"\(fill(color, opacity))/>\n")
    case .symbols(let places, let symbol, let radius, let color, let opacity, let area):
      let places = places.filter(\.isFinite)
      guard !places.isEmpty else { return }
      clip(area)
      write("<g\(fill(color, opacity))>\n")
      for place in places {
        write(
          symbol == .disc
            ? circle(place, radius, "") : "<path d=\"\(path(symbol.outline(at: place, radius: radius)))z\"/>")
      }
      write("\n</g>\n")
    case .image(let image, let x, let y, let scale):
      clip(nil)
      write(
        "<image x=\"\(x)\" y=\"\(y)\" width=\"\(image.width * scale)\" height=\"\(image.height * scale)\" "
          + "preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" xlink:href=\"data:image/png;base64,")
      bytes.append(base64: try PNG.encode(image))
      write("\"/>\n")
    }
  }

  private mutating func add(_ text: PlacedText) {
    guard text.text.contains(where: { !$0.isWhitespace }) else { return }
    let (x, y, width) = text.pen
    write(
      "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(text.font.size)\"\(text.font.isBold ? " font-weight=\"bold\"" : "") "
        + "fill=\"\(hexadecimal(text.color))\" textLength=\"\(width)\" lengthAdjust=\"spacingAndGlyphs\""
        + (text.direction == .upward ? " transform=\"rotate(-90 \(x) \(y))\"" : "")
        + " xml:space=\"preserve\">\(SVG.escaped(text.text))</text>\n")
  }

  /// Closes the group that is open where the next mark is clipped otherwise, and opens its own.
  private mutating func clip(_ area: Rectangle?) {
    guard area != openClip else { return }
    if openClip != nil { write("</g>\n") }
    openClip = area
    guard let area else { return }
    if let known = clips[area] {
      write("<g clip-path=\"url(#area-\(known))\">\n")
    } else {
      let name = clips.count + 1
      clips[area] = name
      write("<clipPath id=\"area-\(name)\"><rect \(size(area))/></clipPath>\n<g clip-path=\"url(#area-\(name))\">\n")
    }
  }

  private func size(_ area: Rectangle) -> String {
    "x=\"\(area.x)\" y=\"\(area.y)\" width=\"\(area.width)\" height=\"\(area.height)\""
  }

  private func circle(_ center: Point, _ radius: Float, _ look: String) -> String {
    "<circle cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" r=\"\(number(radius))\"\(look)/>"
  }

  private func path(_ points: [Point]) -> String {
    points.enumerated().map { "\($0 == 0 ? "M" : "L")\(number($1.x)) \(number($1.y))" }.joined()
  }

  private func fill(_ color: Color, _ opacity: Float) -> String {
    " fill=\"\(hexadecimal(color))\"" + (opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : "")
  }

  private func number(_ value: Float) -> String { VectorPaths.number(value) }

  private func hexadecimal(_ color: Color) -> String {
    let digits = Array("0123456789abcdef")
    return "#" + String([color.red, color.green, color.blue].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

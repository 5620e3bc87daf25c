import BVAEPlatform

extension Report {
  /// The report as one page of HTML for a file at `path`. It holds everything that it shows, figures too, and asks for
  /// nothing from elsewhere. It has no scripts but those of the pages that it shows in frames, and its policy names these one
  /// by one. The code that ran before each part is folded away above it.
  /// - Returns: the page as UTF-8.
  /// - Throws: `FileProblem` where a figure's file cannot be read or is no PNG.
  package func html(at path: String) throws -> [UInt8] {
    var writer = HTMLWriter(folder: Path.parent(Path.absolute(path)))
    let scripts = blocks.flatMap { if case .page(let page) = $0 { page.scripts } else { [String]() } }
    writer.begin(title: title, scripts: Set(scripts).sorted())
    for (place, block) in blocks.enumerated() {
      writer.fold(codes[place])
      switch block {
      case .prose(let text): writer.add(prose: text)
      case .code(let text): writer.add("<pre><code>\(HTML.escaped(text))</code></pre>\n")
      case .figure(let figure): try writer.add(figure)
      case .table(let table, let caption): writer.add(table, caption: caption)
      case .page(let page): try writer.add(page)
      }
    }
    writer.fold(codes[blocks.count])
    if let provenance { writer.add(provenance.parts(as: HTMLProvenance()).joined(separator: "\n") + "\n") }
    writer.add("</main>\n</body>\n</html>\n")
    return writer.bytes
  }

  /// The first heading as plain text, for the browser's window.
  private var title: String {
    for case .prose(let text) in blocks {
      for line in text.split(separator: "\n") where line.hasPrefix("#") {
        return ProseInline.withoutTags(ProseInline.html(String(line.drop { $0 == "#" || $0 == " " })))
      }
    }
    return "Report"
  }
}

/// Puts a page together, piece by piece.
private struct HTMLWriter {
  /// The folder that pictures named in prose are seen from.
  let folder: String
  private(set) var bytes: [UInt8] = []
  private var tables = 0
  private var figures = 0

  init(folder: String) { self.folder = folder }

  mutating func add(_ text: String) { bytes += text.utf8 }

  /// - Parameter scripts: those of the pages in it, which its own policy holds for as well.
  mutating func begin(title: String, scripts: [String]) {
    let sources = scripts.isEmpty ? "" : "; script-src " + scripts.joined(separator: " ")
    add(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'\(sources)">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <style>
      \(HTMLStyle.sheet)
      </style>
      </head>
      <body>
      <main>

      """)
  }

  /// Adds code that is shown when asked for.
  mutating func fold(_ code: String?) {
    guard let code else { return }
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false).count
    add("<details><summary>Code, \(counted(lines, "line"))</summary>")
    add("<pre><code>\(HTML.escaped(code))</code></pre></details>\n")
  }

  mutating func add(prose text: String) {
    let folder = folder
    let html = ProseBlocks.html(text) { path in
      guard HTML.address(path) != nil, !path.contains("://"),
        let picture = try? Picture(Path.join(folder, Self.decoded(path)))
      else { return nil }
      return picture.address
    }
    if !html.isEmpty { add(html + "\n") }
  }

  mutating func add(_ figure: Report.Figure) throws {
    let picture = try Picture(figure.path)
    let title = HTML.escaped(figure.title)
    figures += 1
    let size = "full-\(figures)", isLarge = picture.width > HTMLStyle.width
    // Without scripts, a box that is checked shows the picture in its own size.
    add("<figure id=\"figure-\(figure.number)\">\n<input type=\"checkbox\" class=\"full\" id=\"\(size)\" ")
    add("aria-label=\"Figure \(figure.number) in full size\">")
    add("<label class=\"picture\" for=\"\(size)\"><img width=\"\(picture.width)\" height=\"\(picture.height)\" ")
    add("alt=\"\(title)\" src=\"data:\(picture.type);base64,")
    bytes.append(base64: picture.bytes)
    add(
      "\"></label>\n<figcaption>\(title) <label class=\"size\(isLarge ? " large" : "")\" for=\"\(size)\">full size</label></figcaption>\n"
    )
    add("</figure>\n")
  }

  /// Adds a page as a whole, in a frame that can do nothing but show itself and save pictures, with a link to its file for
  /// those who would rather have it to itself.
  mutating func add(_ page: Report.Page) throws {
    let link = HTML.escaped(Markdown.link(Path.relative(Files.resolved(page.path), from: Files.resolved(folder))))
    let title = HTML.escaped(page.title)
    add("<figure class=\"page\"><iframe title=\"\(title)\" sandbox=\"allow-scripts allow-downloads\" ")
    add("allow=\"clipboard-write\" srcdoc=\"")
    for byte in try Files.read(page.path, limit: 1 << 28) {
      switch byte {
      case UInt8(ascii: "&"): add("&amp;")
      case UInt8(ascii: "\""): add("&quot;")
      default: bytes.append(byte)
      }
    }
    add("\"></iframe>\n<figcaption>\(title), <a href=\"\(link)\">by itself</a></figcaption></figure>\n")
  }

  mutating func add(_ table: Table, caption: String?) {
    if caption != nil { tables += 1 }
    add(table.html(caption: caption.map { "Table \(tables): \($0)" }) + "\n")
  }

  /// The path of a link: `%20` is a blank.
  private static func decoded(_ path: String) -> String {
    var result: [UInt8] = []
    var rest = Array(path.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        result.append(value)
        rest = rest.dropFirst(2)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// The file of a picture, and its size as its header has it.
private struct Picture {
  let bytes: [UInt8]
  let width: Int
  let height: Int
  /// `image/png`
  let type: String

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  init(_ path: String) throws {
    let file = try Files.read(path, limit: 1 << 28)
    bytes = file
    func number(_ places: some Sequence<Int>) -> Int { places.reduce(0) { $0 << 8 | Int(file[$1]) } }
    if file.starts(with: Self.signature), file.count >= 33 {
      (type, width, height) = ("image/png", number(16..<20), number(20..<24))
    } else if file.starts(with: "GIF8".utf8), file.count >= 13 {
      (type, width, height) = ("image/gif", number([7, 6]), number([9, 8]))
    } else if let size = Self.sizeOfSVG(file) {
      (type, width, height) = ("image/svg+xml", size.width, size.height)
    } else {
      throw FileProblem(
        "it is neither a PNG, nor a GIF, nor an SVG with its size, the pictures that a page can hold", of: path)
    }
  }

  /// The size in the first tag of a drawing; nil for what is none, or has none in pixels.
  private static func sizeOfSVG(_ file: [UInt8]) -> (width: Int, height: Int)? {
    let beginning = String(decoding: file.prefix(4096), as: UTF8.self)
    guard let start = beginning.firstRange(of: "<svg"), let end = beginning[start.upperBound...].firstIndex(of: ">")
    else {
      return nil
    }
    let tag = beginning[start.upperBound..<end]
    func number(_ name: String) -> Int? {
      guard let place = tag.firstRange(of: " \(name)=\"") else { return nil }
      let digits = tag[place.upperBound...].prefix { $0.isNumber || $0 == "." }
      return Double(digits).flatMap { (1...100_000).contains($0) ? Int($0.rounded()) : nil }
    }
    guard let width = number("width"), let height = number("height") else { return nil }
    return (width, height)
  }

  /// The picture as an address that holds it.
  var address: String {
    var digits: [UInt8] = []
    digits.append(base64: bytes)
    return "data:\(type);base64," + String(decoding: digits, as: UTF8.self)
  }
}

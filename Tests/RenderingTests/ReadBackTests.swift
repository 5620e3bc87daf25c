import BVAERendering
import Glibc
import Testing

/// Figures read back from their layout as a reader would: which picture stands where, and what value a mark has by the
/// labels of the axes.
@Suite("What figures say")
struct ReadBackTests {
  // MARK: - Sheets

  private struct Placed: Equatable {
    let value: UInt8, x: Int, y: Int, width: Int
  }

  private static func frame(_ value: UInt8, highlighted: Bool = false) -> ContactSheet.Frame {
    let image = Bitmap(width: 6, height: 4, planes: 1, bytes: [UInt8](repeating: value, count: 24))
    return ContactSheet.Frame(image: image, label: "n\(value)", highlighted: highlighted)
  }

  private static func images(_ page: Page) -> [Placed] {
    page.marks.compactMap { mark in
      guard case .image(let image, let x, let y, let scale) = mark else { return nil }
      return Placed(value: image.bytes[0], x: x, y: y, width: image.width * scale)
    }
  }

  /// The pictures as they are read: line by line, each from left to right.
  private static func lines(_ images: [Placed]) -> [[UInt8]] {
    Set(images.map(\.y)).sorted().map { y in
      images.filter { $0.y == y }.sorted { $0.x < $1.x }.map(\.value)
    }
  }

  private static func text(_ label: String, _ page: Page) throws -> Rectangle {
    try #require(page.texts.first { $0.text == label }).bounds
  }

  @Test("Frames stand in the order of their row, rows below each other, each with its own label below it")
  func sheet() throws {
    var rows: [ContactSheet.Row] = []
    for row in 0..<3 {
      let frames = (0..<5).map { Self.frame(UInt8(10 * row + $0), highlighted: row == 1 && $0 == 3) }
      rows.append(ContactSheet.Row(label: "row \(row)", frames: frames))
    }
    let page = ContactSheet(references: [Self.frame(100), Self.frame(101)], rows: rows, scale: 5).layout()
    let images = Self.images(page), frames = images.filter { $0.value < 100 }
    #expect(Self.lines(frames) == [[0, 1, 2, 3, 4], [10, 11, 12, 13, 14], [20, 21, 22, 23, 24]])
    for image in images {
      let label = try Self.text("n\(image.value)", page)
      #expect(abs(label.middleX - (image.x + image.width / 2)) <= 1, "\(image.value)")
      #expect((image.y + 20..<image.y + 30).contains(label.y), "\(image.value)")
    }
    for (row, y) in Set(frames.map(\.y)).sorted().enumerated() {
      let label = try Self.text("row \(row)", page)
      #expect(label.right < frames.map(\.x).min()! && (y...y + 20).contains(label.middleY))
    }
    let references = images.filter { $0.value >= 100 }.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    #expect(references.map(\.value) == [100, 101])
    #expect(references.allSatisfy { $0.x + $0.width < frames.map(\.x).min()! })
    let accents = page.marks.compactMap { mark -> Rectangle? in
      if case .frame(let area, Theme.accent, _) = mark { area } else { nil }
    }
    let marked = try #require(images.first { $0.value == 13 })
    #expect(accents.count == 1 && accents[0].contains(Rectangle(x: marked.x, y: marked.y, width: 30, height: 20)))
  }

  @Test("A row that is broken goes on in the next line")
  func broken() {
    let sheet = ContactSheet(rows: [.init(frames: (0..<7).map { Self.frame(UInt8($0)) })], columns: 3, scale: 2)
    #expect(Self.lines(Self.images(sheet.layout())) == [[0, 1, 2], [3, 4, 5], [6]])
  }

  @Test("A sheet's pixels are those of its images, each pixel a square of the scale's size")
  func pixels() throws {
    let image = Bitmap(width: 3, height: 2, planes: 3, bytes: (0..<18).map { UInt8(5 + 13 * $0) })
    let sheet = ContactSheet(rows: [.init(frames: [.init(image: image)])], scale: 4), page = sheet.layout()
    let place = try #require(Self.images(page).first), picture = try sheet.render()
    for y in 0..<8 {
      for x in 0..<12 { #expect(picture[place.x + x, place.y + y] == image[x / 4, y / 4]) }
    }
  }

  // MARK: - Charts

  /// The values of an axis by two of its labels, which are placed to within a pixel.
  private struct Scale {
    let perPixel: Double, origin: Double, start: Double

    init(_ labels: [(value: Double, place: Double)]) throws {
      let first = try #require(labels.min { $0.place < $1.place }),
        last = try #require(labels.max { $0.place < $1.place })
      try #require(last.place > first.place + 40)
      perPixel = (last.value - first.value) / (last.place - first.place)
      origin = first.value
      start = first.place
    }

    func value(_ place: Double) -> Double { origin + (place - start) * perPixel }
    /// What two pixels stand for.
    var blur: Double { abs(2 * perPixel) }
  }

  private static func number(_ text: String) -> Double? {
    Double(String(text.map { $0 == "−" ? "-" : $0 }.filter { $0 != "," }))
  }

  /// The two axes of a chart, by their labels: the lowest row of numbers, and the column of numbers that end at one place.
  private static func scales(_ page: Page, logarithmic: Bool = false) throws -> (x: Scale?, y: Scale) {
    let numbers = page.texts.compactMap { text in Self.number(text.text).map { (value: $0, bounds: text.bounds) } }
    let bottom = numbers.map(\.bounds.y).max() ?? 0, column = numbers.map(\.bounds.x).min() ?? 0
    let right = numbers.filter { $0.bounds.x < column + 60 && $0.bounds.y < bottom - 8 }.map(\.bounds.right).min() ?? 0
    let ys = numbers.filter { $0.bounds.right == right && $0.bounds.y < bottom - 8 }
    let xs = numbers.filter { $0.bounds.y == bottom }
    let y = try Scale(ys.map { (logarithmic ? log10($0.value) : $0.value, Double($0.bounds.middleY)) })
    let x = xs.count > 1 ? try Scale(xs.map { ($0.value, Double($0.bounds.middleX)) }) : nil
    return (x, y)
  }

  private static let xs = [2.0, 3, 5, 8, 11]
  private static let ys = [10.0, 40, 20, 90, 60], others = [70.0, 65, 30, 25, 15]

  @Test("The points of a line have, by the axes' labels, the values that they were given", arguments: [false, true])
  func lines(logarithmic: Bool) throws {
    let chart = LineChart(
      series: [.init(name: "first", xs: Self.xs, ys: Self.ys), .init(name: "second", xs: Self.xs, ys: Self.others)],
      logarithmic: logarithmic)
    let page = chart.layout()
    let scales = try Self.scales(page, logarithmic: logarithmic), x = try #require(scales.x)
    #expect(x.perPixel > 0 && scales.y.perPixel < 0, "values rise to the right and upward")
    // Lines of the plot are clipped, those of the legend are not.
    var drawn: [(points: [Point], color: Color)] = [], keys: [(row: Float, color: Color)] = []
    for case .line(let points, let stroke, let clip) in page.marks {
      if clip != nil { drawn.append((points, stroke.color)) } else { keys.append((points[0].y, stroke.color)) }
    }
    #expect(drawn.count == 2 && keys.count == 2)
    for (name, ys) in [("first", Self.ys), ("second", Self.others)] {
      let label = try Self.text(name, page)
      let color = try #require(
        page.marks.compactMap { mark -> (Color, Float)? in
          guard case .line(let points, let stroke, nil) = mark, points[1].x < Float(label.x) else { return nil }
          return (stroke.color, points[1].x)
        }.max { $0.1 < $1.1 }
      ).0
      let line = try #require(drawn.first { $0.color == color })
      #expect(line.points.count == Self.xs.count)
      for (point, (expectedX, expectedY)) in zip(line.points, zip(Self.xs, ys)) {
        #expect(abs(x.value(Double(point.x)) - expectedX) < x.blur, "\(name)")
        let value = logarithmic ? log10(expectedY) : expectedY
        #expect(abs(scales.y.value(Double(point.y)) - value) < scales.y.blur, "\(name)")
      }
    }
  }

  @Test("A bar is, by the axis's labels, as long as its value, stands over its name, and begins at zero")
  func bars() throws {
    let values = [("a", 3.5), ("b", -1.5), ("c", 0.5), ("d", 2)]
    let page = BarChart(
      bars: values.map { .init(name: $0.0, value: $0.1, muted: $0.0 == "d") }, width: 500, height: 400
    ).layout()
    let scale = try Self.scales(page).y
    let bars = page.marks.compactMap { mark -> (area: Rectangle, color: Color)? in
      guard case .fill(let area, let color) = mark, area.width > 8, area.height > 1, area.width < 100 else {
        return nil
      }
      return (area, color)
    }
    #expect(bars.count == values.count)
    for (name, value) in values {
      let label = try Self.text(name, page)
      let bar = try #require(bars.first { abs($0.area.middleX - label.middleX) <= 1 })
      let ends = [scale.value(Double(bar.area.y)), scale.value(Double(bar.area.bottom))].sorted { abs($0) < abs($1) }
      #expect(abs(ends[0]) < scale.blur && abs(ends[1] - value) < scale.blur, "\(name): \(ends)")
      #expect(bar.color == (name == "d" ? Theme.hairline : Theme.series[0]))
    }
    #expect(page.texts.contains { $0.text == "3.50" || $0.text == "3.5" })
  }

  @Test("A point that cannot be drawn leaves a gap, and the others keep their places")
  func gaps() throws {
    let page = LineChart(series: [.init(name: "", xs: [0, 1, 2, 3, 4, 5], ys: [1, 2, .nan, 4, 5, 3])]).layout()
    let scales = try Self.scales(page), x = try #require(scales.x)
    let lines = page.marks.compactMap { mark -> [Point]? in
      if case .line(let points, _, .some) = mark { points } else { nil }
    }
    #expect(lines.map(\.count) == [2, 3])
    let found = lines.joined().map { (x.value(Double($0.x)), scales.y.value(Double($0.y))) }
    for (found, expected) in zip(found, [(0.0, 1.0), (1, 2), (3, 4), (4, 5), (5, 3)]) {
      #expect(abs(found.0 - expected.0) < x.blur && abs(found.1 - expected.1) < scales.y.blur)
    }
  }

  @Test("The interval of a point reaches, by the axis's labels, as far as its margin above and below it")
  func intervals() throws {
    let page = LineChart(
      series: [.init(name: "", xs: [0, 1, 2], ys: [10, 20, 40], margins: [5, .nan, 30])]
    ).layout()
    let scales = try Self.scales(page), x = try #require(scales.x)
    let bars = page.marks.compactMap { mark -> [Point]? in
      if case .line(let points, _, .some) = mark, points.count == 2, points[0].x == points[1].x { points } else { nil }
    }
    for (bar, (at, low, high)) in zip(bars, [(0.0, 5.0, 15.0), (2, 10, 70)]) {
      #expect(abs(x.value(Double(bar[0].x)) - at) < x.blur)
      #expect(abs(scales.y.value(Double(bar[0].y)) - low) < scales.y.blur)
      #expect(abs(scales.y.value(Double(bar[1].y)) - high) < scales.y.blur)
    }
    #expect(bars.count == 2)
  }
}

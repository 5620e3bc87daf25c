import BVAERendering
import Testing

/// The marks of charts, held against their values by two values whose places are known.
@Suite("What charts of numbers say")
struct ChartTests {
  /// The places of values along an axis that goes from one limit to the other.
  private struct Scale {
    let area: ClosedRange<Float>, limits: ClosedRange<Double>

    func value(_ place: Float) -> Double {
      let share = Double(place - area.lowerBound) / Double(area.upperBound - area.lowerBound)
      return limits.lowerBound + share * (limits.upperBound - limits.lowerBound)
    }
  }

  /// The two scales of a chart whose limits are known: its plot is the area of its longest rules.
  private static func scales(_ page: Page, _ x: ClosedRange<Double>, _ y: ClosedRange<Double>) throws -> (
    x: Scale, y: Scale
  ) {
    let rules = page.marks.compactMap { mark -> Rectangle? in
      if case .fill(let area, Theme.rule) = mark { area } else { nil }
    }
    let side = try #require(rules.filter { $0.width == 1 }.max { $0.height < $1.height })
    let base = try #require(rules.filter { $0.height == 1 }.max { $0.width < $1.width })
    return (
      Scale(area: Float(base.x) + 0.5...Float(base.right) - 0.5, limits: x),
      Scale(area: -(Float(side.bottom) - 0.5) ... -(Float(side.y) + 0.5), limits: y)
    )
  }

  private static func symbols(_ page: Page) -> [(places: [Point], symbol: Symbol, color: Color)] {
    page.marks.compactMap { mark in
      if case .symbols(let places, let symbol, _, let color, _, .some) = mark { (places, symbol, color) } else { nil }
    }
  }

  private static func limited(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> ChartOptions {
    var options = ChartOptions()
    (options.xLimits, options.yLimits) = (x, y)
    return options
  }

  @Test("Marks of a scatter stand at their pairs, by group; what cannot be drawn is counted below the heading")
  func scatter() throws {
    let xs = [1.0, 2, 3, .nan, 20], ys = [4.0, -5, 6, 1, 1]
    let page = ScatterChart(
      Self.limited(0...10, -10...10),
      groups: [.init(name: "a", xs: xs, ys: ys), .init(name: "b", xs: [5], ys: [5])]
    ).layout()
    let scales = try Self.scales(page, 0...10, -10...10), symbols = Self.symbols(page)
    #expect(symbols.map(\.places.count) == [3, 1] && symbols[0].color != symbols[1].color)
    for (point, (x, y)) in zip(symbols[0].places, zip(xs, ys)) {
      #expect(abs(scales.x.value(point.x) - x) < 0.02 && abs(scales.y.value(-point.y) - y) < 0.06)
    }
    #expect(page.texts.contains { $0.text == "left out: 1 not finite, 1 outside the limits" })
  }

  @Test("Colours of numbers rise with them, and the scale beside the chart says between which")
  func values() {
    let page = ScatterChart(groups: [.init(xs: [0, 1, 2], ys: [0, 1, 2], values: [0, 5, 10])]).layout()
    let colors = Self.symbols(page).map(\.color)
    #expect(colors == [Color(0x440154), Color(0x21918C), Color(0xFDE725)])
    #expect(["0", "10"].allSatisfy { end in page.texts.contains { $0.text == end && $0.bounds.x > 680 } })
  }

  @Test("Pictures are drawn where they overlap no other, and how many are is said")
  func pictures() {
    let picture = SampleFigures.stroke(1)
    let page = ScatterChart(
      groups: [.init(xs: [0, 0.001, 1], ys: [0, 0.001, 1], pictures: [picture, picture, picture])]
    ).layout()
    let places = page.marks.compactMap { if case .image(_, let x, let y, _) = $0 { (x, y) } else { nil } }
    #expect(places.count == 2 && places[0].0 < places[1].0 && places[0].1 > places[1].1)
    #expect(page.texts.contains { $0.text.hasPrefix("2 of 3 pictures") })
  }

  @Test("A hundred thousand marks are laid out and drawn")
  func many() throws {
    let xs = SampleCharts.numbers(100_000, about: 0, spread: 2),
      ys = SampleCharts.numbers(100_000, about: 0, spread: 2, seed: 1)
    let page = ScatterChart(groups: [.init(xs: xs, ys: ys)]).layout()
    #expect(Self.symbols(page).map(\.places.count) == [100_000])
    #expect(try page.render().bytes.contains { $0 < 200 })
  }

  @Test("The outline of a histogram has the height of each bin between its edges")
  func histogram() throws {
    let heights = [1.0, 4, 0, 2]
    var chart = HistogramChart(Self.limited(0...4, 0...5), edges: [0, 1, 2, 3, 4], groups: [.init(heights: heights)])
    chart.options.width = 500
    let page = chart.layout(), scales = try Self.scales(page, 0...4, 0...5)
    let outline = try #require(
      page.marks.compactMap { if case .polygon(let points, _, _, .some) = $0 { points } else { nil } }.first)
    #expect(outline.count == 10)
    for (bin, height) in heights.enumerated() {
      for (corner, edge) in [(2 * bin + 1, bin), (2 * bin + 2, bin + 1)] {
        #expect(abs(scales.x.value(outline[corner].x) - Double(edge)) < 0.01)
        #expect(abs(scales.y.value(-outline[corner].y) - height) < 0.02)
      }
    }
  }

  @Test("Bars of groups are as long as their values, in the order of the series, with their intervals")
  func groupedBars() throws {
    var options = ChartOptions(width: 600, height: 400)
    options.yLimits = 0...10
    let page = GroupedBarChart(
      options, names: ["a", "b"],
      series: [.init(name: "one", values: [2, 4]), .init(name: "two", values: [6, 8], margins: [1, .nan])]
    ).layout()
    let scale = try Self.scales(page, 0...1, 0...10).y
    let bars = page.marks.compactMap { mark -> Rectangle? in
      if case .fill(let area, let color) = mark, Theme.groups.contains(color) { area } else { nil }
    }
    #expect(bars.count == 4)
    for (bar, value) in zip(bars.sorted { $0.x < $1.x }, [2.0, 6, 4, 8]) {
      #expect(abs(scale.value(-Float(bar.y)) - value) < 0.1)
    }
    let whiskers = page.marks.compactMap { mark -> [Point]? in
      if case .line(let points, let stroke, .some) = mark, stroke.color == Theme.ink { points } else { nil }
    }
    #expect(
      whiskers.count == 3 && abs(scale.value(-whiskers[0][0].y) - 5) < 0.1
        && abs(scale.value(-whiskers[0][1].y) - 7) < 0.1)
  }

  @Test("Cells of a heat map lie row by row with their numbers in them; white is 0 where there are both signs")
  func heat() {
    let page = HeatMap(values: [[-2, 0], [1, .nan]], rows: ["r", "s"], columns: ["c", "d"]).layout()
    let cells = page.marks.compactMap { mark -> (area: Rectangle, color: Color)? in
      if case .fill(let area, let color) = mark, area.width > 30, area.height > 30 { (area, color) } else { nil }
    }
    #expect(cells.count == 4 && cells[0].color == Color(0x2166AC) && cells[1].color == Color(0xF7F7F6))
    #expect(cells[0].area.right == cells[1].area.x && cells[0].area.bottom == cells[2].area.y)
    let written = page.texts.filter(\.isOnData)
    #expect(written.map(\.text) == ["−2", "0", "1", "–"])
    for (text, cell) in zip(written, cells) { #expect(cell.area.contains(text.bounds)) }
    let row = page.texts.first { $0.text == "s" }, column = page.texts.first { $0.text == "d" }
    #expect(abs((row?.bounds.middleY ?? 0) - cells[2].area.middleY) <= 8)
    #expect(abs((column?.bounds.middleX ?? 0) - cells[1].area.middleX) <= 1)
  }

  @Test("A box goes from quartile to quartile, its whiskers to the last numbers within 1.5 times its length")
  func box() throws {
    // NumPy's quantiles of these are 2, 4 and 6.
    let box = BoxChart.Box(
      name: "a", values: [1, 2, 3, 4, 5, 6, 7, 30, -20], lower: 2, median: 4, upper: 6)
    #expect(box.whiskers == 1...7 && box.outliers == [30, -20])
    var options = ChartOptions()
    options.yLimits = -25...35
    let page = BoxChart(options, boxes: [box]).layout(), scale = try Self.scales(page, 0...1, -25...35).y
    let outline = try #require(
      page.marks.compactMap { if case .polygon(let points, _, _, .some) = $0 { points } else { nil } }.first)
    #expect(abs(scale.value(-outline[0].y) - 6) < 0.1 && abs(scale.value(-outline[2].y) - 2) < 0.1)
    #expect(Self.symbols(page).map { $0.places.map { scale.value(-$0.y).rounded() } } == [[30, -20]])
  }

  @Test("Marks of a strip stand at their values, over their group, and none is left out but what is not finite")
  func strip() throws {
    var options = ChartOptions()
    options.yLimits = 0...10
    let values = [1.0, 5, 9, .infinity]
    let page = StripChart(
      options, groups: [.init(name: "a", values: values, median: 5), .init(name: "b", values: [2], median: 2)]
    ).layout()
    let scale = try Self.scales(page, 0...1, 0...10).y, symbols = Self.symbols(page)
    #expect(symbols.map(\.places.count) == [3, 1])
    for (point, value) in zip(symbols[0].places, values) { #expect(abs(scale.value(-point.y) - value) < 0.05) }
    let label = try #require(page.texts.first { $0.text == "b" })
    #expect(abs(Float(label.bounds.middleX) - symbols[1].places[0].x) < 80)
    #expect(page.texts.contains { $0.text == "left out: 1 not finite" })
  }

  @Test("A band lies between the ends of the intervals, and shares nothing with where there are none")
  func band() throws {
    var chart = LineChart(series: [
      .init(name: "", xs: [0, 1, 2, 3, 4], ys: [5, 6, 7, 6, 5], margins: [1, 2, .nan, 1, 1])
    ])
    chart.bands = true
    (chart.options.xLimits, chart.options.yLimits) = (0...4, 0...10)
    let page = chart.layout(), scales = try Self.scales(page, 0...4, 0...10)
    let bands = page.marks.compactMap { mark -> [Point]? in
      if case .polygon(let points, _, let opacity, .some) = mark, opacity < 1 { points } else { nil }
    }
    #expect(bands.map(\.count) == [4, 4])
    let ends = bands[0].map { scales.y.value(-$0.y) }
    for (end, expected) in zip(ends, [6.0, 8, 4, 4]) { #expect(abs(end - expected) < 0.05) }
  }

  @Test("Limits are the ends of an axis, on linear scales and on logarithmic ones")
  func limits() {
    for isLogarithmic in [false, true] {
      var options = ChartOptions()
      (options.xLimits, options.xLogarithmic) = (3...70, isLogarithmic)
      let axis = options.xAxis(1...100)(5)
      #expect(axis.position(3) == 0 && axis.position(70) == 1)
      #expect(axis.ticks.allSatisfy { (0...1).contains(axis.position($0.value)) } && axis.ticks.count > 1)
    }
  }

  @Test("Charts of a page that share their axes have the same limits; bars keep their names")
  func shared() throws {
    let texts = try SampleCharts.grid.layout().texts
    for label in ["0", "5"] { #expect(texts.count { $0.text == label } >= 4, "\(label)") }
    #expect(texts.contains { $0.text == "Z0" } && texts.contains { $0.text == "Four on a page" })
  }

  @Test("What is drawn more transparent lets more of the page through")
  func opacity() {
    func pixel(_ opacity: Float) -> Color {
      var canvas = Canvas(width: 20, height: 20)
      canvas.fill(
        [Point(0, 0), Point(20, 0), Point(20, 20), Point(0, 20)], .black, opacity: opacity,
        clip: Rectangle(x: 0, y: 0, width: 10, height: 20))
      #expect(canvas.bitmap[15, 10] == .white)
      return canvas.bitmap[5, 5]
    }
    #expect(pixel(1) == .black && pixel(0) == .white && pixel(0.5).red > pixel(0.9).red)
  }
}

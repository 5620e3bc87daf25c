/// Colours for numbers, which colour-blind people see in the same order.
public enum ColorMap: Sendable {
  /// From dark to bright, for values that lie between two ends: Matplotlib's viridis.
  case sequential
  /// From blue over white to red, for values on both sides of 0: ColorBrewer's RdBu.
  case diverging

  /// The colour for a share 0…1 of the way.
  func color(_ share: Double) -> Color {
    let anchors = self == .sequential ? Self.viridis : Self.redBlue
    let place = max(0, min(1, share.isFinite ? share : 0)) * Double(anchors.count - 1)
    let low = min(anchors.count - 2, Int(place)), rest = place - Double(low)
    func mixed(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Double(a) + (Double(b) - Double(a)) * rest).rounded()) }
    let (a, b) = (anchors[low], anchors[low + 1])
    return Color(red: mixed(a.red, b.red), green: mixed(a.green, b.green), blue: mixed(a.blue, b.blue))
  }

  private static let viridis = [
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725,
  ].map { Color($0 as UInt32) }

  private static let redBlue = [0x2166AC, 0x67A9CF, 0xD1E5F0, 0xF7F7F6, 0xFDDBC7, 0xEF8A62, 0xB2182B].map {
    Color($0 as UInt32)
  }
}

/// A scale of colours beside a chart, with its ticks.
struct ColorScale {
  let map: ColorMap
  let axis: Axis
  let label: String?

  init(_ map: ColorMap, _ ends: ClosedRange<Double>, label: String?) {
    self.map = map
    self.label = label
    let isSingle = ends.upperBound - ends.lowerBound <= max(abs(ends.lowerBound), abs(ends.upperBound)) * 1e-9
    axis = .linear(ends, count: 5, snaps: false, zero: false, fixed: !isSingle)
  }

  func color(_ value: Double) -> Color { map.color(axis.position(value)) }

  private static let barWidth = 14, tick = 3

  /// Columns that it takes beside the plot.
  var width: Int {
    Theme.space + Self.barWidth + Self.tick + 3 + (axis.ticks.map { Theme.small.width(of: $0.label) }.max() ?? 0)
      + (title == nil ? 0 : Theme.label.lineHeight + 4)
  }

  private var title: String? { ChartFrame.titled(label, exponent: axis.exponent) }

  func add(to page: inout Page, beside area: Rectangle) {
    let left = area.right + Theme.space
    let rows = (0..<area.height).flatMap { row in
      let color = map.color(1 - (Double(row) + 0.5) / Double(area.height))
      return (0..<Self.barWidth).flatMap { _ in [color.red, color.green, color.blue] }
    }
    page.add(
      .image(
        Bitmap(width: Self.barWidth, height: area.height, planes: 3, bytes: rows), x: left, y: area.y, scale: 1))
    let right = left + Self.barWidth
    for tick in axis.ticks {
      let row = area.bottom - 1 - Int((axis.position(tick.value) * Double(area.height - 1)).rounded())
      page.rule(x: right, y: row, width: Self.tick)
      let top = row - (Theme.small.ascent + Theme.small.descent) / 2
      page.add(PlacedText(tick.label, Theme.small, Theme.ink, x: right + Self.tick + 3, top: top))
    }
    guard let title else { return }
    let text = Theme.label.shortened(title, to: area.height + 8)
    page.add(
      PlacedText(
        upward: text, Theme.label, Theme.soft, left: left + width - Theme.space - Theme.label.lineHeight,
        middle: area.middleY))
  }
}

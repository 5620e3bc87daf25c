/// How one stage's result looks: a stack of slabs or a bar, in a box of its own.
struct DiagramShape {
  /// The largest sizes of a diagram, which the others are measured by.
  struct Scale {
    let side: Int
    let units: Int

    init(_ outputs: [ArchitectureDiagram.Output]) {
      var side = 1, units = 2
      for output in outputs {
        switch output {
        case .volume(let height, let width, _): side = max(side, height, width)
        case .units(let count): units = max(units, count)
        }
      }
      self.side = side
      self.units = units
    }
  }

  let width, height: Int
  private let form: Form
  private let kind: ArchitectureDiagram.Kind

  private enum Form {
    case slabs(count: Int, width: Int, height: Int, offset: Int)
    case bar(cells: Int, pitch: Int, hasGap: Bool)
  }

  private static let largestSide = 112, smallestSide = 20
  private static let barWidth = 18, shortestBar = 30, longestBar = 180, mostCells = 16

  init(_ stage: ArchitectureDiagram.Stage, _ scale: Scale) {
    kind = stage.kind
    switch stage.output {
    case .volume(let rows, let columns, let channels):
      // Areas rather than sides are in proportion, so that 7×7 beside 224×224 is still seen.
      func side(_ count: Int) -> Int {
        let share = (Float(max(1, count)) / Float(scale.side)).squareRoot()
        return max(Self.smallestSide, Int(share * Float(Self.largestSide)))
      }
      let width = side(columns), height = side(rows)
      let count = channels <= 4 ? max(1, channels) : min(8, Int.bitWidth - channels.leadingZeroBitCount + 1)
      let offset = max(2, min(5, min(width, height) / 8))
      form = .slabs(count: count, width: width, height: height, offset: offset)
      self.width = width + (count - 1) * offset
      self.height = height + (count - 1) * offset
    case .units(let count):
      // Bars grow with the number's length: 12, 784 and 12544 units fit one page.
      let share = Float(Self.bits(count) - 1) / Float(max(1, Self.bits(scale.units) - 1))
      let length = Self.shortestBar + Int(share * Float(Self.longestBar - Self.shortestBar))
      // Few units are all shown, of many the first and the last.
      let hasGap = count > Self.mostCells
      let cells = hasGap ? max(7, length / 9) : max(1, count)
      let pitch = hasGap ? 9 : max(5, min(12, length / cells))
      form = .bar(cells: cells, pitch: pitch, hasGap: hasGap)
      width = Self.barWidth
      height = cells * pitch + 1
    }
  }

  private static func bits(_ count: Int) -> Int { Int.bitWidth - max(2, count).leadingZeroBitCount }

  /// Puts the shape onto the page, its box beginning at (x, y).
  func add(to page: inout Page, x: Int, y: Int) {
    let (face, edge) = colors
    switch form {
    case .slabs(let count, let width, let height, let offset):
      for index in (0..<count).reversed() {
        let area = Rectangle(
          x: x + index * offset, y: y + (count - 1 - index) * offset, width: width, height: height)
        // The further back, the darker: the stack gains depth.
        page.add(.fill(area, face.mixed(with: edge, share: Float(index) * 0.045)))
        page.add(.frame(area, edge, thickness: 1))
      }
    case .bar(let cells, let pitch, let hasGap):
      let area = Rectangle(x: x, y: y, width: Self.barWidth, height: cells * pitch + 1)
      page.add(.fill(area, face))
      for index in 1..<max(1, cells) where !hasGap || abs(index * 2 - cells) > 3 {
        page.rule(x: x, y: y + index * pitch, width: Self.barWidth, edge.mixed(with: face, share: 0.45))
      }
      page.add(.frame(area, edge, thickness: 1))
      guard hasGap else { return }
      for step in -1...1 {
        let center = Point(Float(x) + Float(Self.barWidth) / 2, Float(y) + Float(area.height) / 2 + Float(step * 6))
        page.add(.disc(center, radius: 1.3, edge, clip: nil))
      }
    }
  }

  private var colors: (face: Color, edge: Color) {
    switch kind {
    case .image: (Color(0xEDEDED), Color(0x6B6B6B))
    case .features: (Color(0xD3E6F3), Color(0x2E6F9E))
    case .dense: (Color(0xFBE5C8), Color(0xB26A00))
    case .code: (Color(0xD0EDE2), Color(0x00805B))
    }
  }
}

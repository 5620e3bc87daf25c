import BVAERendering
import Glibc
import Testing

/// Whether colour-blind people tell groups apart: their sight is simulated after Machado, Oliveira and Fernandes (2009), and
/// distances are those of CIE L*a*b*.
@Suite("Colours of groups")
struct ColorTests {
  private static let eyes: [(name: String, matrix: [[Double]])] = [
    ("all", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "without red cones",
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    (
      "without green cones",
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
  ]

  private static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  private static func lab(_ color: Color, _ eyes: [[Double]]) -> [Double] {
    let linear = [color.red, color.green, color.blue].map { byte -> Double in
      let value = Double(byte) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let seen = product(eyes, linear).map { max(0, min(1, $0)) }
    let xyz = product(
      [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]], seen)
    let f = zip(xyz, [0.95047, 1, 1.08883]).map { value, white -> Double in
      let share = value / white
      return share > 216.0 / 24389 ? cbrt(share) : (24389.0 / 27 * share + 16) / 116
    }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  private static func distance(_ a: Color, _ b: Color, _ eyes: [[Double]]) -> Double {
    zip(lab(a, eyes), lab(b, eyes)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  @Test("Seven groups are told apart by their colours, by everybody, on light pages and on dark ones")
  func seven() {
    for theme in PageTheme.allCases {
      for (name, eyes) in Self.eyes {
        for a in 0..<7 {
          #expect(Self.distance(theme.color(Theme.groups[a]), theme.paper, eyes) > 25, "\(a) \(theme)")
          for b in 0..<a {
            let colors = [a, b].map { theme.color(Theme.groups[$0]) }
            #expect(Self.distance(colors[0], colors[1], eyes) > 13, "\(a) and \(b), \(theme), \(name)")
          }
        }
      }
    }
  }

  @Test("Of more groups those with colours that are hard to tell apart have different shapes")
  func more() {
    #expect((0..<7).allSatisfy { GroupMarks.symbol($0, of: 7) == .disc })
    for theme in PageTheme.allCases {
      for (name, eyes) in Self.eyes {
        for a in 0..<10 {
          for b in 0..<a where GroupMarks.symbol(a, of: 10) == GroupMarks.symbol(b, of: 10) {
            let colors = [a, b].map { theme.color(Theme.groups[$0]) }
            #expect(Self.distance(colors[0], colors[1], eyes) > 20, "\(a) and \(b), \(theme), \(name)")
          }
        }
      }
    }
    let looks = (0..<40).map { "\($0 % Theme.groups.count) \(GroupMarks.symbol($0, of: 40))" }
    #expect(Set(looks).count == 40)
  }

  @Test("The dark theme leaves pictures and colours of data alone and turns ink and paper round")
  func dark() throws {
    let map = HeatMap(values: [[1, 2], [3, 4]]).layout(), themed = map.themed(.dark)
    func fills(_ page: Page) -> [Color] {
      page.marks.compactMap {
        if case .fill(let area, let color) = $0, area.width > 40, area.height > 40 { color } else { nil }
      }
    }
    #expect(fills(map).count == 4 && fills(map) == fills(themed))
    let written = zip(map.texts, themed.texts)
    #expect(written.allSatisfy { $0.isOnData ? $0.color == $1.color : $0.color != $1.color })
    #expect(map.texts.contains { $0.isOnData })
    let picture = try themed.render()
    #expect(picture[0, 0] == PageTheme.dark.paper)
    #expect(map.themed(.light).paper == .white)
  }
}

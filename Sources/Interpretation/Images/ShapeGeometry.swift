import Glibc

/// Where a mask is, how large it is and how it leans: moments and quantiles, which change smoothly with the image.
struct ShapeGeometry {
  /// Σ m, in square pixels.
  private(set) var area = 0.0
  /// The centre of mass in pixels, the image's upper left corner being 0, 0.
  private(set) var centreX = 0.0, centreY = 0.0
  /// Central second moments per area, in square pixels; y points down.
  private(set) var xx = 0.0, xy = 0.0, yy = 0.0
  private let mask: [Double]
  private let columns: Int, rows: Int

  /// The geometry of a mask of `rows · columns` values in 0…1, which must not be empty.
  init(mask: [Double], rows: Int, columns: Int) {
    self.mask = mask
    self.rows = rows
    self.columns = columns
    for y in 0..<rows {
      for x in 0..<columns {
        let m = mask[y * columns + x]
        area += m
        centreX += m * (Double(x) + 0.5)
        centreY += m * (Double(y) + 0.5)
      }
    }
    centreX /= area
    centreY /= area
    for y in 0..<rows {
      for x in 0..<columns {
        let m = mask[y * columns + x] / area
        let dx = Double(x) + 0.5 - centreX, dy = Double(y) + 0.5 - centreY
        xx += m * dx * dx
        xy += m * dx * dy
        yy += m * dy * dy
      }
    }
  }

  /// The shear `x = κ y` that the shape follows: the slope of the regression of x on y, `κ = μ₁₁ / μ₀₂`.
  var shear: Double { yy > 0 ? xy / yy : 0 }

  /// `−atan κ` in degrees: positive where the top leans to the right. A shear changes κ by just its own amount.
  var slant: Double { -atan(shear) * 180 / .pi }

  /// The angle from the vertical of the principal axis of second moments, `½ atan2(−2 μ₁₁, μ₀₂ − μ₂₀)` in degrees:
  /// positive where its top leans to the right, −90…90. Not a number for shapes that are as long as wide.
  var rotation: Double {
    let vertical = yy - xx, diagonal = -2 * xy
    let elongation = (vertical * vertical + diagonal * diagonal).squareRoot() / max(xx + yy, 1e-12)
    return elongation > 0.02 ? 0.5 * atan2(diagonal, vertical) * 180 / .pi : .nan
  }

  /// The share of the mass that the extents cover.
  static let coverage = 0.9

  /// The rows between the 5 % and 95 % quantiles of the mass, divided by 0.9, in pixels: exact for a solid bar, a few per
  /// cent more for a ring. Tails that are shorter than a pixel would depend on how the outline meets the grid.
  var height: Double {
    var marginal = [Double](repeating: 0, count: rows)
    for y in 0..<rows { for x in 0..<columns { marginal[y] += mask[y * columns + x] } }
    return Self.extent(marginal, cell: 1)
  }

  /// The same across, after the lean has been taken back by the shear `x − κ (y − ȳ)`, κ within ±2: leaning alone makes
  /// no shape wider. In pixels.
  var width: Double {
    let cells = 4.0, kappa = min(max(shear, -2), 2)
    let reach = abs(kappa) * Double(rows) + 1
    let low = -reach
    let count = Int((Double(columns) + 2 * reach) * cells) + 2
    var marginal = [Double](repeating: 0, count: count)
    for y in 0..<rows {
      let shift = kappa * (Double(y) + 0.5 - centreY)
      for x in 0..<columns where mask[y * columns + x] > 0 {
        // The pixel covers the sheared interval of one pixel's width, and shares its mass among the cells under it.
        let left = (Double(x) - shift - low) * cells, right = left + cells
        let first = max(0, Int(left)), last = min(count - 1, Int(right))
        guard first <= last else { continue }
        for cell in first...last {
          let overlap = min(right, Double(cell + 1)) - max(left, Double(cell))
          if overlap > 0 { marginal[cell] += mask[y * columns + x] * overlap / cells }
        }
      }
    }
    return Self.extent(marginal, cell: 1 / cells)
  }

  /// Twice the area over the length of the outline, in pixels: `2 t L / (2 L + 2 t)` for a straight stroke of length L and
  /// thickness t, which is t for long ones. The outline's length is the mask's total variation, Σ |∇m|, its gradient taken
  /// over squares of four pixels (the coarea formula).
  var thickness: Double {
    func value(_ x: Int, _ y: Int) -> Double {
      x >= 0 && y >= 0 && x < columns && y < rows ? mask[y * columns + x] : 0
    }
    var outline = 0.0
    for y in -1..<rows {
      for x in -1..<columns {
        let a = value(x, y), b = value(x + 1, y), c = value(x, y + 1), d = value(x + 1, y + 1)
        let across = 0.5 * (b - a + d - c), down = 0.5 * (c - a + d - b)
        outline += (across * across + down * down).squareRoot()
      }
    }
    return outline > 0 ? 2 * area / outline : .nan
  }

  /// The distance between the quantiles of a density that is constant over each cell.
  private static func extent(_ marginal: [Double], cell: Double) -> Double {
    let total = marginal.reduce(0, +), tail = 0.5 * (1 - coverage)
    func quantile(_ share: Double) -> Double {
      var below = 0.0
      for (index, mass) in marginal.enumerated() {
        if below + mass >= share * total && mass > 0 {
          return (Double(index) + (share * total - below) / mass) * cell
        }
        below += mass
      }
      return Double(marginal.count) * cell
    }
    return (quantile(1 - tail) - quantile(tail)) / coverage
  }
}

import BVAECPU
import Glibc

/// A drawn test image: strokes with soft edges on a background, all of it changed by known amounts.
struct Drawing {
  enum Shape {
    /// A vertical stroke with a foot: leans and turns visibly.
    case one
    /// A ring.
    case ring
    /// A solid rectangle.
    case bar
  }

  var shape = Shape.bar
  var side = 28
  var height = 16.0, width = 8.0, thickness = 3.0
  /// Degrees; positive leans to the right.
  var rotation = 0.0, slant = 0.0
  var x = 0.0, y = 0.0
  var ink: [Double] = [1], paper: [Double] = [0]
  var lightFromRight = 0.0, lightFromBelow = 0.0
  /// Strokes at the left and right border, as of neighbouring digits.
  var hasNeighbours = false

  /// How far a point is inside the shape, in pixels; negative outside.
  private func depth(_ px: Double, _ py: Double) -> Double {
    let angle = rotation * .pi / 180
    // Undo place, rotation, then slant.
    let dx = px - x, dy = py - y
    let rx = cos(angle) * dx + sin(angle) * dy, ry = -sin(angle) * dx + cos(angle) * dy
    let sx = rx + tan(slant * .pi / 180) * ry
    switch shape {
    case .bar: return min(width / 2 - abs(sx), height / 2 - abs(ry))
    case .one: return min(thickness / 2 - abs(sx), height / 2 - abs(ry))
    case .ring:
      let radius = ((sx / (width / 2)) * (sx / (width / 2)) + (ry / (height / 2)) * (ry / (height / 2))).squareRoot()
      let scale = (width + height) / 4
      return thickness / 2 - abs(radius * scale - scale + thickness / 2)
    }
  }

  /// The image's values, [side, side, planes] in 0…1.
  var values: [Float] {
    var values: [Float] = []
    for row in 0..<side {
      for column in 0..<side {
        // Eight by eight samples a pixel.
        var coverage = 0.0
        for sample in 0..<64 {
          let px = Double(column) + (Double(sample % 8) + 0.5) / 8 - Double(side) / 2
          let py = Double(row) + (Double(sample / 8) + 0.5) / 8 - Double(side) / 2
          var inside = depth(px, py) > 0
          if hasNeighbours { inside = inside || (abs(px) > Double(side) / 2 - 3 && abs(py) < 7) }
          coverage += inside ? 1.0 / 64 : 0
        }
        let u = (Double(column) + 0.5) / Double(side) - 0.5, v = (Double(row) + 0.5) / Double(side) - 0.5
        for (dark, light) in zip(ink, paper) {
          let back = light + lightFromRight * u + lightFromBelow * v
          values.append(Float(min(max(back + coverage * (dark - light), 0), 1)))
        }
      }
    }
    return values
  }

  var shapeOfImage: ImageShape { ImageShape(height: side, width: side, planes: ink.count) }
}

/// Images as bytes.
func bytes(_ drawings: [Drawing]) -> ByteImages {
  ByteImages(
    shape: drawings[0].shapeOfImage, bytes: drawings.flatMap { $0.values.map { UInt8(($0 * 255).rounded()) } })
}

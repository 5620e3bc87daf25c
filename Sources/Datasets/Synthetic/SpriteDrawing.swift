import BVAEArrays

/// Draws one sprite: white on black, each pixel as light as the share of it that the shape covers.
///
/// dSprites has pixels of 0 and 1 only. Here edges are smooth, because a shape that moves or turns by less than a pixel
/// would otherwise give the same image, and a network would be asked to tell apart what cannot be.
struct SpriteDrawing {
  /// The kinds of shape, numbered as in dSprites.
  enum Shape: Int { case square, ellipse, heart }

  let shape: Shape
  /// Half the height of the shape, and its middle, in pixels.
  let reach: Double, x: Double, y: Double
  /// Sine and cosine of the orientation.
  let sine: Double, cosine: Double

  /// Positions 0…1 lie within the middle half of the image, so that every sprite is whole.
  init(shape: Shape, scale: Double, turns: Double, x: Double, y: Double, side: Int) {
    self.shape = shape
    let side = Double(side)
    reach = 0.16 * scale * side
    self.x = side * (0.25 + 0.5 * x)
    self.y = side * (0.25 + 0.5 * y)
    sine = Elementary.sine(turns: turns)
    cosine = Elementary.cosine(turns: turns)
  }

  /// Adds the image, [side, side, 1], to `bytes`.
  func draw(side: Int, into bytes: inout [UInt8]) {
    let finest = 8
    let step = 1 / Double(finest)
    // No shape goes farther from its middle than the corners of the square.
    let extent = reach * 1.5 + 1
    for row in 0..<side {
      for column in 0..<side {
        let across = Double(column) + 0.5 - x, down = Double(row) + 0.5 - y
        guard across * across + down * down < extent * extent else {
          bytes.append(0)
          continue
        }
        var covered = 0
        for i in 0..<finest {
          for j in 0..<finest {
            let u = across - 0.5 + (Double(j) + 0.5) * step, v = down - 0.5 + (Double(i) + 0.5) * step
            if contains((u * cosine + v * sine) / reach, (v * cosine - u * sine) / reach) { covered += 1 }
          }
        }
        bytes.append(UInt8(covered * 255 / (finest * finest)))
      }
    }
  }

  /// Whether a place is within the shape, in units of its half height, the middle at 0.
  private func contains(_ x: Double, _ y: Double) -> Bool {
    switch shape {
    case .square: return max(x.magnitude, y.magnitude) <= 0.95
    case .ellipse: return x * x / 0.36 + y * y / 1.44 <= 1
    case .heart:
      // The sextic (x² + y² − 1)³ = x²y³, up being −y here.
      let u = x * 1.13, v = -y * 1.13 + 0.1
      let inner = u * u + v * v - 1
      return inner * inner * inner <= u * u * v * v * v
    }
  }
}

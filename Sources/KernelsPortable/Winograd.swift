import KernelInterface

// Winograd's minimal filtering for a 4×4 kernel at stride 1: F(3×3, 4×4), Lavin and Gray 2016 ("Fast algorithms for
// convolutional neural networks", section 4) with the points 0, ±1, ±2, ∞. A tile of 6×6 inputs gives 3×3 outputs
// with 36 products for each pair of channels instead of 144:
//
//     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A          d 6×6 inputs, g 4×4 weights, Y 3×3 outputs
//     ∂g = Gᵀ [ (A ∂Y Aᵀ) ⊙ (Bᵀ d B) ] G        the same algorithm, transposed
//
// Each of the 36 places of a tile is a matrix product over the channels, done by `multiply`; the functions here go to
// and fro. All of them work on sixteen channels at a time, first down the columns, then along the rows.

@inline(__always)
private func inputTransform(_ d: (Vector, Vector, Vector, Vector, Vector, Vector))
  -> (Vector, Vector, Vector, Vector, Vector, Vector)
{
  let even = d.4 - 4 * d.2, odd = d.3 - 4 * d.1
  let evenHalf = d.4 - d.2, oddHalf = 2 * (d.3 - d.1)
  return (
    4 * d.0 - 5 * d.2 + d.4, even + odd, even - odd, evenHalf + oddHalf, evenHalf - oddHalf,
    4 * d.1 - 5 * d.3 + d.5
  )
}

@inline(__always)
private func outputTransform(_ m: (Vector, Vector, Vector, Vector, Vector, Vector)) -> (Vector, Vector, Vector) {
  let sum = m.1 + m.2, difference = m.1 - m.2, sum2 = m.3 + m.4, difference2 = m.3 - m.4
  return (m.0 + sum + sum2, difference + 2 * difference2, sum + 4 * sum2 + m.5)
}

@inline(__always)
private func gradientTransform(_ y: (Vector, Vector, Vector)) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  let sum = y.0 + y.2, sum2 = y.0 + 4 * y.2, twice = 2 * y.1
  return (y.0, sum + y.1, sum - y.1, sum2 + twice, sum2 - twice, y.2)
}

@inline(__always)
private func weightTransform(_ g: (Vector, Vector, Vector, Vector)) -> (Vector, Vector, Vector, Vector, Vector, Vector)
{
  let even = (g.0 + g.2) * (-1 / 6), odd = (g.1 + g.3) * (-1 / 6)
  let even2 = (g.0 + 4 * g.2) * (1 / 24), odd2 = (2 * g.1 + 8 * g.3) * (1 / 24)
  return (g.0 * 0.25, even + odd, even - odd, even2 + odd2, even2 - odd2, g.3)
}

@inline(__always)
private func weightGradientTransform(_ u: (Vector, Vector, Vector, Vector, Vector, Vector))
  -> (Vector, Vector, Vector, Vector)
{
  let sum = (u.1 + u.2) * (-1 / 6), difference = (u.1 - u.2) * (-1 / 6)
  let sum2 = (u.3 + u.4) * (1 / 24), difference2 = (u.3 - u.4) * (1 / 12)
  return (u.0 * 0.25 + sum + sum2, difference + difference2, sum + 4 * sum2, difference + 4 * difference2 + u.5)
}

@inline(__always)
private func withScratch(_ vectors: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  withUnsafeTemporaryAllocation(byteCount: vectors * 64, alignment: 64) {
    body($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self))
  }
}

@inline(__always)
private func load6(_ p: UnsafePointer<Float>, _ stride: Int) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  (load(p), load(p + stride), load(p + 2 * stride), load(p + 3 * stride), load(p + 4 * stride), load(p + 5 * stride))
}

@inline(__always)
private func store6(
  _ v: (Vector, Vector, Vector, Vector, Vector, Vector), _ p: UnsafeMutablePointer<Float>, _ stride: Int
) {
  store(v.0, p)
  store(v.1, p + stride)
  store(v.2, p + 2 * stride)
  store(v.3, p + 3 * stride)
  store(v.4, p + 4 * stride)
  store(v.5, p + 5 * stride)
}

/// `Bᵀ d B` of one tile: 6×6 positions of a map, `channels` (whole panels) at each, into 36 places `placeStride` apart.
public func winogradInput(
  _ map: UnsafePointer<Float>, rowStride: Int, channels: Int, result: UnsafeMutablePointer<Float>, placeStride: Int
) {
  withScratch(36) { scratch in
    var channel = 0
    while channel < channels {
      for column in 0..<6 {
        let d = load6(map + (column &* channels &+ channel), rowStride)
        store6(inputTransform(d), scratch + column &* 16, 96)
      }
      for row in 0..<6 {
        let d = load6(scratch + row &* 96, 16)
        store6(inputTransform(d), result + (row &* 6 &* placeStride &+ channel), placeStride)
      }
      channel &+= 16
    }
  }
}

/// `A ∂Y Aᵀ` of one tile: 3×3 positions of a map into 36 places.
public func winogradGradient(
  _ map: UnsafePointer<Float>, rowStride: Int, channels: Int, result: UnsafeMutablePointer<Float>, placeStride: Int
) {
  withScratch(18) { scratch in
    var channel = 0
    while channel < channels {
      for column in 0..<3 {
        let p = map + (column &* channels &+ channel)
        let y = (load(p), load(p + rowStride), load(p + 2 &* rowStride))
        store6(gradientTransform(y), scratch + column &* 16, 48)
      }
      for row in 0..<6 {
        let p = scratch + row &* 48
        let y = (load(p), load(p + 16), load(p + 32))
        store6(gradientTransform(y), result + (row &* 6 &* placeStride &+ channel), placeStride)
      }
      channel &+= 16
    }
  }
}

/// `Aᵀ m A` of one tile, finished as a product's result is, into the first `rows` × `columns` of 3×3 positions.
/// `gate` belongs to the tile's first position and has `gateRowStride`; without it the bias and activation hold.
public func winogradOutput(
  _ m: UnsafePointer<Float>, placeStride: Int, channels: Int, rows: Int, columns: Int,
  map: UnsafeMutablePointer<Float>, rowStride: Int, bias: UnsafePointer<Float>?, slope: Float,
  gate: UnsafePointer<Float>?, gateRowStride: Int
) {
  withScratch(18) { scratch in
    var channel = 0
    while channel < channels {
      for column in 0..<6 {
        let y = outputTransform(load6(m + (column &* placeStride &+ channel), 6 &* placeStride))
        store(y.0, scratch + column &* 16)
        store(y.1, scratch + (96 &+ column &* 16))
        store(y.2, scratch + (192 &+ column &* 16))
      }
      var row = 0
      while row < rows {
        let y = outputTransform(load6(scratch + row &* 96, 16))
        let target = row &* rowStride &+ channel, gateOffset = row &* gateRowStride &+ channel
        finish(y.0, map, target, bias, channel, slope, gate, gateOffset)
        if columns > 1 { finish(y.1, map, target &+ channels, bias, channel, slope, gate, gateOffset &+ channels) }
        if columns > 2 {
          finish(y.2, map, target &+ 2 &* channels, bias, channel, slope, gate, gateOffset &+ 2 &* channels)
        }
        row &+= 1
      }
      channel &+= 16
    }
  }
}

@inline(__always)
private func finish(
  _ sum: Vector, _ map: UnsafeMutablePointer<Float>, _ target: Int, _ bias: UnsafePointer<Float>?, _ channel: Int,
  _ slope: Float, _ gate: UnsafePointer<Float>?, _ gateOffset: Int
) {
  let value = finished(
    sum, bias: bias.map { $0 + channel }, slope: slope, gate: gate.map { $0 + gateOffset })
  store(value, map + target)
}

/// `G g Gᵀ` of sixteen output channels and one input channel: 16 taps `tapStride` apart into 36 places.
public func winogradWeights(
  _ weights: UnsafePointer<Float>, tapStride: Int, result: UnsafeMutablePointer<Float>, placeStride: Int
) {
  withScratch(24) { scratch in
    for column in 0..<4 {
      let p = weights + column &* tapStride
      let g = (load(p), load(p + 4 &* tapStride), load(p + 8 &* tapStride), load(p + 12 &* tapStride))
      store6(weightTransform(g), scratch + column &* 16, 64)
    }
    for row in 0..<6 {
      let p = scratch + row &* 64
      let g = (load(p), load(p + 16), load(p + 32), load(p + 48))
      store6(weightTransform(g), result + row &* 6 &* placeStride, placeStride)
    }
  }
}

/// `Gᵀ u G`, summed over `groups` sets of 36 places `groupStride` apart, into 16 taps `tapStride` apart.
public func winogradWeightGradient(
  _ u: UnsafePointer<Float>, placeStride: Int, groups: Int, groupStride: Int, result: UnsafeMutablePointer<Float>,
  tapStride: Int
) {
  withScratch(60) { scratch in
    let sums = scratch + 24 * 16
    for place in 0..<36 {
      var sum = load(u + place &* placeStride)
      var group = 1
      while group < groups {
        sum += load(u + (place &* placeStride &+ group &* groupStride))
        group &+= 1
      }
      store(sum, sums + place &* 16)
    }
    for column in 0..<6 {
      let g = weightGradientTransform(load6(sums + column &* 16, 96))
      store(g.0, scratch + column &* 16)
      store(g.1, scratch + (96 &+ column &* 16))
      store(g.2, scratch + (192 &+ column &* 16))
      store(g.3, scratch + (288 &+ column &* 16))
    }
    for row in 0..<4 {
      let g = weightGradientTransform(load6(scratch + row &* 96, 16))
      let target = result + row &* 4 &* tapStride
      store(g.0, target)
      store(g.1, target + tapStride)
      store(g.2, target + 2 &* tapStride)
      store(g.3, target + 3 &* tapStride)
    }
  }
}

import CProcessor
import KernelInterface

// Winograd's filtering of maps: a tile of points × points inputs gives outputs × outputs outputs,
//
//     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A          d inputs, g weights, Y outputs
//     ∂g = Gᵀ [ (A ∂Y Aᵀ) ⊙ (Bᵀ d B) ] G        the same algorithm, transposed
//
// with the matrices of MinimalFiltering.swift and ForwardFiltering.swift. Each of the points × points places of a tile
// is a matrix product over the channels, done by `multiply`; the functions here go to and fro, sixteen channels at a
// time: first down the columns into scratch memory (`transformScratch` floats, the caller's), then along the rows.

/// Applies a transform to both sides of a tile.
@inline(__always)
private func transform<T: LineTransform>(
  _: T.Type, _ source: UnsafePointer<Float>, down: Int, across: Int, _ target: UnsafeMutablePointer<Float>,
  down targetDown: Int, across targetAcross: Int, scratch: UnsafeMutablePointer<Float>
) {
  for column in 0..<T.from {
    // Each cache line is read once: the next channels, or the next position's, are wanted soon.
    for row in 0..<T.from { processor_prefetch(source + (column &* across &+ row &* down &+ 16)) }
    T.apply(Line(source + column &* across, down), MutableLine(scratch + column &* 16, T.from &* 16))
  }
  for row in 0..<T.to {
    T.apply(Line(scratch + row &* T.from &* 16, 16), MutableLine(target + row &* targetDown, targetAcross))
  }
}

/// A tile of a map into the places, `placeStride` apart; `channels` (whole panels) at each position.
@inline(__always)
private func intoPlaces<T: LineTransform>(
  _: T.Type, _ map: UnsafePointer<Float>, down: Int, across: Int, channels: Int,
  result: UnsafeMutablePointer<Float>, placeStride: Int, scratch: UnsafeMutablePointer<Float>
) {
  var channel = 0
  while channel < channels {
    transform(
      T.self, map + channel, down: down, across: across, result + channel, down: T.to &* placeStride,
      across: placeStride, scratch: scratch)
    channel &+= 16
  }
}

/// `Bᵀ d B` of one tile of a map.
public func winogradInput(
  _ filtering: Filtering, _ map: UnsafePointer<Float>, rowStride: Int, columnStride: Int, channels: Int,
  result: UnsafeMutablePointer<Float>, placeStride: Int, scratch: UnsafeMutablePointer<Float>
) {
  @inline(__always) func run<F: ForwardFiltering>(_: F.Type) {
    intoPlaces(
      F.Input.self, map, down: rowStride, across: columnStride, channels: channels, result: result,
      placeStride: placeStride, scratch: scratch)
  }
  switch filtering {
  case .f42: run(F42.self)
  case .f44: run(F44.self)
  case .f54: run(F54.self)
  case .f72: run(F72.self)
  case .f74: run(F74.self)
  }
}

/// `A ∂Y Aᵀ` of one tile of a map.
public func winogradGradient(
  _ filtering: Filtering, _ map: UnsafePointer<Float>, rowStride: Int, columnStride: Int, channels: Int,
  result: UnsafeMutablePointer<Float>, placeStride: Int, scratch: UnsafeMutablePointer<Float>
) {
  @inline(__always) func run<F: MinimalFiltering>(_: F.Type) {
    intoPlaces(
      F.Gradient.self, map, down: rowStride, across: columnStride, channels: channels, result: result,
      placeStride: placeStride, scratch: scratch)
  }
  switch filtering {
  case .f42: run(F42.self)
  case .f44: run(F44.self)
  case .f54: run(F54.self)
  case .f72, .f74: break  // Forward only: the plan computes this otherwise.
  }
}

/// `Aᵀ m A` of one tile, finished as a product's result is, into the part of the tile that is within the map.
public func winogradOutput(
  _ filtering: Filtering, _ m: UnsafePointer<Float>, placeStride: Int, channels: Int, target: TileTarget,
  scratch: UnsafeMutablePointer<Float>
) {
  switch filtering {
  case .f42: outOfPlaces(F42.Output.self, m, placeStride, channels, target, scratch)
  case .f44: outOfPlaces(F44.Output.self, m, placeStride, channels, target, scratch)
  case .f54: outOfPlaces(F54.Output.self, m, placeStride, channels, target, scratch)
  case .f72: outOfPlaces(F72.Output.self, m, placeStride, channels, target, scratch)
  case .f74: outOfPlaces(F74.Output.self, m, placeStride, channels, target, scratch)
  }
}

@inline(__always)
private func outOfPlaces<T: LineTransform>(
  _: T.Type, _ m: UnsafePointer<Float>, _ placeStride: Int, _ channels: Int, _ target: TileTarget,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let tile = scratch + T.from * T.to * 16
  var channel = 0
  while channel < channels {
    transform(
      T.self, m + channel, down: T.from &* placeStride, across: placeStride, tile, down: T.to * 16, across: 16,
      scratch: scratch)
    for row in 0..<target.rows {
      for column in 0..<target.columns {
        let gate = row &* target.gateRowStride &+ column &* target.gateColumnStride &+ channel
        let value = finished(
          load(tile + (row &* T.to &+ column) &* 16), bias: target.bias.map { $0 + channel }, slope: target.slope,
          gate: target.gate.map { $0 + gate })
        store(value, target.map + (row &* target.rowStride &+ column &* target.columnStride &+ channel))
      }
    }
    channel &+= 16
  }
}

/// `G g Gᵀ` of sixteen output channels and one input channel.
public func winogradWeights(
  _ filtering: Filtering, _ weights: UnsafePointer<Float>, rowStride: Int, columnStride: Int,
  result: UnsafeMutablePointer<Float>, placeStride: Int, scratch: UnsafeMutablePointer<Float>
) {
  @inline(__always) func run<F: ForwardFiltering>(_: F.Type) {
    intoPlaces(
      F.Weights.self, weights, down: rowStride, across: columnStride, channels: 16, result: result,
      placeStride: placeStride, scratch: scratch)
  }
  switch filtering {
  case .f42: run(F42.self)
  case .f44: run(F44.self)
  case .f54: run(F54.self)
  case .f72: run(F72.self)
  case .f74: run(F74.self)
  }
}

/// `Gᵀ u G` of sixteen output channels and one input channel.
public func winogradWeightGradient(
  _ filtering: Filtering, _ u: UnsafePointer<Float>, placeStride: Int, result: UnsafeMutablePointer<Float>,
  rowStride: Int, columnStride: Int, scratch: UnsafeMutablePointer<Float>
) {
  @inline(__always) func run<T: LineTransform>(_: T.Type) {
    transform(
      T.self, u, down: T.from &* placeStride, across: placeStride, result, down: rowStride, across: columnStride,
      scratch: scratch)
  }
  switch filtering {
  case .f42: run(F42.WeightGradient.self)
  case .f44: run(F44.WeightGradient.self)
  case .f54: run(F54.WeightGradient.self)
  case .f72, .f74: break  // Forward only: the plan computes this otherwise.
  }
}

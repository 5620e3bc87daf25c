import BVAEKernelInterface
import CBVAEProcessor

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

/// A tile into its places.
@inline(__always)
private func intoPlaces<T: LineTransform>(_: T.Type, _ tile: TileTransform) {
  var channel = 0
  while channel < tile.channels {
    transform(
      T.self, tile.source + channel, down: tile.rowStride, across: tile.columnStride, tile.result + channel,
      down: T.to &* tile.placeStride, across: tile.placeStride, scratch: tile.scratch)
    channel &+= 16
  }
}

@inline(__always)
private func outOfPlaces<T: LineTransform>(_: T.Type, _ places: PlaceTransform) {
  let target = places.target, scratch = places.scratch
  let tile = scratch + T.from * T.to * 16
  var channel = 0
  while channel < places.channels {
    transform(
      T.self, places.places + channel, down: T.from &* places.placeStride, across: places.placeStride, tile,
      down: T.to * 16, across: 16,
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

/// Places back to the taps of one panel.
@inline(__always)
private func backToTaps<T: LineTransform>(_: T.Type, _ places: TileTransform) {
  transform(
    T.self, places.source, down: T.from &* places.placeStride, across: places.placeStride, places.result,
    down: places.rowStride, across: places.columnStride, scratch: places.scratch)
}

extension Build {
  /// `Bᵀ d B` of one tile of a map.
  public static func winogradInput(_ tile: TileTransform) {
    switch tile.filtering {
    case .f42: intoPlaces(F42.Input.self, tile)
    case .f44: intoPlaces(F44.Input.self, tile)
    case .f54: intoPlaces(F54.Input.self, tile)
    case .f72: intoPlaces(F72.Input.self, tile)
    case .f74: intoPlaces(F74.Input.self, tile)
    }
  }

  /// `A ∂Y Aᵀ` of one tile of a map.
  public static func winogradGradient(_ tile: TileTransform) {
    switch tile.filtering {
    case .f42: intoPlaces(F42.Gradient.self, tile)
    case .f44: intoPlaces(F44.Gradient.self, tile)
    case .f54: intoPlaces(F54.Gradient.self, tile)
    case .f72, .f74: break  // Forward only: the plan computes this otherwise.
    }
  }

  /// `G g Gᵀ` of sixteen output channels and one input channel.
  public static func winogradWeights(_ taps: TileTransform) {
    switch taps.filtering {
    case .f42: intoPlaces(F42.Weights.self, taps)
    case .f44: intoPlaces(F44.Weights.self, taps)
    case .f54: intoPlaces(F54.Weights.self, taps)
    case .f72: intoPlaces(F72.Weights.self, taps)
    case .f74: intoPlaces(F74.Weights.self, taps)
    }
  }

  /// `Aᵀ m A` of one tile, finished as a product's result is, into the part of the tile that is within the map.
  public static func winogradOutput(_ places: PlaceTransform) {
    switch places.filtering {
    case .f42: outOfPlaces(F42.Output.self, places)
    case .f44: outOfPlaces(F44.Output.self, places)
    case .f54: outOfPlaces(F54.Output.self, places)
    case .f72: outOfPlaces(F72.Output.self, places)
    case .f74: outOfPlaces(F74.Output.self, places)
    }
  }

  /// `Gᵀ u G` of sixteen output channels and one input channel.
  public static func winogradWeightGradient(_ places: TileTransform) {
    switch places.filtering {
    case .f42: backToTaps(F42.WeightGradient.self, places)
    case .f44: backToTaps(F44.WeightGradient.self, places)
    case .f54: backToTaps(F54.WeightGradient.self, places)
    case .f72, .f74: break  // Forward only: the plan computes this otherwise.
    }
  }
}

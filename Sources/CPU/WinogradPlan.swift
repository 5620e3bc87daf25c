import BVAEDevice
import BVAEKernelInterface

/// A convolution by Winograd's filtering (see Winograd.swift among the kernels): a third to a fifth of the products of
/// the direct sum. A few tiles at a time go together through
///
///     input tiles → places → one matrix product a place (tiles × input channels × output channels) → output tiles
///
/// in memory that stays near a thread. The weights' gradient sums over all tiles: there the places of many images are
/// kept, and every place's product goes over all of them at once, so that its sums stay in registers.
final class WinogradPlan: Sendable {
  private let tiling: Tiling
  private let input: MapLayout, output: MapLayout, companion: MapLayout
  /// Images whose places are kept together for the weights' gradient.
  private let chunkImages: Int
  /// Input channels of all sets of inputs: the depth of the products.
  private let depth: Int
  private let transformed: FloatBuffer
  private let inputRows: Offsets, outputRows: Offsets, outputPanels: Offsets

  /// Tiles of a unit: eight register tiles, for each of which a place's weights need not be read again, or half as many
  /// (and so on) where their places would not stay near.
  private let unitTiles: Int
  /// Floats of the places of a unit, at most: 2 MB.
  private static let unitFloats = 1 << 19
  /// Tiles of a chunk, at most: one block of the product's rows.
  private static let chunkTiles = 196

  /// The plan, where the filtering is faster than the direct sum: it is where there are many channels and the tiles
  /// do not reach far beyond the map.
  init?(
    _ correlation: Correlation, input: MapLayout, output: MapLayout, companion: MapLayout, batch: Int,
    isForwardOnly: Bool
  ) {
    guard let tiling = Tiling(correlation, isForwardOnly: isForwardOnly) else { return nil }
    let direct = correlation.phases.reduce(0) { $0 + $1.positions.count * $1.taps.count * $1.taps[0].count }
    let depth = input.channels * tiling.outputs[0].inputs.count
    // A product's depth must fit into one block of the kernel.
    guard
      input.channels % panelWidth == 0, depth <= 1024, min(input.channels, output.channels) >= 32,
      5 * tiling.products <= 3 * direct
    else { return nil }
    self.tiling = tiling
    self.input = input
    self.output = output
    self.companion = companion
    self.depth = depth
    let tiles = tiling.outputs.map(\.tiles).max() ?? 1, outputs = output.channels
    chunkImages = max(1, units(batch, by: units(batch * tiles, by: Self.chunkTiles)))
    let tileFloats = tiling.filtering.places * (depth + outputs)
    unitTiles = [8, 4, 2].map { $0 * tileHeight }.first { $0 * tileFloats <= Self.unitFloats } ?? tileHeight
    let rows = max(unitTiles, chunkImages * tiles)
    transformed = FloatBuffer(count: tiling.outputs.count * tiling.filtering.places * depth * outputs)
    inputRows = Offsets((0..<rows).map { $0 * depth })
    outputRows = Offsets((0..<rows).map { $0 * outputs })
    outputPanels = Offsets((0..<outputs / panelWidth).map { $0 * panelWidth })
  }

  /// Whether the filtering has a way back, and the margin of the output's gradient room for whole tiles.
  var canComputeWeightGradient: Bool {
    let end = tiling.outputEnd
    return !tiling.filtering.isForwardOnly && companion.after >= max(end.row - output.height, end.column - output.width)
  }

  private var places: Int { tiling.filtering.places }
  private var panels: Int { output.channels / panelWidth }
  /// Floats of a place's weights.
  private var placeWeights: Int { depth * output.channels }

  /// The places of some tiles: inputs and outputs of the products. A place takes a cache line more than it needs, so
  /// that the places of a tile, which are written together, fall into different sets of the cache.
  private struct Places: @unchecked Sendable {  // Unchecked: threads use different rows, or only read.
    let inputs: UnsafeMutablePointer<Float>, outputs: UnsafeMutablePointer<Float>
    let inputStride: Int, outputStride: Int

    init(_ memory: UnsafeMutablePointer<Float>, places: Int, tiles: Int, depth: Int, outputs: Int) {
      inputStride = tiles * depth + panelWidth
      outputStride = tiles * outputs + panelWidth
      inputs = memory
      self.outputs = memory + places * inputStride
    }

    static func size(places: Int, tiles: Int, depth: Int, outputs: Int) -> Int {
      places * (tiles * (depth + outputs) + 2 * panelWidth)
    }
  }

  /// A tile: where it lies.
  private struct Tile {
    let image: Int
    /// Outputs of its set before it.
    let down: Int, across: Int

    init(_ index: Int, _ set: Tiling.OutputSet, _ outputs: Int) {
      let (image, rest) = index.quotientAndRemainder(dividingBy: set.tiles)
      let (down, across) = rest.quotientAndRemainder(dividingBy: set.tilesAcross)
      self.image = image
      self.down = outputs * down
      self.across = outputs * across
    }
  }

  /// Takes the input's tiles to their places, in rows from `firstRow` on.
  private func transformInput(
    _ compute: Compute, _ source: FloatBuffer, _ set: Tiling.OutputSet, _ tiles: Range<Int>, into places: Places,
    firstRow: Int = 0, scratch: UnsafeMutablePointer<Float>
  ) {
    let channels = input.channels, step = tiling.inputStep
    for index in tiles {
      let tile = Tile(index, set, tiling.filtering.outputs), row = firstRow + index - tiles.lowerBound
      for (part, inputs) in set.inputs.enumerated() {
        let first = input.offset(
          image: tile.image, row: inputs.row + tile.down * step, column: inputs.column + tile.across * step)
        compute.kernels.build.winogradInput(
          TileTransform(
            tiling.filtering, source.pointer + first, into: places.inputs + row * depth + part * channels,
            rowStride: input.rowStride * step, columnStride: channels * step, placeStride: places.inputStride,
            channels: channels, scratch: scratch))
      }
    }
  }

  /// As `ConvolutionPlan.apply`, whose preconditions hold, with the weights that were transformed last.
  func apply(
    _ compute: Compute, input: FloatBuffer, output: FloatBuffer, images: Int, finish: ConvolutionPlan.Finish
  ) {
    let outputs = self.output.channels, sets = tiling.outputs.count
    let size = Places.size(places: places, tiles: unitTiles, depth: depth, outputs: outputs)
    let memory = compute.scratch.blocks(of: size + transformScratch)
    // All sets have as many tiles as the first, or fewer.
    let unitsPerSet = units(images * tiling.outputs[0].tiles, by: unitTiles)
    compute.workers.run(units: unitsPerSet * sets) { unit, worker in
      let set = unit / unitsPerSet, outputSet = self.tiling.outputs[set]
      let first = unit % unitsPerSet * self.unitTiles, last = min(images * outputSet.tiles, first + self.unitTiles)
      guard first < last else { return }
      let memory = memory[worker].pointer, scratch = memory + size
      let places = Places(
        memory, places: self.places, tiles: self.unitTiles, depth: self.depth, outputs: outputs)
      self.transformInput(compute, input, outputSet, first..<last, into: places, scratch: scratch)
      self.multiply(compute, set, places, tiles: last - first)
      for index in first..<last {
        let tile = Tile(index, outputSet, self.tiling.filtering.outputs)
        compute.kernels.build.winogradOutput(
          PlaceTransform(
            self.tiling.filtering, places.outputs + (index - first) * outputs, placeStride: places.outputStride,
            channels: outputs, into: self.target(finish, output, outputSet, tile), scratch: scratch))
      }
    }
  }

  /// Multiplies the inputs at every place by its weights.
  private func multiply(_ compute: Compute, _ set: Int, _ places: Places, tiles: Int) {
    let weights = transformed.pointer + set * self.places * placeWeights
    for place in 0..<self.places {
      var product = Product(
        a: places.inputs + place * places.inputStride, aRows: inputRows.pointer, aRunStride: 0, runs: 1,
        runLength: depth, b: weights + place * placeWeights, bPanelStride: depth * panelWidth,
        c: places.outputs + place * places.outputStride, cRows: outputRows.pointer, cPanels: outputPanels.pointer)
      product.prefetch = Prefetch(product.b + placeWeights, linesPerRun: placeWeights / panelWidth)
      compute.kernels.build.multiply(product, rows: 0..<tiles, panels: 0..<panels)
    }
  }

  /// Where a tile goes.
  private func target(
    _ finish: ConvolutionPlan.Finish, _ buffer: FloatBuffer, _ set: Tiling.OutputSet, _ tile: Tile
  ) -> TileTarget {
    let step = tiling.outputStep, row = set.row + tile.down * step, column = set.column + tile.across * step
    var target = TileTarget(
      map: buffer.pointer + output.offset(image: tile.image, row: row, column: column),
      rowStride: output.rowStride * step, columnStride: output.channels * step)
    target.rows = min(tiling.filtering.outputs, set.height - tile.down)
    target.columns = min(tiling.filtering.outputs, set.width - tile.across)
    switch finish {
    case .activate(let bias, let slope):
      target.bias = UnsafePointer(bias.pointer)
      target.slope = slope
    case .gate(let gate, let slope):
      target.gate = UnsafePointer(gate.pointer) + companion.offset(image: tile.image, row: row, column: column)
      target.gateRowStride = companion.rowStride * step
      target.gateColumnStride = companion.channels * step
      target.slope = slope
    case .store: break
    }
    return target
  }

  /// Calls `body` on all threads with every panel, set of outputs, set of inputs and input channel: where its taps and
  /// its places begin.
  private func forEachWeight(
    _ compute: Compute,
    _ body: @Sendable (_ taps: Int, _ places: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    let inputs = input.channels, panels = panels, scratch = compute.scratch.blocks(of: transformScratch)
    let stored = tiling.taps * inputs
    compute.workers.run(units: tiling.outputs.count * panels) { unit, worker in
      let index = unit / panels, panel = unit % panels
      for (set, inputSet) in self.tiling.outputs[index].inputs.enumerated() {
        for channel in 0..<inputs {
          body(
            (panel * stored + inputSet.firstTap * inputs + channel) * panelWidth,
            index * self.places * self.placeWeights + (panel * self.depth + set * inputs + channel) * panelWidth,
            scratch[worker].pointer)
        }
      }
    }
  }

  /// The weights of every place, in panels: `[set of outputs][place][panel][depth][16]`.
  func transformWeights(_ compute: Compute, _ weights: FloatBuffer) {
    let tapStride = input.channels * panelWidth
    forEachWeight(compute) { taps, places, scratch in
      compute.kernels.build.winogradWeights(
        TileTransform(
          self.tiling.filtering, weights.pointer + taps, into: self.transformed.pointer + places,
          rowStride: self.tiling.tapRowStep * tapStride, columnStride: self.tiling.tapColumnStep * tapStride,
          placeStride: self.placeWeights, scratch: scratch))
    }
  }

  /// As `ConvolutionPlan.weightGradient`, whose preconditions hold.
  func weightGradient(
    _ compute: Compute, input: FloatBuffer, outputGradient: FloatBuffer, images: Int, weights: FloatBuffer
  ) {
    let outputs = output.channels, sets = tiling.outputs.count, step = tiling.outputStep
    let chunkTiles = inputRows.count
    let sumCount = sets * self.places * placeWeights
    let size = Places.size(places: self.places, tiles: chunkTiles, depth: depth, outputs: outputs)
    let memory = compute.sharedScratch.blocks(of: sumCount + size)[0]
    let places = Places(
      memory.pointer + sumCount, places: self.places, tiles: chunkTiles, depth: depth, outputs: outputs)
    let scratch = compute.scratch.blocks(of: transformScratch)
    for (index, set) in tiling.outputs.enumerated() {
      for first in stride(from: 0, to: images, by: chunkImages) {
        let count = min(chunkImages, images - first), parts = set.inputs.count, inputs = self.input.channels
        compute.workers.run(units: count) { image, worker in
          let scratch = scratch[worker].pointer
          let tiles = (first + image) * set.tiles..<(first + image + 1) * set.tiles, row = image * set.tiles
          self.transformInput(compute, input, set, tiles, into: places, firstRow: row, scratch: scratch)
          for number in tiles {
            let tile = Tile(number, set, self.tiling.filtering.outputs)
            let start = self.companion.offset(
              image: tile.image, row: set.row + tile.down * step, column: set.column + tile.across * step)
            compute.kernels.build.winogradGradient(
              TileTransform(
                self.tiling.filtering, outputGradient.pointer + start,
                into: places.outputs + (row + number - tiles.lowerBound) * outputs,
                rowStride: self.companion.rowStride * step, columnStride: outputs * step,
                placeStride: places.outputStride, channels: outputs, scratch: scratch))
          }
        }
        compute.workers.run(units: self.places * parts) { unit in
          let place = unit / parts, firstDepth = unit % parts * inputs
          var gradient = WeightGradient(
            a: places.inputs + place * places.inputStride, aRows: self.inputRows.pointer, aRunStride: 0,
            runLength: self.depth, d: places.outputs + place * places.outputStride, dRows: self.outputRows.pointer,
            dPanels: self.outputPanels.pointer, rows: count * set.tiles,
            result: memory.pointer + (index * self.places + place) * self.placeWeights + firstDepth * panelWidth,
            resultStride: self.depth * panelWidth)
          gradient.accumulates = first > 0
          compute.kernels.build.multiplyTransposed(
            gradient, run: 0, depth: firstDepth..<firstDepth + inputs, panels: 0..<self.panels)
        }
      }
    }
    let tapStride = self.input.channels * panelWidth
    forEachWeight(compute) { taps, places, scratch in
      compute.kernels.build.winogradWeightGradient(
        TileTransform(
          self.tiling.filtering, memory.pointer + places, into: weights.pointer + taps,
          rowStride: self.tiling.tapRowStep * tapStride, columnStride: self.tiling.tapColumnStep * tapStride,
          placeStride: self.placeWeights, scratch: scratch))
    }
  }
}

import KernelInterface

/// A convolution by Winograd's filtering (see Winograd.swift among the kernels): a third to a fifth of the products of
/// the direct sum. The tiles of a few images go together through
///
///     input tiles → places → one matrix product a place (tiles × input channels × output channels) → output tiles
///
/// in memory that stays near a thread.
final class WinogradPlan: Sendable {
  private let tiling: Tiling
  private let input: MapLayout, output: MapLayout, companion: MapLayout
  /// Images that go through the places together.
  private let unitImages: Int
  /// Images whose weight gradients are summed by themselves: an eighth of the batch, at least eight.
  private let groupImages: Int
  /// Input channels of all sets of inputs: the depth of the products.
  private let depth: Int
  private let transformed: FloatBuffer
  private let inputRows: Offsets, outputRows: Offsets, outputPanels: Offsets

  /// Rows of the products of a unit: few enough for the second-level cache, many enough that the weights of all places
  /// need not be brought near too often.
  private static let unitRows = 48

  /// The plan, where the filtering is faster than the direct sum: it is where there are many channels and the tiles
  /// do not reach far beyond the map.
  init?(_ correlation: Correlation, input: MapLayout, output: MapLayout, companion: MapLayout, batch: Int) {
    guard let tiling = Tiling(correlation) else { return nil }
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
    let tiles = tiling.outputs.map { $0.tilesDown * $0.tilesAcross }.max() ?? 1
    groupImages = max(8, units(batch, by: 8))
    unitImages = max(1, min(groupImages, Self.unitRows / tiles))
    let rows = unitImages * tiles, outputs = output.channels
    transformed = FloatBuffer(count: tiling.outputs.count * tiling.filtering.places * depth * outputs)
    inputRows = Offsets((0..<rows).map { $0 * depth })
    outputRows = Offsets((0..<rows).map { $0 * outputs })
    outputPanels = Offsets((0..<outputs / panelWidth).map { $0 * panelWidth })
  }

  /// Whether the margin of the output's gradient has room for whole tiles.
  var canComputeWeightGradient: Bool {
    let end = tiling.outputEnd
    return companion.after >= max(end.row - output.height, end.column - output.width)
  }

  private var places: Int { tiling.filtering.places }
  private var panels: Int { output.channels / panelWidth }

  /// Memory for the places of one unit: inputs and outputs of the products. A place takes a cache line more than it
  /// needs, so that the places of a tile, which are written together, fall into different sets of the cache.
  private struct Places {
    let inputs: UnsafeMutablePointer<Float>, outputs: UnsafeMutablePointer<Float>
    let inputStride: Int, outputStride: Int
  }

  private func memory(_ compute: Compute) -> @Sendable (_ worker: Int) -> Places {
    let inputStride = inputRows.count * depth + panelWidth
    let outputStride = outputRows.count * output.channels + panelWidth, places = places
    let blocks = compute.scratch.blocks(of: places * (inputStride + outputStride))
    return { worker in
      let start = blocks[worker].pointer
      return Places(
        inputs: start, outputs: start + places * inputStride, inputStride: inputStride, outputStride: outputStride)
    }
  }

  /// Calls `body` with each tile of some images: its row among them, and how many outputs lie before it.
  private func forEachTile(
    _ set: Tiling.OutputSet, _ images: Range<Int>,
    _ body: (_ row: Int, _ image: Int, _ down: Int, _ across: Int) -> Void
  ) {
    var row = 0
    for image in images {
      for down in 0..<set.tilesDown {
        for across in 0..<set.tilesAcross {
          body(row, image, tiling.filtering.outputs * down, tiling.filtering.outputs * across)
          row += 1
        }
      }
    }
  }

  private func transformInput(
    _ compute: Compute, _ source: FloatBuffer, _ set: Tiling.OutputSet, _ images: Range<Int>, into places: Places
  ) {
    let channels = input.channels, step = tiling.inputStep
    forEachTile(set, images) { row, image, down, across in
      for (index, inputs) in set.inputs.enumerated() {
        let first = self.input.offset(
          image: image, row: inputs.row + down * step, column: inputs.column + across * step)
        compute.kernels.winograd.input(
          self.tiling.filtering, source.pointer + first, self.input.rowStride * step, channels * step, channels,
          places.inputs + row * self.depth + index * channels, places.inputStride)
      }
    }
  }

  /// As `ConvolutionPlan.apply`, whose preconditions hold.
  func apply(
    _ compute: Compute, input: FloatBuffer, weights: FloatBuffer, output: FloatBuffer, images: Int,
    finish: ConvolutionPlan.Finish
  ) {
    transformWeights(compute, weights)
    let outputs = self.output.channels, depth = depth, panels = panels, sets = tiling.outputs.count
    let memory = memory(compute), size = depth * outputs
    compute.workers.run(units: units(images, by: unitImages) * sets) { unit, worker in
      let first = unit / sets * self.unitImages, range = first..<min(images, first + self.unitImages)
      let set = self.tiling.outputs[unit % sets], places = memory(worker)
      self.transformInput(compute, input, set, range, into: places)
      for place in 0..<self.places {
        let product = Product(
          a: places.inputs + place * places.inputStride, aRows: self.inputRows.pointer, aRunStride: 0, runs: 1,
          runLength: depth, b: self.transformed.pointer + (unit % sets * self.places + place) * size,
          bPanelStride: depth * panelWidth, c: places.outputs + place * places.outputStride,
          cRows: self.outputRows.pointer, cPanels: self.outputPanels.pointer)
        compute.kernels.multiply(product, 0, range.count * set.tilesDown * set.tilesAcross, 0, panels)
      }
      self.forEachTile(set, range) { row, image, down, across in
        compute.kernels.winograd.output(
          self.tiling.filtering, places.outputs + row * outputs, places.outputStride, outputs,
          self.target(finish, output, set, image, down, across))
      }
    }
  }

  /// Where a tile goes.
  private func target(
    _ finish: ConvolutionPlan.Finish, _ buffer: FloatBuffer, _ set: Tiling.OutputSet, _ image: Int, _ down: Int,
    _ across: Int
  ) -> TileTarget {
    let step = tiling.outputStep, row = set.row + down * step, column = set.column + across * step
    var target = TileTarget(
      map: buffer.pointer + output.offset(image: image, row: row, column: column), rowStride: output.rowStride * step,
      columnStride: output.channels * step)
    target.rows = min(tiling.filtering.outputs, set.height - down)
    target.columns = min(tiling.filtering.outputs, set.width - across)
    switch finish {
    case .activate(let bias, let slope):
      target.bias = UnsafePointer(bias.pointer)
      target.slope = slope
    case .gate(let gate, let slope):
      target.gate = UnsafePointer(gate.pointer) + companion.offset(image: image, row: row, column: column)
      target.gateRowStride = companion.rowStride * step
      target.gateColumnStride = companion.channels * step
      target.slope = slope
    case .store: break
    }
    return target
  }

  /// Calls `body` on all threads with every panel, set of outputs, set of inputs and input channel: where its taps and
  /// its places begin.
  private func forEachWeight(_ compute: Compute, _ body: @Sendable (_ taps: Int, _ places: Int) -> Void) {
    let inputs = input.channels, panels = panels, size = depth * output.channels
    let stored = Correlation.kernel * Correlation.kernel * inputs
    compute.workers.run(units: tiling.outputs.count * panels) { unit in
      let index = unit / panels, panel = unit % panels
      for (set, inputSet) in self.tiling.outputs[index].inputs.enumerated() {
        for channel in 0..<inputs {
          body(
            (panel * stored + inputSet.firstTap * inputs + channel) * panelWidth,
            index * self.places * size + (panel * self.depth + set * inputs + channel) * panelWidth)
        }
      }
    }
  }

  /// The weights of every place, in panels: `[set of outputs][place][panel][depth][16]`.
  private func transformWeights(_ compute: Compute, _ weights: FloatBuffer) {
    let rowStride = tiling.tapRowStep * input.channels * panelWidth
    let columnStride = tiling.tapColumnStep * input.channels * panelWidth, size = depth * output.channels
    forEachWeight(compute) { taps, places in
      compute.kernels.winograd.weights(
        self.tiling.filtering, weights.pointer + taps, rowStride, columnStride, self.transformed.pointer + places, size)
    }
  }

  /// As `ConvolutionPlan.weightGradient`, whose preconditions hold. Groups of images are summed each by itself and
  /// the groups' sums in their order, so that the bits do not depend on which thread took which.
  func weightGradient(
    _ compute: Compute, input: FloatBuffer, outputGradient: FloatBuffer, images: Int, weights: FloatBuffer
  ) {
    let outputs = output.channels, depth = depth, panels = panels, step = tiling.outputStep
    let size = depth * outputs, setSize = places * size, sets = tiling.outputs.count
    let groups = units(images, by: groupImages)
    let memory = memory(compute), sums = groupSums.blocks(of: groups * sets * setSize)[0]
    compute.workers.run(units: groups * sets) { unit, worker in
      let group = unit / sets, set = self.tiling.outputs[unit % sets], places = memory(worker)
      let last = min(images, (group + 1) * self.groupImages)
      for first in stride(from: group * self.groupImages, to: last, by: self.unitImages) {
        let range = first..<min(last, first + self.unitImages)
        self.transformInput(compute, input, set, range, into: places)
        self.forEachTile(set, range) { row, image, down, across in
          let start = self.companion.offset(
            image: image, row: set.row + down * step, column: set.column + across * step)
          compute.kernels.winograd.gradient(
            self.tiling.filtering, outputGradient.pointer + start, self.companion.rowStride * step, outputs * step,
            outputs, places.outputs + row * outputs, places.outputStride)
        }
        for place in 0..<self.places {
          let gradient = WeightGradient(
            a: places.inputs + place * places.inputStride, aRows: self.inputRows.pointer, aRunStride: 0,
            runLength: depth, d: places.outputs + place * places.outputStride, dRows: self.outputRows.pointer,
            dPanels: self.outputPanels.pointer)
          compute.kernels.multiplyTransposed(
            gradient, 0, 0, depth, 0, panels, range.count * set.tilesDown * set.tilesAcross,
            sums.pointer + unit * setSize + place * size, depth * panelWidth, first > group * self.groupImages)
        }
      }
    }
    let rowStride = tiling.tapRowStep * self.input.channels * panelWidth
    let columnStride = tiling.tapColumnStep * self.input.channels * panelWidth
    forEachWeight(compute) { taps, places in
      compute.kernels.winograd.weightGradient(
        self.tiling.filtering, sums.pointer + places, size, groups, sets * setSize, weights.pointer + taps, rowStride,
        columnStride)
    }
  }

  /// Every group's sums, in one block.
  private let groupSums = Scratch(workers: 1)
}

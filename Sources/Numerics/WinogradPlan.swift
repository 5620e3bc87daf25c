import KernelInterface

/// A convolution at stride 1 by Winograd's filtering: 36 products where the direct sum takes 144 (see Winograd.swift
/// among the kernels). The outputs are cut into tiles of 3×3, and the tiles of a few images go together through
///
///     input tiles → 36 places → one matrix product a place (tiles × input channels × output channels) → output tiles
///
/// in memory that stays in a thread's cache.
final class WinogradPlan: Sendable {
  private static let places = 36
  private let input: MapLayout, output: MapLayout, companion: MapLayout
  private let tilesDown: Int, tilesAcross: Int
  /// The first input of a tile is this much further than its first output.
  private let shift: Int
  /// Images that go through the places together: about a hundred tiles.
  private let unitImages: Int
  /// Images whose weight gradients are summed by themselves: an eighth of the batch, at least eight.
  private let groupImages: Int
  private let transformed: FloatBuffer
  private let inputRows: Offsets, outputRows: Offsets, outputPanels: Offsets

  /// Whether the filtering is faster than the direct sum for a shape: it is where there are many channels and the
  /// map is not much smaller than its tiles.
  static func isFaster(_ correlation: Correlation, input: MapLayout, output: MapLayout) -> Bool {
    // A product's depth must fit into one block of the kernel.
    correlation.stride == 1 && input.channels % panelWidth == 0 && input.channels <= 1024
      && min(input.channels, output.channels) >= 32
      && min(output.height, output.width) >= 5
  }

  init(_ correlation: Correlation, input: MapLayout, output: MapLayout, companion: MapLayout, batch: Int) {
    self.input = input
    self.output = output
    self.companion = companion
    tilesDown = units(output.height, by: Correlation.tile)
    tilesAcross = units(output.width, by: Correlation.tile)
    shift = correlation.phases[0].positions[0].inputRow
    let tiles = tilesDown * tilesAcross
    groupImages = max(8, units(batch, by: 8))
    unitImages = max(1, min(groupImages, 8, 100 / tiles))
    let rows = unitImages * tiles, inputs = input.channels, outputs = output.channels
    transformed = FloatBuffer(count: Self.places * inputs * outputs)
    inputRows = Offsets((0..<rows).map { $0 * inputs })
    outputRows = Offsets((0..<rows).map { $0 * outputs })
    outputPanels = Offsets((0..<outputs / panelWidth).map { $0 * panelWidth })
  }

  /// The distance between places: a cache line more than they need, so that the places of a tile, which are written
  /// together, fall into different sets of the cache.
  private static func placeStride(_ count: Int) -> Int { count + panelWidth }

  private var tiles: Int { tilesDown * tilesAcross }
  private var depth: Int { 16 * input.channels }
  private var panels: Int { output.channels / panelWidth }

  /// Calls `body` with each tile of some images: its row among them and its first output.
  private func forEachTile(_ images: Range<Int>, _ body: (_ row: Int, _ image: Int, _ y: Int, _ x: Int) -> Void) {
    var row = 0
    for image in images {
      for down in 0..<tilesDown {
        for across in 0..<tilesAcross {
          body(row, image, Correlation.tile * down, Correlation.tile * across)
          row += 1
        }
      }
    }
  }

  private func transformInput(
    _ compute: Compute, _ source: FloatBuffer, _ images: Range<Int>, into target: UnsafeMutablePointer<Float>,
    placeStride: Int
  ) {
    let channels = input.channels
    forEachTile(images) { row, image, y, x in
      compute.kernels.winograd.input(
        source.pointer + input.offset(image: image, row: y + shift, column: x + shift), input.rowStride, channels,
        target + row * channels, placeStride)
    }
  }

  /// As `ConvolutionPlan.apply`, whose preconditions hold.
  func apply(
    _ compute: Compute, input: FloatBuffer, weights: FloatBuffer, output: FloatBuffer, images: Int,
    finish: ConvolutionPlan.Finish
  ) {
    transformWeights(compute, weights)
    let inputs = self.input.channels, outputs = self.output.channels, tiles = tiles, panels = panels
    let unitRows = unitImages * tiles
    let inputPlace = Self.placeStride(unitRows * inputs), outputPlace = Self.placeStride(unitRows * outputs)
    let scratch = compute.scratch.blocks(of: Self.places * (inputPlace + outputPlace))
    let target = OutputTarget(finish, output)
    compute.workers.run(units: units(images, by: unitImages)) { unit, worker in
      let range = unit * self.unitImages..<min(images, (unit + 1) * self.unitImages)
      let places = scratch[worker].pointer, sums = places + Self.places * inputPlace
      self.transformInput(compute, input, range, into: places, placeStride: inputPlace)
      for place in 0..<Self.places {
        let product = Product(
          a: places + place * inputPlace, aRows: self.inputRows.pointer, aRunStride: 0, runs: 1, runLength: inputs,
          b: self.transformed.pointer + place * inputs * outputs, bPanelStride: inputs * panelWidth,
          c: sums + place * outputPlace, cRows: self.outputRows.pointer, cPanels: self.outputPanels.pointer)
        compute.kernels.multiply(product, 0, range.count * tiles, 0, panels)
      }
      self.forEachTile(range) { row, image, y, x in
        self.store(compute, sums + row * outputs, outputPlace, target, image, y, x)
      }
    }
  }

  /// Where finished tiles go and what finishes them.
  private struct OutputTarget: @unchecked Sendable {  // Unchecked: pointers into buffers that outlive the region.
    let map: UnsafeMutablePointer<Float>
    var bias: UnsafePointer<Float>?
    var gate: UnsafePointer<Float>?
    var slope: Float = 1

    init(_ finish: ConvolutionPlan.Finish, _ output: FloatBuffer) {
      map = output.pointer
      switch finish {
      case .activate(let buffer, let factor): (bias, slope) = (UnsafePointer(buffer.pointer), factor)
      case .gate(let buffer, let factor): (gate, slope) = (UnsafePointer(buffer.pointer), factor)
      case .store: break
      }
    }
  }

  private func store(
    _ compute: Compute, _ sums: UnsafeMutablePointer<Float>, _ placeStride: Int, _ target: OutputTarget, _ image: Int,
    _ y: Int, _ x: Int
  ) {
    compute.kernels.winograd.output(
      sums, placeStride, output.channels, min(Correlation.tile, output.height - y),
      min(Correlation.tile, output.width - x), target.map + output.offset(image: image, row: y, column: x),
      output.rowStride, target.bias, target.slope,
      target.gate.map { $0 + companion.offset(image: image, row: y, column: x) }, companion.rowStride)
  }

  /// The weights of every place, in panels: `[place][panel][input channel][16]`.
  private func transformWeights(_ compute: Compute, _ weights: FloatBuffer) {
    let inputs = input.channels, outputs = output.channels, depth = depth
    compute.workers.run(units: panels) { panel in
      for channel in 0..<inputs {
        compute.kernels.winograd.weights(
          weights.pointer + (panel * depth + channel) * panelWidth, inputs * panelWidth,
          self.transformed.pointer + (panel * inputs + channel) * panelWidth, inputs * outputs)
      }
    }
  }

  /// As `ConvolutionPlan.weightGradient`, whose preconditions hold. Groups of images are summed each by itself and
  /// the groups' sums in their order, so that the bits do not depend on which thread took which.
  func weightGradient(
    _ compute: Compute, input: FloatBuffer, outputGradient: FloatBuffer, images: Int, weights: FloatBuffer
  ) {
    let inputs = self.input.channels, outputs = output.channels, tiles = tiles, panels = panels
    let unitRows = unitImages * tiles
    let inputPlace = Self.placeStride(unitRows * inputs), outputPlace = Self.placeStride(unitRows * outputs)
    let size = inputs * outputs, groups = units(images, by: groupImages)
    let scratch = compute.scratch.blocks(of: Self.places * (inputPlace + outputPlace))
    let sums = groupSums.blocks(of: groups * Self.places * size)[0]
    compute.workers.run(units: groups) { group, worker in
      let places = scratch[worker].pointer, gradients = places + Self.places * inputPlace
      let last = min(images, (group + 1) * self.groupImages)
      for first in stride(from: group * self.groupImages, to: last, by: self.unitImages) {
        let range = first..<min(last, first + self.unitImages)
        self.transformInput(compute, input, range, into: places, placeStride: inputPlace)
        self.forEachTile(range) { row, image, y, x in
          compute.kernels.winograd.gradient(
            outputGradient.pointer + self.companion.offset(image: image, row: y, column: x), self.companion.rowStride,
            outputs, gradients + row * outputs, outputPlace)
        }
        for place in 0..<Self.places {
          let gradient = WeightGradient(
            a: places + place * inputPlace, aRows: self.inputRows.pointer, aRunStride: 0, runLength: inputs,
            d: gradients + place * outputPlace, dRows: self.outputRows.pointer, dPanels: self.outputPanels.pointer)
          compute.kernels.multiplyTransposed(
            gradient, 0, 0, inputs, 0, panels, range.count * tiles,
            sums.pointer + (group * Self.places + place) * size, inputs * panelWidth, first > group * self.groupImages)
        }
      }
    }
    let depth = depth
    compute.workers.run(units: panels) { panel in
      for channel in 0..<inputs {
        compute.kernels.winograd.weightGradient(
          sums.pointer + (panel * inputs + channel) * panelWidth, size, groups, Self.places * size,
          weights.pointer + (panel * depth + channel) * panelWidth, inputs * panelWidth)
      }
    }
  }

  /// Every group's sums, in one block.
  private let groupSums = Scratch(workers: 1)
}

import BVAEDevice
import BVAEKernelInterface

/// The way forward of a convolution with fewer output channels than a panel has, as at the end of a decoder, where a product
/// with one panel of outputs would compute zeros most of the time: a convolution of stride 1 with a large kernel, or a
/// transposed one.
///
/// Instead, each position of the input is multiplied with all taps at once, which fill whole panels,
///
///     P[i, (k, o)] = Σ over c of  in[i, c] · w[k, c, o]
///
/// and each of these goes to the output that it is a part of: out[i + padding − k, o], or of a transposed convolution
/// out[stride · i + k − padding, o]. A unit is some output rows of an image; it takes the input's rows that reach them one
/// after the other.
final class ScatteredConvolution: Sendable {
  private let correlation: Correlation
  private let input: MapLayout, output: MapLayout
  /// Channels of the output that do not only fill its panel.
  private let channels: Int
  /// From one position of the input to the next, the columns and rows of the output.
  private let step: Int
  private let weights: FloatBuffer
  private let inputRows: Offsets, productRows: Offsets, productPanels: Offsets
  /// Output rows of a unit.
  private static let unitHeight = 32

  /// Nil where the usual product is as good, or where stored models rely on the order of its additions.
  init?(_ geometry: ConvolutionGeometry, input: MapLayout, output: MapLayout) {
    guard
      geometry.output.channels <= 4, geometry.input.channels >= panelWidth, input.channels % panelWidth == 0,
      geometry.kind == .transposed || geometry.stride == 1 && geometry.kernel > 4
    else { return nil }
    correlation = Correlation(geometry)
    step = geometry.kind == .transposed ? geometry.stride : 1
    (self.input, self.output, channels) = (input, output, geometry.output.channels)
    let products = wholePanels(geometry.kernel * geometry.kernel * channels)
    weights = FloatBuffer(count: products * input.channels)
    inputRows = Offsets((0..<input.width).map { $0 * input.channels })
    productRows = Offsets((0..<input.width).map { $0 * products })
    productPanels = Offsets((0..<products / panelWidth).map { $0 * panelWidth })
  }

  private var kernel: Int { correlation.kernel }
  private var isTransposed: Bool { correlation.kind == .transposed }
  private var products: Int { productPanels.count * panelWidth }

  /// The taps side by side: those of a kernel row together, in the order of the outputs that they are parts of, which is
  /// from the last to the first unless the convolution is transposed.
  private func arrange(_ source: FloatBuffer) {
    let depth = input.channels
    for (index, tap) in correlation.taps.enumerated() {
      for channel in 0..<channels {
        let place = isTransposed ? tap.column : kernel - 1 - tap.column
        let column = (tap.row * kernel + place) * channels + channel
        let target = weights.pointer + column / panelWidth * depth * panelWidth + column % panelWidth
        for i in 0..<depth { target[i * panelWidth] = source.pointer[(index * depth + i) * panelWidth + channel] }
      }
    }
  }

  /// The rows of the input that some rows of the output depend on.
  private func inputRows(reaching rows: Range<Int>) -> Range<Int> {
    let padding = correlation.padding
    let (first, end) =
      isTransposed
      // out = step · in + tap − padding, with taps from 0 to kernel − 1.
      ? (max(0, rows.lowerBound + padding - kernel + step) / step, (rows.upperBound - 1 + padding) / step + 1)
      : (max(0, rows.lowerBound - padding), rows.upperBound - padding + kernel - 1)
    return min(first, input.height)..<max(min(first, input.height), min(input.height, end))
  }

  /// As `ConvolutionPlan.apply` with a bias and a rectifier, whose preconditions hold.
  func apply(
    _ compute: Compute, input x: FloatBuffer, weights source: FloatBuffer, bias: FloatBuffer, slope: Float,
    output y: FloatBuffer, images: Int, hasSameWeights: Bool
  ) {
    precondition(x.count >= images * input.imageStride && y.count >= images * output.imageStride)
    precondition(source.count == kernel * kernel * input.channels * panelWidth && bias.count >= channels)
    if !hasSameWeights { arrange(source) }
    let padding = correlation.padding, height = output.height, unitHeight = Self.unitHeight
    // Sums of a row have room for parts that fall outside the map.
    let sumStride = ((input.width - 1) * step + kernel) * channels, partSize = input.width * products
    let scratch = compute.scratch.blocks(of: partSize + unitHeight * sumStride)
    let unitsPerImage = units(height, by: unitHeight)
    compute.workers.run(units: images * unitsPerImage) { [self] unit, worker in
      let image = unit / unitsPerImage, first = unit % unitsPerImage * unitHeight
      let last = min(height, first + unitHeight)
      let parts = scratch[worker].pointer, sums = parts + partSize
      sums.update(repeating: 0, count: unitHeight * sumStride)
      for row in inputRows(reaching: first..<last) {
        let product = Product(
          a: x.pointer + input.offset(image: image, row: row), aRows: inputRows.pointer, aRunStride: 0, runs: 1,
          runLength: input.channels, b: weights.pointer, bPanelStride: input.channels * panelWidth, c: parts,
          cRows: productRows.pointer, cPanels: productPanels.pointer)
        for start in stride(from: 0, to: input.width, by: BVAECPU.unitRows) {
          compute.kernels.build.multiply(
            product, rows: start..<min(input.width, start + BVAECPU.unitRows), panels: 0..<productPanels.count)
        }
        let length = kernel * channels
        for tap in 0..<kernel {
          let target = isTransposed ? row * step + tap - padding : row + padding - tap
          guard target >= first, target < last else { continue }
          let sum = sums + (target - first) * sumStride
          for column in 0..<input.width {
            let part = parts + column * products + tap * length, place = sum + column * step * channels
            for i in 0..<length { place[i] += part[i] }
          }
        }
      }
      // Sums begin with the outputs that the first column's taps reach, some of which lie outside the map.
      let outside = isTransposed ? padding : kernel - 1 - padding
      for row in first..<last {
        let sum = sums + (row - first) * sumStride + outside * channels
        let target = y.pointer + output.offset(image: image, row: row)
        for column in 0..<output.width {
          for channel in 0..<channels {
            let value = sum[column * channels + channel] + bias.pointer[channel]
            target[column * output.channels + channel] = value > 0 ? value : value * slope
          }
        }
      }
    }
  }
}

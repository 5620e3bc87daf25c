import BVAEDevice
import BVAEKernelInterface

/// The way forward of a convolution of stride 1 with a large kernel and fewer output channels than a panel has, as at the
/// end of a decoder, where a product with one panel of outputs would compute zeros most of the time.
///
/// Instead, each position of the input is multiplied with all taps at once, which fill whole panels,
///
///     P[i, (k, o)] = Σ over c of  in[i, c] · w[k, c, o]
///
/// and each of these goes to the output that it is a part of: out[i + padding − k, o]. A unit is some output rows of an
/// image; it takes the input's rows that reach them one after the other.
final class ScatteredConvolution: Sendable {
  private let correlation: Correlation
  private let input: MapLayout, output: MapLayout
  /// Channels of the output that do not only fill its panel.
  private let channels: Int
  private let weights: FloatBuffer
  private let inputRows: Offsets, productRows: Offsets, productPanels: Offsets
  /// Output rows of a unit.
  private static let unitHeight = 32

  /// Nil where the usual product is as good, or where stored models rely on the order of its additions.
  init?(_ geometry: ConvolutionGeometry, input: MapLayout, output: MapLayout) {
    guard
      geometry.kind == .direct, geometry.stride == 1, geometry.kernel > 4, geometry.output.channels <= 4,
      input.channels % panelWidth == 0
    else { return nil }
    correlation = Correlation(geometry)
    (self.input, self.output, channels) = (input, output, geometry.output.channels)
    let products = wholePanels(geometry.kernel * geometry.kernel * channels)
    weights = FloatBuffer(count: products * input.channels)
    inputRows = Offsets((0..<input.width).map { $0 * input.channels })
    productRows = Offsets((0..<input.width).map { $0 * products })
    productPanels = Offsets((0..<products / panelWidth).map { $0 * panelWidth })
  }

  private var kernel: Int { correlation.kernel }
  private var products: Int { productPanels.count * panelWidth }

  /// The taps side by side: those of a kernel row together, from the last to the first, so that the outputs that they are
  /// parts of follow one another as they do.
  private func arrange(_ source: FloatBuffer) {
    let depth = input.channels
    for (index, tap) in correlation.taps.enumerated() {
      for channel in 0..<channels {
        let column = (tap.row * kernel + kernel - 1 - tap.column) * channels + channel
        let target = weights.pointer + column / panelWidth * depth * panelWidth + column % panelWidth
        for i in 0..<depth { target[i * panelWidth] = source.pointer[(index * depth + i) * panelWidth + channel] }
      }
    }
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
    let sumStride = (input.width + kernel) * channels, partSize = input.width * products
    let scratch = compute.scratch.blocks(of: partSize + unitHeight * sumStride)
    let unitsPerImage = units(height, by: unitHeight)
    compute.workers.run(units: images * unitsPerImage) { [self] unit, worker in
      let image = unit / unitsPerImage, first = unit % unitsPerImage * unitHeight
      let last = min(height, first + unitHeight)
      let parts = scratch[worker].pointer, sums = parts + partSize
      sums.update(repeating: 0, count: unitHeight * sumStride)
      for row in max(0, first - padding)..<min(input.height, last - padding + kernel - 1) {
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
          let target = row + padding - tap
          guard target >= first, target < last else { continue }
          let sum = sums + (target - first) * sumStride
          for column in 0..<input.width {
            let part = parts + column * products + tap * length, place = sum + column * channels
            for i in 0..<length { place[i] += part[i] }
          }
        }
      }
      // The sum of an output stands where its part of the input's column (x − padding + kernel − 1) begins.
      for row in first..<last {
        let sum = sums + (row - first) * sumStride + (kernel - 1 - padding) * channels
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

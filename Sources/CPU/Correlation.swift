import BVAEDevice

/// How a convolution or its adjoint, the transposed convolution, is computed (its sums are defined with
/// `ConvolutionGeometry`). The transposed one is taken apart into stride × stride phases: the output positions of one phase
/// use the same taps, so each phase is an ordinary product of rows of the input.
package struct Correlation: Sendable {
  /// Which of the two sums it is.
  package typealias Kind = ConvolutionGeometry.Kind

  /// Which of the two sums it is.
  package let kind: Kind
  /// Rows and columns of the kernel.
  package let kernel: Int
  /// Input positions from one output position to the next (direct), or the reverse (transposed).
  package let stride: Int
  /// Rows and columns of zeros before the first.
  package let padding: Int
  /// Rows and columns of the output.
  package let output: (height: Int, width: Int)

  /// A geometry; with a 4×4 kernel and a padding of 1 unless others are given.
  package init(
    _ kind: Kind, kernel: Int = 4, stride: Int, padding: Int = 1, output: (height: Int, width: Int)
  ) {
    // Every phase has a tap.
    precondition(stride >= 1 && kernel >= stride && padding >= 0)
    self.kind = kind
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.output = output
  }

  /// How a layer's geometry is computed.
  package init(_ geometry: ConvolutionGeometry) {
    self.init(
      geometry.kind, kernel: geometry.kernel, stride: geometry.stride, padding: geometry.padding,
      output: (geometry.output.height, geometry.output.width))
  }

  /// The correlation that computes the input's gradient.
  package func adjoint(of geometry: ConvolutionGeometry) -> Correlation {
    Correlation(
      kind == .direct ? .transposed : .direct, kernel: kernel, stride: stride, padding: padding,
      output: (geometry.input.height, geometry.input.width))
  }

  /// Output positions that use the same taps.
  struct Phase {
    typealias Position = (outputRow: Int, outputColumn: Int, inputRow: Int, inputColumn: Int)
    /// Kernel coordinates for each row of inputs, then each column.
    let taps: [[(row: Int, column: Int)]]
    /// Output and first input of each position.
    let positions: [Position]
  }

  /// One axis of a phase: the taps in the order of their inputs, and each output with its first input.
  private struct Axis {
    let taps: [Int]
    let positions: [(output: Int, input: Int)]
  }

  var phases: [Phase] {
    axes(output.height).flatMap { rows in
      axes(output.width).map { columns in
        Phase(
          taps: rows.taps.map { row in columns.taps.map { (row, $0) } },
          positions: rows.positions.flatMap { row in
            columns.positions.map { (row.output, $0.output, row.input, $0.input) }
          })
      }
    }
  }

  private func axes(_ extent: Int) -> [Axis] {
    switch kind {
    case .direct:
      return [Axis(taps: Array(0..<kernel), positions: (0..<extent).map { ($0, $0 * stride - padding) })]
    case .transposed:
      return (0..<stride).map { phase in
        let firstTap = (phase + padding) % stride
        let taps = Array(Swift.stride(from: firstTap, to: kernel, by: stride).reversed())
        let shift = (phase + padding - firstTap) / stride - (taps.count - 1)
        let outputs = Swift.stride(from: phase, to: extent, by: stride)
        return Axis(taps: taps, positions: outputs.map { ($0, ($0 - phase) / stride + shift) })
      }
    }
  }

  /// Kernel coordinates in the order in which the weights are kept: phase, row of inputs, column of inputs.
  package var taps: [(row: Int, column: Int)] { phases.flatMap { $0.taps.flatMap { $0 } } }

  /// The margin that an input of the given size needs: that of the sum itself and, where the correlation can be cut
  /// into tiles, that of whole tiles, with and without gradients.
  package func margin(inputHeight: Int, inputWidth: Int) -> (before: Int, after: Int) {
    var before = 0, after = 0
    for phase in phases {
      for position in phase.positions {
        before = max(before, -position.inputRow, -position.inputColumn)
        after = max(
          after, position.inputRow + phase.taps.count - inputHeight,
          position.inputColumn + phase.taps[0].count - inputWidth)
      }
    }
    for tiling in [true, false].compactMap({ Tiling(self, isForwardOnly: $0) }) {
      let end = tiling.inputEnd
      after = max(after, end.row - inputHeight, end.column - inputWidth)
    }
    return (before, after)
  }
}

import BVAEDevice
import BVAEKernelInterface

/// How Winograd's filtering cuts a correlation into tiles, so that each tile is a correlation at stride 1.
///
///     stride 1:               one set of outputs, one set of inputs, 4×4 taps
///     convolution, stride 2:  the even and the odd rows and columns of the input are four sets of inputs, each with
///                             2×2 of the taps; their products are added up before they become outputs
///     transposed, stride 2:   the even and the odd rows and columns of the output are four sets of outputs, each with
///                             2×2 of the taps
struct Tiling: Sendable {
  /// Inputs of every other row and column, or all of them.
  struct InputSet: Sendable {
    /// The first input of the first output.
    let row: Int, column: Int
    /// The first of its taps, in the order in which the weights are kept.
    let firstTap: Int
  }

  /// Outputs of every other row and column, or all of them.
  struct OutputSet: Sendable {
    /// The first output.
    let row: Int, column: Int
    /// Outputs down and across.
    let height: Int, width: Int
    /// Tiles down and across.
    let tilesDown: Int, tilesAcross: Int
    let inputs: [InputSet]

    /// Tiles of an image.
    var tiles: Int { tilesDown * tilesAcross }
  }

  let filtering: Filtering
  let outputs: [OutputSet]
  /// Taps of the whole kernel.
  let taps: Int
  /// From one output of a set to the next, from one input of a set to the next.
  let outputStep: Int, inputStep: Int
  /// From one tap of a set to the one below it and to the one on its right.
  let tapRowStep: Int, tapColumnStep: Int

  /// The tiling with the fewest products; nil where no filtering has its taps.
  /// - Parameter isForwardOnly: whether no gradients are wanted, so that it may be one that has none.
  init?(_ correlation: Correlation, isForwardOnly: Bool) {
    let stride = correlation.stride, side = correlation.kernel / stride, phases = correlation.phases
    guard phases.allSatisfy({ !$0.positions.isEmpty }) else { return nil }
    func products(_ filtering: Filtering) -> Int {
      phases.reduce(0) { sum, phase in
        let (height, width) = Self.size(phase)
        return sum + units(height, by: filtering.outputs) * units(width, by: filtering.outputs) * filtering.places
      }
    }
    let fitting = Filtering.allCases.filter {
      $0.taps == side && side * stride == correlation.kernel && (isForwardOnly || !$0.isForwardOnly)
    }
    guard let filtering = fitting.min(by: { products($0) < products($1) }) else { return nil }
    self.filtering = filtering
    taps = correlation.kernel * correlation.kernel
    let isDirect = correlation.kind == .direct
    outputStep = isDirect ? 1 : stride
    inputStep = isDirect ? stride : 1
    tapRowStep = isDirect ? correlation.kernel * stride : side
    tapColumnStep = isDirect ? stride : 1
    outputs = phases.enumerated().map { index, phase in
      let first = phase.positions[0], (height, width) = Self.size(phase)
      let sets = isDirect ? stride : 1
      return OutputSet(
        row: first.outputRow, column: first.outputColumn, height: height, width: width,
        tilesDown: units(height, by: filtering.outputs), tilesAcross: units(width, by: filtering.outputs),
        inputs: (0..<sets * sets).map { set in
          let row = set / sets, column = set % sets
          return InputSet(
            row: first.inputRow + row, column: first.inputColumn + column,
            firstTap: index * side * side + row * correlation.kernel + column)
        })
    }
  }

  private static func size(_ phase: Correlation.Phase) -> (height: Int, width: Int) {
    let width = phase.positions.count { $0.outputRow == phase.positions[0].outputRow }
    return (phase.positions.count / width, width)
  }

  /// Products for each pair of channels, with those of the parts of tiles that reach beyond the outputs.
  var products: Int {
    outputs.reduce(0) { $0 + $1.tiles * $1.inputs.count * filtering.places }
  }

  /// One more than the last row and column of the input that whole tiles read.
  var inputEnd: (row: Int, column: Int) {
    func end(_ first: Int, _ tiles: Int) -> Int {
      first + (tiles * filtering.outputs + filtering.taps - 2) * inputStep + 1
    }
    let sets = outputs.flatMap { output in output.inputs.map { (output, $0) } }
    return (
      sets.map { end($1.row, $0.tilesDown) }.max() ?? 0, sets.map { end($1.column, $0.tilesAcross) }.max() ?? 0
    )
  }

  /// One more than the last row and column of the output that whole tiles reach.
  var outputEnd: (row: Int, column: Int) {
    func end(_ first: Int, _ tiles: Int) -> Int { first + (tiles * filtering.outputs - 1) * outputStep + 1 }
    return (
      outputs.map { end($0.row, $0.tilesDown) }.max() ?? 0, outputs.map { end($0.column, $0.tilesAcross) }.max() ?? 0
    )
  }
}

extension Filtering {
  /// Places of a tile.
  var places: Int { points * points }
}

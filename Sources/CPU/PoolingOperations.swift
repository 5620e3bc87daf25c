import BVAEDevice
import BVAEKernelInterface

/// The largest value of each square of places.
final class MaxPoolOperation: PreparedOperation, Sendable {
  private let compute: Compute
  private let request: Preparation
  private let side: Int, slope: Float

  init(_ compute: Compute, _ request: Preparation, _ shape: Shape, side: Int, slope: Float) {
    self.compute = compute
    self.request = request
    self.side = side
    self.slope = slope
    checkWholePanels(request)
    let (from, to) = (request.input, request.output)
    precondition(side > 0 && to.height == from.height / side && to.width == from.width / side)
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    let (from, to) = (request.input, request.output), x = floats(input), y = floats(output), side = side
    checkSizes([(x, from), (y, to)], count)
    compute.forEachRow(of: to, images: count) { image, row in
      let squares = UnsafePointer(x.pointer) + from.offset(image: image, row: row * side)
      self.compute.kernels.build.pool(
        SquareRow(
          side: side, squares: squares, squareStride: from.rowStride, places: squares,
          result: y.pointer + to.offset(image: image, row: row), resultStride: 0, columns: to.width,
          channels: to.channels, slope: self.slope))
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let inputGradient, let result = request.inputGradient else { return }
    let (from, gradient) = (request.input, request.outputGradient), side = side
    let x = floats(input), dy = floats(outputGradient), dx = floats(inputGradient)
    checkSizes([(x, from), (dy, gradient), (dx, result)], count)
    // Rows and columns that no square reaches keep the zeros that buffers begin with.
    compute.forEachRow(of: gradient, images: count) { image, row in
      self.compute.kernels.build.poolGradient(
        SquareRow(
          side: side, squares: x.pointer + from.offset(image: image, row: row * side), squareStride: from.rowStride,
          places: dy.pointer + gradient.offset(image: image, row: row),
          result: dx.pointer + result.offset(image: image, row: row * side), resultStride: result.rowStride,
          columns: gradient.width, channels: gradient.channels, slope: self.request.gate ?? 1))
    }
  }
}

/// Each place as a square of equal ones.
final class UpsampleOperation: PreparedOperation, Sendable {
  private let compute: Compute
  private let request: Preparation
  private let factor: Int

  init(_ compute: Compute, _ request: Preparation, _ shape: Shape, factor: Int) {
    self.compute = compute
    self.request = request
    self.factor = factor
    checkWholePanels(request)
    let (from, to) = (request.input, request.output)
    precondition(factor > 0 && to.height == from.height * factor && to.width == from.width * factor)
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    let (from, to) = (request.input, request.output), x = floats(input), y = floats(output), factor = factor
    checkSizes([(x, from), (y, to)], count)
    compute.forEachRow(of: from, images: count) { image, row in
      let places = UnsafePointer(x.pointer) + from.offset(image: image, row: row)
      self.compute.kernels.build.repeatSquares(
        SquareRow(
          side: factor, squares: places, squareStride: 0, places: places,
          result: y.pointer + to.offset(image: image, row: row * factor), resultStride: to.rowStride,
          columns: from.width, channels: from.channels, slope: 1))
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let inputGradient, let result = request.inputGradient else { return }
    let (from, gradient) = (request.input, request.outputGradient), factor = factor
    let x = floats(input), dy = floats(outputGradient), dx = floats(inputGradient)
    checkSizes([(x, from), (dy, gradient), (dx, result)], count)
    compute.forEachRow(of: from, images: count) { image, row in
      self.compute.kernels.build.sumSquareGradients(
        SquareRow(
          side: factor, squares: dy.pointer + gradient.offset(image: image, row: row * factor),
          squareStride: gradient.rowStride, places: x.pointer + from.offset(image: image, row: row),
          result: dx.pointer + result.offset(image: image, row: row), resultStride: 0, columns: from.width,
          channels: from.channels, slope: self.request.gate ?? 1))
    }
  }
}

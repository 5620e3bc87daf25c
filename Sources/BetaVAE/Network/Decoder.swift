import Numerics

/// The decoder with room for one batch: codes in, images out, and the way back.
final class Decoder {
  let blueprint: Blueprint
  let batch: Int
  private let dense1: DenseLayer, dense2: DenseLayer, output: DenseLayer
  private let deconv1: ConvolutionLayer, deconv2: ConvolutionLayer, deconv3: ConvolutionLayer
  /// The codes; rows `codeStride` apart.
  let code: FloatBuffer
  let codeStride: Int
  private let row1: FloatBuffer, row2: FloatBuffer
  private let seed: FloatBuffer, map1: FloatBuffer, map2: FloatBuffer, map3: FloatBuffer
  /// The images, after the sigmoid; rows `imageStride` apart, values in the order (row, column, plane).
  let image: FloatBuffer
  let imageStride: Int
  private let seedLayout: MapLayout
  private let row2Stride: Int
  private var gradients: Gradients?

  /// The gradients of the outputs, made when a training begins.
  private struct Gradients {
    let row1: FloatBuffer, row2: FloatBuffer
    let seed: FloatBuffer, map1: FloatBuffer, map2: FloatBuffer, map3: FloatBuffer
  }

  init(_ blueprint: Blueprint, _ parameters: Parameters, batch: Int) {
    self.blueprint = blueprint
    self.batch = batch
    seedLayout = blueprint.deconv1.inputLayout
    let layout2 = blueprint.deconv2.inputLayout, layout3 = blueprint.deconv3.inputLayout
    dense1 = DenseLayer(blueprint.dense1, parameters, batch: batch)
    dense2 = DenseLayer(blueprint.dense2, parameters, batch: batch)
    deconv1 = ConvolutionLayer(
      blueprint.deconv1, parameters, input: seedLayout, output: layout2,
      outputGradient: blueprint.deconv1.outputGradientLayout, inputGradient: Self.seedGradientLayout, batch: batch)
    deconv2 = ConvolutionLayer(
      blueprint.deconv2, parameters, input: layout2, output: layout3,
      outputGradient: blueprint.deconv2.outputGradientLayout, inputGradient: blueprint.deconv1.outputGradientLayout,
      batch: batch)
    deconv3 = ConvolutionLayer(
      blueprint.deconv3, parameters, input: layout3, output: blueprint.output.input,
      outputGradient: blueprint.deconv3.outputGradientLayout, inputGradient: blueprint.deconv2.outputGradientLayout,
      batch: batch)
    output = DenseLayer(
      blueprint.output, parameters, inputGradient: blueprint.deconv3.outputGradientLayout, batch: batch)
    codeStride = blueprint.dense1.input.imageStride
    row2Stride = DensePlan.row(blueprint.dense2.storedOutputs).imageStride
    imageStride = DensePlan.row(blueprint.output.storedOutputs).imageStride
    code = FloatBuffer(count: batch * codeStride)
    row1 = FloatBuffer(count: batch * blueprint.dense2.input.imageStride)
    row2 = FloatBuffer(count: batch * row2Stride)
    seed = FloatBuffer(count: batch * seedLayout.imageStride)
    map1 = FloatBuffer(count: batch * layout2.imageStride)
    map2 = FloatBuffer(count: batch * layout3.imageStride)
    map3 = FloatBuffer(count: batch * blueprint.output.input.imageStride)
    image = FloatBuffer(count: batch * imageStride)
  }

  /// The gradient of the 7×7×1 map: one channel of interest in a whole panel.
  private static let seedGradientLayout = MapLayout(
    height: Blueprint.seedSide, width: Blueprint.seedSide, channels: wholePanels(1))

  /// From `code` to `image`.
  /// - Parameter hasSameWeights: whether the weights are those of the call before.
  func forward(_ compute: Compute, images: Int, hasSameWeights: Bool = false) {
    dense1.forward(compute, code, row1, images: images)
    dense2.forward(compute, row1, row2, images: images)
    forEachSeedValue(images) { seed.values[$1] = row2.values[$0] }
    deconv1.forward(compute, seed, map1, images: images, hasSameWeights: hasSameWeights)
    deconv2.forward(compute, map1, map2, images: images, hasSameWeights: hasSameWeights)
    deconv3.forward(compute, map2, map3, images: images, hasSameWeights: hasSameWeights)
    output.forward(compute, map3, image, images: images)
    compute.sigmoid(image, count: images * imageStride)
  }

  /// From the gradient of `image` before the sigmoid to the gradients of all parameters and of the code.
  func backward(
    _ compute: Compute, imageGradient: FloatBuffer, codeGradient: FloatBuffer, images: Int,
    into results: ParameterGradients
  ) {
    let gradients = gradients ?? makeGradients()
    output.backward(
      compute, input: map3, gate: 0, outputGradient: imageGradient, result: gradients.map3, images: images,
      gradients: results)
    deconv3.weightGradient(
      compute, input: map2, outputGradient: gradients.map3, images: images, into: results["decoder.deconv3"])
    deconv3.inputGradient(
      compute, outputGradient: gradients.map3, gate: (map2, 0), result: gradients.map2, images: images)
    deconv2.weightGradient(
      compute, input: map1, outputGradient: gradients.map2, images: images, into: results["decoder.deconv2"])
    deconv2.inputGradient(
      compute, outputGradient: gradients.map2, gate: (map1, 0), result: gradients.map1, images: images)
    deconv1.weightGradient(
      compute, input: seed, outputGradient: gradients.map1, images: images, into: results["decoder.deconv1"])
    deconv1.inputGradient(
      compute, outputGradient: gradients.map1, gate: nil, result: gradients.seed, images: images)
    gatherSeedGradient(gradients, images: images)
    dense2.backward(
      compute, input: row1, gate: Blueprint.leakySlope, outputGradient: gradients.row2, result: gradients.row1,
      images: images, gradients: results)
    dense1.backward(
      compute, input: code, gate: nil, outputGradient: gradients.row1, result: codeGradient, images: images,
      gradients: results)
  }

  /// Calls `body` with the place of each of the 49 values in `row2` and in `seed`.
  private func forEachSeedValue(_ images: Int, _ body: (_ row: Int, _ map: Int) -> Void) {
    let side = Blueprint.seedSide
    for image in 0..<images {
      for position in 0..<side * side {
        body(
          image * row2Stride + position,
          seedLayout.offset(image: image, row: position / side, column: position % side))
      }
    }
  }

  /// The gradient of `row2`: that of the 7×7 map, times the derivative of the rectifier that made its values.
  private func gatherSeedGradient(_ gradients: Gradients, images: Int) {
    let side = Blueprint.seedSide, layout = Self.seedGradientLayout
    for image in 0..<images {
      for position in 0..<side * side {
        let gradient = gradients.seed[layout.offset(image: image, row: position / side, column: position % side)]
        let place = image * row2Stride + position
        gradients.row2[place] = row2[place] > 0 ? gradient : gradient * Blueprint.leakySlope
      }
    }
  }

  private func makeGradients() -> Gradients {
    func map(_ shape: Blueprint.Convolution) -> FloatBuffer {
      FloatBuffer(count: batch * shape.outputGradientLayout.imageStride)
    }
    let made = Gradients(
      row1: FloatBuffer(count: row1.count), row2: FloatBuffer(count: row2.count),
      seed: FloatBuffer(count: batch * Self.seedGradientLayout.imageStride), map1: map(blueprint.deconv1),
      map2: map(blueprint.deconv2), map3: map(blueprint.deconv3))
    gradients = made
    return made
  }
}

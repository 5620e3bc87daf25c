import Numerics

/// The encoder with room for one batch: images in, means and log variances out, and the way back.
final class Encoder {
  let blueprint: Blueprint
  let batch: Int
  private let conv1: ConvolutionLayer, conv2: ConvolutionLayer, conv3: ConvolutionLayer, heads: DenseLayer
  /// The images, then each layer's output.
  let image: FloatBuffer
  private let map1: FloatBuffer, map2: FloatBuffer, map3: FloatBuffer
  /// Means from column 0, log variances from `blueprint.logVarianceColumn` on; rows `statisticsStride` apart.
  let statistics: FloatBuffer
  let imageLayout: MapLayout
  let statisticsStride: Int
  private var gradients: Gradients?

  /// The gradients of the outputs, made when a training begins.
  private struct Gradients {
    let map1: FloatBuffer, map2: FloatBuffer, map3: FloatBuffer
  }

  /// - Parameter isForwardOnly: whether `backward` will not be called: `forward` is then faster and rounds otherwise.
  init(_ blueprint: Blueprint, _ parameters: Parameters, batch: Int, isForwardOnly: Bool = false) {
    self.blueprint = blueprint
    self.batch = batch
    let layout2 = blueprint.conv2.inputLayout, layout3 = blueprint.conv3.inputLayout
    func layer(
      _ shape: Blueprint.Convolution, output: MapLayout, previous: Blueprint.Convolution? = nil
    ) -> ConvolutionLayer {
      ConvolutionLayer(
        shape, parameters, input: shape.inputLayout, output: output, outputGradient: shape.outputGradientLayout,
        inputGradient: previous?.outputGradientLayout, batch: batch, isForwardOnly: isForwardOnly)
    }
    conv1 = layer(blueprint.conv1, output: layout2)
    conv2 = layer(blueprint.conv2, output: layout3, previous: blueprint.conv1)
    conv3 = layer(blueprint.conv3, output: blueprint.heads.input, previous: blueprint.conv2)
    heads = DenseLayer(
      blueprint.heads, parameters, inputGradient: blueprint.conv3.outputGradientLayout, batch: batch)
    imageLayout = blueprint.conv1.inputLayout
    image = FloatBuffer(count: batch * imageLayout.imageStride)
    map1 = FloatBuffer(count: batch * layout2.imageStride)
    map2 = FloatBuffer(count: batch * layout3.imageStride)
    map3 = FloatBuffer(count: batch * blueprint.heads.input.imageStride)
    statisticsStride = DensePlan.row(blueprint.heads.storedOutputs).imageStride
    statistics = FloatBuffer(count: batch * statisticsStride)
  }

  /// From `image` to `statistics`.
  /// - Parameter hasSameWeights: whether the weights are those of the call before.
  func forward(_ compute: Compute, images: Int, hasSameWeights: Bool = false) {
    conv1.forward(compute, image, map1, images: images, hasSameWeights: hasSameWeights)
    conv2.forward(compute, map1, map2, images: images, hasSameWeights: hasSameWeights)
    conv3.forward(compute, map2, map3, images: images, hasSameWeights: hasSameWeights)
    heads.forward(compute, map3, statistics, images: images)
  }

  /// From the gradient of `statistics` to the gradients of all parameters.
  func backward(_ compute: Compute, statisticsGradient: FloatBuffer, images: Int, into results: ParameterGradients) {
    let gradients = gradients ?? makeGradients()
    let slope = Blueprint.leakySlope
    heads.backward(
      compute, input: map3, gate: slope, outputGradient: statisticsGradient, result: gradients.map3, images: images,
      gradients: results)
    conv3.weightGradient(
      compute, input: map2, outputGradient: gradients.map3, images: images, into: results["encoder.conv3"])
    conv3.inputGradient(
      compute, outputGradient: gradients.map3, gate: (map2, slope), result: gradients.map2, images: images)
    conv2.weightGradient(
      compute, input: map1, outputGradient: gradients.map2, images: images, into: results["encoder.conv2"])
    conv2.inputGradient(
      compute, outputGradient: gradients.map2, gate: (map1, slope), result: gradients.map1, images: images)
    conv1.weightGradient(
      compute, input: image, outputGradient: gradients.map1, images: images, into: results["encoder.conv1"])
  }

  private func makeGradients() -> Gradients {
    func map(_ shape: Blueprint.Convolution) -> FloatBuffer {
      FloatBuffer(count: batch * shape.outputGradientLayout.imageStride)
    }
    let made = Gradients(map1: map(blueprint.conv1), map2: map(blueprint.conv2), map3: map(blueprint.conv3))
    gradients = made
    return made
  }
}

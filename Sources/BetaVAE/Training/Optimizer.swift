import Numerics

/// Adam over all parameters of a network. The output layer's weights are updated on the way back, while
/// their gradient is in the cache; everything else after it.
final class Optimizer {
  private let parameters: Parameters
  private let adam: Adam
  let moments: [String: (weights: AdamMoments, bias: AdamMoments)]
  /// Steps begun.
  var steps = 0

  init(_ parameters: Parameters, _ adam: Adam) {
    self.parameters = parameters
    self.adam = adam
    moments = parameters.layers.mapValues {
      (AdamMoments(count: $0.weights.count), AdamMoments(count: $0.bias.count))
    }
  }

  /// Before the way back: says what becomes of the output layer's gradient.
  func begin(_ gradients: ParameterGradients) {
    steps += 1
    gradients.outputUse = adam.step(steps, moments[ParameterGradients.usedAtOnce]!.weights)
  }

  /// After the way back: updates everything else.
  func finish(_ compute: Compute, _ gradients: ParameterGradients) {
    for (name, layer) in parameters.layers {
      let gradient = gradients[name], moments = moments[name]!
      if name != ParameterGradients.usedAtOnce {
        adam.update(
          compute, step: steps, values: layer.weights, gradient: gradient.weights, moments: moments.weights)
      }
      adam.update(compute, step: steps, values: layer.bias, gradient: gradient.bias, moments: moments.bias)
    }
  }
}

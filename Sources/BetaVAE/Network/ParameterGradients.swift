import Numerics

/// Where the gradients of a step go: kept for every layer but one; the output layer's, four fifths and more of all
/// parameters, is used as it is computed and, in a training, stored nowhere.
final class ParameterGradients {
  static let usedAtOnce = "decoder.output"

  private let layers: [String: Parameters.Layer]
  /// What becomes of that layer's; set before each way back.
  var outputUse = WeightGradientUse.keep(FloatBuffer(count: 0))

  init(_ parameters: Parameters) {
    layers = Dictionary(
      uniqueKeysWithValues: parameters.layers.map { name, layer in
        let weights = FloatBuffer(count: name == Self.usedAtOnce ? 0 : layer.weights.count)
        return (name, Parameters.Layer(weights: weights, bias: FloatBuffer(count: layer.bias.count)))
      })
  }

  subscript(_ name: String) -> Parameters.Layer { layers[name]! }

  /// What becomes of the gradient of a dense layer's weights.
  func use(_ name: String) -> WeightGradientUse {
    name == Self.usedAtOnce ? outputUse : .keep(self[name].weights)
  }
}

import Numerics

/// Where the gradients of a step go: kept for every layer but one; the output layer's, four fifths and more of all
/// parameters, is handed on in parts as it is computed and never stored whole.
final class ParameterGradients {
  static let usedInParts = "decoder.output"

  private let layers: [String: Parameters.Layer]
  /// What is done with the parts; set before each way back.
  var useOutputPart: DensePlan.PartUse = { _, _, _ in }
  /// What that wants beside the weights, if anything.
  var outputMoments: AdamMoments?

  init(_ parameters: Parameters) {
    layers = Dictionary(
      uniqueKeysWithValues: parameters.layers.map { name, layer in
        let weights = FloatBuffer(count: name == Self.usedInParts ? 0 : layer.weights.count)
        return (name, Parameters.Layer(weights: weights, bias: FloatBuffer(count: layer.bias.count)))
      })
  }

  subscript(_ name: String) -> Parameters.Layer { layers[name]! }

  /// What is done with the parts of a dense layer's weight gradient as they are computed.
  func use(_ name: String) -> DensePlan.PartUse {
    if name == Self.usedInParts { return useOutputPart }
    let weights = self[name].weights
    return { part, start, count in
      weights.values.baseAddress.unsafelyUnwrapped.advanced(by: start).update(from: part, count: count)
    }
  }
}

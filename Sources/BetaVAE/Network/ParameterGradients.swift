import Numerics

/// Where the gradients of a step go: kept for every layer but one; the output layer's, four fifths and more of all
/// parameters, is handed on in parts as it is computed and never stored whole.
final class ParameterGradients {
  /// Takes a part of the output layer's weight gradient: values from `start` on; called on any thread.
  typealias PartUse = @Sendable (_ part: UnsafePointer<Float>, _ start: Int, _ count: Int) -> Void

  static let usedInParts = "decoder.output"

  private let layers: [String: Parameters.Layer]
  /// What is done with the parts; set before each way back.
  var useOutputPart: PartUse = { _, _, _ in }

  init(_ parameters: Parameters) {
    layers = Dictionary(
      uniqueKeysWithValues: parameters.layers.map { name, layer in
        let weights = FloatBuffer(count: name == Self.usedInParts ? 0 : layer.weights.count)
        return (name, Parameters.Layer(weights: weights, bias: FloatBuffer(count: layer.bias.count)))
      })
  }

  subscript(_ name: String) -> Parameters.Layer { layers[name]! }

  /// Computes the gradients of a dense layer.
  func dense(
    _ name: String, _ layer: DenseLayer, _ compute: Compute, input: FloatBuffer, outputGradient: FloatBuffer,
    images: Int
  ) {
    let target = self[name]
    let keep: PartUse = { part, start, count in
      target.weights.values.baseAddress.unsafelyUnwrapped.advanced(by: start).update(from: part, count: count)
    }
    layer.plan.weightGradient(
      compute, input: input, outputGradient: outputGradient, images: images, bias: target.bias,
      use: name == Self.usedInParts ? useOutputPart : keep)
  }
}

import Platform

/// A layer of a network in words and sizes, for diagrams and summaries.
public struct LayerDescription: Sendable, Equatable {
  /// What comes out of a layer.
  public enum Output: Sendable, Equatable {
    /// Feature maps or an image.
    case map(height: Int, width: Int, channels: Int)
    /// Numbers side by side.
    case row(Int)
  }

  /// What it does: `conv 4×4, stride 2`.
  public let operation: String
  /// Its activation, or the empty text.
  public let activation: String
  /// What comes out.
  public let output: Output
}

extension VariationalAutoencoder {
  /// The encoder's layers up to the heads, each of which gives one number a latent.
  public var encoderLayers: [LayerDescription] { [blueprint.conv1, blueprint.conv2, blueprint.conv3].map(describe) }

  /// The decoder's layers, from the code to the image.
  public var decoderLayers: [LayerDescription] {
    let image = architecture.image, side = Blueprint.seedSide
    return [
      LayerDescription(
        operation: "dense", activation: Self.activation(blueprint.dense1.slope),
        output: .row(blueprint.dense1.outputs)),
      LayerDescription(
        operation: "dense, reshaped", activation: Self.activation(blueprint.dense2.slope),
        output: .map(height: side, width: side, channels: 1)),
      describe(blueprint.deconv1), describe(blueprint.deconv2), describe(blueprint.deconv3),
      LayerDescription(
        operation: "flatten, dense", activation: "sigmoid",
        output: .map(height: image.height, width: image.width, channels: image.planes)),
    ]
  }

  private func describe(_ layer: Blueprint.Convolution) -> LayerDescription {
    let kind = layer.correlation.kind == .direct ? "conv" : "transposed conv"
    return LayerDescription(
      operation: "\(kind) 4×4, stride \(layer.correlation.stride)", activation: Self.activation(layer.slope),
      output: .map(
        height: layer.correlation.output.height, width: layer.correlation.output.width,
        channels: layer.outputChannels))
  }

  private static func activation(_ slope: Float) -> String {
    switch slope {
    case 0: "ReLU"
    case 1: ""
    default: "leaky ReLU, \(Double(slope).formatted(digits: 3))"
    }
  }
}

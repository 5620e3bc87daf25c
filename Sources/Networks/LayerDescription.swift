import BVAEDevice

/// A layer of a network in words and sizes, for diagrams and summaries; what is done on its way, such as a rectifier, is
/// told with it, and an up-sampling with the layer that it is done for.
public struct LayerDescription: Sendable, Equatable {
  /// What it does: `conv 4×4, stride 2`.
  public let operation: String
  /// What is done with the numbers afterwards, its activation above all, or the empty text.
  public let activation: String
  /// What comes out.
  public let output: Shape
}

extension Net {
  /// The linear layers, each with what is done on its way. That the last numbers are an image goes without
  /// saying.
  public var descriptions: [LayerDescription] {
    var descriptions: [LayerDescription] = [], before: [String] = []
    for (index, (layer, shape)) in zip(layers, shapes).enumerated() {
      if !layer.names.isEmpty, !(layer is BatchNorm) {
        let words = (before + [layer.words]).joined(separator: ", ")
        descriptions.append(LayerDescription(operation: words, activation: "", output: shape))
        before = []
      } else if !(layer is Flatten), !(layer is Upsample), let last = descriptions.popLast() {
        let isReshape = layer is Reshape, isLast = layers[index...].allSatisfy(\.names.isEmpty)
        descriptions.append(
          LayerDescription(
            operation: isReshape && !isLast ? "\(last.operation), \(layer.words)" : last.operation,
            activation: isReshape
              ? last.activation : [last.activation, layer.words].filter { !$0.isEmpty }.joined(separator: ", "),
            output: shape))
      } else {
        before.append(layer.words)
      }
    }
    return descriptions
  }
}

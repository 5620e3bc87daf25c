import BVAEArrays
import BVAEDevice
import Glibc

/// The weights of a network on a device, and its batch norms' running statistics. They belong to the network: any number of
/// passes may use them.
package final class NetWeights {
  package let net: Net
  package let device: any Device
  package let operations: [NamedOperation]
  /// For each operation; nil for those without.
  package let layers: [LayerWeights?]
  /// All arrays under PyTorch's names, layer by layer.
  package let parameters: [Parameter]

  /// Zeros.
  package init(_ net: Net, on device: any Device) {
    self.net = net
    self.device = device
    operations = net.lowered
    let operations = operations
    layers = operations.indices.map { i in
      let step = operations[i]
      guard step.operation.hasWeights else { return nil }
      let input = device.layout(
        of: step.operation.input, from: i > 0 ? operations[i - 1].operation : nil, to: step.operation)
      return device.makeWeights(
        for: step.operation, names: step.names, hasBias: step.hasBias, input: input)
    }
    parameters = layers.flatMap { $0?.parameters ?? [] }
  }

  /// Whether all values are finite numbers.
  package var areFinite: Bool {
    layers.allSatisfy { layer in
      guard let layer else { return true }
      return layer.buffers.allSatisfy { $0.withValues(0..<$0.count, .read) { $0.allSatisfy(\.isFinite) } }
    }
  }

  /// Glorot-uniform weights and zero biases (Glorot and Bengio 2010, equation 16; paper, "Network", chosen): uniform
  /// in ±√(6 / (inputs + outputs)), for a convolution times the kernel's positions. A batch norm begins with scale 1, shift 0
  /// and the running statistics of normal numbers.
  /// - Parameter first: the number of the first array among all of a model.
  package func initialize(seed: UInt64, first: Int = 0) {
    for (index, parameter) in parameters.enumerated() {
      if let beginning = parameter.kind.beginning {
        parameter.set { beginning }
        continue
      }
      let field = parameter.shape.dropFirst(2).reduce(1, *)
      let limit = (6 / Double((parameter.shape[0] + parameter.shape[1]) * field)).squareRoot()
      var generator = RandomGenerator(seed: seed, stream: .weights, index: first + index)
      parameter.set { Float((2 * generator.uniform() - 1) * limit) }
    }
  }

  /// Normal weights of mean 0, scales of a batch norm of mean 1, both with the same deviation, and zero biases, as GANs begin
  /// (Radford, Metz and Chintala 2016, section 3).
  /// - Parameters:
  ///   - deviation: of both.
  ///   - first: the number of the first array among all of a model.
  package func initializeNormal(deviation: Double = 0.02, seed: UInt64, first: Int = 0) {
    for (index, parameter) in parameters.enumerated() {
      let mean: Double
      switch parameter.kind {
      case .weight: mean = 0
      case .scale: mean = 1
      case .bias, .runningMean, .runningVariance:
        let beginning = parameter.kind.beginning ?? 0
        parameter.set { beginning }
        continue
      }
      let generator = RandomGenerator(seed: seed, stream: .weights, index: first + index)
      var position: UInt64 = 0, second: Double?
      parameter.set {
        if let number = second {
          second = nil
          return Float(mean + deviation * number)
        }
        let pair = generator.normalPair(at: position)
        position += 1
        second = pair.1
        return Float(mean + deviation * pair.0)
      }
    }
  }

  /// Takes over the values of the same network's weights.
  package func copy(from other: NetWeights) {
    for case (let layer?, let source?) in zip(layers, other.layers) {
      for (target, source) in zip(layer.buffers, source.buffers) { device.copy(source, to: target) }
    }
  }
}

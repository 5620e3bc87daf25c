import BVAEDevice

/// What becomes of the gradients of a network's weights in a step: for each operation, nothing, a buffer, or a step at
/// once.
package final class NetGradients {
  /// For each operation; nil for those without weights.
  package private(set) var layers: [LayerGradientUse?]
  /// The same for a further pass of the same step, whose gradients are added to those of the passes before, in the order of
  /// the calls. For gradients that are all stored: a step that was taken at once cannot be added to.
  package let further: [LayerGradientUse?]
  private let weights: NetWeights
  /// The buffers of stored gradients; nil where the weights take their step at once, and where there is no bias.
  private let stored: [(weights: (any Buffer)?, bias: (any Buffer)?)?]
  /// Whether biases take their step at once too.
  private let stepsBiases: Bool
  /// What the optimiser remembers.
  package let moments: [(weights: Moments, bias: Moments)?]

  /// A dense operation with so many weights takes its steps as its gradient is computed, which then goes through no
  /// memory at all; on the processor smaller ones gain nothing from it.
  private static let fusedCount = 1 << 16

  /// Gradients that an optimiser uses.
  /// - Parameter storesAll: whether all gradients are wanted in memory, as for clipping them or for looking at them.
  package init(_ weights: NetWeights, storesAll: Bool = false, hasMoments: Bool = true) {
    self.weights = weights
    let device = weights.device
    func moments(_ buffer: any Buffer) -> Moments {
      Moments(
        first: device.makeBuffer(count: buffer.count), second: device.makeBuffer(count: buffer.count))
    }
    let areFused = !storesAll && device.takesStepsAtOnce
    stored = zip(weights.operations, weights.layers).map { step, layer in
      guard let layer else { return nil }
      let isLarge = Self.canFuse(step.operation) && layer.weights.count >= Self.fusedCount
      return (
        areFused || isLarge && !storesAll ? nil : device.makeBuffer(count: layer.weights.count),
        areFused || !layer.hasBias ? nil : device.makeBuffer(count: layer.bias.count)
      )
    }
    stepsBiases = areFused
    self.moments = weights.layers.map { layer in
      guard let layer, hasMoments else { return nil }
      return (moments(layer.weights), moments(layer.bias))
    }
    layers = stored.map { stored in
      stored.map { LayerGradientUse(weights: Self.store($0.weights), bias: Self.store($0.bias)) }
    }
    further = stored.map { stored in
      stored.map { LayerGradientUse(weights: Self.add($0.weights), bias: Self.add($0.bias)) }
    }
  }

  private static func store(_ buffer: (any Buffer)?) -> GradientUse { buffer.map { .store($0) } ?? .none }

  private static func add(_ buffer: (any Buffer)?) -> GradientUse { buffer.map { .add($0) } ?? .none }

  private static func canFuse(_ operation: Operation) -> Bool {
    if case .dense = operation { true } else { false }
  }

  /// Whether every gradient is stored, so that those of further passes can be added to it.
  package var storesAll: Bool { stored.allSatisfy { $0 == nil || $0?.weights != nil } }

  /// Before the way back: those that take their step at once are told which.
  package func begin(_ step: AdamUpdate) {
    for (i, stored) in stored.enumerated() {
      guard let stored, stored.weights == nil, let moments = moments[i], let layer = weights.layers[i] else { continue }
      let steps = stepsBiases && layer.hasBias
      layers[i] = LayerGradientUse(
        weights: .step(step, moments.weights), bias: steps ? .step(step, moments.bias) : Self.store(stored.bias))
    }
  }

  /// After the way back: the step of all others.
  package func finish(_ step: AdamUpdate) {
    let device = weights.device
    for case (let i, let layer?) in weights.layers.enumerated() {
      guard let stored = stored[i], let moments = moments[i] else { continue }
      if let gradient = stored.weights {
        device.update(step, values: layer.weights, gradient: gradient, moments: moments.weights)
      }
      if let gradient = stored.bias {
        device.update(step, values: layer.bias, gradient: gradient, moments: moments.bias)
      }
    }
  }

  /// The sum of the squares of all stored gradients, always in the same order.
  package var squaredNorm: Double {
    weights.device.squaredNorm(
      weights.parameters.compactMap { parameter in buffer(for: parameter).map { (parameter, $0) } })
  }

  /// Multiplies all stored gradients.
  package func scale(by factor: Float) {
    for case let stored? in stored {
      for buffer in [stored.weights, stored.bias].compactMap({ $0 }) { weights.device.scale(buffer, by: factor) }
    }
  }

  /// The stored gradient that belongs to an array; nil where it is not stored or there is none.
  package func buffer(for parameter: Parameter) -> (any Buffer)? {
    for case (let layer?, let stored?) in zip(weights.layers, stored) {
      if layer.bias === parameter.buffer { return stored.bias }
      if layer.weights === parameter.buffer { return stored.weights }
    }
    return nil
  }
}

/// Batch normalisation in plain loops. With n values of a channel, dy the gradient of the output and sums over all n,
///
///     ∂β = Σ dy,   ∂γ = Σ dy x̂,   ∂x = γ / √(variance + ε) · (dy − ∂β / n − x̂ ∂γ / n)
final class ReferenceBatchNorm: PreparedOperation {
  private let request: Preparation
  private let channels: Int, slope: Float
  private let inputPlaces: [Int], outputPlaces: [Int], outputGradientPlaces: [Int], inputGradientPlaces: [Int]
  /// What the last pass forward took, for each channel.
  private var means: [Double] = [], scales: [Double] = []

  init(_ request: Preparation, _ shape: Shape, slope: Float) {
    self.request = request
    self.slope = slope
    channels = shape.extents.channels
    inputPlaces = request.input.places(of: shape)
    outputPlaces = request.output.places(of: shape)
    outputGradientPlaces = request.outputGradient.places(of: shape)
    inputGradientPlaces = request.inputGradient?.places(of: shape) ?? []
  }

  /// Calls `body` with each value of a channel: its image, and its number in an image.
  private func forEachValue(_ channel: Int, _ count: Int, _ body: (_ image: Int, _ number: Int) -> Void) {
    for image in 0..<count {
      for number in stride(from: channel, to: inputPlaces.count, by: channels) { body(image, number) }
    }
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    guard let weights, let running = weights.running, count > 0 else { return }
    let x = input.values, gamma = weights.weights.values, beta = weights.bias.values
    func value(_ image: Int, _ number: Int) -> Double {
      Double(x[image * request.input.imageStride + inputPlaces[number]])
    }
    if request.use == .training {
      let statistics = (0..<channels).map { channel in
        let n = count * (inputPlaces.count / channels)
        var sum = 0.0, squares = 0.0
        forEachValue(channel, count) { sum += value($0, $1) }
        let mean = sum / Double(n)
        forEachValue(channel, count) { squares += (value($0, $1) - mean) * (value($0, $1) - mean) }
        return BatchStatistics(mean: mean, variance: squares / Double(n), count: n)
      }
      means = statistics.map(\.mean)
      scales = statistics.map(\.scale)
      running.mean.withValues { mean in
        running.variance.withValues { variance in
          for (channel, batch) in statistics.enumerated() {
            batch.update(mean: &mean[channel], variance: &variance[channel])
          }
        }
      }
    } else {
      means = running.mean.values.map(Double.init)
      scales = running.variance.values.map { BatchStatistics.scale(Double($0)) }
    }
    output.withValues { y in
      for channel in 0..<channels {
        forEachValue(channel, count) { image, number in
          let normal = (value(image, number) - means[channel]) * scales[channel]
          y[image * request.output.imageStride + outputPlaces[number]] = Float(
            Activation.rectifier(slope: slope).value(at: normal * Double(gamma[channel]) + Double(beta[channel])))
        }
      }
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let weights, !means.isEmpty else { return }
    let x = input.values, dy = outputGradient.values, gamma = weights.weights.values
    func gradient(_ image: Int, _ number: Int) -> Double {
      Double(dy[image * request.outputGradient.imageStride + outputGradientPlaces[number]])
    }
    func normal(_ image: Int, _ number: Int, _ channel: Int) -> Double {
      (Double(x[image * request.input.imageStride + inputPlaces[number]]) - means[channel]) * scales[channel]
    }
    var gammaSums = [Double](repeating: 0, count: channels), betaSums = gammaSums
    for channel in 0..<channels {
      forEachValue(channel, count) { image, number in
        betaSums[channel] += gradient(image, number)
        gammaSums[channel] += gradient(image, number) * normal(image, number, channel)
      }
    }
    if let inputGradient, let layout = request.inputGradient {
      let n = Double(count * (inputPlaces.count / channels))
      inputGradient.withValues { dx in
        for channel in 0..<channels {
          forEachValue(channel, count) { image, number in
            let centred =
              gradient(image, number) - betaSums[channel] / n - normal(image, number, channel) * gammaSums[channel] / n
            dx[image * layout.imageStride + inputGradientPlaces[number]] = Float(
              Double(gamma[channel]) * scales[channel] * centred
                * request.gateFactor(x[image * request.input.imageStride + inputPlaces[number]]))
          }
        }
      }
    }
    use?.weights.put(gammaSums, values: weights.weights)
    use?.bias.put(betaSums, values: weights.bias)
  }
}

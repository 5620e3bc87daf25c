import Numerics

/// The layers of the paper's network for one architecture: names, shapes and activations, and nothing computed yet.
struct Blueprint: Sendable {
  /// The leaky rectifier's slope below zero (paper, "Network", chosen).
  static let leakySlope: Float = 0.3
  /// The decoder's first map.
  static let seedSide = 7
  /// The decoder's maps.
  static let decodedSide = 14

  struct Convolution: Sendable {
    let name: String
    let correlation: Correlation
    let inputHeight: Int, inputWidth: Int, inputChannels: Int, outputChannels: Int
    /// Floats from one position of the input to the next.
    let inputStride: Int
    let slope: Float
  }

  struct Dense: Sendable {
    /// One name, or two where two layers read the same input and are computed as one.
    let names: [String]
    /// The input as a map: a plain row is 1×1 with as many channels. Channels are as stored.
    let input: MapLayout
    /// Channels of the input that count; the rest only fill a panel.
    let inputChannels: Int
    /// Outputs of each of the names.
    let outputs: Int
    let slope: Float

    /// Each name's outputs begin with a whole panel.
    var storedOutputs: Int { names.count * wholePanels(outputs) }
  }

  let architecture: Architecture
  let conv1: Convolution, conv2: Convolution, conv3: Convolution, heads: Dense
  let dense1: Dense, dense2: Dense, deconv1: Convolution, deconv2: Convolution, deconv3: Convolution, output: Dense

  init(_ architecture: Architecture) {
    self.architecture = architecture
    let image = architecture.image, channels = architecture.channels, latents = architecture.latents
    let stored = wholePanels(channels)
    let half = (height: image.height / 2, width: image.width / 2)
    let quarter = (height: image.height / 4, width: image.width / 4)
    let leaky = Self.leakySlope

    func convolution(
      _ name: String, _ kind: Correlation.Kind, stride: Int, from: (height: Int, width: Int), inputChannels: Int? = nil,
      to: (height: Int, width: Int), slope: Float
    ) -> Convolution {
      Convolution(
        name: name, correlation: Correlation(kind, stride: stride, output: to), inputHeight: from.height,
        inputWidth: from.width, inputChannels: inputChannels ?? channels, outputChannels: channels,
        inputStride: inputChannels ?? stored, slope: slope)
    }
    func dense(_ names: [String], row: Int, outputs: Int, slope: Float) -> Dense {
      Dense(names: names, input: DensePlan.row(wholePanels(row)), inputChannels: row, outputs: outputs, slope: slope)
    }

    conv1 = convolution(
      "encoder.conv1", .direct, stride: 2, from: (image.height, image.width), inputChannels: image.planes, to: half,
      slope: leaky)
    conv2 = convolution("encoder.conv2", .direct, stride: 2, from: half, to: quarter, slope: leaky)
    conv3 = convolution("encoder.conv3", .direct, stride: 1, from: quarter, to: quarter, slope: leaky)
    heads = Dense(
      names: ["encoder.mean", "encoder.log_variance"],
      input: MapLayout(height: quarter.height, width: quarter.width, channels: stored), inputChannels: channels,
      outputs: latents, slope: 1)

    let seed = (height: Self.seedSide, width: Self.seedSide)
    let decoded = (height: Self.decodedSide, width: Self.decodedSide)
    dense1 = dense(["decoder.dense1"], row: latents, outputs: 2 * latents, slope: leaky)
    dense2 = dense(["decoder.dense2"], row: 2 * latents, outputs: seed.height * seed.width, slope: leaky)
    deconv1 = convolution(
      "decoder.deconv1", .transposed, stride: 2, from: seed, inputChannels: 1, to: decoded, slope: 0)
    deconv2 = convolution("decoder.deconv2", .transposed, stride: 1, from: decoded, to: decoded, slope: 0)
    deconv3 = convolution("decoder.deconv3", .transposed, stride: 1, from: decoded, to: decoded, slope: 0)
    output = Dense(
      names: ["decoder.output"], input: MapLayout(height: decoded.height, width: decoded.width, channels: stored),
      inputChannels: channels, outputs: image.count, slope: 1)
  }

  var convolutions: [Convolution] { [conv1, conv2, conv3, deconv1, deconv2, deconv3] }
  var dense: [Dense] { [heads, dense1, dense2, output] }

  /// The weights and biases of all layers, as stored.
  var weightCount: Int {
    let convolved = convolutions.map { wholePanels($0.outputChannels) * (16 * $0.inputStride + 1) }
    let connected = dense.map { $0.storedOutputs * ($0.input.height * $0.input.width * $0.input.channels + 1) }
    return (convolved + connected).reduce(0, +)
  }

  /// The names and PyTorch shapes of all trained arrays, layer by layer.
  var shapes: [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for layer in convolutions {
      let ends = [layer.outputChannels, layer.inputChannels]
      shapes[layer.name + ".weight"] = (layer.correlation.kind == .transposed ? ends.reversed() : ends) + [4, 4]
      shapes[layer.name + ".bias"] = [layer.outputChannels]
    }
    for layer in dense {
      for name in layer.names {
        shapes[name + ".weight"] = [layer.outputs, layer.input.height * layer.input.width * layer.inputChannels]
        shapes[name + ".bias"] = [layer.outputs]
      }
    }
    return shapes
  }

  /// The column of the stored heads at which the log variances begin.
  var logVarianceColumn: Int { wholePanels(architecture.latents) }
}

import Glibc
import Numerics

/// One trained array of the network, by the name and in the shape that PyTorch gives it, wherever and in whatever
/// order the kernels keep it: element (i, j, k) is at `first[i] + second[j] + third[k]` of its buffer.
struct Parameter: Sendable {
  let name: String
  /// PyTorch's shape.
  let shape: [Int]
  let buffer: FloatBuffer
  let first: [Int], second: [Int], third: [Int]

  var count: Int { first.count * second.count * third.count }

  /// The values in PyTorch's order.
  func values(in buffer: FloatBuffer) -> [Float] {
    let source = buffer.values
    var result: [Float] = []
    result.reserveCapacity(count)
    for i in first {
      for j in second {
        for k in third { result.append(source[i + j + k]) }
      }
    }
    return result
  }

  /// Sets the values, given in PyTorch's order.
  func set(_ values: some RandomAccessCollection<Float>) {
    precondition(values.count == count)
    let target = buffer.values
    var next = values.startIndex
    for i in first {
      for j in second {
        for k in third {
          target[i + j + k] = values[next]
          next = values.index(after: next)
        }
      }
    }
  }
}

/// All trained arrays of a network, in the kernels' order.
struct Parameters: Sendable {
  /// Weights and bias of one layer.
  struct Layer: Sendable {
    let weights: FloatBuffer, bias: FloatBuffer
  }

  /// By the layer's (first) name.
  let layers: [String: Layer]
  /// Under their PyTorch names, in PyTorch's order.
  let all: [Parameter]

  init(_ blueprint: Blueprint) {
    var layers: [String: Layer] = [:], all: [Parameter] = []
    let shapes = blueprint.shapes
    for shape in blueprint.convolutions {
      let (layer, parameters) = Self.convolution(shape, shapes)
      layers[shape.name] = layer
      all += parameters
    }
    for shape in blueprint.dense {
      let (layer, parameters) = Self.dense(shape, shapes)
      layers[shape.names[0]] = layer
      all += parameters
    }
    self.layers = layers
    let order = [
      "encoder.conv1", "encoder.conv2", "encoder.conv3", "encoder.mean", "encoder.log_variance", "decoder.dense1",
      "decoder.dense2", "decoder.deconv1", "decoder.deconv2", "decoder.deconv3", "decoder.output",
    ]
    let rank = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    self.all = all.sorted {
      let left = $0.name.split(separator: ".").dropLast().joined(separator: ".")
      let right = $1.name.split(separator: ".").dropLast().joined(separator: ".")
      return left == right ? $0.name > $1.name : rank[left]! < rank[right]!
    }
  }

  /// Whether all values are finite numbers.
  var areFinite: Bool {
    layers.values.allSatisfy { $0.weights.values.allSatisfy(\.isFinite) && $0.bias.values.allSatisfy(\.isFinite) }
  }

  subscript(_ layer: String) -> Layer { layers[layer]! }

  private static func convolution(_ shape: Blueprint.Convolution, _ shapes: [String: [Int]]) -> (Layer, [Parameter]) {
    let taps = shape.correlation.taps, side = Correlation.kernel
    let depth = taps.count * shape.inputStride, outputs = wholePanels(shape.outputChannels)
    let layer = Layer(weights: FloatBuffer(count: depth * outputs), bias: FloatBuffer(count: outputs))
    var tapOffset = [Int](repeating: 0, count: taps.count)
    for (i, tap) in taps.enumerated() { tapOffset[tap.row * side + tap.column] = i * shape.inputStride * 16 }
    let output = (0..<shape.outputChannels).map { $0 / 16 * depth * 16 + $0 % 16 }
    let input = (0..<shape.inputChannels).map { $0 * 16 }
    // PyTorch: [out, in, row, column], but [in, out, row, column] for a transposed convolution.
    let transposed = shape.correlation.kind == .transposed
    let weights = Parameter(
      name: shape.name + ".weight",
      shape: shapes[shape.name + ".weight"]!, buffer: layer.weights, first: transposed ? input : output,
      second: transposed ? output : input,
      third: tapOffset)
    let bias = Parameter(
      name: shape.name + ".bias", shape: shapes[shape.name + ".bias"]!, buffer: layer.bias,
      first: Array(0..<shape.outputChannels), second: [0], third: [0])
    return (layer, [weights, bias])
  }

  private static func dense(_ shape: Blueprint.Dense, _ shapes: [String: [Int]]) -> (Layer, [Parameter]) {
    let inputs = shape.input.height * shape.input.width * shape.input.channels
    let layer = Layer(
      weights: FloatBuffer(count: inputs * shape.storedOutputs), bias: FloatBuffer(count: shape.storedOutputs))
    let positions = shape.input.height * shape.input.width
    let parameters = shape.names.enumerated().flatMap { index, name in
      let columns = (0..<shape.outputs).map { index * wholePanels(shape.outputs) + $0 }
      return [
        Parameter(
          name: name + ".weight", shape: shapes[name + ".weight"]!, buffer: layer.weights,
          first: columns.map { $0 / 16 * inputs * 16 + $0 % 16 },
          second: (0..<positions).map { $0 * shape.input.channels * 16 },
          third: (0..<shape.inputChannels).map { $0 * 16 }),
        Parameter(
          name: name + ".bias", shape: shapes[name + ".bias"]!, buffer: layer.bias, first: columns, second: [0],
          third: [0]),
      ]
    }
    return (layer, parameters)
  }

  /// Glorot-uniform weights and zero biases (Glorot and Bengio 2010, equation 16; paper, "Network", chosen): uniform
  /// in ±√(6 / (inputs + outputs)), for a convolution times the kernel's positions.
  func initialize(seed: UInt64) {
    for (index, parameter) in all.enumerated() {
      guard parameter.shape.count > 1 else {
        parameter.set([Float](repeating: 0, count: parameter.count))
        continue
      }
      let field = parameter.shape.dropFirst(2).reduce(1, *)
      let limit = (6 / Double((parameter.shape[0] + parameter.shape[1]) * field)).squareRoot()
      var generator = RandomGenerator(seed: seed, stream: .weights, index: index)
      parameter.set((0..<parameter.count).map { _ in Float((2 * generator.uniform() - 1) * limit) })
    }
  }
}

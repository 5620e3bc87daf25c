import BVAEArrays
import BVAECPU
import BVAEDevice
import BVAENetworks
import BVAEPlatform

/// A network as a page computes it: its weights are rounded to 16 bits (IEEE 754 binary16), those of some dense layers to 8
/// bits with a scale for each output; batch norms are a factor and a shift.
package struct PageNetwork {
  /// The network, on the processor, with the rounded weights: it gives what the page gives, but for the order of sums.
  package let weights: NetWeights
  /// The scales of the dense layers whose weights have 8 bits, one an output, by the layers' names.
  private var scales: [String: [Float]] = [:]

  /// A network with the weights of another, of which it may be a part, rounded.
  /// - Parameters:
  ///   - replacing: arrays in place of those of the same name.
  ///   - short: the dense layers whose weights have 8 bits.
  package init(
    _ net: Net, from original: NetWeights, replacing: [String: [Float]] = [:], short: Set<String> = [],
    compute: Compute
  ) {
    weights = NetWeights(net, on: CPUDevice(compute))
    var arrays = Dictionary(uniqueKeysWithValues: original.parameters.map { ($0.name, $0) })
      .mapValues { $0.values(in: $0.buffer) }.merging(replacing) { $1 }
    for step in weights.operations {
      if case .batchNorm = step.operation { Self.fold(step.names[0], in: &arrays) }
    }
    for parameter in weights.parameters {
      guard let values = arrays[parameter.name] else { preconditionFailure("there is no array \(parameter.name)") }
      if parameter.kind == .weight, let name = short.first(where: { $0 + ".weight" == parameter.name }) {
        let (rounded, scale) = Self.short(values, rows: parameter.shape[0])
        parameter.set(rounded)
        scales[name] = scale
        continue
      }
      let isExact = parameter.kind == .runningMean || parameter.kind == .runningVariance
      parameter.set(isExact ? values : values.map { Float(Float16(clamping: $0)) })
    }
  }

  /// y = γ (x − mean) / √(variance + ε) + β as a factor and a shift, with mean 0 and variance 1 − ε.
  private static func fold(_ name: String, in arrays: inout [String: [Float]]) {
    let epsilon: Float = 1e-5
    guard let scale = arrays[name + ".weight"], let shift = arrays[name + ".bias"],
      let mean = arrays[name + ".running_mean"], let variance = arrays[name + ".running_var"]
    else { return }
    let factor = zip(scale, variance).map { $0 / ($1 + epsilon).squareRoot() }
    arrays[name + ".weight"] = factor
    arrays[name + ".bias"] = zip(shift, zip(factor, mean)).map { $0 - $1.0 * $1.1 }
    arrays[name + ".running_mean"] = mean.map { _ in 0 }
    arrays[name + ".running_var"] = variance.map { _ in 1 - epsilon }
  }

  /// Weights that are −127…127 times a scale for each row.
  private static func short(_ values: [Float], rows: Int) -> (values: [Float], scales: [Float]) {
    let size = values.count / max(1, rows)
    var rounded = values, scales: [Float] = []
    for row in 0..<rows {
      let range = row * size..<(row + 1) * size
      let scale = max(values[range].reduce(0) { max($0, abs($1)) } / 127, .leastNormalMagnitude)
      for place in range { rounded[place] = (values[place] / scale).rounded() * scale }
      scales.append(scale)
    }
    return (rounded, scales)
  }

  /// What the network gives for rows of numbers, one after the other.
  package func outputs(_ rows: [[Float]]) -> [[Float]] { Self.outputs(weights, rows) }

  static func outputs(_ weights: NetWeights, _ rows: [[Float]]) -> [[Float]] {
    let batch = 64, pass = Pass(weights, batch: batch, use: .inference)
    var outputs: [[Float]] = []
    for start in stride(from: 0, to: rows.count, by: batch) {
      let part = rows[start..<min(start + batch, rows.count)]
      for (row, values) in part.enumerated() { pass.input.set(row, to: values[...]) }
      pass.forward(count: part.count, hasSameWeights: start > 0)
      for row in part.indices.map({ $0 - start }) {
        var values: [Float] = []
        pass.output.append(row, to: &values)
        outputs.append(values)
      }
    }
    return outputs
  }

  /// The number of weights that a page keeps.
  package var count: Int { weights.parameters.reduce(0) { $0 + ($1.isTrained ? $1.count : 0) } }

  // MARK: - For the page

  /// The weights of a page, in the order in which its operations say where theirs begin.
  struct Weights {
    /// Those of 16 bits, and those of 8.
    var halves: [Float16] = [], bytes: [Int8] = []
  }

  /// The operations for the page, whose weights are appended.
  func operations(into page: inout Weights) -> [JSON] {
    let arrays = Dictionary(uniqueKeysWithValues: weights.parameters.map { ($0.name, $0.values(in: $0.buffer)) })
    return weights.operations.compactMap { operation($0, arrays, &page) }
  }

  private func operation(_ step: NamedOperation, _ arrays: [String: [Float]], _ page: inout Weights) -> JSON? {
    func append(_ values: [Float]) -> JSON {
      defer { page.halves += values.map { Float16(clamping: $0) } }
      return JSON(page.halves.count)
    }
    func append(short values: [Float], _ scales: [Float]) -> JSON {
      defer {
        page.bytes += values.enumerated().map { place, value in
          Int8(clamping: Int((value / scales[place % scales.count]).rounded()))
        }
      }
      return JSON(page.bytes.count)
    }
    func array(_ kind: String) -> [Float] { arrays[step.names[0] + kind] ?? [] }
    var members: [String: JSON]
    switch step.operation {
    case .reshape: return nil
    case .dense(let input, _, let outputs, let slope):
      members = ["op": "dense", "in": JSON(input.count), "out": JSON(outputs), "slope": Self.number(slope)]
      let weights = Self.transposed(array(".weight"), rows: outputs, columns: input.count)
      if let scales = scales[step.names[0]] {
        members["q"] = append(short: weights, scales)
        members["scales"] = .list(scales.map(Self.number))
      } else {
        members["w"] = append(weights)
      }
    case .convolution(let geometry, let slope):
      let (from, to) = (geometry.input, geometry.output)
      members = [
        "op": geometry.kind == .direct ? "conv" : "deconv", "kernel": JSON(geometry.kernel),
        "stride": JSON(geometry.stride), "padding": JSON(geometry.padding), "slope": Self.number(slope),
        "from": [JSON(from.height), JSON(from.width), JSON(from.channels)],
        "to": [JSON(to.height), JSON(to.width), JSON(to.channels)],
      ]
      members["w"] = append(Self.byPlace(array(".weight"), geometry))
    case .batchNorm(let shape, let slope):
      members = ["op": "norm", "channels": JSON(shape.extents.channels), "slope": Self.number(slope)]
      members["w"] = append(array(".weight"))
    case .activation(let activation, _):
      switch activation {
      case .rectifier(let slope): return ["op": "rectify", "slope": Self.number(slope)]
      case .sigmoid: return ["op": "sigmoid"]
      case .tanh: return ["op": "tanh"]
      }
    case .maxPool(let shape, let side, let slope):
      members = ["op": "pool", "from": Self.extents(shape), "side": JSON(side), "slope": Self.number(slope)]
      return .object(members)
    case .upsample(let shape, let factor):
      return ["op": "upsample", "from": Self.extents(shape), "factor": JSON(factor)]
    }
    if step.hasBias { members["b"] = append(array(".bias")) }
    return .object(members)
  }

  private static func number(_ value: Float) -> JSON { .number(Double(value)) }

  private static func extents(_ shape: Shape) -> JSON {
    let (height, width, channels) = shape.extents
    return [JSON(height), JSON(width), JSON(channels)]
  }

  /// [rows × columns] as [columns × rows].
  private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    for row in 0..<rows { for column in 0..<columns { result[column * rows + row] = values[row * columns + column] } }
    return result
  }

  /// PyTorch's [outputs × inputs × kernel], of a transposed convolution [inputs × outputs × kernel], as
  /// [kernel × inputs × outputs].
  private static func byPlace(_ values: [Float], _ geometry: ConvolutionGeometry) -> [Float] {
    let inputs = geometry.input.channels, outputs = geometry.output.channels, places = geometry.kernel * geometry.kernel
    let isDirect = geometry.kind == .direct
    var result = [Float](repeating: 0, count: values.count)
    for input in 0..<inputs {
      for output in 0..<outputs {
        let start = (isDirect ? output * inputs + input : input * outputs + output) * places
        for place in 0..<places { result[(place * inputs + input) * outputs + output] = values[start + place] }
      }
    }
    return result
  }
}

extension Float16 {
  /// The nearest number of 16 bits; of what is too large the largest.
  fileprivate init(clamping value: Float) {
    let largest: Float = 65_504
    self = Float16(min(max(value, -largest), largest))
  }
}

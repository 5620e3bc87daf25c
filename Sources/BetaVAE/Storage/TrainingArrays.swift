import Numerics

/// The arrays that the rest of a training depends on, by the names that a checkpoint gives them: the weights under
/// PyTorch's names, Adam's moments as `adam.first.NAME` and `adam.second.NAME`, and inside an epoch the weights of its
/// beginning as `good.NAME`.
struct TrainingArrays {
  /// In the order of their names.
  let all: [Parameter]

  init(_ parameters: Parameters, _ optimizer: Optimizer, good: [String: Parameters.Layer]?) {
    var arrays: [Parameter] = []
    for (name, layer) in parameters.layers {
      guard let moments = optimizer.moments[name] else { continue }
      for parameter in parameters.all {
        let isBias = parameter.buffer === layer.bias
        guard isBias || parameter.buffer === layer.weights else { continue }
        let own = isBias ? moments.bias : moments.weights
        arrays += [
          parameter, parameter.counterpart("adam.first", in: own.first),
          parameter.counterpart("adam.second", in: own.second),
        ]
        if let good = good?[name] {
          arrays.append(parameter.counterpart("good", in: isBias ? good.bias : good.weights))
        }
      }
    }
    all = arrays.sorted { $0.name < $1.name }
  }
}

extension Parameter {
  /// What lies in another buffer as this array lies in its own.
  fileprivate func counterpart(_ prefix: String, in buffer: FloatBuffer) -> Parameter {
    Parameter(
      name: "\(prefix).\(name)", shape: shape, buffer: buffer, first: first, second: second, third: third)
  }
}

/// A 64-bit sum that any change of a value changes: FNV-1a's step (Fowler, Noll, Vo) on whole values instead of bytes,
/// in four chains side by side, since half a gigabyte has to be gone through in a fraction of a second.
struct Checksum {
  private var chains: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
  private static let prime: UInt64 = 0x100_0000_01b3

  /// Takes values in.
  mutating func add(_ values: [Float]) {
    var (a, b, c, d) = chains
    values.withUnsafeBufferPointer { values in
      let whole = values.count / 4 * 4
      var i = 0
      while i < whole {
        a = (a ^ UInt64(values[i].bitPattern)) &* Self.prime
        b = (b ^ UInt64(values[i + 1].bitPattern)) &* Self.prime
        c = (c ^ UInt64(values[i + 2].bitPattern)) &* Self.prime
        d = (d ^ UInt64(values[i + 3].bitPattern)) &* Self.prime
        i += 4
      }
      while i < values.count {
        a = (a ^ UInt64(values[i].bitPattern)) &* Self.prime
        i += 1
      }
      // Where one array ends and the next begins.
      d = (d ^ UInt64(values.count)) &* Self.prime
    }
    chains = (a, b, c, d)
  }

  /// Takes names and texts in, in the order of the names.
  mutating func add(_ texts: [String: String]) {
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      for byte in "\(name)=\(text)\n".utf8 { chains.0 = (chains.0 ^ UInt64(byte)) &* Self.prime }
    }
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let all = [chains.0, chains.1, chains.2, chains.3].reduce(UInt64(0)) { ($0 ^ $1) &* Self.prime ^ ($0 >> 32) }
    let digits = String(all, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

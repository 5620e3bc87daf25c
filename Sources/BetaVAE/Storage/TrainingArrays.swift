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

import BVAECPU
import BVAENetworks

/// The arrays that the rest of a training depends on, by the names that a checkpoint gives them: the weights under
/// PyTorch's names, Adam's moments as `adam.first.NAME` and `adam.second.NAME`, and inside an epoch the weights of its
/// beginning as `good.NAME`.
struct TrainingArrays {
  /// In the order of their names.
  let all: [Parameter]

  init(_ model: VariationalAutoencoder, _ gradients: [NetGradients], good: [NetWeights]?) {
    var arrays: [Parameter] = []
    for (index, (net, gradients)) in zip(model.nets, gradients).enumerated() {
      for case (let i, let layer?) in net.layers.enumerated() {
        guard let moments = gradients.moments[i] else { continue }
        for parameter in layer.parameters {
          let isBias = parameter.buffer === layer.bias, own = isBias ? moments.bias : moments.weights
          arrays += [
            parameter, parameter.counterpart("adam.first", in: own.first),
            parameter.counterpart("adam.second", in: own.second),
          ]
          if let good = good?[index].layers[i] {
            arrays.append(parameter.counterpart("good", in: isBias ? good.bias : good.weights))
          }
        }
      }
    }
    all = arrays.sorted { $0.name < $1.name }
  }
}

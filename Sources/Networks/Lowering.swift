import BVAEDevice

extension Net {
  /// The operations that a device runs for the network: those of its layers, with what can be done on the way joined.
  ///
  /// - A rectifier behind a linear operation, a batch norm or a pooling is computed by it, and its derivative by the
  ///   operation behind it (its gate). At the end, where there is none behind it, it is an operation of its own.
  /// - A dense layer reads maps that another operation made, so that flattening them takes no time.
  /// - Numbers that are an image at the end stay a row: the order is the same.
  package var lowered: [NamedOperation] {
    var operations: [NamedOperation] = [], shape = input
    for (layer, output) in zip(layers, shapes) {
      layer.lower(shape, into: &operations)
      shape = output
    }
    var joined: [NamedOperation] = []
    for var step in operations {
      if let last = joined.last?.operation {
        switch (last, step.operation) {
        case (_, .activation(.rectifier(let slope), _)) where last.rectifierSlope == nil:
          if let rectified = last.rectified(slope: slope) {
            joined[joined.count - 1].operation = rectified
            continue
          }
        case (.reshape(let maps, .row), .dense(_, let heads, let outputs, let slope)):
          switch joined.dropLast().last?.operation {
          case nil, .reshape: break
          default:
            joined.removeLast()
            step.operation = .dense(input: maps, heads: heads, outputs: outputs, slope: slope)
          }
        default: break
        }
      }
      joined.append(step)
    }
    // At the end: operations that read each value by itself.
    let end = joined.reversed().prefix { if case .activation = $0.operation { true } else { false } }.count
    let last = joined.count - end - 1
    if last > 0, joined[last - 1].operation.isLinear, case .reshape(let row, _) = joined[last].operation,
      case .row = row
    {
      joined.remove(at: last)
      for i in joined.indices.dropFirst(last) {
        if case .activation(let activation, _) = joined[i].operation {
          joined[i].operation = .activation(activation, row)
        }
      }
    }
    if let last = joined.last?.operation, let slope = last.rectifierSlope, let linear = last.rectified(slope: 1) {
      joined[joined.count - 1].operation = linear
      joined.append(NamedOperation(.activation(.rectifier(slope: slope), last.output)))
    }
    return joined
  }
}

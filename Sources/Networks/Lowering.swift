import BVAEDevice

extension Net {
  /// The operations that a device runs for the network: those of its layers, with what can be done on the way joined.
  ///
  /// - A rectifier behind a linear operation is computed by it, and its derivative by the operation behind it (its gate).
  /// - A dense layer reads maps that a linear operation wrote, so that flattening them takes no time.
  /// - Numbers that are an image at the end stay a row: the order is the same.
  package var lowered: [NamedOperation] {
    var operations: [NamedOperation] = [], shape = input
    for (layer, output) in zip(layers, shapes) {
      layer.lower(shape, into: &operations)
      shape = output
    }
    var joined: [NamedOperation] = []
    for var step in operations {
      if let last = joined.last {
        switch (last.operation, step.operation) {
        case (.convolution(let geometry, slope: 1), .activation(.rectifier(let slope), _)):
          joined[joined.count - 1].operation = .convolution(geometry, slope: slope)
          continue
        case (.dense(let input, let heads, let outputs, slope: 1), .activation(.rectifier(let slope), _)):
          joined[joined.count - 1].operation = .dense(input: input, heads: heads, outputs: outputs, slope: slope)
          continue
        case (.reshape(let maps, .row), .dense(_, let heads, let outputs, let slope))
        where joined.dropLast().last?.operation.isLinear == true:
          joined.removeLast()
          step.operation = .dense(input: maps, heads: heads, outputs: outputs, slope: slope)
        default: break
        }
      }
      joined.append(step)
    }
    if let last = joined.lastIndex(where: { $0.operation.isLinear }),
      case .reshape(let row, _)? = joined.dropFirst(last + 1).first?.operation, case .row = row
    {
      joined.remove(at: last + 1)
      for i in joined.indices.dropFirst(last + 1) {
        if case .activation(let activation, _) = joined[i].operation {
          joined[i].operation = .activation(activation, row)
        }
      }
    }
    return joined
  }
}

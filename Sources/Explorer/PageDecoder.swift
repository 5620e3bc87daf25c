import BVAEArrays
import BVAECPU
import BVAENetworks
import BVAEPlatform
import BetaVAE
import Glibc

/// A model's decoder, or generator, for a page, and how far what it gives is from what `decode` gives.
package struct PageDecoder {
  /// What the page computes.
  package let network: PageNetwork
  /// The largest difference of any pixel, in 0…1, over held-out codes.
  package let error: Double
  /// How many principal components stand for the output of each wide dense layer; none where all are whole.
  package let components: [Int]

  /// The largest difference that components are chosen for, where that many fit.
  static let tolerance = 1.0 / 255
  /// Dense layers of more weights than this are made narrow.
  private static let wide = 400_000
  /// The bytes that a narrow layer may take, for images of one plane; of three it may take twice as many.
  private static let mostBytes = 1_500_000
  /// The bytes that a layer may take which no number of components keeps within the tolerance, to be left whole.
  private static let mostWhole = 2_000_000

  /// - Parameters:
  ///   - decoder: the model's.
  ///   - samples: what it may read, for the components.
  ///   - heldOut: other such rows, for the error.
  ///   - goOn: called now and then; what it throws ends the work.
  init(
    _ decoder: NetWeights, samples: [[Float]], heldOut: [[Float]], compute: Compute, goOn: () throws -> Void
  ) throws {
    let truth = PageNetwork.outputs(decoder, heldOut)
    // A hyperbolic tangent gives -1…1, twice as much as pixels.
    let scale = decoder.net.layers.last is Tanh ? 0.5 : 1
    func error(_ network: PageNetwork) -> Double {
      scale
        * zip(network.outputs(heldOut), truth).reduce(0) { worst, pair in
          zip(pair.0, pair.1).reduce(worst) { max($0, Double(abs($1.0 - $1.1))) }
        }
    }
    let whole = PageNetwork(decoder.net, from: decoder, compute: compute)
    var best = (network: whole, error: error(whole), components: [Int]())
    var layers = decoder.net.layers, replacing: [String: [Float]] = [:]
    var place = 0, short: Set<String> = []
    while place < layers.count {
      defer { place += 1 }
      guard let dense = layers[place] as? Dense, dense.names.count == 1,
        let weight = decoder.parameters.first(where: { $0.name == dense.names[0] + ".weight" }),
        weight.count > Self.wide
      else { continue }
      try goOn()
      let name = dense.names[0]
      let before = decoder.net.layers.prefix { ($0 as? Dense)?.names != dense.names }
      let reached = try Net(decoder.net.input, before + [dense])
      let prefix = NetWeights(reached, on: decoder.device)
      for parameter in prefix.parameters {
        guard let own = decoder.parameters.first(where: { $0.name == parameter.name }) else { continue }
        parameter.set(own.values(in: own.buffer))
      }
      let rows = PageNetwork.outputs(prefix, samples)
      // A number of the inner layer takes a byte, one of the outer two.
      let room = Self.mostBytes * (dense.outputs > 2000 ? 2 : 1) / (weight.shape[1] + 2 * dense.outputs)
      let components = PrincipalComponents(
        rows, weights: Self.importance(rows, before: layers[(place + 1)...]), most: room)
      try goOn()
      let bias = decoder.parameters.first { $0.name == name + ".bias" }.map { $0.values(in: $0.buffer) }
      let values = weight.values(in: weight.buffer)
      typealias Narrowed = (network: PageNetwork, layers: [any Layer], arrays: [String: [Float]])
      func narrowed(_ count: Int, isShort: Bool) throws -> Narrowed {
        let zero = [Float](repeating: 0, count: dense.outputs)
        let factors = components.factors(count, weight: values, bias: bias ?? zero)
        var layers = layers
        let inner = Dense(name + ".inner", count, bias: false), outer = Dense(name + ".outer", dense.outputs)
        layers.replaceSubrange(place...place, with: [inner, outer])
        var arrays = replacing
        arrays[name + ".inner.weight"] = factors.inner
        (arrays[name + ".outer.weight"], arrays[name + ".outer.bias"]) = (factors.outer, factors.bias)
        let net = try Net(decoder.net.input, layers)
        let network = PageNetwork(
          net, from: decoder, replacing: arrays, short: short.union(isShort ? [name + ".inner"] : []), compute: compute)
        return (network, layers, arrays)
      }
      // As few as keep the error; where none do, as many as there is room for.
      let most = min(components.directions.count, weight.count * 7 / 10 / (weight.shape[1] + dense.outputs))
      guard most > 1 else { continue }
      let bound = max(Self.tolerance, best.error)
      var isShort = true
      var found = try narrowed(most, isShort: true), foundError = error(found.network)
      if foundError > bound {
        // Half as many with 16 bits each take as much room.
        let long = try narrowed(max(1, most / 2), isShort: false), longError = error(long.network)
        if longError < foundError { (found, foundError, isShort) = (long, longError, false) }
      }
      if foundError > bound, 2 * weight.count <= Self.mostWhole { continue }
      var failing = 0, passing = isShort ? most : max(1, most / 2)
      while foundError <= bound, passing - failing > max(1, passing / 24) {
        try goOn()
        let middle = (failing + passing) / 2, next = try narrowed(middle, isShort: isShort)
        let nextError = error(next.network)
        if nextError <= bound { (found, foundError, passing) = (next, nextError, middle) } else { failing = middle }
      }
      (layers, replacing) = (found.layers, found.arrays)
      if isShort { short.insert(name + ".inner") }
      best = (found.network, foundError, best.components + [passing])
      place += 1
    }
    (network, self.error, components) = (best.network, best.error, best.components)
  }

  /// How much a layer's outputs count for the image: by how much a sigmoid or a hyperbolic tangent behind them passes on of
  /// a small change, as a root of the mean square over rows; equally where something else is behind.
  private static func importance(_ rows: [[Float]], before rest: ArraySlice<any Layer>) -> [Float] {
    let size = rows[0].count, ends = rest.filter { !($0 is Reshape) && !($0 is Flatten) }
    guard ends.count == 1, ends[0] is Sigmoid || ends[0] is Tanh else { return [Float](repeating: 1, count: size) }
    var sums = [Float](repeating: 0, count: size)
    for row in rows {
      for (place, value) in row.enumerated() {
        let squashed = ends[0] is Sigmoid ? 1 / (1 + exp(-value)) : tanh(value)
        let slope = ends[0] is Sigmoid ? squashed * (1 - squashed) : 1 - squashed * squashed
        sums[place] += slope * slope / Float(rows.count)
      }
    }
    let roots = sums.map { $0.squareRoot() }, floor = 1e-3 * max(roots.max() ?? 1, 1e-6)
    return roots.map { $0 + floor }
  }
}

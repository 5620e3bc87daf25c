import BVAEDevice

/// Convolutions, transposed convolutions and dense layers, forward and back: three sorts of product between a large map and
/// a small one (see gpu-product.cl). A dense layer has maps of one place and a kernel of one tap.
///
/// Weights are [tap][large channel][small channel]: the large map is what a convolution or a dense layer reads, and what a
/// transposed convolution writes.
final class ProductOperation: PreparedOperation {
  private let device: GPUDevice
  private let maps: JoinedMaps
  private let slope: Float, gate: Float?
  /// How products are cut, by their sort and the number of images.
  private var cuts: [CutKey: ProductCut] = [:]

  private struct CutKey: Hashable {
    let kind: ProductKey.Kind, images: Int
  }

  init(_ device: GPUDevice, _ request: Preparation) {
    self.device = device
    maps = JoinedMaps(request.operation)
    gate = request.gate
    slope = request.operation.rectifierSlope ?? 1
  }

  static func makeWeights(
    _ device: GPUDevice, _ operation: Operation, _ names: [String], hasBias: Bool
  ) -> LayerWeights {
    let maps = JoinedMaps(operation), large = maps.large.channels, small = maps.small.channels
    let taps = maps.kernel * maps.kernel, channels = maps.isSpread ? large : small
    let weights = device.makeBuffer(count: taps * large * small), bias = device.makeBuffer(count: channels)
    if case .dense(let input, let heads, let outputs, _) = operation {
      let parameters = (0..<heads).flatMap { head -> [Parameter] in
        let own = Array(head * outputs..<(head + 1) * outputs)
        let weight = Parameter(
          name: names[head] + ".weight", shape: [outputs, input.count], kind: .weight, buffer: weights, first: own,
          second: (0..<input.count).map { $0 * small }, third: [0])
        let shift = Parameter(
          name: names[head] + ".bias", shape: [outputs], kind: .bias, buffer: bias, first: own, second: [0], third: [0])
        return hasBias ? [weight, shift] : [weight]
      }
      return LayerWeights(weights: weights, bias: bias, parameters: parameters)
    }
    // PyTorch has the channels of the small map first, of either kind.
    let weight = Parameter(
      name: names[0] + ".weight", shape: [small, large, maps.kernel, maps.kernel], kind: .weight, buffer: weights,
      first: Array(0..<small), second: (0..<large).map { $0 * small }, third: (0..<taps).map { $0 * large * small })
    let shift = Parameter(
      name: names[0] + ".bias", shape: [channels], kind: .bias, buffer: bias, first: Array(0..<channels), second: [0],
      third: [0])
    return LayerWeights(weights: weights, bias: bias, parameters: hasBias ? [weight, shift] : [weight])
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    guard let weights, count > 0 else { return }
    let channels = maps.isSpread ? maps.large.channels : maps.small.channels
    run(
      maps.isSpread ? .spread : .gather, input, weights.weights, count,
      .activate(columns: channels, slope: slope), output, side: weights.bias)
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let weights, count > 0 else { return }
    // The weights may take their step at once: what needs them as they are comes first.
    if let inputGradient {
      run(
        maps.isSpread ? .gather : .spread, outputGradient, weights.weights, count, .gate(gate), inputGradient,
        side: input)
    }
    guard let use else { return }
    if let (finish, target, moments) = use.weights.parts(weights.weights) {
      let (large, small) = maps.isSpread ? (outputGradient, input) : (input, outputGradient)
      run(.weights, large, small, count, finish, target, side: target, moments)
    }
    let from = maps.isSpread ? maps.large : maps.small
    device.sumPlaces(
      outputGradient, places: count * from.height * from.width, channels: from.channels, use.bias, values: weights.bias)
  }

  private func run(
    _ kind: ProductKey.Kind, _ left: any Buffer, _ right: any Buffer, _ images: Int, _ finish: Finish,
    _ target: any Buffer, side: any Buffer, _ moments: Moments? = nil
  ) {
    let product = maps.product(kind, images: images)
    let key = CutKey(kind: kind, images: images)
    let cut =
      cuts[key]
      ?? ProductCut(
        rows: product.rows, columns: product.columns, depth: product.depth, layers: product.phases, size: product.size,
        tiles: device.tiles, units: device.hardware.units)
    cuts[key] = cut
    guard !product.isTooLarge else { return device.fail(.outOfMemory(bytes: 4 * product.size)) }
    precondition(target.count >= product.size)
    let isWhole = cut.parts == 1
    // Columns and rows share a dimension: of the others a driver may take only 65,535 groups.
    let across = (product.columns + cut.tile.columns - 1) / cut.tile.columns
    let groups = (across * ((product.rows + cut.tile.rows - 1) / cut.tile.rows), 1, cut.parts * product.phases)
    let launch = device.product(
      ProductKey(kind: kind, tile: cut.tile, isAligned: maps.isAligned), groups: groups,
      [
        .geometry(product.words(parts: cut.parts, partDepth: cut.partDepth)), .values(left), .values(right),
        .finish(isWhole ? finish : .store), isWhole ? .values(target) : .scratch(cut.parts * product.size),
        .values(side), .values(moments?.first ?? target), .values(moments?.second ?? target),
      ],
      traffic: product.traffic + (isWhole ? (moments == nil ? 1 : 6) : cut.parts) * product.size, flop: product.flop)
    device.run(
      launch, isWhole ? nil : device.sumParts(cut.parts, size: product.size, finish, target, side: side, moments))
  }
}

/// A large map and a small one, and the taps by which they meet.
struct JoinedMaps {
  let large: ConvolutionGeometry.Extent, small: ConvolutionGeometry.Extent
  let kernel: Int, stride: Int, padding: Int
  /// Whether the small map is read and the large one written.
  let isSpread: Bool

  init(_ operation: Operation) {
    switch operation {
    case .convolution(let geometry, _):
      isSpread = geometry.kind == .transposed
      (large, small) = isSpread ? (geometry.output, geometry.input) : (geometry.input, geometry.output)
      (kernel, stride, padding) = (geometry.kernel, geometry.stride, geometry.padding)
    case .dense(let input, let heads, let outputs, _):
      large = ConvolutionGeometry.Extent(height: 1, width: 1, channels: input.count)
      small = ConvolutionGeometry.Extent(height: 1, width: 1, channels: heads * outputs)
      (kernel, stride, padding, isSpread) = (1, 1, 0, false)
    case .reshape, .activation, .batchNorm, .maxPool, .upsample: preconditionFailure("\(operation) is no product")
    }
  }

  var isAligned: Bool { large.channels % 4 == 0 && small.channels % 4 == 0 }

  /// One sort of product for a number of images.
  func product(_ kind: ProductKey.Kind, images: Int) -> Product { Product(self, kind, images: images) }

  struct Product {
    let rows: Int, columns: Int, depth: Int, phases: Int, size: Int
    /// Whether a map has more values than a kernel can count.
    let isTooLarge: Bool
    private let head: [Int], divisors: [Int]
    /// Floats of both operands.
    let traffic: Int
    /// Multiplications and additions, those with zeros outside the maps among them.
    let flop: Int

    init(_ maps: JoinedMaps, _ kind: ProductKey.Kind, images: Int) {
      let (large, small) = (maps.large, maps.small), taps = maps.kernel * maps.kernel
      let largeSize = images * large.height * large.width * large.channels
      let smallPlaces = images * small.height * small.width, smallSize = smallPlaces * small.channels
      let weights = taps * large.channels * small.channels
      var tapsAcross = maps.kernel, rowMap = (height: small.height, width: small.width)
      switch kind {
      case .gather:
        (rows, columns, depth) = (smallPlaces, small.channels, taps * large.channels)
        (phases, size, traffic) = (1, smallSize, largeSize + weights)
      case .spread:
        let stride = maps.stride
        tapsAcross = (maps.kernel + stride - 1) / stride
        rowMap = ((large.height + stride - 1) / stride, (large.width + stride - 1) / stride)
        (rows, columns) = (images * rowMap.height * rowMap.width, large.channels)
        depth = tapsAcross * tapsAcross * small.channels
        (phases, size, traffic) = (stride * stride, largeSize, smallSize + weights)
      case .weights:
        (rows, columns, depth) = (taps * large.channels, small.channels, smallPlaces)
        (phases, size, traffic) = (1, weights, largeSize + smallSize)
      }
      flop = 2 * smallPlaces * weights
      head = [
        images, small.height, small.width, small.channels, large.height, large.width, large.channels, maps.kernel,
        maps.stride, maps.padding, tapsAcross, rowMap.height, rowMap.width, rows, columns, depth,
      ]
      divisors = [
        rowMap.height * rowMap.width, rowMap.width, kind == .spread ? small.channels : large.channels, tapsAcross,
      ]
      // Offsets are 32 bits wide.
      isTooLarge = max(largeSize, smallSize, weights) >= 1 << 31
    }

    /// `Geometry` of gpu-product.cl.
    func words(parts: Int, partDepth: Int) -> [UInt32] {
      (head + [parts, partDepth, size]).map { UInt32(truncatingIfNeeded: $0) } + divisors.flatMap { Divisor($0).words }
    }
  }
}

import BVAECPU
import BVAENetworks

/// An InfoGAN (Chen et al. 2016): a generator that makes images of noise and declared codes, a judge that tells them from
/// real ones, and Q, which shares the judge's trunk and tells the codes that an image was made of. What the codes come to
/// mean, it finds by itself.
package final class InfoGAN {
  /// What its images are made of.
  package let code: GeneratorCode
  /// The images that it takes and makes.
  package let image: ImageShape
  /// The seed of its initial weights.
  package let seed: UInt64
  /// Where it computes.
  package let compute: Compute
  /// What its networks' numbers mean.
  package let scale: ImageScale
  let generator: NetWeights, trunk: NetWeights, head: NetWeights, recognition: NetWeights

  private var encoding: (trunk: Pass, recognition: Pass)?, decoding: Pass?
  /// Images at a time.
  private static let batch = 192

  /// An InfoGAN with fresh weights, the same for the same seed: N(0, 0.02), the scales of batch norms N(1, 0.02), biases 0.
  /// - Parameters:
  ///   - image: 28×28 or 32×32 pixels.
  ///   - code: nil for the paper's.
  ///   - slope: of the judge's leaky rectifiers: 0.1 in the paper, 0.01 in the authors' code.
  ///   - divisor: of all widths, 1 for the paper's.
  /// - Throws: `ModelError.unsupported` for images of other sizes.
  package init(
    image: ImageShape, code: GeneratorCode? = nil, slope: Float = InfoGANNetworks.slopes.paper, divisor: Int = 1,
    seed: UInt64 = 1, compute: Compute = Compute()
  ) throws(ModelError) {
    let networks: InfoGANNetworks
    let code = if let code { code } else { try GeneratorCode.usual(for: image) }
    guard (0...1).contains(slope) else {
      throw .unsupported("the slope of a leaky ReLU is 0 to 1, not \(Double(slope).formatted(digits: 3))")
    }
    do {
      networks = try InfoGANNetworks(
        image: image, inputs: code.inputs, outputs: code.outputs, slope: slope, divisor: divisor)
    } catch {
      throw .unsupported(error.description)
    }
    (self.code, self.image, self.seed, self.compute, scale) = (code, image, seed, compute, networks.scale)
    let device = CPUDevice(compute)
    generator = NetWeights(networks.generator, on: device)
    trunk = NetWeights(networks.trunk, on: device)
    head = NetWeights(networks.head, on: device)
    recognition = NetWeights(networks.recognition, on: device)
    var first = 0
    for net in nets {
      net.initializeNormal(seed: seed, first: first)
      first += net.parameters.count
    }
  }

  /// Generator, trunk, head and Q.
  package var nets: [NetWeights] { [generator, trunk, head, recognition] }

  /// All arrays under PyTorch's names, batch norms' running statistics among them.
  package var parameters: [Parameter] { nets.flatMap(\.parameters) }

  /// A copy of all arrays, by PyTorch's names, in its shapes.
  package var weights: [String: Tensor] { parameters.tensors }

  /// Sets all arrays, by PyTorch's names.
  /// - Throws: `ModelError.unsupported` where one is missing or has another shape; then nothing is set.
  package func setWeights(_ tensors: [String: Tensor]) throws(ModelError) {
    for parameter in parameters where tensors[parameter.name]?.shape != parameter.shape {
      throw .unsupported(
        tensors[parameter.name].map { "'\(parameter.name)' has the shape \($0.shape), not \(parameter.shape)" }
          ?? "there is no '\(parameter.name)'")
    }
    for parameter in parameters { if let tensor = tensors[parameter.name] { parameter.set(tensor.values) } }
  }

  /// What Q tells of images, with batch norms' running statistics.
  /// - Throws: `ModelError.imageShape` for images of another size.
  package func encode(_ images: ByteImages) throws(ModelError) -> InfoGANEncoding {
    guard images.shape == image else { throw .imageShape(found: images.shape, expected: image) }
    return encode(images.count) { images[$0].map { Float($0) / 255 } }
  }

  /// The same of images, [images, height, width, planes] in 0…1.
  /// - Throws: `ModelError` for images of another size.
  package func encode(_ images: Tensor) throws(ModelError) -> InfoGANEncoding {
    guard images.shape.count == 4, images.shape[1...].allSatisfy({ $0 > 0 }) else {
      throw .unsupported("images have four dimensions, not \(images.shape.count)")
    }
    let shape = ImageShape(height: images.shape[1], width: images.shape[2], planes: images.shape[3]), size = image.count
    guard shape == image else { throw .imageShape(found: shape, expected: image) }
    return encode(images.count) { Array(images.values[$0 * size..<($0 + 1) * size]) }
  }

  private func encode(_ count: Int, _ pixels: (_ image: Int) -> [Float]) -> InfoGANEncoding {
    let (trunk, recognition) =
      encoding
      ?? (
        Pass(trunk, batch: Self.batch, use: .fastInference), Pass(recognition, batch: Self.batch, use: .fastInference)
      )
    encoding = (trunk, recognition)
    var outputs: [Float] = []
    outputs.reserveCapacity(count * code.outputs)
    for start in stride(from: 0, to: count, by: Self.batch) {
      let images = min(Self.batch, count - start)
      for row in 0..<images { trunk.input.set(row, to: pixels(start + row).map(scale.number)[...]) }
      trunk.forward(count: images, hasSameWeights: start > 0)
      recognition.input.set(images, toSumOf: [trunk.output])
      recognition.forward(count: images, hasSameWeights: start > 0)
      for row in 0..<images { recognition.output.append(row, to: &outputs) }
    }
    return InfoGANEncoding(outputs, code, images: count)
  }

  /// The images that are made of noise and codes, with batch norms' running statistics.
  /// - Returns: [images, height, width, planes] in 0…1.
  /// - Throws: `ModelError.unsupported` for codes of another declaration.
  package func decode(_ inputs: GeneratorInputs) throws(ModelError) -> Tensor {
    guard inputs.code == code else {
      throw .unsupported("the model's images are made of \(code), not of \(inputs.code)")
    }
    let pass = decoding ?? Pass(generator, batch: Self.batch, use: .inference)
    decoding = pass
    var values: [Float] = []
    values.reserveCapacity(inputs.count * image.count)
    for start in stride(from: 0, to: inputs.count, by: Self.batch) {
      let images = min(Self.batch, inputs.count - start)
      for row in 0..<images { pass.input.set(row, to: inputs.row(start + row)[...]) }
      pass.forward(count: images, hasSameWeights: start > 0)
      for row in 0..<images { pass.output.append(row, to: &values) }
    }
    return Tensor(
      shape: [inputs.count, image.height, image.width, image.planes], values: values.map(scale.pixel))
  }
}

/// What Q tells of images.
package struct InfoGANEncoding: Sendable, Equatable {
  /// Of each categorical code the probability of each category, [images, categories].
  package let probabilities: [Tensor]
  /// Of each continuous code the mean, [images, continuous codes].
  package let means: Tensor

  init(_ outputs: [Float], _ code: GeneratorCode, images: Int) {
    let size = code.outputs
    probabilities = code.logits.map { range in
      let values = (0..<images).flatMap { image in
        CategoryProbabilities(range.map { Double(outputs[image * size + $0]) }).values.map(Float.init)
      }
      return Tensor(shape: [images, range.count], values: values)
    }
    means = Tensor(
      shape: [images, code.continuous],
      values: (0..<images).flatMap { image in code.means.map { outputs[image * size + $0] } })
  }

  /// Of each image the likeliest category of a categorical code.
  package func categories(_ number: Int) -> [Int] {
    let tensor = probabilities[number], size = tensor.shape[1]
    return (0..<tensor.count).map { image in
      let row = tensor.values[image * size..<(image + 1) * size]
      return (row.indices.max { row[$0] < row[$1] } ?? row.startIndex) - row.startIndex
    }
  }
}

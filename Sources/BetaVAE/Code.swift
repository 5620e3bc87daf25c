import BVAECPU

/// What the encoder says of images: for each a normal distribution over the latents. Of an InfoGAN, what Q tells of them: the
/// likeliest category of each categorical code, then the means of the continuous ones.
public struct Code: Sendable, Equatable {
  /// μ, [images, latents].
  public let mean: Tensor
  /// log σ², [images, latents]; zeros where the encoder gives none.
  public let logVariance: Tensor
  /// Of each categorical code the probability of each category, [images, categories]; none for autoencoders.
  public let probabilities: [Tensor]

  /// A code of means and log variances of one shape.
  package init(mean: Tensor, logVariance: Tensor, probabilities: [Tensor] = []) {
    precondition(mean.shape == logVariance.shape && mean.shape.count == 2)
    self.mean = mean
    self.logVariance = logVariance
    self.probabilities = probabilities
  }

  /// What Q tells.
  /// - Parameter outputs: Q's, [images × outputs].
  package init(_ outputs: [Float], of declared: GeneratorCode) {
    let size = declared.outputs, images = outputs.count / size
    probabilities = declared.logits.map { range in
      let values = (0..<images).flatMap { image in
        CategoryProbabilities(range.map { Double(outputs[image * size + $0]) }).values.map(Float.init)
      }
      return Tensor(shape: [images, range.count], values: values)
    }
    let probabilities = probabilities
    let means = (0..<images).flatMap { image in
      probabilities.map { Float($0.likeliest(image)) } + declared.means.map { outputs[image * size + $0] }
    }
    mean = Tensor(shape: [images, declared.count], values: means)
    logVariance = Tensor(shape: mean.shape, values: means.map { _ in 0 })
  }

  /// The part of some images.
  public subscript(range: Range<Int>) -> Code {
    func part(_ tensor: Tensor) -> Tensor {
      let size = tensor.shape[1]
      return Tensor(
        shape: [range.count, size],
        values: Array(tensor.values[range.lowerBound * size..<range.upperBound * size]))
    }
    return Code(mean: part(mean), logVariance: part(logVariance), probabilities: probabilities.map(part))
  }

  /// The number of images.
  public var count: Int { mean.count }

  /// The number of latents.
  public var latents: Int { mean.shape[1] }
}

extension Tensor {
  /// The place of the largest number of a row, the first of several.
  fileprivate func likeliest(_ row: Int) -> Int {
    let numbers = values[row * shape[1]..<(row + 1) * shape[1]]
    return (numbers.indices.max { numbers[$0] < numbers[$1] } ?? numbers.startIndex) - numbers.startIndex
  }
}

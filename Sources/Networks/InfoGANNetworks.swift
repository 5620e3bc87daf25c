import BVAEArrays
import BVAEDevice

/// The four networks of an InfoGAN (Chen et al. 2016, appendix C, and the authors' code): a generator that makes images of noise
/// and codes, and a judge whose trunk has two heads, one logit that says whether an image is real, and Q, which tells the
/// codes that an image was made of.
///
/// There are two kinds: that of the authors for MNIST, 28×28, and that for SVHN, 32×32. Layers in front of a batch norm have
/// no bias.
package struct InfoGANNetworks: Sendable {
  /// From noise and codes, a row, to images.
  package let generator: Net
  /// From images to what both heads read.
  package let trunk: Net
  /// From there to the logit of "real".
  package let head: Net
  /// From there to the logits of each categorical code, then the means of the continuous ones: Q.
  package let recognition: Net
  /// All of them: generator, trunk, head and Q.
  package var all: [Net] { [generator, trunk, head, recognition] }
  /// What the generator's numbers mean.
  package let scale: ImageScale

  /// The slope of a leaky rectifier below zero: 0.1 in the paper, 0.01 in the authors' code.
  package static let slopes: (paper: Float, code: Float) = (0.1, 0.01)
  /// Channels of the judge's first convolution as published.
  package static let channels = 64

  /// Networks for images of a size.
  /// - Parameters:
  ///   - inputs: noise and codes together.
  ///   - outputs: logits and means together.
  ///   - slope: of the judge's leaky rectifiers.
  ///   - channels: of the judge's first convolution; all other widths are in proportion.
  /// - Throws: `NetError` for images that are neither 28×28 nor 32×32.
  package init(
    image: ImageShape, inputs: Int, outputs: Int, slope: Float = slopes.paper, channels: Int = channels
  ) throws(NetError) {
    guard channels > 0 else { throw NetError("a network has 1 channel and more, not \(channels)") }
    guard inputs > 0, outputs > 0 else {
      throw NetError("an InfoGAN's generator reads at least one number, and Q tells at least one")
    }
    let widths = Widths(channels: channels), top: Shape
    switch (image.height, image.width) {
    case (28, 28):
      generator = try Self.generator28(image, inputs, widths)
      trunk = try Self.trunk28(image, slope, widths)
      scale = .zeroToOne
    case (32, 32):
      generator = try Self.generator32(image, inputs, widths)
      trunk = try Self.trunk32(image, slope, widths)
      scale = .minusOneToOne
    default: throw NetError(Self.sizes(not: image))
    }
    top = trunk.output
    head = try Net(top) { Dense("judge.head", 1) }
    recognition = try Net(top) {
      Dense("judge.q1", widths[128], bias: false)
      BatchNorm("judge.qbn")
      Rectifier(slope: slope)
      Dense("judge.q2", outputs)
    }
  }

  /// Why there are no networks for images of a size, in words; nil where there are.
  package static func fault(of image: ImageShape) -> String? {
    image.height == image.width && [28, 32].contains(image.height) ? nil : sizes(not: image)
  }

  private static func sizes(not image: ImageShape) -> String {
    "an InfoGAN takes images of 28×28 or 32×32 pixels, not \(image)"
  }

  /// The published widths, in proportion.
  private struct Widths {
    let channels: Int
    subscript(published: Int) -> Int { max(1, published * channels / InfoGANNetworks.channels) }
  }

  private static func generator28(_ image: ImageShape, _ inputs: Int, _ widths: Widths) throws(NetError) -> Net {
    try Net(.row(inputs)) {
      Dense("generator.fc1", widths[1024], bias: false)
      BatchNorm("generator.bn1")
      Rectifier()
      Dense("generator.fc2", 7 * 7 * widths[128], bias: false)
      BatchNorm("generator.bn2")
      Rectifier()
      Reshape(height: 7, width: 7, channels: widths[128])
      Convolution.transposed("generator.deconv1", widths[64], stride: 2, bias: false)
      BatchNorm("generator.bn3")
      Rectifier()
      Convolution.transposed("generator.deconv2", image.planes, stride: 2)
      Sigmoid()
    }
  }

  private static func generator32(_ image: ImageShape, _ inputs: Int, _ widths: Widths) throws(NetError) -> Net {
    try Net(.row(inputs)) {
      Dense("generator.fc1", 2 * 2 * widths[448], bias: false)
      BatchNorm("generator.bn1")
      Rectifier()
      Reshape(height: 2, width: 2, channels: widths[448])
      Convolution.transposed("generator.deconv1", widths[256], stride: 2, bias: false)
      BatchNorm("generator.bn2")
      Rectifier()
      Convolution.transposed("generator.deconv2", widths[128], stride: 2)
      Rectifier()
      Convolution.transposed("generator.deconv3", widths[64], stride: 2)
      Rectifier()
      Convolution.transposed("generator.deconv4", image.planes, stride: 2)
      Tanh()
    }
  }

  private static func trunk28(_ image: ImageShape, _ slope: Float, _ widths: Widths) throws(NetError) -> Net {
    try Net(Shape(image)) {
      Convolution("judge.conv1", widths[64], stride: 2)
      Rectifier(slope: slope)
      Convolution("judge.conv2", widths[128], stride: 2, bias: false)
      BatchNorm("judge.bn2")
      Rectifier(slope: slope)
      Flatten()
      Dense("judge.fc3", widths[1024], bias: false)
      BatchNorm("judge.bn3")
      Rectifier(slope: slope)
    }
  }

  private static func trunk32(_ image: ImageShape, _ slope: Float, _ widths: Widths) throws(NetError) -> Net {
    try Net(Shape(image)) {
      Convolution("judge.conv1", widths[64], stride: 2)
      Rectifier(slope: slope)
      Convolution("judge.conv2", widths[128], stride: 2, bias: false)
      BatchNorm("judge.bn2")
      Rectifier(slope: slope)
      Convolution("judge.conv3", widths[256], stride: 2, bias: false)
      BatchNorm("judge.bn3")
      Rectifier(slope: slope)
    }
  }
}

/// The range of the numbers that stand for pixels from black to white.
package enum ImageScale: Hashable, Sendable {
  /// 0…1, as a sigmoid gives them.
  case zeroToOne
  /// −1…1, as a hyperbolic tangent gives them: 2x − 1.
  case minusOneToOne

  /// The number for a pixel of 0…1.
  package func number(_ pixel: Float) -> Float { self == .zeroToOne ? pixel : 2 * pixel - 1 }

  /// The pixel, 0…1, that a number stands for.
  package func pixel(_ number: Float) -> Float { self == .zeroToOne ? number : (number + 1) / 2 }
}

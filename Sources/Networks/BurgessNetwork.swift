import BVAEArrays
import BVAEDevice

extension Net {
  /// The encoder of Burgess et al. 2018, as most code has it: 4×4 convolutions of stride 2 down to 4×4, two dense layers
  /// and two heads, ReLU between.
  /// - Parameters:
  ///   - image: a square whose side is 8, 16, 32, 64, …
  ///   - channels: of every convolution, usually 32.
  ///   - hidden: numbers of each dense layer, usually 256.
  ///   - latents: the length of the code.
  public static func burgessEncoder(
    image: ImageShape, channels: Int = 32, hidden: Int = 256, latents: Int
  ) throws(NetError) -> Net {
    let depth = try burgessDepth(image)
    return try Net(Shape(image)) {
      for level in 1...depth {
        Convolution("encoder.conv\(level)", channels, stride: 2)
        Rectifier()
      }
      Flatten()
      Dense("encoder.fc1", hidden)
      Rectifier()
      Dense("encoder.fc2", hidden)
      Rectifier()
      Dense(["encoder.mean", "encoder.log_variance"], latents)
    }
  }

  /// Its decoder, the encoder's mirror image.
  public static func burgessDecoder(
    image: ImageShape, channels: Int = 32, hidden: Int = 256, latents: Int
  ) throws(NetError) -> Net {
    let depth = try burgessDepth(image)
    return try Net(.row(latents)) {
      Dense("decoder.fc1", hidden)
      Rectifier()
      Dense("decoder.fc2", hidden)
      Rectifier()
      Dense("decoder.fc3", 16 * channels)
      Rectifier()
      Reshape(height: 4, width: 4, channels: channels)
      for level in 1..<depth {
        Convolution.transposed("decoder.deconv\(level)", channels, stride: 2)
        Rectifier()
      }
      Convolution.transposed("decoder.deconv\(depth)", image.planes, stride: 2)
      Sigmoid()
    }
  }

  /// How often the side is halved down to 4.
  private static func burgessDepth(_ image: ImageShape) throws(NetError) -> Int {
    let depth = (1...12).first { 4 << $0 == image.height }
    guard let depth, image.width == image.height else {
      throw NetError("this network takes square images of 8, 16, 32, 64, … pixels a side, not \(image)")
    }
    return depth
  }
}

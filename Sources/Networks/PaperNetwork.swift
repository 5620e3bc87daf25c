import BVAEArrays
import BVAEDevice

extension Net {
  /// The paper's encoder (section "Network") for images of any size that is a multiple of four: three convolutions and
  /// two heads.
  /// - Parameters:
  ///   - channels: of every convolution, 64 in the paper.
  ///   - latents: the length Z of the code.
  public static func paperEncoder(image: ImageShape, channels: Int, latents: Int) throws(NetError) -> Net {
    try Net(Shape(image)) {
      Convolution("encoder.conv1", channels, stride: 2)
      Rectifier(slope: 0.3)
      Convolution("encoder.conv2", channels, stride: 2)
      Rectifier(slope: 0.3)
      Convolution("encoder.conv3", channels)
      Rectifier(slope: 0.3)
      Flatten()
      Dense(["encoder.mean", "encoder.log_variance"], latents)
    }
  }

  /// The paper's decoder: two dense layers make a 7×7 map, which three transposed convolutions make 14×14, and a dense
  /// layer the image.
  public static func paperDecoder(image: ImageShape, channels: Int, latents: Int) throws(NetError) -> Net {
    try Net(.row(latents)) {
      Dense("decoder.dense1", 2 * latents)
      Rectifier(slope: 0.3)
      Dense("decoder.dense2", 49)
      Rectifier(slope: 0.3)
      Reshape(height: 7, width: 7, channels: 1)
      Convolution.transposed("decoder.deconv1", channels, stride: 2)
      Rectifier()
      Convolution.transposed("decoder.deconv2", channels)
      Rectifier()
      Convolution.transposed("decoder.deconv3", channels)
      Rectifier()
      Flatten()
      Dense("decoder.output", image.count)
      Reshape(height: image.height, width: image.width, channels: image.planes)
      Sigmoid()
    }
  }
}

extension Shape {
  /// An image's.
  public init(_ image: ImageShape) {
    self = .map(height: image.height, width: image.width, channels: image.planes)
  }
}

import BVAEArrays
import BVAEDevice

extension NetworkKind {
  /// The paper's (section "Network"): three convolutions and two heads; two dense layers make a 7×7 map, which three
  /// transposed convolutions make 14×14, and a dense layer the image. For images of any size that is a multiple of four.
  public static let paper = NetworkKind(
    name: "paper",
    summary:
      "the paper's, three convolutions and a decoder that ends in a dense layer, for sides that are multiples of 4",
    channels: 64, hidden: nil
  ) { image, sizes throws(NetError) in
    guard image.height % 4 == 0, image.width % 4 == 0 else {
      throw NetError("the paper's network takes images whose sides are multiples of 4, not \(image)")
    }
    return try Net(Shape(image)) {
      Convolution("encoder.conv1", sizes.channels, stride: 2)
      Rectifier(slope: 0.3)
      Convolution("encoder.conv2", sizes.channels, stride: 2)
      Rectifier(slope: 0.3)
      Convolution("encoder.conv3", sizes.channels)
      Rectifier(slope: 0.3)
      Flatten()
      Dense(["encoder.mean", "encoder.log_variance"], sizes.latents)
    }
  } decoder: { image, sizes throws(NetError) in
    try Net(.row(sizes.latents)) {
      Dense("decoder.dense1", 2 * sizes.latents)
      Rectifier(slope: 0.3)
      Dense("decoder.dense2", 49)
      Rectifier(slope: 0.3)
      Reshape(height: 7, width: 7, channels: 1)
      Convolution.transposed("decoder.deconv1", sizes.channels, stride: 2)
      Rectifier()
      Convolution.transposed("decoder.deconv2", sizes.channels)
      Rectifier()
      Convolution.transposed("decoder.deconv3", sizes.channels)
      Rectifier()
      Flatten()
      Dense("decoder.output", image.count)
      Reshape(height: image.height, width: image.width, channels: image.planes)
      Sigmoid()
    }
  } sizes: { arrays in
    guard let channels = arrays.extent(0, "encoder.conv1.weight", dimensions: 4),
      let planes = arrays.extent(1, "encoder.conv1.weight", dimensions: 4), let latents = arrays.latents,
      let values = arrays.outputs("decoder.output")
    else { return nil }
    return FoundSizes(
      sizes: NetworkSizes(channels: channels, latents: latents),
      images: arrays.images(ofCount: values, planes: planes).filter { $0.height % 4 == 0 && $0.width % 4 == 0 })
  }
}

extension Shape {
  /// An image's.
  public init(_ image: ImageShape) {
    self = .map(height: image.height, width: image.width, channels: image.planes)
  }
}

import BVAEArrays
import BVAEDevice

extension NetworkKind {
  /// That of Burgess et al. 2018 as most code has it: 4×4 convolutions of stride 2 down to 4×4, two dense layers and two
  /// heads, ReLU between; the decoder is the encoder's mirror image.
  public static let burgess = NetworkKind(
    name: "burgess",
    summary:
      "4×4 convolutions of stride 2 down to 4×4 and two dense layers, for squares of 8, 16, 32, 64 or 128 pixels a "
      + "side (Burgess et al. 2018)",
    channels: 32, hidden: 256
  ) { image, sizes throws(NetError) in
    let depth = try depth(image)
    return try Net(Shape(image)) {
      for level in 1...depth {
        Convolution("encoder.conv\(level)", sizes.channels, stride: 2)
        Rectifier()
      }
      Flatten()
      for layer in 1...2 {
        Dense("encoder.fc\(layer)", sizes.hidden)
        Rectifier()
      }
      Dense(["encoder.mean", "encoder.log_variance"], sizes.latents)
    }
  } decoder: { image, sizes throws(NetError) in
    let depth = try depth(image)
    return try Net(.row(sizes.latents)) {
      for layer in 1...2 {
        Dense("decoder.fc\(layer)", sizes.hidden)
        Rectifier()
      }
      Dense("decoder.fc3", 16 * sizes.channels)
      Rectifier()
      Reshape(height: 4, width: 4, channels: sizes.channels)
      for level in 1..<depth {
        Convolution.transposed("decoder.deconv\(level)", sizes.channels, stride: 2)
        Rectifier()
      }
      Convolution.transposed("decoder.deconv\(depth)", image.planes, stride: 2)
      Sigmoid()
    }
  } sizes: { arrays in
    guard let channels = arrays.extent(0, "encoder.conv1.weight", dimensions: 4),
      let planes = arrays.extent(1, "encoder.conv1.weight", dimensions: 4), [1, 3].contains(planes),
      let hidden = arrays.outputs("encoder.fc1"), let latents = arrays.latents,
      let depth = depths.last(where: { arrays.outputs("decoder.deconv\($0)") == planes })
    else { return nil }
    return FoundSizes(
      sizes: NetworkSizes(channels: channels, hidden: hidden, latents: latents),
      images: [ImageShape(height: 4 << depth, width: 4 << depth, planes: planes)])
  }

  private static let depths = 1...5

  /// How often the side is halved down to 4.
  private static func depth(_ image: ImageShape) throws(NetError) -> Int {
    guard let depth = depths.first(where: { 4 << $0 == image.height }), image.width == image.height else {
      throw NetError("network burgess takes squares of 8, 16, 32, 64 or 128 pixels a side, not \(image)")
    }
    return depth
  }
}

import BVAEArrays
import BVAEDevice

extension NetworkKind {
  /// That of Burgess et al. 2018 as most code has it: 4×4 convolutions of stride 2 down to 4×4, two dense layers and two
  /// heads, ReLU between; the decoder is the encoder's mirror image. Images whose sides do not halve down to 4×4 are
  /// halved as often as both sides can be, down to 4 to 7 rows or columns.
  public static let burgess = NetworkKind(
    name: "burgess",
    summary:
      "4×4 convolutions of stride 2 down to about 4×4 and two dense layers, for even sides from 8 to 256 (Burgess et "
      + "al. 2018)",
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
    let depth = try depth(image), (height, width) = (image.height >> depth, image.width >> depth)
    return try Net(.row(sizes.latents)) {
      for layer in 1...2 {
        Dense("decoder.fc\(layer)", sizes.hidden)
        Rectifier()
      }
      Dense("decoder.fc3", height * width * sizes.channels)
      Rectifier()
      Reshape(height: height, width: width, channels: sizes.channels)
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
      let depth = depths.last(where: { arrays.outputs("decoder.deconv\($0)") == planes }),
      let values = arrays.outputs("decoder.fc3"), channels > 0, values % channels == 0
    else { return nil }
    return FoundSizes(
      sizes: NetworkSizes(channels: channels, hidden: hidden, latents: latents),
      images: arrays.images(ofCount: (values / channels * planes) << (2 * depth), planes: planes).filter {
        (try? Self.depth($0)) == depth
      })
  }

  private static let depths = 1...6

  /// How often both sides are halved: down to 4, or as far as they are even and long enough.
  private static func depth(_ image: ImageShape) throws(NetError) -> Int {
    var depth = 0, (height, width) = (image.height, image.width)
    while min(height, width) >= 8, height % 2 == 0, width % 2 == 0 {
      (depth, height, width) = (depth + 1, height / 2, width / 2)
    }
    guard depth > 0 else {
      throw NetError(
        "network burgess takes images whose sides are even and at least 8 pixels, not \(image); network mlp takes any")
    }
    return depth
  }
}

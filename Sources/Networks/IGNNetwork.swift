import BVAEArrays
import BVAEDevice

extension NetworkKind {
  /// That of DC-IGN (Kulkarni et al. 2015, as the authors' code has it): three 5×5 convolutions, each with max pooling and
  /// ReLU, of 96, 48 and 24 maps, and two heads; a dense layer makes 24 maps, which four times are up-sampled and convolved,
  /// 7×7, to 48, 96 and 96 maps and the image, ReLU between.
  ///
  /// Its convolutions have no padding, so it gives images back in their size only where the sides are 16·a − 90, as the
  /// published 150 is. Images whose sides are multiples of 16 are given padding instead, which is not published.
  public static let ign = NetworkKind(
    name: "ign",
    summary:
      "5×5 convolutions with max pooling and, back, 7×7 convolutions with up-sampling, for sides that are multiples of "
      + "16, or as published 150, 134, 166 and so on (Kulkarni et al. 2015)",
    channels: 96, hidden: nil
  ) { image, sizes throws(NetError) in
    let geometry = try IGNGeometry(image)
    return try Net(Shape(image)) {
      for (level, channels) in sizes.ignMaps.enumerated() {
        Convolution("encoder.conv\(level + 1)", channels, kernel: 5, padding: geometry.padding)
        MaxPool()
        Rectifier()
      }
      Flatten()
      Dense(["encoder.mean", "encoder.log_variance"], sizes.latents)
    }
  } decoder: { image, sizes throws(NetError) in
    let geometry = try IGNGeometry(image), maps = sizes.ignMaps
    return try Net(.row(sizes.latents)) {
      Dense("decoder.dense", geometry.height * geometry.width * maps[2])
      Rectifier()
      Reshape(height: geometry.height, width: geometry.width, channels: maps[2])
      for (level, channels) in [maps[1], maps[0], maps[0]].enumerated() {
        Upsample()
        Convolution("decoder.conv\(level + 1)", channels, kernel: 7, padding: geometry.padding)
        Rectifier()
      }
      Upsample()
      Convolution("decoder.conv4", image.planes, kernel: 7, padding: geometry.padding)
      Sigmoid()
    }
  } sizes: { arrays in
    let maps = (1...3).compactMap { arrays.extent(0, "encoder.conv\($0).weight", dimensions: 4) }
    guard maps.count == 3, maps.allSatisfy({ $0 > 0 }), let latents = arrays.latents,
      let planes = arrays.outputs("decoder.conv4"), [1, 3].contains(planes),
      let encoded = arrays.extent(1, "encoder.mean.weight", dimensions: 2), encoded % maps[2] == 0,
      let decoded = arrays.outputs("decoder.dense"), decoded % maps[2] == 0
    else { return nil }
    let usual = NetworkSizes(channels: maps[0], latents: latents)
    return FoundSizes(
      sizes: maps == usual.ignMaps ? usual : NetworkSizes(channels: maps[0], maps: maps, latents: latents),
      images: IGNGeometry.images(planes: planes).filter { image in
        guard let geometry = try? IGNGeometry(image) else { return false }
        return geometry.encoded == encoded / maps[2] && geometry.height * geometry.width == decoded / maps[2]
      })
  }
}

extension NetworkSizes {
  /// The maps of the encoder's convolutions: half and a quarter of the first one's behind it, unless others are named.
  fileprivate var ignMaps: [Int] { maps ?? [channels, max(1, channels / 2), max(1, channels / 4)] }
}

/// How images of a size go through DC-IGN's network.
private struct IGNGeometry {
  /// What lies around the maps.
  let padding: Convolution.Padding
  /// Rows and columns of the maps that the decoder starts from.
  let height: Int, width: Int
  /// Places of the maps that the encoder ends with.
  let encoded: Int

  /// The rows that four convolutions without padding, each behind an up-sampling, take from 16 times those they start from:
  /// 6 · (8 + 4 + 2 + 1).
  private static let lost = 90
  /// The sides that come back without padding, and those that come back with it.
  private static let valid = NetworkKind.sides.filter { ($0 + lost) % 16 == 0 && pooled($0) > 0 }
  private static let same = NetworkKind.sides.filter { $0 % 16 == 0 }

  /// Rows or columns behind three convolutions without padding, each with a pooling.
  private static func pooled(_ side: Int) -> Int { (0..<3).reduce(side) { side, _ in (side - 4) / 2 } }

  init(_ image: ImageShape) throws(NetError) {
    let sides = [image.height, image.width]
    if sides.allSatisfy(Self.same.contains) {
      padding = .same
      (height, width) = (image.height / 16, image.width / 16)
      encoded = 4 * height * width
    } else if sides.allSatisfy(Self.valid.contains) {
      padding = .valid
      (height, width) = ((image.height + Self.lost) / 16, (image.width + Self.lost) / 16)
      encoded = Self.pooled(image.height) * Self.pooled(image.width)
    } else {
      throw NetError(
        "network ign takes images whose sides are both multiples of 16, or both of 38, 54, 70 and so on up to 246, not "
          + "\(image); load them with 'size 32', for instance, or choose network burgess")
    }
  }

  /// All images of so many planes that the network takes.
  static func images(planes: Int) -> [ImageShape] {
    [same, valid].flatMap { sides in
      sides.flatMap { height in sides.map { ImageShape(height: height, width: $0, planes: planes) } }
    }
  }
}

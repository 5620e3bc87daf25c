import BVAECPU
import BVAENetworks
import BVAEPlatform

/// The size of a network: the paper's (section "Network") for images of any size that is a multiple of four.
public struct Architecture: Hashable, Sendable, CustomStringConvertible {
  /// The images that it encodes and decodes.
  public let image: ImageShape
  /// Channels of every convolution, 64 in the paper; 0 for networks of another kind.
  public let channels: Int
  /// Latents: the length Z of the code.
  public let latents: Int

  /// Its two networks.
  public let encoder: Net, decoder: Net

  /// The limits within which a network can be built.
  public static let channelRange = 1...512
  /// The limits within which a network can be built.
  public static let latentRange = 1...256
  /// The limits within which a network can be built.
  public static let sideRange = 8...128

  /// An architecture.
  /// - Throws: `ModelError.unsupported` when a size is out of range or a side of the image is no multiple of four.
  public init(image: ImageShape, channels: Int = 64, latents: Int = 12) throws {
    for (name, side) in [("height", image.height), ("width", image.width)] {
      guard Self.sideRange.contains(side), side % 4 == 0 else {
        throw ModelError.unsupported(
          "the network takes images whose sides are multiples of 4 from \(Self.sideRange.lowerBound) to "
            + "\(Self.sideRange.upperBound); these are \(image), of \(name) \(side)")
      }
    }
    guard image.planes == 1 || image.planes == 3 else {
      throw ModelError.unsupported("the network takes grey (1 plane) or colour (3 planes) images, not \(image)")
    }
    guard Self.channelRange.contains(channels) else {
      throw ModelError.unsupported("channels must be from 1 to \(Self.channelRange.upperBound), not \(channels)")
    }
    guard Self.latentRange.contains(latents) else {
      throw ModelError.unsupported("latents must be from 1 to \(Self.latentRange.upperBound), not \(latents)")
    }
    self.image = image
    self.channels = channels
    self.latents = latents
    let weights: Int
    do {
      encoder = try .paperEncoder(image: image, channels: channels, latents: latents)
      decoder = try .paperDecoder(image: image, channels: channels, latents: latents)
      weights = encoder.parameterCount + decoder.parameterCount
    } catch {
      throw ModelError.unsupported(error.description)
    }
    guard weights <= Self.largestWeightCount else {
      throw ModelError.unsupported(
        "a network of \(self) would have \(weights.grouped) weights, more than the "
          + "\(Self.largestWeightCount.grouped) that are accepted; choose fewer channels or smaller images")
    }
  }

  /// Two networks of any kind: an encoder with two heads and a decoder that ends with a sigmoid.
  /// - Throws: `ModelError.unsupported` where they are not those of such a model.
  package init(image: ImageShape, latents: Int, encoder: Net, decoder: Net) throws {
    guard encoder.input == Shape(image), encoder.output == .heads(2, of: latents), decoder.input == .row(latents),
      decoder.output == Shape(image), decoder.layers.last is Sigmoid
    else {
      throw ModelError.unsupported(
        "an encoder from \(encoder.input) to \(encoder.output) and a decoder from \(decoder.input) to \(decoder.output) "
          + "are no model of \(counted(latents, "latent")) for images of \(image)")
    }
    self.image = image
    self.latents = latents
    channels = 0
    self.encoder = encoder
    self.decoder = decoder
  }

  /// The most weights that a network may have: 0.8 GB of them, and four times that while training.
  static let largestWeightCount = 200_000_000

  /// Equal sizes, equal networks.
  public static func == (left: Architecture, right: Architecture) -> Bool {
    (left.image, left.channels, left.latents) == (right.image, right.channels, right.latents)
      && left.encoder.key == right.encoder.key && left.decoder.key == right.decoder.key
  }

  /// Equal networks hash equally.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(image)
    hasher.combine(channels)
    hasher.combine(latents)
  }

  /// The names and PyTorch shapes of all trained arrays, the encoder's first.
  var parameters: [(name: String, shape: [Int])] { encoder.parameters + decoder.parameters }

  /// `28×28×1, 64 channels, 12 latents`
  public var description: String { "\(image), \(channels) channels, \(latents) latents" }
}

/// What can go wrong with a model.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Sizes or options that the network does not have.
  case unsupported(String)
  /// Images of another size than the model's.
  case imageShape(found: ImageShape, expected: ImageShape)
  /// Codes of another length than the model's.
  case codeLength(found: Int, expected: Int)
  /// No images at all.
  case noImages(String)
  /// A training whose loss is no longer a number, or explodes.
  case diverged(Divergence)
  /// Weights that fit images of several sizes, in a file that does not say which.
  case severalSizes([ImageShape])
  /// A weights file that cannot be taken.
  case weightsFile(path: String, reason: String)

  /// In words.
  public var description: String {
    switch self {
    case .unsupported(let text): text
    case .imageShape(let found, let expected):
      "the model takes images of \(expected), these are \(found)"
    case .codeLength(let found, let expected):
      "the model has \(expected) latents, this code has \(found)"
    case .noImages(let purpose): "there are no images to \(purpose)"
    case .diverged(let divergence): divergence.description
    case .severalSizes(let shapes):
      "its weights fit images of \(shapes.map(\.description).listed("and")), and it does not say which"
    case .weightsFile(let path, let reason): "\(path): \(reason)"
    }
  }
}

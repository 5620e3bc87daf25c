import BVAECPU
import BVAENetworks
import BVAEPlatform

/// A network and its sizes.
public struct Architecture: Hashable, Sendable, CustomStringConvertible {
  /// The images that it encodes and decodes.
  public let image: ImageShape
  /// What it is made of.
  public let network: NetworkKind
  /// How large it is.
  public let sizes: NetworkSizes

  /// Its two networks.
  public let encoder: Net, decoder: Net

  /// Latents: the length Z of the code.
  public var latents: Int { sizes.latents }
  /// Channels of every convolution, or of the first where they differ; 0 in a network without.
  public var channels: Int { sizes.channels }

  /// The limits of `channels`.
  public static let channelRange = 1...512
  /// The limits of `hidden`.
  public static let hiddenRange = 1...4096
  /// The limits of `latents`.
  public static let latentRange = 1...256
  /// The limits of an image's rows and columns.
  public static let sideRange = NetworkKind.sides

  /// An architecture.
  /// - Parameters:
  ///   - channels: of every convolution, or of the first where they differ; nil for as many as the network is published with.
  ///   - hidden: numbers of every hidden dense layer; likewise.
  /// - Throws: `ModelError.unsupported` when a size is out of range, the network has no such size, or it does not take
  ///   such images.
  public init(
    image: ImageShape, network: NetworkKind = .paper, channels: Int? = nil, hidden: Int? = nil, latents: Int = 12
  ) throws {
    for (name, given, own) in [("channels", channels, network.channels), ("hidden", hidden, network.hidden)]
    where given != nil && own == nil {
      throw ModelError.unsupported("network \(network.name) has no '\(name)'")
    }
    try self.init(
      image: image, network: network,
      sizes: NetworkSizes(
        channels: channels ?? network.channels ?? 0, hidden: hidden ?? network.hidden ?? 0, latents: latents))
  }

  /// An architecture of sizes that are all known; likewise.
  package init(image: ImageShape, network: NetworkKind, sizes: NetworkSizes) throws {
    for (name, side) in [("height", image.height), ("width", image.width)] {
      guard Self.sideRange.contains(side) else {
        throw ModelError.unsupported(
          "the \(name) of images must be \(Self.sideRange.lowerBound) to \(Self.sideRange.upperBound) pixels; "
            + "it is \(side) for \(image)")
      }
    }
    guard image.planes == 1 || image.planes == 3 else {
      throw ModelError.unsupported("networks take grey (1 plane) or colour (3 planes) images, not \(image)")
    }
    let channels = network.channels == nil ? [] : [sizes.channels] + (sizes.maps ?? [])
    let hidden = network.hidden == nil ? [] : [sizes.hidden]
    for (name, found, range) in [
      ("channels", channels, Self.channelRange), ("hidden", hidden, Self.hiddenRange),
      ("latents", [sizes.latents], Self.latentRange),
    ] {
      guard let wrong = found.first(where: { !range.contains($0) }) else { continue }
      throw ModelError.unsupported("\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(wrong)")
    }
    self.image = image
    self.network = network
    self.sizes = sizes
    let weights: Int
    do {
      encoder = try network.encoder(image, sizes)
      decoder = try network.decoder(image, sizes)
      weights = encoder.parameterCount + decoder.parameterCount
    } catch {
      throw ModelError.unsupported(error.description)
    }
    guard weights <= Self.largestWeightCount else {
      throw ModelError.unsupported(
        "a network of \(self) would have \(weights.grouped) weights, more than the "
          + "limit of \(Self.largestWeightCount.grouped); choose \(network.channels == nil ? "a smaller 'hidden'" : "fewer channels") "
          + "or smaller images")
    }
  }

  /// The most weights that a network may have: 0.8 GB of them, and four times that while training.
  static let largestWeightCount = 200_000_000

  /// Equal kinds and sizes, equal networks.
  public static func == (left: Architecture, right: Architecture) -> Bool {
    (left.image, left.network, left.sizes) == (right.image, right.network, right.sizes)
  }

  /// Equal networks hash equally.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(image)
    hasher.combine(network)
    hasher.combine(sizes)
  }

  /// The names and PyTorch shapes of all trained arrays, the encoder's first.
  var parameters: [(name: String, shape: [Int])] { encoder.parameters + decoder.parameters }

  /// `28×28×1, 64 channels, 12 latents`; `64×64×1, network burgess, 32 channels, 256 hidden, 10 latents`
  public var description: String {
    let channels = (sizes.maps ?? [sizes.channels]).map(String.init).listed("and")
    let parts: [String?] = [
      "\(image)", network == .paper ? nil : "network \(network.name)",
      sizes.channels > 0 ? "\(channels) channels" : nil, sizes.hidden > 0 ? "\(sizes.hidden) hidden" : nil,
      "\(latents) latents",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
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

  /// In words.
  public var description: String {
    switch self {
    case .unsupported(let text): text
    case .imageShape(let found, let expected):
      "the model takes images of \(expected), not \(found)"
    case .codeLength(let found, let expected):
      "the model has \(expected) latents, but the code has \(found)"
    case .noImages(let purpose): "there are no images to \(purpose)"
    case .diverged(let divergence): divergence.description
    case .severalSizes(let shapes):
      "its weights fit images of \(shapes.map(\.description).listed("and")), and the file does not say which"
    }
  }
}

import BVAEArrays

/// A kind of network that models are made of: an encoder and a decoder for images of a size.
///
/// A new one is a file that declares it, and a line in `all`.
public struct NetworkKind: Sendable, Hashable {
  /// A line each, in the order in which help lists them.
  public static let all: [NetworkKind] = [.paper, .burgess, .mlp, .ign]

  /// The kind of a name.
  public static func named(_ name: String) -> NetworkKind? { all.first { $0.name == name } }

  /// The word for it in scripts and files.
  public let name: String
  /// What it is, for people, with its source.
  public let summary: String
  /// Channels of every convolution, or of the first where they differ, unless others are asked for; nil for a network
  /// without convolutions.
  public let channels: Int?
  /// Numbers of every hidden dense layer unless others are asked for; nil where they follow from the rest.
  public let hidden: Int?
  /// Makes an encoder from images to two heads of `latents` numbers, or throws for images that it does not take.
  package let encoder: @Sendable (ImageShape, NetworkSizes) throws(NetError) -> Net
  /// Makes a decoder from `latents` numbers to images, which ends with a sigmoid; likewise.
  package let decoder: @Sendable (ImageShape, NetworkSizes) throws(NetError) -> Net
  /// Sizes by the shapes of a file's arrays; nil where these are not the arrays of this kind.
  let sizes: @Sendable (ArrayShapes) -> FoundSizes?

  /// Equal names, equal kinds.
  public static func == (left: NetworkKind, right: NetworkKind) -> Bool { left.name == right.name }

  /// Equal kinds hash equally.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// How large a network is, beside the image.
public struct NetworkSizes: Hashable, Sendable {
  /// Channels of every convolution, or of the first where they differ; 0 in a network without.
  public let channels: Int
  /// Channels of each of the encoder's convolutions, where they do not follow from `channels`; nil where they do.
  public let maps: [Int]?
  /// Numbers of every hidden dense layer; 0 where they follow from the rest.
  public let hidden: Int
  /// The length of the code.
  public let latents: Int

  /// Sizes.
  package init(channels: Int, maps: [Int]? = nil, hidden: Int = 0, latents: Int) {
    (self.channels, self.maps, self.hidden, self.latents) = (channels, maps, hidden, latents)
  }
}

/// What the arrays of a file say of a network's size.
package struct FoundSizes {
  package let sizes: NetworkSizes
  /// The sizes of images that the arrays fit.
  package let images: [ImageShape]
}

extension NetworkKind {
  /// The one that images of a size are usually given: the paper's up to 32×32, that of Burgess et al. above, as the paper's
  /// ends in a dense layer of 12,544 weights a pixel and more.
  public static func usual(for image: ImageShape) -> NetworkKind {
    max(image.height, image.width) > 32 ? .burgess : .paper
  }

  /// Rows and columns of the images that networks are made for.
  public static let sides = 8...256

  /// The kind of network whose arrays these are, and its sizes; nil where they are of none.
  package static func found(in shapes: [String: [Int]]) -> (kind: NetworkKind, found: FoundSizes)? {
    all.lazy.compactMap { kind in kind.sizes(ArrayShapes(shapes: shapes)).map { (kind, $0) } }.first
  }
}

/// The shapes of a file's arrays, by name.
struct ArrayShapes {
  let shapes: [String: [Int]]

  /// One extent of an array of so many dimensions; nil where there is no such array.
  func extent(_ place: Int, _ name: String, dimensions: Int) -> Int? {
    guard let shape = shapes[name], shape.count == dimensions else { return nil }
    return shape[place]
  }

  /// The numbers that a layer gives.
  func outputs(_ layer: String) -> Int? { extent(0, "\(layer).bias", dimensions: 1) }

  /// The length of the code.
  var latents: Int? { extent(0, "encoder.mean.weight", dimensions: 2) }

  /// Images of so many values; of one number of planes if it is known.
  func images(ofCount count: Int, planes known: Int? = nil) -> [ImageShape] {
    [1, 3].filter { known ?? $0 == $0 }.flatMap { planes in
      NetworkKind.sides.compactMap { height in
        guard count % (height * planes) == 0 else { return nil }
        let width = count / (height * planes)
        return NetworkKind.sides.contains(width) ? ImageShape(height: height, width: width, planes: planes) : nil
      }
    }
  }
}

import BVAEArrays
import BVAECPU
import BVAENetworks
import BVAEPixels
import BVAEPlatform
import BVAEReporting
import BVAEResources
import BetaVAE
import Glibc

/// A page on which a model is explored: sliders for its latents, what it decodes, and the images that it encodes.
package struct ExplorerPage {
  /// What the page says of a latent.
  package struct Latent: Sendable {
    /// `Z3`.
    let name: String
    /// What it changes, in a few words.
    let words: String
    /// Mean KL divergence in nats; nil where there is none.
    let divergence: Double?
    let isActive: Bool
    let lower: Double, upper: Double
    /// How many categories it has; nil for a number.
    let categories: Int?

    package init(
      name: String, words: String, divergence: Double?, isActive: Bool, lower: Double, upper: Double, categories: Int?
    ) {
      (self.name, self.words, self.divergence, self.isActive) = (name, words, divergence, isActive)
      (self.lower, self.upper, self.categories) = (lower, upper, categories)
    }
  }

  /// What the map's points can be coloured by.
  package struct Property: Sendable {
    /// `digit`, `rotation`.
    let name: String
    /// Of each image; nil where it is not known.
    let values: [Double?]
    /// What the values stand for, where they are classes.
    let classes: [String]?

    package init(name: String, values: [Double?], classes: [String]?) {
      (self.name, self.values, self.classes) = (name, values, classes)
    }
  }

  /// What it decodes with.
  package let decoder: PageDecoder
  /// What encodes drawn images; nil where the page has no pad, with the reason.
  let encoder: PageNetwork?
  private let whyNoPad: String
  private let model: Model
  private let title: String, variable: String, subject: String
  private let latents: [Latent]
  private let codes: Tensor
  private let places: [Int]?
  private let images: [Bitmap]
  private let properties: [Property]
  private let noises: [[Float]]
  private let seed: UInt64

  /// Draws of noise that an InfoGAN's page can choose from.
  package static let draws = 12
  /// The largest images and the most weights of an encoder for which there is a pad.
  private static let largestPad = 64, mostPadWeights = 1_500_000

  /// A page.
  /// - Parameters:
  ///   - title: for the heading.
  ///   - subject: what the model is, and on which images its latents were measured: one or two sentences.
  ///   - variable: the model's name in scripts.
  ///   - images: what the map shows; `properties` are theirs.
  ///   - places: where the images stand in their dataset; nil where they are all of it.
  ///   - seed: of an InfoGAN's draws and of the codes that the decoder is measured with.
  ///   - goOn: called now and then; what it throws ends the work.
  /// - Throws: `ModelError` for images that do not fit the model.
  package init(
    _ model: Model, title: String, subject: String, variable: String, latents: [Latent], images: ByteImages,
    bitmaps: [Bitmap], places: [Int]?, properties: [Property], seed: UInt64, goOn: () throws -> Void
  ) throws {
    (self.model, self.title, self.variable, self.latents) = (model, title, variable, latents)
    (self.subject, self.places) = (subject, places)
    (self.images, self.properties, self.seed) = (bitmaps, properties, seed)
    let code = try model.encode(images)
    codes = code.mean
    try goOn()
    var random = RandomGenerator(seed: seed, stream: .subset, index: 21)
    let decoderWeights: NetWeights
    if let infoGAN = model as? InfoGAN {
      decoderWeights = infoGAN.generatorWeights
      noises = (0..<Self.draws).map { infoGAN.noise(of: Draw(seed: seed, number: $0)) }
      encoder = nil
      whyNoPad =
        "there is no pad to draw on: an InfoGAN makes images of codes and noise, and nothing tells the noise of an image"
    } else {
      guard let autoencoder = model as? VariationalAutoencoder else { preconditionFailure("a model of another kind") }
      decoderWeights = autoencoder.decoder
      noises = []
      (encoder, whyNoPad) = try Self.pad(for: autoencoder)
    }
    let count = 1000, samples = Self.rows(count, model, code, latents, noises, &random)
    let heldOut = Self.rows(count / 4, model, code, latents, noises, &random)
    try goOn()
    decoder = try PageDecoder(
      decoderWeights, samples: samples, heldOut: heldOut, compute: model.compute, goOn: goOn)
  }

  private static func pad(for model: VariationalAutoencoder) throws -> (PageNetwork?, String) {
    guard model.image.planes == 1, max(model.image.height, model.image.width) <= largestPad else {
      return (nil, "there is no pad to draw on: it takes grey images of at most \(largestPad) pixels a side")
    }
    let weights = model.encoder
    guard let heads = weights.net.layers.last as? Dense, heads.names.count == 2 else { return (nil, "") }
    let net = try Net(weights.net.input, weights.net.layers.dropLast() + [Dense(heads.names[0], heads.outputs)])
    guard net.parameterCount <= mostPadWeights else {
      let count = net.parameterCount.grouped
      return (nil, "there is no pad to draw on: the encoder has \(count) weights, too many for a page")
    }
    return (PageNetwork(net, from: weights, compute: model.compute), "")
  }

  /// What the decoder may read: half are codes of images, with the encoder's noise, a quarter are draws from the prior, and a
  /// quarter are codes of images with one latent taken anywhere on its slider.
  private static func rows(
    _ count: Int, _ model: Model, _ code: Code, _ latents: [Latent], _ noises: [[Float]],
    _ random: inout RandomGenerator
  ) -> [[Float]] {
    let seed = UInt64(random.index(below: 1 << 30))
    let prior = model.prior(count: count, seed: seed).values, size = latents.count
    return (0..<count).map { number in
      let image = random.index(below: code.count)
      var row = Array(code.mean.values[image * size..<(image + 1) * size])
      switch number % 4 {
      case 0, 1:
        guard model.objective.isVariational else { break }
        for latent in 0..<size {
          let deviation = exp(0.5 * code.logVariance.values[image * size + latent])
          row[latent] += deviation * Float(random.normalPair(at: UInt64(number * size + latent)).0)
        }
      case 2: row = Array(prior[number * size..<(number + 1) * size])
      default:
        let latent = random.index(below: size)
        guard latents[latent].categories == nil else { break }
        row[latent] = Float(latents[latent].lower + (latents[latent].upper - latents[latent].lower) * random.uniform())
      }
      return noises.isEmpty ? row : inputs(row, latents, noise: noises[number % noises.count])
    }
  }

  /// What a generator reads: noise, categories, numbers.
  private static func inputs(_ code: [Float], _ latents: [Latent], noise: [Float]) -> [Float] {
    var row = noise
    for (latent, value) in zip(latents, code) {
      if let size = latent.categories {
        row += (0..<size).map { $0 == Int(value) ? 1 : 0 }
      } else {
        row.append(value)
      }
    }
    return row
  }

  // MARK: - The file

  private static var script: String { resource("network.js") + resource("explorer.js") }

  /// The program of every page as a policy names it (Content Security Policy, level 2): no other runs in it.
  package static var scriptSource: String {
    "'sha256-\(base64(SHA256.digest(of: script.utf8)))'"
  }

  /// The page.
  /// - Throws: `FileProblem` where the sheet of images cannot be encoded.
  package func html() throws -> [UInt8] {
    let parts = [
      "title": HTML.escaped(title), "style": HTMLStyle.colors + "\n" + Self.resource("explorer.css"),
      "policy": Self.scriptSource, "script": Self.script, "data": Self.embedded(try data()),
    ]
    // Between {{ and }} stand the names of the parts.
    let pieces = Self.resource("explorer.html").split(separator: "{{", omittingEmptySubsequences: false)
    var page = String(pieces[0])
    for piece in pieces.dropFirst() {
      let halves = piece.split(separator: "}}", maxSplits: 1, omittingEmptySubsequences: false)
      guard let part = parts[String(halves[0])] else { preconditionFailure("the page has no \(halves[0])") }
      page += part + halves[1]
    }
    return Array(page.utf8)
  }

  /// What the page computes from, as Node reads it in tests too.
  package func data() throws -> JSON {
    var weights = PageNetwork.Weights()
    let operations = decoder.network.operations(into: &weights)
    let encoding = encoder?.operations(into: &weights)
    let sheet = try sheet()
    return [
      "title": .text(title), "subject": .text(subject), "variable": .text(variable), "seed": .text(String(seed)),
      "places": places.map { .list($0.map { JSON($0) }) } ?? .null,
      "image": [JSON(model.image.height), JSON(model.image.width), JSON(model.image.planes)],
      "isVariational": .truth(model.objective.isVariational),
      "latents": .list(latents.map(json)), "noises": .list(noises.map { .list($0.map { .number(Double($0)) }) }),
      "decoder": .list(operations), "encoder": encoding.map { .list($0) } ?? .null, "whyNoPad": .text(whyNoPad),
      "error": .number(decoder.error), "components": .list(decoder.components.map { JSON($0) }),
      "weights": .text(Self.base64(weights.halves)),
      "bytes": .text(Self.base64(weights.bytes.map { UInt8(bitPattern: $0) })),
      "codes": .text(Self.base64(codes.values.map { Float16($0) })),
      "properties": .list(properties.map(json)),
      "sheet": ["address": .text(sheet.address), "columns": JSON(sheet.columns)],
    ]
  }

  private func json(_ latent: Latent) -> JSON {
    var members: [String: JSON] = [
      "name": .text(latent.name), "words": .text(latent.words), "isActive": .truth(latent.isActive),
      "lower": .number(latent.lower), "upper": .number(latent.upper),
    ]
    if let divergence = latent.divergence { members["divergence"] = .number(divergence) }
    if let categories = latent.categories { members["categories"] = JSON(categories) }
    return .object(members)
  }

  private func json(_ property: Property) -> JSON {
    var members: [String: JSON] = [
      "name": .text(property.name), "values": .list(property.values.map { $0.map { .number($0) } ?? .null }),
    ]
    if let classes = property.classes { members["classes"] = .list(classes.map { .text($0) }) }
    return .object(members)
  }

  /// The images side by side, as the address of a picture.
  private func sheet() throws -> (address: String, columns: Int) {
    let columns = max(1, Int(Double(images.count).squareRoot().rounded(.up)))
    let (height, width, planes) = (model.image.height, model.image.width, model.image.planes)
    let rows = (images.count + columns - 1) / columns, stride = columns * width * planes
    var bytes = [UInt8](repeating: 0, count: rows * height * stride)
    for (number, image) in images.enumerated() {
      let start = (number / columns) * height * stride + (number % columns) * width * planes
      for row in 0..<height {
        bytes.replaceSubrange(
          start + row * stride..<start + row * stride + width * planes,
          with: image.bytes[row * width * planes..<(row + 1) * width * planes])
      }
    }
    let sheet = Bitmap(width: columns * width, height: rows * height, planes: planes, bytes: bytes)
    return ("data:image/png;base64," + Self.base64(try PNG.encode(sheet)), columns)
  }

  private static func base64(_ halves: [Float16]) -> String {
    let bytes = halves.flatMap { [UInt8(truncatingIfNeeded: $0.bitPattern), UInt8($0.bitPattern >> 8)] }
    return base64(bytes)
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    String(decoding: [UInt8](base64Of: bytes), as: UTF8.self)
  }

  /// JSON that stands within a page: nothing in it ends the element that it is in.
  private static func embedded(_ value: JSON) -> String {
    String(decoding: value.bytes, as: UTF8.self).replacing("<", with: "\\u003c")
  }

  private static func resource(_ name: String) -> String {
    var count = 0
    guard let start = resource_bytes(name, &count) else { preconditionFailure("there is no \(name)") }
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}

import BVAECPU
import BVAENetworks
import BVAEPlatform

/// Weights as they stand in a file, by this network's names. What wraps a model in PyTorch puts words into the names:
/// `module.` (data parallel, weight averaging), `_orig_mod.` (compiled), `model.` and others before all of them (a model
/// inside a trainer).
struct ForeignWeights {
  /// The file with this network's names.
  let file: Safetensors
  /// What was made of it, in sentences.
  let notes: [String]

  /// What stands for a wrapper wherever it is in a name.
  private static let wrappers: Set = ["module", "_orig_mod"]
  /// An array that every system of a sort has.
  private static let firsts = ["encoder.mean.weight", InfoGAN.firstArray]

  init(_ file: Safetensors) throws {
    var file = file, notes: [String] = []
    if Self.firsts.allSatisfy({ file.tensors[$0] == nil }) {
      let unwrapped = file.tensors.keys.map { name in
        (name, name.split(separator: ".").filter { !Self.wrappers.contains(String($0)) }.joined(separator: "."))
      }
      let prefixes = Self.firsts.flatMap { first in
        unwrapped.filter { $0.1.hasSuffix("." + first) }.map { $0.1.dropLast(first.count + 1) + "." }
      }
      let prefix = prefixes.count == 1 ? prefixes[0] : ""
      var tensors: [String: Tensor] = [:], examples: [(String, String)] = []
      for (old, name) in unwrapped {
        let new = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        guard tensors.updateValue(file.tensors[old]!, forKey: new) == nil else {
          throw ModelError.unsupported("two of its arrays map to '\(new)', one of them '\(old)'")
        }
        if old != new { examples.append((old, new)) }
      }
      file.tensors = tensors
      if let (old, new) = examples.min(by: { $0 < $1 }), Self.firsts.contains(where: { tensors[$0] != nil }) {
        notes.append("prefixes of its array names were dropped: '\(old)' was read as '\(new)'")
      }
    }
    let other = file.types.subtracting(["F32"]).sorted()
    if !other.isEmpty { notes.append("its values of type \(other.joined(separator: ", ")) were converted to float32") }
    self.file = file
    self.notes = notes
  }
}

/// What a weights file that another program wrote may leave open, for whoever opens it to say.
public struct GivenFacts: Sendable, Equatable {
  /// The objective's kind: β of a β-VAE, or `autoencoder`.
  public enum Kind: Sendable, Equatable {
    /// A β-VAE with this β.
    case variational(beta: Float)
    /// No KL divergence, no noise.
    case autoencoder
  }

  /// β-VAE or autoencoder.
  public var kind: Kind?
  /// The reconstruction term.
  public var likelihood: Objective.Likelihood?
  /// Rows and columns of an image.
  public var height: Int?, width: Int?
  /// An InfoGAN's codes: how many categories each categorical one has, and how many are continuous.
  public var categories: [Int]?, continuous: Int?

  /// Nothing unless said.
  public init(
    kind: Kind? = nil, likelihood: Objective.Likelihood? = nil, height: Int? = nil, width: Int? = nil,
    categories: [Int]? = nil, continuous: Int? = nil
  ) {
    self.categories = categories
    self.continuous = continuous
    self.kind = kind
    self.likelihood = likelihood
    self.height = height
    self.width = width
  }
}

/// What a model from a file does not know of itself.
public struct UnknownFacts: OptionSet, Sendable {
  /// One bit a fact.
  public let rawValue: Int

  /// Facts by their bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Whether it is a β-VAE or an autoencoder, and its β. Such a model is taken for a β-VAE.
  public static let beta = UnknownFacts(rawValue: 1)
  /// Its likelihood. Its error is measured as squared error.
  public static let likelihood = UnknownFacts(rawValue: 2)
  /// The seed of its first weights.
  public static let seed = UnknownFacts(rawValue: 4)

  /// Why a model cannot be trained on; nil where it can.
  var trainingGap: String? {
    let gaps = [(Self.beta, "β"), (.likelihood, "likelihood")].filter { contains($0.0) }.map(\.1)
    guard !gaps.isEmpty else { return nil }
    return
      "the file of this model does not state its \(gaps.joined(separator: " or its ")), so it cannot be trained"
  }
}

extension Objective {
  /// The name under which files give an objective's name.
  static let metadataName = "objective"

  /// Whether β alone tells it, as before 0.2, which knew no other objectives: those of β-VAE and autoencoder.
  var isToldByBeta: Bool { [BetaLoss.name, NoLatentLoss.name].contains(loss.name) }

  /// What a file says of the objective, beside the likelihood.
  var metadata: [String: String] {
    if isToldByBeta { return ["beta": beta.map { String($0) } ?? "none"] }
    let settings = loss.settings.map { ($0.name, $0.text) }
    return Dictionary(uniqueKeysWithValues: settings + [(Self.metadataName, loss.name)])
  }
}

/// The objective of a model from a file: from the metadata, else as given.
struct ObjectiveFacts {
  let objective: Objective
  let unknown: UnknownFacts
  /// What was assumed, in sentences.
  let notes: [String]

  /// - Throws: `ModelError.unsupported` where the metadata hold something else than is expected, or contradict what is given.
  init(_ texts: [String: String], _ given: GivenFacts) throws {
    var unknown: UnknownFacts = [], notes: [String] = []
    let stated = try Self.kind(texts["beta"])
    if let stated, let kind = given.kind, stated != kind {
      throw ModelError.unsupported("its metadata describe \(Self.words(stated)), not \(Self.words(kind))")
    }
    let written = try texts["likelihood"].map { text in
      guard let likelihood = Objective.Likelihood(rawValue: text) else {
        let known = Objective.Likelihood.allCases.map(\.rawValue).listed("and")
        throw ModelError.unsupported("its metadata give '\(text)' as likelihood; \(known) are known here")
      }
      return likelihood
    }
    if let written, let likelihood = given.likelihood, written != likelihood {
      throw ModelError.unsupported("its metadata give \(written.rawValue) as likelihood, not \(likelihood.rawValue)")
    }
    if written ?? given.likelihood == nil {
      unknown.insert(.likelihood)
      notes.append("it does not state its likelihood; assuming squared errors")
    }
    let likelihood = written ?? given.likelihood ?? .gaussian
    if let name = texts[Objective.metadataName] {
      guard let loss = SystemLosses.all.first(where: { $0.name == name }) else {
        throw ModelError.unsupported(
          "its metadata give '\(name)' as objective; \(SystemLosses.all.map { $0.name }.listed("and")) are known here")
      }
      objective = Objective(try loss.init(SavedSettings(texts)), likelihood)
      (self.unknown, self.notes) = (unknown, notes)
      return
    }
    switch stated ?? given.kind {
    case .variational(let beta): objective = try .variational(beta: beta, likelihood: likelihood)
    case .autoencoder: objective = .autoencoder(likelihood: likelihood)
    case nil:
      unknown.insert(.beta)
      notes.append("it states neither its β nor whether it is a β-VAE or an autoencoder; assuming a β-VAE")
      objective = try .variational(beta: 1, likelihood: likelihood)
    }
    self.unknown = unknown
    self.notes = notes
  }

  private static func kind(_ text: String?) throws -> GivenFacts.Kind? {
    guard let text else { return nil }
    if text == "none" { return .autoencoder }
    guard let beta = Float(text), beta.isFinite, beta >= 0 else {
      throw ModelError.unsupported("its metadata give '\(text)' as beta; expected a number of 0 or more")
    }
    return .variational(beta: beta)
  }

  private static func words(_ kind: GivenFacts.Kind) -> String {
    switch kind {
    case .variational(let beta): "a β-VAE with β = \(beta)"
    case .autoencoder: "an autoencoder"
    }
  }
}

extension Architecture {
  /// What a file says of the network, beside image and latents; the paper's goes without saying.
  var metadata: [String: String] {
    var texts: [String: String] = [:]
    if network != .paper { texts["network"] = network.name }
    if sizes.channels > 0 { texts["channels"] = String(sizes.channels) }
    if sizes.hidden > 0 { texts["hidden"] = String(sizes.hidden) }
    return texts
  }
}

extension Safetensors {
  /// Kind and sizes of the network from the arrays; height and width from the metadata, else as given, else where the
  /// arrays fit images of one size only.
  func architecture(_ given: GivenFacts) throws -> Architecture {
    guard let (network, found) = NetworkKind.found(in: tensors.mapValues(\.shape)) else {
      throw ModelError.unsupported(
        "these weights belong to no known network (\(NetworkKind.all.map(\.name).listed("or"))): encoder.mean.weight "
          + "and others are expected, found \(tensors.isEmpty ? "nothing" : tensors.keys.sorted().prefix(4).joined(separator: ", "))"
      )
    }
    // Another program may mean something else by the word.
    if let stated = metadata["network"].flatMap(NetworkKind.named), stated != network {
      throw ModelError.unsupported(
        "its metadata name the network '\(stated.name)', but its arrays belong to \(network.name)")
    }
    let image = try image(given, fitting: found.images)
    return try Architecture(image: image, network: network, sizes: found.sizes)
  }

  private func image(_ given: GivenFacts, fitting: [ImageShape]) throws -> ImageShape {
    func only(_ height: Int, _ width: Int, _ planes: Int? = nil) throws -> ImageShape {
      let shapes = fitting.filter { $0.height == height && $0.width == width && planes ?? $0.planes == $0.planes }
      guard let shape = shapes.first else {
        let size = [height, width, planes].compactMap { $0.map(String.init) }.joined(separator: "×")
        throw ModelError.unsupported("its weights fit no image of \(size)")
      }
      return shape
    }
    if let text = metadata["image"] {
      let parts = text.split(separator: "x").map { Int($0) }
      guard parts.count == 3, let height = parts[0], let width = parts[1], let planes = parts[2] else {
        throw ModelError.unsupported("its metadata give '\(text)' as image; expected height x width x planes")
      }
      let image = try only(height, width, planes)
      guard given.height ?? height == height, given.width ?? width == width else {
        throw ModelError.unsupported(
          "its metadata give images of \(image), not of \(given.height ?? height)×\(given.width ?? width)")
      }
      return image
    }
    if let height = given.height, let width = given.width { return try only(height, width) }
    guard let first = fitting.first else {
      throw ModelError.unsupported(
        "its weights fit no image of \(NetworkKind.sides.lowerBound) to \(NetworkKind.sides.upperBound) pixels a side")
    }
    guard fitting.count == 1 else { throw ModelError.severalSizes(fitting) }
    return first
  }
}

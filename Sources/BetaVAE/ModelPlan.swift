import BVAECPU
import BVAEPlatform

/// What an untrained model will be, before it has any weights: enough to tell the key of its training, and to make it. Of
/// a study of ten thousand models only those that are not stored yet are made.
public struct ModelPlan: Sendable {
  /// What it is to be trained for.
  public let objective: Objective
  /// The seed of its initial weights.
  public let seed: UInt64
  /// The length of its code, and `Model.sizes`.
  public let latents: Int, sizes: String
  /// What stands for the initial weights, as `Model.lineage` does.
  let lineage: String
  /// Takes in what makes its networks what they are, as `Model.add(to:)` does.
  let networks: @Sendable (inout Fingerprint) -> Void
  private let make: @Sendable (Compute) throws -> Model

  init(
    _ objective: Objective, seed: UInt64, latents: Int, sizes: String, lineage: String,
    networks: @escaping @Sendable (inout Fingerprint) -> Void, make: @escaping @Sendable (Compute) throws -> Model
  ) {
    (self.objective, self.seed, self.latents, self.sizes) = (objective, seed, latents, sizes)
    (self.lineage, self.networks, self.make) = (lineage, networks, make)
  }

  /// The model with its initial weights.
  /// - Throws: `ModelError.unsupported` where there is none of such sizes.
  public func model(compute: Compute) throws -> Model {
    let model = try make(compute)
    try model.device.check()
    return model
  }
}

extension VariationalAutoencoder {
  /// What an autoencoder will be.
  public static func plan(_ architecture: Architecture, objective: Objective, seed: UInt64) -> ModelPlan {
    ModelPlan(
      objective, seed: seed, latents: architecture.latents, sizes: "\(architecture)",
      lineage: lineage(architecture, objective, seed: seed),
      networks: { architecture.add(to: &$0) },
      make: { VariationalAutoencoder(architecture, objective: objective, seed: seed, compute: $0) })
  }
}

extension InfoGAN {
  /// What an InfoGAN will be; see `InfoGAN.init`.
  /// - Throws: `ModelError.unsupported` for images of other sizes, options out of range, or widths that make it too large.
  public static func plan(
    image: ImageShape, code: GeneratorCode, lambda: Float, slope: Float, channels: Int, seed: UInt64
  ) throws -> ModelPlan {
    let objective = try Objective.infoGAN(code, lambda: lambda, slope: slope)
    let keys = try networks(image: image, objective: objective, channels: channels).all.map(\.key)
    return ModelPlan(
      objective, seed: seed, latents: code.count, sizes: sizes(image, channels: channels),
      lineage: lineage(keys, seed: seed), networks: { for key in keys { $0.add(key) } },
      make: {
        try InfoGAN(
          image: image, code: code, lambda: lambda, slope: slope, channels: channels, seed: seed, compute: $0)
      })
  }
}

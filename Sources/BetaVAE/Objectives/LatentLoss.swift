import BVAENetworks
import Glibc

/// What the codes of a batch cost, beside the reconstruction error: the part in which the objectives of β-VAE and its
/// relatives differ.
package protocol LatentLoss: SystemLoss {
  /// Looks at a batch: adds its gradients, and gives the values of `terms`, means over the batch; nothing where they
  /// are defined for training alone and nothing is trained.
  func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double]

  /// The network that estimates it, which is trained beside encoder and decoder; nil where none does.
  func critic(latents: Int) -> Net?

  /// How a model that has it is trained.
  func training(_ model: VariationalAutoencoder, batch: Int, options: TrainingOptions) -> any Trainable
}

extension LatentLoss {
  package var code: Objective.CodeKind { .gaussian }
  package func critic(latents: Int) -> Net? { nil }
  package func training(_ model: VariationalAutoencoder, batch: Int, options: TrainingOptions) -> any Trainable {
    AutoencoderTraining(model, batch: batch, options: options)
  }
}

/// What the encoder says of a batch, and what was drawn from it. Lists are [images × latents], image after image.
package struct Posterior {
  /// Images, and latents of each.
  package let images: Int, latents: Int
  /// μ, log σ² and z = μ + σ ε.
  package let mean: [Float], logVariance: [Float], sample: [Float]
  /// The KL divergence of an image over all latents, in nats: its mean over the batch.
  package let divergence: Double
  /// The step of the training, counted from 1; past any schedule where nothing is trained.
  package let step: Int
  /// N, the images of the training set.
  package let trainingImages: Int
  /// What a warm-up leaves of the loss, 0…1.
  package let warmup: Float
  /// What estimates the total correlation, where a critic does.
  package let critic: Critic?
  /// How far a DC-IGN's inactive latents were from their means over the batch, squared and summed over an image: its mean
  /// over the batch; nil where no latents were held.
  package let spread: Double?

  package init(
    images: Int, latents: Int, mean: [Float], logVariance: [Float], sample: [Float], divergence: Double, step: Int,
    trainingImages: Int, warmup: Float = 1, critic: Critic? = nil, spread: Double? = nil
  ) {
    self.images = images
    self.latents = latents
    self.mean = mean
    self.logVariance = logVariance
    self.sample = sample
    self.divergence = divergence
    self.step = step
    self.trainingImages = trainingImages
    self.warmup = warmup
    self.critic = critic
    self.spread = spread
  }
}

/// The gradient of a batch's mean loss by what a posterior holds.
package struct PosteriorGradient {
  /// By μ and log σ², with z held fast.
  package var mean: [Float], logVariance: [Float]
  /// By z; empty where the loss does not look at it.
  package var sample: [Float] = []

  /// Zeros.
  package init(_ posterior: Posterior) {
    mean = Array(repeating: 0, count: posterior.mean.count)
    logVariance = mean
  }

  /// Adds the gradient of `weight` times the mean KL divergence: `weight · μ / B` and `weight · ½ (e^s − 1) / B`.
  package mutating func addDivergence(_ weight: Float, _ posterior: Posterior) {
    let scale = 1 / Float(posterior.images)
    for i in mean.indices {
      mean[i] += weight * scale * posterior.mean[i]
      logVariance[i] += weight * scale * 0.5 * (exp(posterior.logVariance[i]) - 1)
    }
  }
}

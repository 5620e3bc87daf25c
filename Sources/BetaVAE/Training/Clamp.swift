import BVAENetworks

/// Holds the latents of a DC-IGN that do not belong to the factor that varies in a batch (Kulkarni et al. 2015,
/// section 3.1 and figure 3). Means and log variances are treated alike.
///
/// Forward, an inactive latent's value h is replaced by its mean over the batch, so that the decoder can tell the images
/// apart by the active latents alone. Back, what the decoder and the KL divergence say of it is replaced by
///
///     (h − mean over the batch) / 100 / B
///
/// which draws it together. The reference sums its loss over the B images of a batch and has no / B; here losses are means
/// over the batch, so that all gradients are smaller by the same factor and Adam's steps are equal, up to its ε.
final class Clamp {
  /// Of each latent, whether it belongs to what varies.
  var isActive: [Bool]
  /// Σ (h − mean)² over an image's inactive latents, its mean over the batch.
  private(set) var spread = 0.0
  /// h − mean, [heads × images × latents], 0 for active latents.
  private var away: [Float] = []
  /// The weight of what draws inactive latents together (Kulkarni et al. 2015, section 3.1).
  private static let strength: Float = 1 / 100
  /// The encoder's heads: mean and log variance.
  private static let heads = 2

  init(latents: Int) { isActive = Array(repeating: true, count: latents) }

  /// Replaces the inactive latents' values in place.
  /// - Parameter values: what the encoder gives of the batch.
  func hold(_ values: Values, images: Int) {
    let latents = isActive.count
    away = Array(repeating: 0, count: Self.heads * images * latents)
    spread = 0
    values.writing(images, changing: true) { values in
      for head in 0..<Self.heads {
        for latent in 0..<latents where !isActive[latent] {
          var sum = 0.0
          for image in 0..<images { sum += Double(values[place(image, head, latent)]) }
          let mean = Float(sum / Double(images))
          for image in 0..<images {
            let distance = values[place(image, head, latent)] - mean
            away[(head * images + image) * latents + latent] = distance
            spread += Double(distance) * Double(distance) / Double(images)
            values[place(image, head, latent)] = mean
          }
        }
      }
    }

    func place(_ image: Int, _ head: Int, _ latent: Int) -> Int {
      values.layout.offset(image: image, column: head) + latent
    }
  }

  /// Replaces the gradient of the inactive latents' values in place.
  func passBack(_ gradient: Values, images: Int) {
    let latents = isActive.count, share = Self.strength / Float(images), layout = gradient.layout
    gradient.writing(images, changing: true) { gradient in
      for head in 0..<Self.heads {
        for image in 0..<images {
          let start = layout.offset(image: image, column: head)
          for latent in 0..<latents where !isActive[latent] {
            gradient[start + latent] = share * away[(head * images + image) * latents + latent]
          }
        }
      }
    }
  }
}

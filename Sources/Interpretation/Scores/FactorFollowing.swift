import BVAEDatasets
import BVAEPlatform
import BetaVAE
import Glibc

/// How well the latents of a model follow the factors that they belong to, and nothing else (after Kulkarni et al. 2015, section 4.1:
/// invariance and equivariance).
public struct FactorFollowing: Sendable, Equatable {
  /// The factor; nil for all that no named factor says.
  public let factor: String?
  /// The latent that belongs to the factor; nil for all else.
  public let latent: Int?
  /// The variance of the other latents' means within batches in which this alone varies, over their variance over all
  /// images, both summed over these latents: 0 for latents that do not follow it. Nil where they do not vary at all.
  public let invariance: Double?
  /// |Spearman's rank correlation| of the latent's mean with the factor over all images, 1 for one that follows it; nil
  /// for kinds, which have no order, and for all else.
  public let equivariance: Double?
  /// The same within batches in which the factor alone varies, the mean over the batches.
  public let equivarianceWithin: Double?

  /// What the means of codes say.
  /// - Parameters:
  ///   - means: of all images, [images × latents].
  ///   - values: the factor's values of all images; empty where they have no order.
  ///   - batches: the means of each batch, [images × latents], and the factor's values there.
  ///   - active: the latents that belong to what varies, `latent` or those of all else.
  package init(
    factor: String?, latent: Int?, active: Set<Int>, latents: Int, means: [Float], values: [Float],
    batches: [(means: [Float], values: [Float])]
  ) {
    func column(_ means: [Float], _ latent: Int) -> [Double] {
      stride(from: latent, to: means.count, by: latents).map { Double(means[$0]) }
    }
    func variance(_ means: [Float]) -> Double {
      (0..<latents).filter { !active.contains($0) }.reduce(0) { sum, latent in
        let values = column(means, latent), mean = values.reduce(0, +) / Double(max(1, values.count))
        return sum + values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
      }
    }
    func correlation(_ means: [Float], _ values: [Float]) -> Double? {
      guard let latent, !values.isEmpty else { return nil }
      let found = abs(Association.spearman(column(means, latent), values.map(Double.init)))
      return found.isFinite ? found : nil
    }
    self.factor = factor
    self.latent = latent
    let all = variance(means), within = batches.reduce(0) { $0 + variance($1.means) } / Double(max(1, batches.count))
    invariance = all > 0 ? within / all : nil
    equivariance = correlation(means, values)
    let found = batches.compactMap { correlation($0.means, $0.values) }
    equivarianceWithin = found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
  }
}

extension Model {
  /// Batches that each row of `following` rests on, and the images of each.
  private static let batches = 50, batch = 24

  /// How well latents follow factors: a row for each factor, and one for all else where something else varies. Of a DC-IGN
  /// these are its factors and their latents. Of another model they are all factors that have an order and vary, and to each
  /// belongs the latent that goes with it most closely, which is its own; what is left of the latents is for all else.
  /// - Parameters:
  ///   - data: images whose factors are known.
  ///   - seed: what the batches are drawn by.
  /// - Throws: `VariationError` where the factors are not known or no batches can be had; `ModelError` for images of
  ///   another size.
  public func following(on data: Dataset, seed: UInt64 = 1) throws -> [FactorFollowing] {
    let own = objective.variedFactors
    let names = own.isEmpty ? data.orderedFactors : own
    let varied = try data.varied(names, workers: compute.workers)
    let code = try encode(data.images), means = code.mean.values
    let belonging =
      own.isEmpty ? Self.closest(names, data, code) : names.indices.map(Optional.some)
    let rest = Set(0..<latents).subtracting(belonging.compactMap { $0 })
    let factors: [Int?] = names.indices.map { $0 } + (varied.hasOthers && !rest.isEmpty ? [nil] : [])
    return try factors.map { factor in
      var generator = RandomGenerator(seed: seed, stream: .scores, index: 20 + (factor ?? names.count))
      let batches = try (0..<Self.batches).map { _ in
        let batch = varied.batch(
          varying: factor, like: generator.index(below: data.count), count: Self.batch, using: &generator)
        return (
          means: try encode(batch.images).mean.values, values: factor.map { batch.table.ordered(names[$0]) } ?? []
        )
      }
      let latent = factor.flatMap { belonging[$0] }
      return FactorFollowing(
        factor: factor.map { names[$0] }, latent: latent,
        active: factor == nil ? rest : Set([latent].compactMap { $0 }),
        latents: latents, means: means, values: factor.flatMap { data.factors?.ordered(names[$0]) } ?? [],
        batches: batches)
    }
  }

  /// For each factor the latent that goes with it most closely, each latent once, the closest pair first; nil where none is
  /// left. Categories, which come first, have no order and follow none.
  private static func closest(_ names: [String], _ data: Dataset, _ code: Code) -> [Int?] {
    guard let known = data.factors.map(KnownFactors.init) else { return names.map { _ in nil } }
    var pairs: [(factor: Int, latent: Int, strength: Double)] = []
    for latent in code.probabilities.count..<code.latents {
      let column = (0..<code.count).map { Double(code.mean.values[$0 * code.latents + latent]) }
      for association in known.associations(of: column) {
        guard let factor = names.firstIndex(of: association.name) else { continue }
        pairs.append((factor, latent, association.strength))
      }
    }
    var belonging = [Int?](repeating: nil, count: names.count)
    for pair in pairs.sorted(by: { ($1.strength, $0.factor, $0.latent) < ($0.strength, $1.factor, $1.latent) })
    where belonging[pair.factor] == nil && !belonging.contains(pair.latent) {
      belonging[pair.factor] = pair.latent
    }
    return belonging
  }
}

extension Dataset {
  /// The factors that have an order and vary.
  fileprivate var orderedFactors: [String] {
    guard let factors else { return [] }
    return factors.factors.map(\.name).filter { Set(factors.ordered($0)).count > 1 }
  }
}

extension FactorTable {
  /// The values of a factor, image by image; none where they have no order.
  fileprivate func ordered(_ name: String) -> [Float] {
    guard case .continuous? = factors.first(where: { $0.name == name })?.kind else { return [] }
    return column(name) ?? []
  }
}

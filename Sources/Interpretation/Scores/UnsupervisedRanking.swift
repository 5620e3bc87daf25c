import BVAEPlatform
import BetaVAE

/// The unsupervised disentanglement ranking (Duan et al. 2020, section 4), by the authors' code in disentanglement_lib:
/// models that differ in the seed alone and disentangle find the same latents, up to order and sign. It needs no factors.
///
/// Of two models R holds how strongly each latent of one, standardised over the images, goes with each of the other: the
/// size of the weights of a lasso (α = 0.1), or Spearman's correlation. Only latents with a KL divergence above 0.01 nat
/// count. The pair scores the mean of `max R² / Σ R` over the rows and that over the columns, averaged; a model scores the
/// median of its pairs.
public enum UnsupervisedRanking: Sendable, CaseIterable {
  /// By the weights of a lasso from the other model's latents to the model's own.
  case lasso
  /// By the correlation of ranks.
  case spearman

  /// What it is called in tables.
  public var name: String { self == .lasso ? "UDR (lasso)" : "UDR (Spearman)" }

  /// The fewest models that are ranked.
  public static let fewestModels = 3
  /// The most images that it is computed from; of more, the first.
  public static let mostImages = 10_000
  private static let leastDivergence = 0.01
  private static let penalty = 0.1

  /// The score of each model, 0…1; nil for one without a latent that counts.
  /// - Parameters:
  ///   - codes: what each model makes of the same images.
  ///   - workers: share out the pairs; their number changes nothing.
  public func scores(_ codes: [Code], workers: Workers = Workers(count: 1)) -> [Double?] {
    let models = codes.map(Self.columns)
    let pairs = codes.indices.flatMap { i in codes.indices.map { (i, $0) } }.filter { $0 != $1 }
    let found = workers.map(pairs.count) { place in
      let (other, own) = pairs[place]
      return Self.strength(relation(models[other], models[own]))
    }
    return codes.indices.map { own in
      guard !models[own].isEmpty else { return nil }
      return pairs.indices.filter { pairs[$0].1 == own }.map { found[$0] }.median
    }
  }

  /// The latents that count, each over the images, with mean 0 and variance 1.
  private static func columns(_ code: Code) -> [[Double]] {
    let count = min(code.count, mostImages)
    return zip(0..<code.latents, code[0..<count].meanDivergence).filter { $0.1 > leastDivergence }.map { latent, _ in
      let values = (0..<count).map { Double(code.mean.values[$0 * code.latents + latent]) }
      let mean = values.reduce(0, +) / Double(max(1, count))
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, count))
      return values.map { variance > 0 ? ($0 - mean) / variance.squareRoot() : 0 }
    }
  }

  /// R: a row for each latent of one model, a column for each of the other.
  private func relation(_ x: [[Double]], _ y: [[Double]]) -> [[Double]] {
    switch self {
    case .lasso:
      let weights = y.map { Self.lasso(x, $0) }
      return x.indices.map { row in weights.map { abs($0[row]) } }
    case .spearman:
      let ofX = x.map(Association.ranks), ofY = y.map(Association.ranks)
      return ofX.map { row in ofY.map { abs(Association.pearson(row, $0)) } }
    }
  }

  /// The weights that minimise `1/2n ‖y − Σ w x‖² + α Σ |w|` for standardised columns, by coordinate descent.
  private static func lasso(_ x: [[Double]], _ y: [Double]) -> [Double] {
    let count = Double(max(1, y.count))
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / count }
    let gram = x.map { a in x.map { product(a, $0) } }, target = x.map { product($0, y) }
    var weights = x.map { _ in 0.0 }
    for _ in 0..<10_000 {
      var change = 0.0
      for j in x.indices where gram[j][j] > 0 {
        let rest = target[j] - x.indices.reduce(0) { $1 == j ? $0 : $0 + gram[j][$1] * weights[$1] }
        let next = (abs(rest) > penalty ? rest - (rest > 0 ? penalty : -penalty) : 0) / gram[j][j]
        change = max(change, abs(next - weights[j]))
        weights[j] = next
      }
      if change < 1e-10 { break }
    }
    return weights
  }

  private static func strength(_ rows: [[Double]]) -> Double {
    guard let first = rows.first, !first.isEmpty else { return 0 }
    let columns = first.indices.map { k in rows.map { $0[k] } }
    func mean(_ lines: [[Double]]) -> Double {
      lines.reduce(0) { sum, line in
        let total = line.reduce(0, +), largest = line.max() ?? 0
        return total > 0 ? sum + largest * largest / total : sum
      } / Double(lines.count)
    }
    return 0.5 * (mean(rows) + mean(columns))
  }
}

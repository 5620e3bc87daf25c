import Platform

/// How a model did that was trained with one of the values that a search tries.
public struct SearchPoint: Sendable, Equatable {
  /// The number of latents, or β.
  public let value: Double
  /// Reconstruction error of an image.
  public let reconstruction: Double
  /// KL divergence of an image, in nats.
  public let divergence: Double
  /// Reconstruction error + β · KL divergence.
  public let loss: Double
  /// How many latents are in use, and how many there are.
  public let active: Int, latents: Int
  /// The mean of MIG, SAP and DCI disentanglement, 0…1; nil where the factors are not known or there is a single latent,
  /// of which gaps between latents say nothing.
  public let disentanglement: Double?
  /// Half of its 95 % interval.
  public let disentanglementError: Double

  /// A point of a search.
  public init(
    value: Double, reconstruction: Double, divergence: Double, loss: Double, active: Int, latents: Int,
    disentanglement: Double? = nil, disentanglementError: Double = 0
  ) {
    self.value = value
    self.reconstruction = reconstruction
    self.divergence = divergence
    self.loss = loss
    self.active = active
    self.latents = latents
    self.disentanglement = latents > 1 ? disentanglement : nil
    self.disentanglementError = disentanglementError
  }
}

/// What a search recommends, and why.
public struct Recommendation: Sendable, Equatable {
  /// The place of the recommended point among those searched.
  public let index: Int
  /// The reason in a sentence, with its numbers.
  public let reason: String
}

extension Recommendation {
  /// How far a loss may lie above the least and still count as equal: what another seed changes.
  public static let tolerance = 0.02

  /// A number of latents: of those whose loss is within 2 % of the least, the one that disentangles best, or the smallest
  /// where that is not known or the differences are within the scores' errors. Further latents would stay empty or share
  /// what one could carry; fewer have to mix.
  /// - Returns: nil without points.
  public static func latents(_ points: [SearchPoint]) -> Recommendation? {
    guard let least = points.filter(\.loss.isFinite).min(by: { $0.loss < $1.loss }) else { return nil }
    let good = points.indices.filter { points[$0].loss <= least.loss + tolerance * abs(least.loss) }
    let equal = "a loss within 2 % of the least (\(two(least.loss)) with \(whole(least)))"
    let alike = best(good, points)
    if alike.count == 1, let score = points[alike[0]].disentanglement {
      return Recommendation(
        index: alike[0],
        reason: "\(counted(Int(points[alike[0]].value), "latent")): of those with \(equal) it tells the factors apart "
          + "best, \(three(score)) on average; \(use(points[alike[0]]))")
    }
    guard let first = (alike.isEmpty ? good : alike).min(by: { points[$0].value < points[$1].value }) else {
      return nil
    }
    if !alike.isEmpty {
      return Recommendation(
        index: first,
        reason: "\(counted(Int(points[first].value), "latent")): the fewest of those with \(equal) and scores of the "
          + "factors that cannot be told apart (\(scores(alike, points)) on average); \(use(points[first]))")
    }
    let fewer = points.filter { $0.value < points[first].value }.max { $0.value < $1.value }
    let below = fewer.map { "; \(whole($0)) have to mix more and reach \(two($0.loss))" } ?? ""
    return Recommendation(
      index: first,
      reason:
        "\(counted(Int(points[first].value), "latent")) have a loss of \(two(points[first].loss)), within 2 % of the "
        + "least (\(two(least.loss)) with \(whole(least)))\(below); \(use(points[first]))")
  }

  /// A β: the one that disentangles best where that is known and beyond the scores' errors. Else the knee of the curve of error against divergence,
  /// which is the point nearest to both of their least values, each in units of its range over the search; β of which no latent is in
  /// use do not count.
  /// - Returns: nil without points.
  public static func beta(_ points: [SearchPoint]) -> Recommendation? {
    let used = points.indices.filter { points[$0].active > 0 && points[$0].loss.isFinite }
    guard !used.isEmpty else {
      return points.indices.min { points[$0].value < points[$1].value }.map {
        Recommendation(
          index: $0,
          reason:
            "β \(points[$0].value.formatted(digits: 4)), the least that was tried: no latent is in use with any of "
            + "them; try lower ones, a warm-up or more epochs")
      }
    }
    let alike = best(used, points)
    if alike.count == 1, let score = points[alike[0]].disentanglement {
      return Recommendation(
        index: alike[0],
        reason:
          "β \(beta(alike[0], points)) tells the factors apart best, \(three(score)) on average, at an "
          + "error of \(two(points[alike[0]].reconstruction)) (\(span(used.map { points[$0].reconstruction })) over the "
          + "search); \(use(points[alike[0]]))")
    }
    if used.count == 1 {
      return Recommendation(
        index: used[0],
        reason: "β \(beta(used[0], points)) is the only one of which a latent is in use; \(use(points[used[0]]))")
    }
    let errors = used.map { points[$0].reconstruction }, divergences = used.map { points[$0].divergence }
    func share(_ value: Double, _ all: [Double]) -> Double {
      guard let low = all.min(), let high = all.max(), high > low else { return 0 }
      return (value - low) / (high - low)
    }
    func distance(_ index: Int) -> Double {
      let error = share(points[index].reconstruction, errors), divergence = share(points[index].divergence, divergences)
      return error * error + divergence * divergence
    }
    let told = alike.isEmpty ? "" : " of those whose scores cannot be told apart (\(scores(alike, points)) on average)"
    return (alike.isEmpty ? used : alike).min { distance($0) < distance($1) }.map { index in
      Recommendation(
        index: index,
        reason:
          "β \(beta(index, points)) is the knee\(told): error \(two(points[index].reconstruction)) of "
          + "\(span(errors)) and KL \(two(points[index].divergence)) of \(span(divergences)) nats are nearest to both of "
          + "their least values; \(use(points[index]))")
    }
  }

  /// Those that disentangle best, as far as the scores' errors tell them apart; none where that is not known.
  private static func best(_ indices: [Int], _ points: [SearchPoint]) -> [Int] {
    let known = indices.filter { points[$0].disentanglement != nil }
    guard let top = known.max(by: { points[$0].disentanglement ?? 0 < points[$1].disentanglement ?? 0 }) else {
      return []
    }
    return known.filter { index in
      let gap = (points[top].disentanglement ?? 0) - (points[index].disentanglement ?? 0)
      let errors = (points[top].disentanglementError, points[index].disentanglementError)
      return gap <= (errors.0 * errors.0 + errors.1 * errors.1).squareRoot()
    }
  }

  private static func scores(_ indices: [Int], _ points: [SearchPoint]) -> String {
    let values = indices.compactMap { points[$0].disentanglement }
    return "\(three(values.min() ?? .nan)) to \(three(values.max() ?? .nan))"
  }

  private static func beta(_ index: Int, _ points: [SearchPoint]) -> String { points[index].value.formatted(digits: 4) }

  private static func use(_ point: SearchPoint) -> String {
    "\(point.active) of \(counted(point.latents, "latent")) \(point.active == 1 ? "is" : "are") in use"
  }

  private static func whole(_ point: SearchPoint) -> String { Int(point.value).description }
  private static func two(_ value: Double) -> String { value.formatted(decimals: 2) }
  private static func three(_ value: Double) -> String { value.formatted(decimals: 3) }

  private static func span(_ values: [Double]) -> String {
    "\(two(values.min() ?? .nan)) to \(two(values.max() ?? .nan))"
  }
}

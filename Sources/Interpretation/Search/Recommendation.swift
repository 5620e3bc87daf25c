import BVAEPlatform

/// What a search recommends, and why.
public struct Recommendation: Sendable, Equatable {
  /// The place of the recommended point among those searched; nil where none can be recommended.
  public let index: Int?
  /// The reason in a sentence, with its numbers.
  public let reason: String
}

extension Recommendation {
  /// How far a loss may lie above the lowest and still count as equal where there is one seed: what another seed changes
  /// is up to 5 % in trainings of this network.
  public static let tolerance = 0.05

  /// A number of latents: the fewest of those whose loss does not differ from the lowest. Further latents would stay
  /// empty or share what one could carry; fewer have to mix. Where the generating factors are known and, over several
  /// seeds, one of these tells them apart better than each of the others, it is that one.
  /// - Returns: nil without a point whose loss is a number.
  public static func latents(_ points: [SearchPoint]) -> Recommendation? {
    let judgement = Judgement(points, symbol: nil, .loss)
    guard let usable = judgement.usable else { return judgement.nothing }
    let least = usable.min { points[$0].compared.mean < points[$1].compared.mean } ?? usable[0]
    let good = usable.filter { judgement.hasEqualLoss($0, least) }
    let best = judgement.best(among: good)
    if good.count > 1, best.count == 1 { return judgement.bestScore(best[0], good) }
    let fewest = good.min { points[$0].value < points[$1].value } ?? least
    let loss = judgement.spread(points[fewest].compared)
    var reason = judgement.name(fewest)
    if fewest != least {
      let limit =
        judgement.hasSeveralSeeds
        ? "does not differ significantly from the lowest" : "is within \(Int(100 * tolerance)) % of the lowest"
      let lowest = judgement.spread(points[least].compared)
      reason += ", the fewest whose loss (\(loss)) \(limit) (\(lowest), with \(judgement.number(least)))"
    } else {
      reason += ", with the lowest loss (\(loss))"
    }
    if let fewer = usable.filter({ points[$0].value < points[fewest].value }).max(by: {
      points[$0].value < points[$1].value
    }) {
      reason +=
        "; \(judgement.name(fewer)) \(points[fewer].value == 1 ? "has" : "have") a higher loss (\(judgement.spread(points[fewer].compared)))"
    }
    return judgement.recommend(fewest, reason + judgement.undecided(best))
  }

  /// The weight of a term of the loss, such as β: the one that tells the factors apart better than each of the others, where these
  /// are known and several seeds say so. Else the knee of the curve of reconstruction error against KL divergence, which is
  /// the point nearest to both of their least values, each in units of its range over the search.
  /// - Parameter symbol: its sign for people: `β`.
  /// - Returns: nil without a point whose loss is a number.
  public static func weight(_ symbol: String, _ points: [SearchPoint]) -> Recommendation? {
    let judgement = Judgement(points, symbol: symbol, .loss)
    guard let usable = judgement.usable else { return judgement.nothing }
    if usable.count == 1 {
      return judgement.recommend(
        usable[0], "\(judgement.name(usable[0])), the only value with latents in use")
    }
    let best = judgement.best(among: usable)
    if best.count == 1 { return judgement.bestScore(best[0], usable) }
    let errors = usable.map { points[$0].reconstruction.mean }, divergences = usable.map { points[$0].divergence.mean }
    func share(_ value: Double, _ all: [Double]) -> Double {
      guard let low = all.min(), let high = all.max(), high > low else { return 0 }
      return (value - low) / (high - low)
    }
    func distance(_ index: Int) -> Double {
      let error = share(points[index].reconstruction.mean, errors)
      let divergence = share(points[index].divergence.mean, divergences)
      return error * error + divergence * divergence
    }
    let candidates = best.isEmpty ? usable : best
    let knee = candidates.min { distance($0) < distance($1) } ?? candidates[0]
    let point = points[knee]
    var reason =
      "\(judgement.name(knee)), the knee of the curve: its reconstruction error of "
      + "\(judgement.spread(point.reconstruction)) (\(judgement.span(errors)) over the search) and KL divergence of "
      + "\(judgement.spread(point.divergence)) nats (\(judgement.span(divergences))) are jointly closest to their minima"
    let alike = usable.filter {
      $0 != knee && judgement.hasSeveralSeeds && !points[$0].reconstruction.differs(from: point.reconstruction)
        && !points[$0].divergence.differs(from: point.divergence)
    }
    if !alike.isEmpty {
      reason += "; at \(judgement.list(alike)) neither differs significantly"
    }
    return judgement.recommend(knee, reason + judgement.undecided(best))
  }

  /// Any other option, and any of a model that does not reconstruct: the value with the best mean of what models are
  /// compared by, unless the factors are known and, over several seeds, one value tells them apart better than each of
  /// the others.
  /// - Parameter name: the option, or its sign for people.
  /// - Returns: nil without a point at which the criterion is a number.
  public static func best(_ name: String, _ points: [SearchPoint], by criterion: Criterion) -> Recommendation? {
    let judgement = Judgement(points, symbol: name, criterion)
    guard let usable = judgement.usable else { return judgement.nothing }
    if usable.count == 1 {
      return judgement.recommend(usable[0], "\(judgement.name(usable[0])), the only value with latents in use")
    }
    let scored = judgement.best(among: usable)
    if scored.count == 1 { return judgement.bestScore(scored[0], usable) }
    let first = usable.dropFirst().reduce(usable[0]) {
      criterion.isBetter(points[$1].compared.mean, than: points[$0].compared.mean) ? $1 : $0
    }
    var reason =
      "\(judgement.name(first)), with the \(criterion.isHighest ? "highest" : "lowest") \(criterion.name) "
      + "(\(judgement.compared(first)))"
    let alike = usable.filter {
      $0 != first && judgement.hasSeveralSeeds && !points[$0].compared.differs(from: points[first].compared)
    }
    let others = usable.filter { $0 != first && !alike.contains($0) }
    if !alike.isEmpty { reason += "; at \(judgement.list(alike)) it does not differ significantly" }
    if !others.isEmpty {
      let means = others.map { judgement.told(points[$0].compared.mean) }
      reason += "; \(judgement.list(others)): \(means.listed("and"))"
    }
    return judgement.recommend(first, reason + judgement.undecided(scored))
  }
}

/// The points of a search held against each other.
private struct Judgement {
  private let points: [SearchPoint]
  /// The sign of the setting that was varied; nil for the number of latents.
  private let symbol: String?
  private let criterion: Criterion
  let hasSeveralSeeds: Bool

  init(_ points: [SearchPoint], symbol: String?, _ criterion: Criterion) {
    self.points = points
    self.symbol = symbol
    self.criterion = criterion
    hasSeveralSeeds = points.allSatisfy { $0.runs.count > 1 }
  }

  /// The points that can be recommended; nil where there is none.
  var usable: [Int]? {
    let usable = points.indices.filter { points[$0].isUsable }
    return usable.isEmpty ? nil : usable
  }

  /// What is said where nothing can be recommended; nil where no training came to a finite loss.
  var nothing: Recommendation? {
    guard points.contains(where: { $0.compared.mean.isFinite }) else { return nil }
    let tries =
      switch symbol {
      case nil: "a lower β, a warm-up or more epochs"
      case "β": "lower β, a warm-up or more epochs"
      case "C": "a higher C or more epochs"
      case "λ": "a higher λ or more epochs"
      default: "more epochs"
      }
    let times = hasSeveralSeeds ? " with at least half of the seeds" : ""
    return Recommendation(
      index: nil,
      reason:
        "none, because no latent is in use\(times) at any \(symbol.map { "value of \($0)" } ?? "number of latents") "
        + "tried, so that \(criterion.unused); try \(tries)")
  }

  /// Whether a loss is as good as another: over several seeds, where they cannot be told apart.
  func hasEqualLoss(_ index: Int, _ other: Int) -> Bool {
    guard hasSeveralSeeds else {
      let least = points[other].compared.mean
      return points[index].compared.mean <= least + Recommendation.tolerance * abs(least)
    }
    return !points[index].compared.differs(from: points[other].compared)
  }

  /// Those that disentangle best: the one with the highest mean and all that cannot be told apart from it; none where that
  /// is not known. A single seed tells nothing apart.
  func best(among indices: [Int]) -> [Int] {
    let known = indices.compactMap { index in points[index].disentanglement.map { (index: index, sample: $0) } }
    guard known.count > 1, let top = known.max(by: { $0.sample.mean < $1.sample.mean }) else { return [] }
    return known.filter { !$0.sample.differs(from: top.sample) }.map(\.index)
  }

  /// What remains undecided by the scores.
  func undecided(_ alike: [Int]) -> String {
    guard alike.count > 1 else { return "" }
    let scores = alike.compactMap { points[$0].disentanglement?.mean }
    let range = "\(three(scores.min() ?? .nan)) to \(three(scores.max() ?? .nan))"
    let which = list(alike)
    return hasSeveralSeeds
      ? "; the mean scores (\(range)) of \(which) do not differ significantly"
      : "; the mean scores (\(range)) were not used, because one seed cannot tell a difference from chance"
  }

  func bestScore(_ index: Int, _ others: [Int]) -> Recommendation {
    let scores = others.filter { $0 != index }.compactMap { points[$0].disentanglement?.mean }
    return recommend(
      index,
      "\(name(index)), with the best mean score, \(points[index].disentanglement.map { spread($0, three) } ?? "—") "
        + "against at most \(three(scores.max() ?? .nan))"
        + (criterion == .loss
          ? ", and a reconstruction error of \(spread(points[index].reconstruction))"
          : "; its \(criterion.name) is \(compared(index))")
    )
  }

  /// A recommendation with what has to be said of any: latents in use, what was left out, and what it rests on.
  func recommend(_ index: Int, _ reason: String) -> Recommendation {
    var text = "\(reason); \(use(points[index]))"
    let left = points.indices.filter { !points[$0].isUsable }
    if !left.isEmpty {
      let cause =
        left.allSatisfy { points[$0].compared.mean.isFinite }
        ? "no latent in use" + (hasSeveralSeeds ? " in at least half of the models" : "")
        : "no latent in use, or a loss that is not a number"
      text += "; excluded: \(list(left)) (\(cause))"
    }
    if !hasSeveralSeeds {
      text += ". This rests on one seed; 'seeds 3' or more tests whether the differences exceed chance"
    }
    return Recommendation(index: index, reason: text)
  }

  private func use(_ point: SearchPoint) -> String {
    let counts = point.runs.map(\.active), latents = counted(point.runs[0].latents, "latent")
    guard let least = counts.min(), let most = counts.max() else { return "" }
    guard least < most else { return "\(most) of \(latents) \(most == 1 ? "is" : "are") in use" }
    let failed = point.collapsed > 0 ? " (none with \(point.collapsed) of \(counted(point.runs.count, "seed")))" : ""
    return "\(least) to \(most) of \(latents) are in use\(failed)"
  }

  func name(_ index: Int) -> String {
    symbol.map { "\($0) \(number(index))" } ?? counted(Int(points[index].value), "latent")
  }

  func number(_ index: Int) -> String {
    let value = points[index].value
    return value == value.rounded() && abs(value) < 1e15 ? Int(value).description : value.formatted(digits: 4)
  }

  /// `β 2 and 4`, `2, 4 and 8 latents`
  func list(_ indices: [Int]) -> String {
    let numbers = indices.map(number)
    let all = numbers.listed("and")
    if let symbol { return "\(symbol) \(all)" }
    return numbers.count == 1 ? name(indices[0]) : "\(all) latents"
  }

  /// `20.11 ± 0.24`, the mean over the seeds and half the width of its 95 % interval; the value where there is one.
  func spread(_ sample: Sample, _ format: (Double) -> String = { $0.formatted(decimals: 2) }) -> String {
    sample.values.count > 1 ? "\(format(sample.mean)) ± \(format(sample.margin))" : format(sample.mean)
  }

  /// What a point is compared by.
  func compared(_ index: Int) -> String { spread(points[index].compared, told) }

  func told(_ value: Double) -> String { value.formatted(decimals: criterion.decimals) }

  func span(_ values: [Double]) -> String {
    "\((values.min() ?? .nan).formatted(decimals: 2)) to \((values.max() ?? .nan).formatted(decimals: 2))"
  }

  private func three(_ value: Double) -> String { value.formatted(decimals: 3) }
}

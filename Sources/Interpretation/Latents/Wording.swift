import BVAEPlatform

extension ImageMeasure {
  /// A value with its unit, as sentences have it: `−21°`, `+3.2 px`, `0.45`. Angles and places have their sign.
  /// - Parameter more: decimals beyond the usual ones.
  public func text(_ value: Double, more: Int = 0) -> String {
    guard value.isFinite else { return "—" }
    switch self {
    case .rotation, .slant: return Self.signed(value, more) + "°"
    case .hue: return Self.signed(value, more, plus: false) + "°"
    case .centreX, .centreY: return Self.signed(value, 1 + more) + " px"
    case .height, .width, .size, .thickness: return value.formatted(decimals: 1 + more) + " px"
    case .contrast, .lightFromRight, .lightFromBelow, .borderAgainstCentre, .warmth: return Self.signed(value, 2 + more)
    default: return value.formatted(decimals: 2 + more)
    }
  }

  /// Values with as many decimals as tell all of them apart, at most two beyond the usual ones.
  public func texts(_ values: [Double]) -> [String] {
    let spellings = (0...2).map { more in values.map { text($0, more: more) } }
    return spellings.first { Set($0).count == values.count } ?? spellings[0]
  }

  private static func signed(_ value: Double, _ decimals: Int, plus: Bool = true) -> String {
    let text = abs(value).formatted(decimals: decimals)
    let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
    return (isZero ? "" : value < 0 ? "−" : plus ? "+" : "") + text
  }

  /// What a latent that changes this does, before `from … to …`: `rotates the digit`.
  func verbPhrase(_ subject: String) -> String {
    switch self {
    case .rotation: "rotates the \(subject)"
    case .centreX: "moves the \(subject) horizontally"
    case .centreY: "moves the \(subject) vertically"
    case .slant, .height, .width, .size, .aspect, .contrast, .visibility: "changes the \(subject)'s \(noun)"
    case .brightness, .surroundings, .lightFromRight, .lightFromBelow, .borderAgainstCentre, .leftNeighbour,
      .rightNeighbour, .ink:
      "changes \(noun)"
    case .thickness, .hue, .saturation, .warmth: "changes the \(noun)"
    }
  }

  /// What sentences call it: `stroke thickness`.
  var noun: String {
    switch self {
    case .aspect: "aspect ratio (height/width)"
    case .thickness: "stroke thickness"
    case .centreX: "horizontal position"
    case .centreY: "vertical position"
    case .ink: "the amount of ink"
    case .brightness: "the brightness of the image"
    case .surroundings: "the brightness of the surroundings"
    case .lightFromRight: "the left–right brightness gradient"
    case .lightFromBelow: "the top–bottom brightness gradient"
    case .borderAgainstCentre: "the brightness of the border relative to the centre"
    case .leftNeighbour: "the visible part of the left neighbour"
    case .rightNeighbour: "the visible part of the right neighbour"
    case .warmth: "colour warmth"
    case .rotation, .slant, .height, .width, .size, .contrast, .visibility, .hue, .saturation: name
    }
  }
}

extension LatentInterpretation {
  /// The latent in one sentence: `Z3 rotates the digit from −21° to +24° (r = 0.99), while height varies by at most 3 %`.
  /// - Parameter subject: what the images show: `digit`.
  public func sentence(subject: String) -> String {
    if let categories {
      let use = isActive ? "chooses one of \(categories) kinds of images" : "gives nearly all images the same category"
      return "Z\(latent) \(use)"
    }
    guard isActive, let effect else { return "Z\(latent) is inactive (variance of its mean ≤ 0.01)" }
    guard let main = named else { return "Z\(latent) is active, but has no clear effect on any measure" }
    let correlation = "r = \(Self.correlation(main.pearson))"
    guard isDominated else {
      let share = "\((100 * effect.purity).formatted(decimals: 0)) % of the total change"
      let shape = main.isMonotonic ? "" : "non-monotonic, "
      let first = "\(main.measure.noun) (\(shape)\(Self.course(main)), \(correlation); \(share))"
      let second = effect.second.map { " and in \($0.change.measure.noun) (\(Self.course($0.change)))" } ?? ""
      return "Z\(latent) \(isSlight ? "weakly mixes" : "mixes") changes in \(first)\(second)"
    }
    let degree = isSlight ? "slightly " : isPure ? "" : "mainly "
    let shape = main.isMonotonic ? "" : " non-monotonically,"
    return "Z\(latent) \(degree)\(main.measure.verbPhrase(subject))\(shape) \(Self.course(main)) (\(correlation))"
      + aside(effect, main)
  }

  /// What else changes, or how little a length does.
  private func aside(_ effect: LatentEffect, _ main: LatentEffect.Change) -> String {
    if let second = effect.second, second.share >= 0.1 {
      return "; \(second.change.measure.noun) also changes, \(Self.course(second.change))"
    }
    let lengths: [ImageMeasure] = [.height, .width, .thickness]
    let parts: [ImageMeasure: [ImageMeasure]] = [.size: lengths, .aspect: lengths, .ink: lengths]
    let quiet = effect.changes.filter { change in
      lengths.contains(change.measure) && change.measure != main.measure
        && !(parts[main.measure] ?? []).contains(change.measure) && change.relativeRange < 0.15
    }
    guard let widest = quiet.max(by: { $0.relativeRange < $1.relativeRange }) else { return "" }
    let percent = max(1, (100 * widest.relativeRange).rounded(.up))
    return ", while \(widest.measure.noun) varies by at most \(percent.formatted(decimals: 0)) %"
  }

  /// `from 2.1 px to 3.0 px`, and where it goes well beyond these ends on its way
  /// `from 2.1 px through a maximum of 3.0 px to 2.3 px`.
  private static func course(_ change: LatentEffect.Change) -> String {
    let enough = 0.25 * (change.maximum - change.minimum)
    var beyond: [(word: String, value: Double)] = []
    if min(change.from, change.to) - change.minimum > enough { beyond.append(("minimum", change.minimum)) }
    if change.maximum - max(change.from, change.to) > enough { beyond.append(("maximum", change.maximum)) }
    let texts = change.measure.texts([change.from, change.to] + beyond.map(\.value))
    let middle = zip(beyond, texts.dropFirst(2)).map { "a \($0.word) of \($1)" }.joined(separator: " and ")
    return "from \(texts[0])" + (middle.isEmpty ? "" : " through \(middle)") + " to \(texts[1])"
  }

  private static func correlation(_ r: Double) -> String {
    r.isFinite ? (r < 0 ? "−" : "") + abs(r).formatted(decimals: 2) : "—"
  }
}

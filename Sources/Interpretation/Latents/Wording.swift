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

  /// What a latent does that changes this, before `from … to …`: `turns the digit`.
  func deed(_ subject: String) -> String {
    switch self {
    case .rotation: "turns the \(subject)"
    case .slant: "slants the \(subject)"
    case .height: "changes the \(subject)'s height"
    case .width: "changes the \(subject)'s width"
    case .size: "changes the \(subject)'s size"
    case .aspect: "stretches the \(subject) (height over width)"
    case .thickness: "changes the strokes' thickness"
    case .centreX: "moves the \(subject) sideways"
    case .centreY: "moves the \(subject) up and down"
    case .contrast: "changes the \(subject)'s contrast"
    case .visibility: "fades the \(subject)"
    case .ink: "changes the amount of ink"
    case .brightness: "changes the brightness of the image"
    case .surroundings: "changes the brightness of the surroundings"
    case .lightFromRight: "changes the light from left to right"
    case .lightFromBelow: "changes the light from top to bottom"
    case .borderAgainstCentre: "changes the border's brightness against the centre's"
    case .leftNeighbour: "changes what stands to the left"
    case .rightNeighbour: "changes what stands to the right"
    case .hue: "changes the hue"
    case .saturation: "changes the saturation"
    case .warmth: "changes the colour from cold to warm"
    }
  }
}

extension LatentInterpretation {
  /// The latent in one sentence: `Z3 turns the digit from −21° to +24° (r = 0.99) and leaves height within 3 %`.
  /// - Parameter subject: what the images show: `digit`.
  public func sentence(subject: String) -> String {
    guard isActive, let effect else { return "Z\(latent) is inactive: its mean does not vary with the image" }
    guard let main = named else { return "Z\(latent) is active, but changes little that is measured" }
    let steady = main.isMonotonic ? "" : ", but not one way,"
    let range = "\(main.measure.deed(subject))\(steady) \(Self.way(main)) (r = \(Self.correlation(main.pearson)))"
    guard isDominated else {
      let share = "\((100 * effect.purity).formatted(decimals: 0)) %"
      let other = effect.second.map { ", and also changes \(Self.course($0.change))" } ?? ""
      return
        "Z\(latent) \(isSlight ? "changes little" : "mixes several changes"): above all (\(share)) it \(range)\(other)"
    }
    return "Z\(latent) \(isSlight ? "slightly " : isPure ? "" : "mostly ")\(range)" + aside(effect, main)
  }

  /// What else changes, or how little a length does.
  private func aside(_ effect: LatentEffect, _ main: LatentEffect.Change) -> String {
    if let second = effect.second, second.share >= 0.1 {
      return " and also changes \(Self.course(second.change))"
    }
    let lengths: [ImageMeasure] = [.height, .width, .thickness]
    let parts: [ImageMeasure: [ImageMeasure]] = [.size: lengths, .aspect: lengths, .ink: lengths]
    let quiet = effect.changes.filter { change in
      lengths.contains(change.measure) && change.measure != main.measure
        && !(parts[main.measure] ?? []).contains(change.measure) && change.relativeRange < 0.15
    }
    guard let widest = quiet.max(by: { $0.relativeRange < $1.relativeRange }) else { return "" }
    let percent = max(1, (100 * widest.relativeRange).rounded(.up))
    return " and leaves \(widest.measure.name) within \(percent.formatted(decimals: 0)) %"
  }

  /// `thickness from 2.1 px to 3.0 px`.
  private static func course(_ change: LatentEffect.Change) -> String { "\(change.measure.name) \(way(change))" }

  /// `from 2.1 px to 3.0 px`, and where it goes well beyond these ends on its way
  /// `from 2.1 px to 2.3 px and up to 3.0 px in between`.
  private static func way(_ change: LatentEffect.Change) -> String {
    let enough = 0.25 * (change.most - change.least)
    var beyond: [(word: String, value: Double)] = []
    if min(change.from, change.to) - change.least > enough { beyond.append(("down to", change.least)) }
    if change.most - max(change.from, change.to) > enough { beyond.append(("up to", change.most)) }
    let texts = change.measure.texts([change.from, change.to] + beyond.map(\.value))
    let middle = zip(beyond, texts.dropFirst(2)).map { "\($0.word) \($1)" }.joined(separator: " and ")
    return "from \(texts[0]) to \(texts[1])" + (middle.isEmpty ? "" : " and \(middle) in between")
  }

  private static func correlation(_ r: Double) -> String {
    r.isFinite ? (r < 0 ? "−" : "") + abs(r).formatted(decimals: 2) : "—"
  }
}

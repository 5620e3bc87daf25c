import BVAELanguage
import BetaVAE

struct SweepCommand: Command {
  static let about = CommandAbout(
    "sweep", in: .experiments, "varies latents one at a time and decodes each step",
    details: "Without 'from' a sweep starts from a draw from the prior, with 'draws' from several, and its sheet shows "
      + "them side by side: a row for each value, a column for each draw. A category of an InfoGAN takes all of its "
      + "values. range auto takes each latent over what it covers on the data that the model was trained on: the central "
      + "99 % of its aggregate posterior; a latent that is not in use takes the prior's range. range prior is -3..3. Of an InfoGAN "
      + "both are the -1..1 that its codes are drawn from.",
    result: .object(SweepValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4
      rows = sweep model from ones[0] range prior
      """)

  @Positional("the model") var model: ModelValue
  @Marker("an image, the code of one, or the numbers of a code; without it, draws from the prior") var from:
    SweepOrigin?
  @Option("which latents, by number", .words(["all"]), .integers(0...255), default: "all") var latents: [Int]?
  @Option("the values that a latent takes", default: "auto") var range: SweepRange
  @Option("frames a latent", .integer(1...1000), default: 12) var steps: Int
  @Option("from how many draws, where there is no 'from'", .integer(1...100), default: .described("1")) var draws: Int?
  @Option("the seed of the draws", default: .scriptSeed) var seed: UInt64?

  var rules: [Rule] {
    [
      { _ in $latents.knownOrNil()?.isEmpty == true ? [$latents.failure("no latents are named")] : [] },
      { _ in
        guard $from.wasGiven else { return [] }
        return [$draws as any DeclaredArgument, $seed].filter(\.wasGiven).map { argument in
          argument.failure(
            "a sweep starts from an image or from draws, not both", hint: "leave '\(argument.name)' or 'from' out")
        }
      },
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let network = model.network
    let isOutside = latents?.contains { !(0..<network.latents).contains($0) } ?? false
    let lacksRange = network.latentStatistics == nil && range == .automatic && network.objective.code.declared == nil
    let culprit: any DeclaredArgument = if isOutside { $latents } else if lacksRange { $range } else { $from }
    let seed = session.seed(seed)
    let starts = from.map { [$0.start] } ?? (0..<(draws ?? 1)).map { .draw(Draw(seed: seed, number: $0)) }
    let sweeps = try culprit.blaming {
      try starts.map { try network.sweep(from: $0, latents: latents, range: range, steps: steps) }
    }
    let drawn = starts.count == 1 ? "a draw from the prior" : "\(starts.count) draws from the prior"
    return .object(
      SweepValue(
        sweep: sweeps[0], draws: sweeps.count > 1 ? sweeps : [],
        start: from?.title ?? drawn + ", seed \(seed)", kind: from?.kind ?? "draw", model: model.title,
        provenance: model.provenance))
  }
}

/// Where a sweep starts, or a grid or an interpolation.
struct SweepOrigin: ArgumentValue {
  let start: SweepStart
  let title: String
  let kind: String

  static let refusesValues = true
  static let usualKinds: [Kind] = [.object(ImageValue.self), .object(CodeValue.self), .array]

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> SweepOrigin? {
    if let image = ImageValue.read(content, for: parameter, of: verb) {
      return SweepOrigin(start: .image(image.pixels), title: image.title, kind: image.kind)
    }
    guard let codes = try DecoderInput.read(content, for: parameter, of: verb)?.means else { return nil }
    guard codes.count == 1 else {
      throw ScriptFailure("one code is needed here, not \(codes.count)", hint: "index it: code[0]")
    }
    return SweepOrigin(start: .code(codes.values), title: "a code", kind: "image")
  }
}

/// The values that a latent takes: `auto`, `prior`, or the ends of a range.
extension SweepRange: ArgumentValue {
  package static let refusesValues = true
  package static let usualKinds: [Kind] = [.words(["auto", "prior"]), .range]

  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> SweepRange? {
    switch Given.word(content, of: parameter) {
    case "auto": return .automatic
    case "prior": return .prior
    default:
      guard let range = ClosedRange<Double>.read(content, for: parameter, of: verb) else { return nil }
      return .fixed(try Float(checking: range.lowerBound), try Float(checking: range.upperBound))
    }
  }
}

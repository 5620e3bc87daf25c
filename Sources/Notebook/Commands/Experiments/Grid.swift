import BVAELanguage
import BetaVAE

struct GridCommand: Command {
  static let about = CommandAbout(
    "grid", in: .experiments, "varies two latents together and decodes each pair of values",
    details:
      "The first latent goes along the columns, from left to right, the second along the rows, downwards; all others stay at "
      + "0, or at the code of 'from'. Ranges are those of 'sweep'. The sheet of a grid is the manifold: its images touch, "
      + "and the values stand beside them. A category of an InfoGAN takes all of its values; without 'from' the others are "
      + "the first ones.",
    result: .object(GridValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4
      figure (sheet (grid model latents [0, 3] range prior steps 8)) caption "Z0 and Z3"
      """)

  @Positional("the model") var model: ModelValue
  @Marker("the one along the columns and the one along the rows", .integers(0...255), placeholder: "[0, 3]")
  var latents: [Int]
  @Marker("an image, the code of one, or the numbers of a code; without it, all zeros") var from: SweepOrigin?
  @Option("the values that the latents take", default: "auto") var range: SweepRange
  @Option("values of each latent", .integer(2...64), default: 12) var steps: Int

  var rules: [Rule] {
    [
      { _ in
        guard let latents = $latents.known else { return [] }
        if latents.count != 2 {
          return [$latents.failure("a grid goes over two latents, not \(latents.count)", hint: "write latents [0, 3]")]
        }
        return latents[0] == latents[1]
          ? [$latents.failure("a grid needs two different latents; Z\(latents[0]) is there twice")] : []
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let network = model.network
    let isOutside = latents.contains { !(0..<network.latents).contains($0) }
    let lacksRange = network.latentStatistics == nil && range == .automatic && network.objective.code.declared == nil
    let code = try from.map { from in try $from.blaming { try network.code(of: from.start) } }
    let culprit: any DeclaredArgument = if isOutside { $latents } else if lacksRange { $range } else { $from }
    let grid = try culprit.blaming {
      try network.grid(of: (latents[0], latents[1]), from: code.map { .code($0) }, range: range, steps: steps)
    }
    return .object(
      GridValue(
        grid: grid, start: from.map(\.title) ?? "zeros", model: model.title, provenance: model.provenance))
  }
}

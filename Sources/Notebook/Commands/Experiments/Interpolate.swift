import BVAELanguage
import BetaVAE

struct InterpolateCommand: Command {
  static let about = CommandAbout(
    "interpolate", in: .experiments, "decodes codes on the way from one image or code to another",
    details:
      "The means of both ends are joined, and the first and the last image are exactly theirs. path linear is the straight "
      + "line between them. path spherical is the arc (slerp, Shoemake 1985), which keeps the distance from the origin "
      + "where both ends have the same; it is the straight line where they point the same way or opposite ways. A "
      + "category of an InfoGAN does not blend: it changes in the middle. The images are a row of a sheet with the "
      + "share of the way under each; 'animate' lets one pass into the other.",
    result: .object(InterpolationValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests latents 4
      way = interpolate model from tests[0] to tests[1] steps 8 path spherical
      show (sheet way)
      """)

  @Positional("the model") var model: ModelValue
  @Marker("an image, the code of one, or the numbers of a code") var from: SweepOrigin
  @Marker("the same for the other end") var to: SweepOrigin
  @Option("images, the ends among them", .integer(2...1000), default: 12) var steps: Int
  @Option("the straight line, or the arc", default: "linear") var path: Interpolation.Path

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let network = model.network
    let start = try $from.blaming { try network.code(of: from.start) }
    let end = try $to.blaming { try network.code(of: to.start) }
    let way = try network.interpolate(from: .code(start), to: .code(end), path: path, steps: steps)
    return .object(
      InterpolationValue(
        way: way, start: from.title, end: to.title, model: model.title, provenance: model.provenance))
  }
}

extension Interpolation.Path: WordValue {}

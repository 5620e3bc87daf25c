import BVAELanguage
import BetaVAE

extension CommandDeclaration {
  static let sweep = CommandDeclaration(
    "sweep", group: .experiments,
    summary: "varies latents one at a time and decodes each step",
    details: "range auto takes each latent over what it covers on the data that the model was trained on: the central "
      + "99 % of its aggregate posterior; a latent that is not in use falls back to that of the prior. range prior is "
      + "-3..3.",
    parameters: [
      .positional("model", "the model", .object(ModelValue.self)),
      .marker(
        "from", "an image, or the code of one", .object(ImageValue.self), .object(CodeValue.self)),
      .option("latents", "which latents, by number", .words(["all"]), .integers(0...255), default: "all"),
      .option("range", "the values that a latent takes", .words(["auto", "prior"]), .range, default: "auto"),
      .option("steps", "frames a latent", .integer(1...1000), default: 12),
    ],
    result: .object(SweepValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4
      rows = sweep model from ones[0] range prior
      """
  ) { call, _ in
    let model = try call.object("model", as: ModelValue.self)
    let range = try call.sweepRange("range")
    let latents = try call.integersIfAny("latents")
    if let none = latents, none.isEmpty { throw call.failure("latents", "no latents are named") }
    let start: SweepStart, title: String, kind: String
    if let image = try call.objectIfAny("from", as: ImageValue.self) {
      start = .image(image.pixels)
      title = image.title
      kind = image.kind
    } else {
      let code = try call.object("from", as: CodeValue.self).code
      guard code.count == 1 else {
        throw call.failure(
          "from", "a sweep starts from one code, this one is of \(code.count) images", hint: "index it: code[0]")
      }
      start = .code(code.mean.values)
      title = "a code"
      kind = "image"
    }
    let latent = latents?.first { !(0..<model.network.architecture.latents).contains($0) }
    let culprit =
      latent != nil ? "latents" : model.network.latentStatistics == nil && range == .automatic ? "range" : "from"
    let sweep = try call.blaming(culprit) {
      try model.network.sweep(from: start, latents: latents, range: range, steps: call.integer("steps"))
    }
    return .object(
      SweepValue(sweep: sweep, start: title, kind: kind, model: model.title, provenance: model.provenance))
  }
}

extension Invocation {
  /// The values that a latent takes: `auto`, `prior`, or the ends of a range.
  func sweepRange(_ name: String) throws -> SweepRange {
    guard let bounds = try rangeIfAny(name) else { return try word(name) == "prior" ? .prior : .automatic }
    let ends = try floats(name, [bounds.lowerBound, bounds.upperBound])
    return .fixed(ends[0], ends[1])
  }
}

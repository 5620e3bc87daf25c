import BVAEArrays
import BVAELanguage
import BVAENetworks
import BVAERendering
import BetaVAE

struct DiagramCommand: Command {
  static let about = CommandAbout(
    "diagram", in: .results, "draws a model's encoder or decoder, layer by layer",
    details: "Of an InfoGAN the encoder is the judge with Q, the decoder the generator.",
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 64
      model = vae for ones
      figure (diagram model part decoder) number 2 caption "Decoder"
      """)

  enum Part: String, CaseIterable, WordValue {
    case encoder, decoder
  }

  @Positional("the model") var model: ModelValue
  @Option("which half", default: "encoder") var part: Part

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let notes = site.notes(session), theme = session.workspace.theme
    if let network = model.network as? InfoGAN {
      let diagram = part == .encoder ? Self.judgeDiagram(network) : Self.generatorDiagram(network)
      return .object(
        try FigureValue(diagram, title: part == .encoder ? "Judge and Q" : "Generator", notes: notes, theme: theme))
    }
    guard let network = model.autoencoder else { throw $model.failure("there is no diagram of this model") }
    switch part {
    case .encoder:
      return .object(try FigureValue(Self.encoderDiagram(network), title: "Encoder", notes: notes, theme: theme))
    case .decoder:
      return .object(try FigureValue(Self.decoderDiagram(network), title: "Decoder", notes: notes, theme: theme))
    }
  }

  private static func encoderDiagram(_ network: VariationalAutoencoder) -> ArchitectureDiagram {
    let latents = network.latents
    let isVariational = network.objective.isVariational
    let mean = ArchitectureDiagram.Stage(
      name: "μ", operation: "dense", output: .units(latents), kind: .code)
    let logVariance = ArchitectureDiagram.Stage(
      name: "log σ²", operation: "dense", output: .units(latents), kind: .code)
    let code = ArchitectureDiagram.Stage(
      name: "z", operation: "μ + σ · ε", detail: "ε ~ N(0, I)", output: .units(latents), kind: .code)
    return ArchitectureDiagram(
      title: "Encoder", subtitle: network.objective.description,
      stages: [imageStage(network.image)] + network.architecture.encoder.descriptions.dropLast().map(stage),
      heads: isVariational ? [mean, logVariance] : [mean],
      merged: isVariational ? [code] : [])
  }

  private static func decoderDiagram(_ network: VariationalAutoencoder) -> ArchitectureDiagram {
    diagram(
      "Decoder", of: network, from: "z", network.latents, through: network.architecture.decoder, to: "decoded image")
  }

  private static func judgeDiagram(_ network: InfoGAN) -> ArchitectureDiagram {
    let hidden = network.networks.recognition.descriptions.first.map { "\($0.operation), \($0.activation), " } ?? ""
    let heads = [
      ArchitectureDiagram.Stage(name: "real?", operation: "dense", output: .units(1), kind: .code),
      ArchitectureDiagram.Stage(
        name: "codes (Q)", operation: hidden + "dense", output: .units(network.code.outputs), kind: .code),
    ]
    return ArchitectureDiagram(
      title: "Judge and Q", subtitle: network.objective.description,
      stages: [imageStage(network.image)] + network.networks.trunk.descriptions.map(stage), heads: heads, merged: [])
  }

  private static func generatorDiagram(_ network: InfoGAN) -> ArchitectureDiagram {
    diagram(
      "Generator", of: network, from: "noise, codes", network.code.inputs, through: network.networks.generator,
      to: "made image")
  }

  private static func imageStage(_ image: ImageShape) -> ArchitectureDiagram.Stage {
    ArchitectureDiagram.Stage(
      name: "image", output: .volume(height: image.height, width: image.width, channels: image.planes), kind: .image)
  }

  /// From so many numbers to images.
  private static func diagram(
    _ title: String, of model: Model, from input: String, _ count: Int, through net: Net, to output: String
  ) -> ArchitectureDiagram {
    var stages = [ArchitectureDiagram.Stage(name: input, output: .units(count), kind: .code)]
    stages += net.descriptions.map(stage)
    stages[stages.count - 1].name = output
    stages[stages.count - 1].kind = .image
    return ArchitectureDiagram(title: title, subtitle: model.objective.description, stages: stages)
  }

  private static func stage(_ layer: LayerDescription) -> ArchitectureDiagram.Stage {
    let output: ArchitectureDiagram.Output
    switch layer.output {
    case .map(let height, let width, let channels):
      output = .volume(height: height, width: width, channels: channels)
    case .row, .heads: output = .units(layer.output.count)
    }
    return ArchitectureDiagram.Stage(operation: layer.operation, detail: layer.activation, output: output)
  }
}

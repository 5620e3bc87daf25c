import BetaVAE
import Platform
import Reporting

extension CommandDeclaration {
  static let train = CommandDeclaration(
    "train", group: .models,
    summary: "trains a model in place and gives the history of the training",
    details: "Trained models are stored under a key made of everything that determines them; a training that was done "
      + "before is taken from the store unless --fresh is given. Training a model again goes on from its weights. Ctrl-C stops after "
      + "the current step; in the interactive mode the model keeps what it has learned by then.",
    parameters: [
      .positional("model", "the model", .object(ModelValue.self)),
      .marker("on", "the training images", .object(DatasetValue.self)),
      .option("epochs", "passes over the images", .integer(1...1_000_000), default: 200),
      .option("batch", "images a step", .integer(1...4096), default: 64),
      .option("rate", "Adam's step size", .number(.positive), default: 5e-4),
      .option("seed", "the seed of the images' order and the noise", .seed, default: .described("the script's seed")),
      .option("validate", "images whose loss is measured after each epoch", .object(DatasetValue.self)),
    ],
    result: .object(HistoryValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones
      history = train model on ones epochs 3
      """
  ) { call, session in
    let model = try call.object("model", as: ModelValue.self)
    let data = try call.object("on", as: DatasetValue.self).dataset
    model.synthetic.formUnion(call.synthetic)
    let validation = try call.objectIfAny("validate", as: DatasetValue.self)?.dataset
    if validation?.count == 0 { throw call.failure("validate", "there are no images to validate on") }
    let options = TrainingOptions(
      epochs: try call.integer("epochs"), batch: try call.integer("batch"), rate: try call.float("rate"),
      seed: try call.seed(session))
    let workspace = session.workspace
    let key = ModelStore.key(
      of: model.network, data: data.fingerprint, validation: validation?.fingerprint, options: options)
    if try !restore(key, model, call, session) {
      let trainer = try call.blaming("on") {
        try Trainer(model.network, images: data.images, validation: validation?.images, options: options)
      }
      try run(trainer, session)
      session.host.note(outcome(trainer.history))
      if trainer.history.wasInterrupted { throw Stop.interrupted }
      note(model.network, model.subject, data.name, data.fingerprint, options)
      if let synthetic = model.syntheticNote { model.network.note("synthetic", synthetic) }
      do {
        try workspace.store.store(model.network, key)
      } catch {
        session.host.warn("the trained model could not be stored, and will be trained anew next time: \(error)")
      }
    }
    workspace.note(
      model,
      trained: [
        Provenance.Option("data", data.fingerprint), Provenance.Option("epochs", String(options.epochs)),
        Provenance.Option("batch", String(options.batch)),
        Provenance.Option("rate", Double(options.rate).formatted()), Provenance.Option("seed", String(options.seed)),
      ])
    return .object(
      HistoryValue(history: model.network.history.last(options.epochs), title: model.title))
  }

  /// Takes the result from the store where it is there and wanted.
  private static func restore(_ key: String, _ model: ModelValue, _ call: Invocation, _ session: Session) throws -> Bool
  {
    guard !session.options.isFresh else { return false }
    do {
      guard try session.workspace.store.restore(key, into: model.network) else { return false }
      session.host.note(
        "line \(call.place.line): taken from the store: \(counted(model.network.history.epochs.count, "epoch")) "
          + "of training, model \(key) (--fresh trains anew)")
      return true
    } catch {
      session.host.warn("the stored model cannot be used and is trained anew: \(error)")
      return false
    }
  }

  private static func run(_ trainer: Trainer, _ session: Session) throws {
    defer { session.host.progress(nil) }
    try trainer.run { state in
      session.host.progress(
        Progress(
          "training", fraction: state.fraction,
          detail: "epoch \(state.epoch) of \(state.epochs), loss \(state.loss.formatted(decimals: 2)), "
            + "KL \(state.divergence.formatted(decimals: 2)), \(state.active) active, "
            + "\(Int(state.imagesPerSecond).grouped) images/s"))
      return !session.host.interrupted
    }
  }

  private static func outcome(_ history: History) -> String {
    let seconds = history.epochs.reduce(0) { $0 + $1.seconds }
    let epochs = counted(history.epochs.count, "epoch")
    guard !history.wasInterrupted else { return "stopped after \(epochs); the model keeps what it has learned" }
    let loss = history.epochs.last.map { ", mean loss of the last \($0.loss.formatted(decimals: 2))" } ?? ""
    return "trained \(epochs) in \(duration(seconds: seconds))\(loss)"
  }

  private static func note(
    _ network: VariationalAutoencoder, _ subject: String, _ data: String, _ fingerprint: String,
    _ options: TrainingOptions
  ) {
    network.note("bvae_script", Workspace.version)
    network.note("data", data)
    network.note("subject", subject)
    network.note("data_fingerprint", fingerprint)
    network.note("epochs", String(options.epochs))
    network.note("batch", String(options.batch))
    network.note("rate", String(options.rate))
    network.note("training_seed", String(options.seed))
  }
}

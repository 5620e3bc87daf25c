import BVAELanguage
import BetaVAE

struct TrainCommand: Command {
  static let about = CommandAbout(
    "train", in: .models, "trains a model in place and gives the history of the training",
    details: "Trained models are stored under a key made of everything that determines them; a training that was done "
      + "before is taken from the store unless --fresh is given. Training a model again continues from its weights. "
      + "A model is trained in place: after b = m both names refer to the same model, and training one trains the "
      + "other. b = copy m makes one of its own, which stays as it is.\n"
      + "About once a minute, and when it is stopped, a training writes a checkpoint beside the stored models. The "
      + "same script run again resumes from it, whatever stopped it, and ends with the same bits as an uninterrupted "
      + "run; --fresh starts over. BVAE_CHECKPOINT_SECONDS in the environment sets another time from checkpoint to "
      + "checkpoint. If another program is running the same training, this one waits for it and takes its result.\n"
      + "The rate is the same in every step, unless 'ratewarmup' raises it over the first epochs and 'decay' lowers "
      + "it afterwards, linearly or along half a cosine, to 0 after the last step.\n"
      + "Ctrl-C stops after the current step. A script then ends; in the interactive mode the model keeps what it has "
      + "learned by then and can be swept, measured and saved. The same 'train' typed again resumes the stopped "
      + "training, as does the same script run anew; a 'train' with other options is a new training that begins with "
      + "the half-trained weights. A variable that a stopped 'train' was assigned to is not set; the model's own "
      + "'history' has the epochs.",
    result: .object(HistoryValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones
      history = train model on ones epochs 3
      """)

  @Positional("the model") var model: ModelValue
  @Marker(name: "on", "the training images") var data: DatasetValue
  @Group var training: TrainingArguments
  @Option("the seed of the images' order and the noise", default: .scriptSeed) var seed: UInt64?
  @Option("images whose loss is measured after each epoch", default: .described("none")) var validate: DatasetValue?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    if validate?.dataset.count == 0 { throw $validate.failure("there are no images to validate on") }
    let options = training.options(
      seed: session.seed(seed), usualBatch: model.network.objective.usualBatch)
    var task = try TrainingTask(
      model, on: data.dataset, validation: validate?.dataset, options: options,
      places: (data: $data, warmup: training.$warmup), site, session)
    try task.run()
    let network = model.network
    if !task.wasStored, let advice = network.collapseAdvice { session.host.note("line \(site.line): \(advice)") }
    return .object(HistoryValue(history: network.history.last(options.epochs), title: model.title))
  }
}

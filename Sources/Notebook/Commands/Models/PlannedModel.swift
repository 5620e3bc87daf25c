import BVAELanguage
import BVAEPlatform
import BetaVAE

/// What models are trained and compared on, with what stands for it in keys, which takes a look at all of it.
struct TrainingImages {
  let data: DatasetValue
  /// What models are measured on: the training images, unless others are given.
  let test: DatasetValue
  /// What stands for images and factors, where models learn of the factors too.
  let variation: String, testVariation: String
  /// What stands for the images that models are measured on, see `NumbersFile`.
  let measured: String

  /// - Throws: `ScriptFailure` where the two have images of different sizes.
  init(_ data: DatasetValue, test: DatasetValue?) throws {
    let shapes = (data.dataset.images.shape, test?.dataset.images.shape)
    if let own = shapes.1, own != shapes.0 {
      throw ScriptFailure("these images are \(own), and those to train on \(shapes.0)")
    }
    (self.data, self.test) = (data, test ?? data)
    variation = data.dataset.variationFingerprint
    testVariation = test?.dataset.variationFingerprint ?? variation
    measured = NumbersFile.identity(testVariation)
  }
}

/// A model that `search` or `study` is to train, before it is made: what it will be, and the key of the training.
struct PlannedModel {
  let images: TrainingImages
  let plan: ModelPlan
  let training: TrainingArguments
  let options: TrainingOptions
  let key: String
  /// What is trained, for people: `beta 4, seed 2`.
  let title: String
  private let kind: any ModelKind

  var seed: UInt64 { plan.seed }

  /// - Throws: `ScriptFailure` at an argument that does not suit the images.
  init(
    _ kind: any ModelKind, _ training: TrainingArguments, seed: UInt64, on images: TrainingImages, title: String,
    _ session: Session
  ) throws {
    (self.kind, self.training, self.images, self.title) = (kind, training, images, title)
    plan = try kind.plan(for: images.data, seed: seed)
    options = training.options(seed: seed, usualBatch: plan.objective.usualBatch)
    let isVaried = !plan.objective.variedFactors.isEmpty
    key = ModelStore.key(
      of: plan, data: isVaried ? images.variation : images.data.dataset.fingerprint, options: options,
      compute: session.workspace.compute)
  }

  /// Where what is measured of it is kept.
  var numbersFile: NumbersFile { NumbersFile(key, on: images.measured) }

  /// What another process is told to do; nil where an option's value cannot be written down.
  var script: String? { GridScript.text(kind, training, seed: seed) }

  /// Trains it, or takes it from the store.
  /// - Parameter place: where errors about the images belong.
  /// - Throws: `Stop.interrupted` with Ctrl-C, `ScriptFailure` where the training fails.
  func trained(blaming place: any DeclaredArgument, _ site: CallSite, _ session: Session) throws -> ModelValue {
    let made = try place.blaming { try plan.model(compute: session.workspace.compute) }
    let model = ModelValue(made, subject: images.data.title, session)
    var task = try TrainingTask(
      model, on: images.data.dataset, validation: nil, options: options, places: (place, training.$warmup), site,
      session)
    try task.run()
    return model
  }
}

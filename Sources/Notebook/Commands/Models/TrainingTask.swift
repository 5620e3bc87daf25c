import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAEReporting
import BetaVAE
import Glibc

/// One `train`: takes the result from the store, goes on from a checkpoint, or trains from the beginning.
struct TrainingTask {
  let model: ModelValue
  let data: Dataset
  let options: TrainingOptions
  /// Whether the model came from the store as it is, so that nothing new is to be said of it.
  private(set) var wasStored = false
  private let validation: Dataset?
  private let places: (data: any DeclaredArgument, warmup: any DeclaredArgument)
  private let site: CallSite
  private let session: Session

  private var network: Model { model.network }
  private var store: ModelStore { session.workspace.store }
  private var host: any Host { session.host }

  /// - Parameter places: where errors about the images and about the warm-up belong.
  /// - Throws: `ScriptFailure` where the model's objective has nothing to warm up.
  init(
    _ model: ModelValue, on data: Dataset, validation: Dataset?, options: TrainingOptions,
    places: (data: any DeclaredArgument, warmup: any DeclaredArgument), _ site: CallSite, _ session: Session
  ) throws {
    (self.model, self.data, self.validation, self.options) = (model, data, validation, options)
    (self.places, self.site, self.session) = (places, site, session)
    model.synthetic.formUnion(site.marks)
    guard options.warmup == 0 || model.network.objective.takesWarmup else {
      throw places.warmup.failure(
        "the objective of this model, \(model.network.objective), has no weight for a warm-up to raise")
    }
  }

  /// Gives the model what the training comes to.
  /// - Throws: `Stop.interrupted` with Ctrl-C, `ScriptFailure` where it diverges or the images do not fit.
  mutating func run() throws {
    try train()
    // The report says which model was trained how.
    session.workspace.record(model, on: data, options)
  }

  private mutating func train() throws {
    // The same training again, after Ctrl-C: goes on if that is possible.
    if let unfinished = network.unfinished, !session.notebookOptions.isFresh,
      try finish(key(lineage: unfinished.lineage), goingOnWith: unfinished)
    {
      return
    }
    _ = try finish(key(lineage: nil), goingOnWith: nil)
  }

  private func key(lineage: String?) -> String {
    Self.key(of: network, on: data, validation: validation, options: options, lineage: lineage)
  }

  /// The key of a training, see `ModelStore.key`.
  static func key(
    of network: Model, on data: Dataset, validation: Dataset? = nil, options: TrainingOptions, lineage: String? = nil
  ) -> String {
    // A DC-IGN learns of the factors too which images belong together.
    let isVaried = !network.objective.variedFactors.isEmpty
    return ModelStore.key(
      of: network, data: isVaried ? data.variationFingerprint : data.fingerprint, validation: validation?.fingerprint,
      options: options, lineage: lineage)
  }

  /// Finishes the training of a key.
  /// - Parameter unfinished: the training that the model was stopped in. It is only gone on with, by its result or its
  ///   checkpoint, and not begun anew: the model is no longer the one that it began with.
  /// - Returns: whether it was finished.
  private mutating func finish(_ key: String, goingOnWith unfinished: UnfinishedTraining?) throws -> Bool {
    let earlier = unfinished?.earlierEpochs ?? network.history.epochs.count
    if try isRestored(key) {
      wasStored = true
      return true
    }
    let checkpoints = Checkpoints(
      store, key: key, interval: try interval(),
      warn: { [host, line = site.line] in host.warn("line \(line): \($0)") })
    if unfinished != nil && !checkpoints.exist { return false }
    let claim = try TrainingClaim(key, store, isFresh: session.notebookOptions.isFresh, line: site.line, host)
    defer { withExtendedLifetime(claim) {} }
    // Whoever was waited for may have finished it.
    if claim.hasWaited, try isRestored(key) {
      wasStored = true
      return true
    }
    let trainer = try places.data.blaming {
      let factors = network.objective.variedFactors
      let varied = try factors.isEmpty ? nil : data.varied(factors, workers: network.compute.workers)
      return try Trainer(
        network, images: data.images, validation: validation?.images, varied: varied, options: options)
    }
    if !session.notebookOptions.isFresh, let checkpoint = checkpoints.resume(trainer, goingOnWith: unfinished) {
      host.note(
        "line \(site.line): resumed from epoch \(checkpoint.epoch) of \(options.epochs), checkpoint of "
          + "\(Machine.clock(checkpoint.saved)) \(wayToTrainAgain(key))")
    } else if unfinished != nil {
      return false
    }
    let kept = claim.isExclusive ? checkpoints : nil
    do {
      try run(trainer, keeping: kept)
    } catch ModelError.diverged(let divergence) {
      kept?.remove()
      throw failure(divergence, key)
    }
    host.note(outcome(trainer.history, earlier: earlier, hasCheckpoint: (kept?.count ?? 0) > 0))
    if trainer.history.wasInterrupted { throw Stop.interrupted }
    recordTraining()
    do {
      try store.store(network, key, fingerprint: network.lineage)
      kept?.remove()
    } catch {
      host.warn("the trained model could not be stored and will be retrained next time: \(error)")
    }
    return true
  }

  /// What to do where a new training is wanted: a session that has begun takes no options.
  private func wayToTrainAgain(_ key: String) -> String {
    site.isInteractive ? "('bvae-script store remove \(key)' in a shell forgets it)" : "(--fresh trains again)"
  }

  /// Takes the result from the store where it is there and wanted.
  private func isRestored(_ key: String) throws -> Bool {
    guard !session.notebookOptions.isFresh else { return false }
    do {
      var isFormer = false
      if try !store.restore(key, into: network) {
        isFormer = try store.restoreFormer(
          key, into: network, images: data.images, data: data.fingerprint, validation: validation?.fingerprint,
          options: options)
        guard isFormer else { return false }
      }
      let all = network.history.epochs.count
      let whole = all == options.epochs ? "" : ", \(all) of the model in all"
      let moved = isFormer ? "; version 0.1.0 stored it under another key, it was moved" : ""
      host.note(
        "line \(site.line): taken from the store: \(counted(options.epochs, "epoch")) "
          + "of training\(whole), model \(key)\(moved) \(wayToTrainAgain(key))")
      return true
    } catch {
      host.warn("the stored model cannot be used, training again: \(error)")
      return false
    }
  }

  /// Seconds from checkpoint to checkpoint, where the environment says so.
  private func interval() throws -> Double? {
    let name = "BVAE_CHECKPOINT_SECONDS"
    guard let text = Machine.environment(name) else { return nil }
    guard let seconds = Double(text), seconds >= 0 else {
      host.warn("\(name) is '\(text)', not a number of seconds; the usual interval is used")
      return nil
    }
    return seconds
  }

  private func run(_ trainer: Trainer, keeping checkpoints: Checkpoints?) throws {
    defer { host.progress(nil) }
    try trainer.run(checkpoints: checkpoints) { state in
      host.progress(
        Progress(
          "training", fraction: state.fraction,
          detail: "epoch \(state.epoch) of \(state.epochs), loss \(state.loss.formatted(decimals: 2)), "
            + (state.reconstruction.map {
              "error \($0.formatted(decimals: 2)), KL \(state.divergence.formatted(decimals: 2)), "
            } ?? "")
            + state.terms.map { "\($0.name) \($0.value.formatted(decimals: 2)), " }.joined()
            + "\(state.active) active, \(state.imagesPerSecond.formatted(decimals: 0)) images/s"))
      return !host.interrupted
    }
  }

  private func outcome(_ history: History, earlier: Int, hasCheckpoint: Bool) -> String {
    let done = history.epochs.count
    guard !history.wasInterrupted else {
      let place = "stopped in epoch \(min(done + 1, options.epochs)) of \(options.epochs)"
      // The models of a search cannot be reached before it has ended.
      guard site.name == "train" else {
        return "\(place) of this model" + (hasCheckpoint ? "; the same \(site.name) resumes from here" : "")
      }
      let all = earlier > 0 ? " after \(counted(earlier + done, "whole epoch"))" : ""
      return "\(place); the model keeps what it has learned\(all); its 'history' shows how far it got"
        + (hasCheckpoint ? ", and the same training resumes from here" : "")
    }
    let epochs = counted(done, "epoch")
    let loss = history.epochs.last.map { ", mean loss \($0.loss.formatted(decimals: 2)) in the last epoch" } ?? ""
    return "trained \(epochs) in \(duration(seconds: history.seconds))\(loss)"
  }

  /// A training that diverged fails; the weights before, where they have learned something, are kept in a file too.
  private func failure(_ divergence: Divergence, _ key: String) -> ScriptFailure {
    guard divergence.keptEpochs > 0 else { return places.data.failure("\(divergence)") }
    recordTraining()
    do {
      let path = try store.keep(network, lastGoodOf: key)
      return places.data.failure("\(divergence)", hint: "those weights are kept: open \"\(path)\"")
    } catch {
      return places.data.failure("\(divergence)", hint: "those weights could not be kept in a file: \(error)")
    }
  }

  /// Notes for the weights file what the model was trained on and how.
  private func recordTraining() {
    network.trainingRecord = TrainingRecord(
      program: Workspace.version, data: data.name, subject: model.subject, dataFingerprint: data.fingerprint,
      synthetic: model.synthetic.sorted(), images: data.count, options: options)
  }
}

/// That this process alone is at a training, so that its files are not written by two.
struct TrainingClaim {
  /// Whether another process had it first.
  private(set) var hasWaited = false
  /// Whether the training's files are this process's own.
  private(set) var isExclusive = true
  private var lock: FileLock?

  /// Claims the training of a key. Where another process has it, waits until that has finished or was stopped: to go on
  /// from its result or its checkpoint takes less time than training beside it. With --fresh there is no waiting, and
  /// this training leaves the other's checkpoints alone.
  /// - Throws: `Stop.interrupted` where the user ends the waiting.
  init(_ key: String, _ store: ModelStore, isFresh: Bool, line: Int, _ host: any Host) throws {
    defer { if hasWaited { host.progress(nil) } }
    while true {
      // A folder that takes no claims is told when the first checkpoint is due.
      guard let attempt = try? store.claim(key) else { return }
      switch attempt {
      case .taken(let lock):
        self.lock = lock
        return
      case .held(let process):
        let other = "another program\(process.map { " (process \($0))" } ?? "") is running the same training"
        guard !isFresh else {
          host.note("line \(line): \(other); training independently, without checkpoints")
          isExclusive = false
          return
        }
        if !hasWaited { host.note("line \(line): \(other); waiting for it (Ctrl-C stops waiting)") }
        hasWaited = true
        if host.interrupted { throw Stop.interrupted }
        host.progress(Progress("waiting", fraction: nil, detail: "for the same training in another program"))
        usleep(200_000)
      }
    }
  }
}

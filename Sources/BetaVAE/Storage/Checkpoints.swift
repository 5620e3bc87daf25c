import BVAEPlatform

/// The checkpoints of one training: when they are due, the file and the one before it, and what is done when they
/// cannot be written.
///
/// By default one is written when 60 seconds have gone since the last, at the end of an epoch already after 30, and
/// never so often that writing takes more than a thirty-third of the time.
public final class Checkpoints {
  /// The key of the training.
  public let key: String
  /// Where the latest one is.
  public let path: String
  /// The one before it, for the case that the latest cannot be read.
  public let previousPath: String
  private let interval: Double?
  private let warn: (String) -> Void
  private var last = 0.0, cost = 0.0
  private var hasWarned = false
  /// Whether what has the latest one's name was written, or taken over, by this process and so is whole.
  private var latestIsWhole = false
  /// Written so far.
  public private(set) var count = 0

  private static let usualInterval = 60.0, largestShare = 0.03

  /// The checkpoints of a training.
  /// - Parameters:
  ///   - store: the store whose folder they are in.
  ///   - key: the key of the training.
  ///   - interval: seconds from one to the next, whatever it costs; nil for what is usual.
  ///   - warn: told, once a training, that none can be written, and of each that cannot be read.
  public init(
    _ store: ModelStore, key: String, interval: Double? = nil, warn: @escaping (String) -> Void = { _ in }
  ) {
    self.key = key
    path = Path.join(store.folder, "\(key).checkpoint.safetensors")
    previousPath = Path.join(store.folder, "\(key).checkpoint-before.safetensors")
    self.interval = interval
    self.warn = warn
  }

  /// Lets a training take over the latest checkpoint that is whole and fits it, else the one before it.
  /// - Parameter unfinished: what is gone on with where the model itself is the half-trained one.
  /// - Returns: the checkpoint that was taken over, nil where there is none.
  public func resume(_ trainer: Trainer, goingOnWith unfinished: UnfinishedTraining? = nil) -> Checkpoint? {
    for (path, next) in [(path, "trying the one before it"), (previousPath, "the training starts over")] {
      guard Files.exists(path) else { continue }
      do {
        let checkpoint = try Checkpoint(path: path, key: key)
        try trainer.resume(from: checkpoint, goingOnWith: unfinished)
        latestIsWhole = path == self.path
        return checkpoint
      } catch {
        let isLast = path == previousPath || !Files.exists(previousPath)
        warn("the checkpoint cannot be used, \(isLast ? "the training starts over" : next): \(error)")
      }
    }
    return nil
  }

  /// Whether there is a checkpoint, whole or not.
  public var exist: Bool { Files.exists(path) || Files.exists(previousPath) }

  /// Removes them; what cannot be removed stays.
  public func remove() {
    for path in [path, previousPath] { try? Files.remove(path) }
  }

  /// The training begins, or goes on.
  func begin() { last = Machine.seconds }

  /// Writes one if it is time.
  func saveIfDue(_ trainer: Trainer) {
    let usual = trainer.position.isBetweenEpochs ? Self.usualInterval / 2 : Self.usualInterval
    let wait = interval ?? max(usual, cost / Self.largestShare)
    if Machine.seconds - last >= wait { save(trainer) }
  }

  /// Writes one. That it cannot be written is told once and tried again when the next is due.
  func save(_ trainer: Trainer) {
    let start = Machine.seconds
    defer {
      last = Machine.seconds
      cost = last - start
    }
    do {
      try Files.makeDirectory(Path.parent(path))
      do {
        try write(trainer)
      } catch  where latestIsWhole && Files.exists(path) && Files.exists(previousPath) {
        // On a full disk the room of the one before may be what is missing; it is not needed where the latest is good.
        try Files.remove(previousPath)
        try write(trainer)
      }
      latestIsWhole = true
      count += 1
    } catch {
      guard !hasWarned else { return }
      hasWarned = true
      warn(
        "no checkpoint could be written; the training continues and will try again: \(error)")
    }
  }

  private func write(_ trainer: Trainer) throws {
    try Checkpoint.write(trainer, key: key, to: path) {
      if Files.exists(path) { try Files.rename(path, to: previousPath) }
    }
  }
}

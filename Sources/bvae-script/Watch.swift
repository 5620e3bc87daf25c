import BVAEConsole
import BVAELanguage
import BVAEPlatform

/// `--watch`: runs a script again whenever it, a script that it includes, or a file that it reads has been saved.
///
/// Each run is a session of its own; trained models come from the store, so that only what has changed takes time. A
/// script that gets another text while it runs is stopped and begun again.
final class Watch {
  private let path: String
  private let launch: Launch
  private let host: TerminalHost
  /// The scripts that were read last, with what they held; those that were missing too.
  private var scripts: [String: Version] = [:]
  /// The other files that the script reads, as they were when it had ended: it may have written them itself.
  private var inputs: [String: FileState?] = [:]
  /// The files whose removal was told.
  private var removed: Set<String> = []

  /// How often the files are looked at, and for how long a file must have stayed as it is, since editors write in steps.
  private static let interval = 0.15, settling = 0.1
  /// How often in a row a file must be missing before that is told: editors take it away for a moment.
  private static let looksAtMissing = 4

  init(path: String, launch: Launch, host: TerminalHost) {
    self.path = path
    self.launch = launch
    self.host = host
  }

  /// Runs until Ctrl-C.
  func run() -> Ending {
    guard Files.state(path) != nil, Version(path).content != nil else {
      host.tell("bvae-script: \(reasonNotRead)")
      return .wrong
    }
    while true {
      Interruption.isAtWork = true
      runOnce()
      host.settle()
      if Interruption.wasRequested { return .bySignal }
      host.note("watching \(watched); Ctrl-C stops")
      guard let changed = waitForChange() else { return .bySignal }
      host.note(changed)
    }
  }

  private var watched: String {
    let others = scripts.count - 1
    return others == 0 ? path : "\(path) and \(counted(others, "included script"))"
  }

  private var reasonNotRead: String {
    do {
      _ = try Files.read(path, limit: Source.largest)
      return "--watch needs a regular file, which '\(path)' is not"
    } catch { return "\(error)" }
  }

  // MARK: - Running

  private func runOnce() {
    scripts = [path: Version(path)]
    inputs = [:]
    removed = []
    let source: Source
    do {
      source = try Source.file(path)
    } catch {
      // It may be away for a moment, or be no text for now.
      return host.tell("bvae-script: \(error)")
    }
    let watcher = WatchingHost(host) { [self] in hasOtherText }
    let session = launch.session(watcher)
    if launch.isCheck {
      _ = launch.check(source, session, host)
      return remember(session)
    }
    // What is included, and read, is known before the first statement runs.
    _ = session.check(source)
    remember(session)
    let outcome = session.run(source)
    host.settle()
    // Where nothing has run, what was missing before counts as missing.
    if case .rejected = outcome {} else { inputs = [:] }
    remember(session)
    if case .stopped(.interrupted) = outcome, !Interruption.wasRequested { return }
    _ = launch.report(outcome, host)
  }

  private func remember(_ session: Session) {
    for file in session.scriptFiles where scripts[file] == nil { scripts[file] = Version(file) }
    for file in session.inputFiles where inputs[file] == nil { inputs[file] = .some(Files.state(file)) }
  }

  // MARK: - Files

  /// Whether a script holds another text than when it was read, and has come to rest. One that is away for the moment, as
  /// while an editor renames, counts when it is back.
  private var hasOtherText: Bool {
    scripts.contains { file, version in
      guard let state = Files.state(file), state != version.state, Version(file).content != version.content else {
        return false
      }
      return hasSettled(file)
    }
  }

  /// Waits until a file has been saved, also as it was before.
  /// - Returns: what has happened, nil where a signal ended the waiting.
  private func waitForChange() -> String? {
    var looks: [String: Int] = [:]
    while true {
      if Interruption.wasRequested { return nil }
      for (file, before) in scripts.mapValues(\.state).merging(inputs, uniquingKeysWith: { script, _ in script }) {
        guard let now = Files.state(file) else {
          looks[file, default: 0] += before == nil ? 0 : 1
          if looks[file] == Self.looksAtMissing, removed.insert(file).inserted {
            host.note("\(file) was removed; waiting for it to return")
          }
          continue
        }
        looks[file] = nil
        guard now != before, hasSettled(file) else { continue }
        let happening = before == nil || removed.contains(file) ? "appeared" : "was saved"
        return "\(file) \(happening); running again"
      }
      Machine.sleep(seconds: Self.interval)
    }
  }

  /// Whether a file is there and stays as it is for a moment.
  private func hasSettled(_ file: String) -> Bool {
    let now = Files.state(file)
    Machine.sleep(seconds: Self.settling)
    return now != nil && Files.state(file) == now
  }
}

/// A script as it was when it was read.
private struct Version {
  let state: FileState?
  let content: Fingerprint?

  init(_ path: String) {
    state = Files.state(path)
    content = (try? Files.read(path, limit: Source.largest)).map { bytes in
      var content = Fingerprint()
      content.add(bytes)
      return content
    }
  }
}

/// The terminal's host, which also ends a run when its script has changed.
private final class WatchingHost: Host {
  private let host: TerminalHost
  private let hasChanged: () -> Bool
  private var next = 0.0
  private var isOutdated = false

  init(_ host: TerminalHost, hasChanged: @escaping () -> Bool) {
    self.host = host
    self.hasChanged = hasChanged
  }

  var columns: Int? { host.columns }
  var pictureMode: PictureMode {
    get { host.pictureMode }
    set { host.pictureMode = newValue }
  }

  func show(text: String) throws { try host.show(text: text) }
  func show(picture: Preview) throws { try host.show(picture: picture) }
  func note(_ text: String) { host.note(text) }
  func warn(_ text: String) { host.warn(text) }
  func progress(_ progress: Progress?) { host.progress(progress) }

  var interrupted: Bool {
    if host.interrupted || isOutdated { return true }
    let now = Machine.seconds
    if now < next { return false }
    next = now + 0.5
    isOutdated = hasChanged()
    return isOutdated
  }
}

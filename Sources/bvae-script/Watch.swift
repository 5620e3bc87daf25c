import Console
import Platform
import Scripting

/// `--watch`: runs a script again whenever it, or a script that it includes, has been saved.
///
/// Each run is a session of its own; trained models come from the store, so that only what has changed takes time. A
/// script that is saved while it runs is stopped and begun again.
final class Watch {
  private let path: String
  private let launch: Launch
  private let host: TerminalHost
  /// The files that were read last, with what they held.
  private var known: [String: Version] = [:]

  /// How often the files are looked at, and for how long a file must have stayed as it is, since editors write in steps.
  private static let interval = 0.15, settling = 0.1

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
      runOnce()
      if let ending { return ending }
      host.note("watching \(watched); Ctrl-C ends")
      while !hasChanged {
        Machine.sleep(seconds: Self.interval)
        if let ending { return ending }
      }
      host.note("\(changedFile) was saved; running again")
    }
  }

  /// How the program ends, if it is to end now.
  private var ending: Ending? {
    guard Interruption.wasRequested else { return nil }
    return Interruption.endsProgram ? .terminated : .interrupted
  }

  private var watched: String {
    let others = known.count - 1
    return others == 0 ? path : "\(path) and \(counted(others, "script")) that it includes"
  }

  private var reasonNotRead: String {
    do {
      _ = try Files.read(path, limit: Source.largest)
      return "--watch needs a file, and '\(path)' is none"
    } catch { return "\(error)" }
  }

  // MARK: - Running

  private func runOnce() {
    known = [path: Version(path)]
    let source: Source
    do {
      source = try Source.file(path)
    } catch {
      // It may be away for a moment, or be no text for now.
      return host.tell("bvae-script: \(error)")
    }
    let watcher = WatchingHost(host) { [weak self] in self?.hasChanged ?? false }
    let session = launch.session(watcher)
    if launch.isCheck {
      _ = launch.check(source, session, host)
      remember(session)
      return
    }
    // What is included is known before the first statement runs.
    _ = session.check(source)
    remember(session)
    let outcome = session.run(source)
    host.progress(nil)
    if case .stopped(.interrupted) = outcome, !Interruption.wasRequested { return }
    _ = launch.report(outcome, host)
  }

  private func remember(_ session: Session) {
    for file in session.scriptFiles where known[file] == nil { known[file] = Version(file) }
  }

  // MARK: - Files

  private var changedFile: String { known.first { differs($0.key, $0.value) }?.key ?? path }

  /// Whether a file holds something else than when it was read, and has come to rest. One that is away for the moment, as
  /// while an editor renames, counts when it is back.
  private var hasChanged: Bool {
    for (file, version) in known where differs(file, version) {
      let now = Files.state(file)
      Machine.sleep(seconds: Self.settling)
      return now != nil && Files.state(file) == now
    }
    return false
  }

  private func differs(_ file: String, _ version: Version) -> Bool {
    guard let state = Files.state(file), state != version.state else { return false }
    let now = Version(file)
    if now.content != version.content { return true }
    // Saved as it was.
    known[file] = now
    return false
  }
}

/// A file as it was when it was read.
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

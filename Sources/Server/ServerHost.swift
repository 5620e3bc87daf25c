import BVAEConsole
import BVAELanguage
import BVAEPixels
import BVAEPlatform
import Glibc

/// The host of a conversation in JSON lines: what a script shows is told as events of the request that runs it.
final class ServerHost: Host {
  private let input: ServerInput
  private let output: Int32
  /// The id of the request that is answered.
  private var id = JSON.null
  private var isClosed = false
  private var nextLook = 0.0
  private var lastProgress = (title: "", start: 0.0, told: 0.0, first: 0.0)

  /// Seconds between two events of progress.
  private static let secondsBetweenProgress = 0.2
  /// Smaller pictures are enlarged by a whole factor, so that their pixels stay squares.
  private static let smallestSide = 160

  /// A host that takes standard output for itself: whatever else is written there goes to standard error.
  init(_ input: ServerInput) {
    self.input = input
    output = fcntl(Output.standard, F_DUPFD_CLOEXEC, 3)
    dup2(Output.error, Output.standard)
  }

  /// Whether nobody reads any more.
  var hasNoReader: Bool { isClosed }

  /// From here on events belong to this request.
  func begin(_ id: JSON?) { self.id = id ?? .null }

  /// Tells an event of the current request.
  func tell(_ event: String, _ members: [String: JSON]) { tell(event, members, of: id) }

  private func tell(_ event: String, _ members: [String: JSON], of id: JSON) {
    var members = members
    (members["event"], members["id"]) = (.text(event), id)
    write(.object(members))
  }

  /// Writes a line.
  func write(_ value: JSON) {
    guard !isClosed else { return }
    isClosed = Output.write(String(decoding: value.bytes + [UInt8(ascii: "\n")], as: UTF8.self), to: output) != 0
  }

  // MARK: - Host

  let showsPages = true

  var interrupted: Bool {
    for stop in input.takeStops() {
      Interruption.request()
      tell("done", ["status": "ok"], of: stop["id"] ?? .null)
    }
    lookForReader()
    return isClosed || Interruption.wasRequested
  }

  /// Now and then asks whether anybody can still read, which a run that shows nothing would not come to know.
  private func lookForReader() {
    let now = Machine.seconds
    guard !isClosed, now >= nextLook else { return }
    nextLook = now + ServerInput.interval
    var end = pollfd(fd: output, events: 0, revents: 0)
    if poll(&end, 1, 0) > 0 { isClosed = Int32(end.revents) & (POLLERR | POLLHUP) != 0 }
  }

  func show(text: String) throws { try event("text", ["text": .text(text.withoutControls)]) }

  func show(text: String, html: String) throws {
    try event("table", ["text": .text(text.withoutControls), "html": .text(html)])
  }

  func show(page path: String, title: String) throws {
    try event("page", ["path": .text(Path.absolute(path)), "title": .text(title.withoutControls)])
  }

  func clearScreen() { tell("clear", [:]) }

  func show(picture: Preview) throws {
    guard picture.width > 0, picture.height > 0 else { return }
    var bitmap = Bitmap(width: picture.width, height: picture.height, planes: 3, bytes: picture.pixels)
    let factor = max(1, Self.smallestSide / max(picture.width, picture.height))
    if factor > 1 { bitmap = bitmap.enlarged(by: factor) }
    let png = try PNG.encode(bitmap)
    var members: [String: JSON] = [
      "png": .text(String(decoding: [UInt8](base64Of: png), as: UTF8.self)), "width": JSON(bitmap.width),
      "height": JSON(bitmap.height),
    ]
    let title = picture.title.isEmpty ? picture.alternative : picture.title
    if !title.isEmpty { members["title"] = .text(title.withoutControls) }
    if let path = picture.path { members["path"] = .text(Path.absolute(path)) }
    try event("picture", members)
  }

  func note(_ text: String) { tell("note", ["text": .text(text.withoutControls)]) }

  func warn(_ text: String) { tell("warning", ["text": .text(text.withoutControls)]) }

  func progress(_ progress: Progress?) {
    let now = Machine.seconds
    guard let progress else {
      if !lastProgress.title.isEmpty { tell("progress", ["ended": true]) }
      lastProgress.title = ""
      return
    }
    if lastProgress.title != progress.title {
      lastProgress = (progress.title, now, 0, progress.fraction ?? 0)
    }
    guard now - lastProgress.told >= Self.secondsBetweenProgress else { return }
    lastProgress.told = now
    let line = ProgressLine.bar(progress, elapsed: now - lastProgress.start, since: lastProgress.first, columns: 160)
    var members: [String: JSON] = ["title": .text(progress.title), "text": .text(line)]
    if let fraction = progress.fraction, fraction.isFinite { members["fraction"] = .number(min(max(fraction, 0), 1)) }
    if !progress.detail.isEmpty { members["detail"] = .text(progress.detail) }
    tell("progress", members)
  }

  /// Runs a command without a keyboard; what it writes is shown line by line.
  func runShell(_ command: String) throws -> Int {
    let process = try ForegroundProgram.start(command)
    var pending: [UInt8] = []
    func showLines(_ bytes: some Sequence<UInt8>) throws {
      try show(text: String(decoding: Array(bytes), as: UTF8.self))
    }
    while true {
      if interrupted {
        _ = process.stop()
        throw Stop.interrupted
      }
      switch process.read(waiting: 0.05) {
      case .bytes(let bytes):
        pending += bytes
        guard let end = pending.lastIndex(of: UInt8(ascii: "\n")) else { continue }
        try showLines(pending[..<end])
        pending.removeFirst(end + 1)
      case .nothing: break
      case .end:
        if !pending.isEmpty { try showLines(pending) }
        switch process.wait() {
        case .exited(let code): return Int(code)
        case .killed(let signal): return 128 + Int(signal)
        }
      }
    }
  }

  private func event(_ name: String, _ members: [String: JSON]) throws {
    tell(name, members)
    if isClosed { throw Stop.outputClosed }
  }
}

extension Bitmap {
  /// The same picture with squares of `factor` pixels for each pixel.
  fileprivate func enlarged(by factor: Int) -> Bitmap {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(self.bytes.count * factor * factor)
    for y in 0..<height {
      var row: [UInt8] = []
      for x in 0..<width {
        let place = (y * width + x) * planes
        for _ in 0..<factor { row += self.bytes[place..<place + planes] }
      }
      for _ in 0..<factor { bytes += row }
    }
    return Bitmap(width: width * factor, height: height * factor, planes: planes, bytes: bytes)
  }
}

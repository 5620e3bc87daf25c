import BVAEPlatform

/// Whoever runs scripts: a terminal, a file run, a test. All calls come from the thread that runs the script.
package protocol Host: AnyObject {
  /// Shows a result, to be followed by a line break.
  /// - Throws: `Stop.outputClosed` when nobody reads it.
  func show(text: String) throws
  /// Whether results are shown on pages, which take HTML.
  var showsPages: Bool { get }
  /// Shows a result that has a look on pages, such as a table.
  /// - Parameter html: a piece of HTML that stands by itself.
  /// - Throws: `Stop.outputClosed` when nobody reads it.
  func show(text: String, html: String) throws
  /// Shows a page of HTML that was written to a file, where it can.
  /// - Throws: `Stop.outputClosed` when nobody reads it.
  func show(page path: String, title: String) throws
  /// Shows a picture where it can, else where it was written.
  /// - Throws: `Stop.outputClosed` when nobody reads it.
  func show(picture: Preview) throws
  /// The columns of the terminal that results are shown on, nil where they are not shown on one.
  var columns: Int? { get }
  /// How pictures are shown.
  var pictureMode: PictureMode { get set }
  /// Whether somebody types the statements.
  var hasKeyboard: Bool { get }
  /// What was typed at the prompt, in earlier sessions too, the earliest first; asked for by `history all`.
  var earlierInput: [String] { get }
  /// Runs a command of the shell, which reads from the keyboard and writes where results go.
  /// - Returns: the code it has exited with, or 128 and the signal that has ended it.
  /// - Throws: `Stop.interrupted` where Ctrl-C has ended it, `FileProblem` where there is no shell.
  func runShell(_ command: String) throws -> Int
  /// Clears the screen.
  func clearScreen()
  /// A remark beside the results: what was taken from the store, what --set overrode.
  func note(_ text: String)
  /// Something that is probably not as meant.
  func warn(_ text: String)
  /// How far a long command has come; nil when it has ended.
  func progress(_ progress: Progress?)
  /// Whether the user wants the script to end; long commands ask it often.
  var interrupted: Bool { get }
  /// How often the user has asked for that, by Ctrl-C.
  var interruptions: Int { get }
}

extension Host {
  /// Once or not at all.
  package var interruptions: Int { interrupted ? 1 : 0 }
  /// No: text is shown.
  package var showsPages: Bool { false }
  /// Shows the text.
  package func show(text: String, html: String) throws { try show(text: text) }
  /// Nothing: a page is for a browser.
  package func show(page path: String, title: String) throws {}
  /// Nobody: only a terminal has a keyboard.
  package var hasKeyboard: Bool { false }
  /// Nothing.
  package var earlierInput: [String] { [] }
  /// Refuses to.
  package func runShell(_ command: String) throws -> Int {
    throw ScriptFailure("there is no shell here")
  }
  /// Without a screen there is nothing to clear.
  package func clearScreen() {}
  /// None: without a terminal every line is as long as it is.
  package var columns: Int? { nil }
  /// Off: without a terminal there is nothing to choose.
  package var pictureMode: PictureMode {
    get { .off }
    set {}
  }
}

/// Nobody to talk to: what scripts show goes nowhere.
package final class SilentHost: Host {
  /// A host for runs whose outcome is all that is wanted.
  package init() {}
  /// Shows nothing.
  package func show(text: String) {}
  /// Shows nothing.
  package func show(picture: Preview) {}
  /// Says nothing.
  package func note(_ text: String) {}
  /// Says nothing.
  package func warn(_ text: String) {}
  /// Says nothing.
  package func progress(_ progress: Progress?) {}
  /// Never.
  package var interrupted: Bool { false }
}

/// How pictures are shown in a terminal.
package enum PictureMode: String, CaseIterable, Sendable {
  /// In the best way that the terminal can.
  case auto
  /// By kitty's graphics protocol.
  case kitty
  /// By iTerm2's inline images.
  case iterm
  /// As sixels.
  case sixel
  /// As characters, each two pixels.
  case blocks
  /// Not at all.
  case off
}

/// How far a long command has come.
package struct Progress: Sendable, Equatable {
  /// What is being done: `training`.
  package let title: String
  /// 0…1, nil where the end cannot be foreseen.
  package let fraction: Double?
  /// The latest numbers: `epoch 12 of 200, loss 31.4`.
  package let detail: String
  /// Whether it only says that a command is still at work; what the command says itself tells more.
  package let isVague: Bool

  /// A state of a long command.
  package init(_ title: String, fraction: Double?, detail: String = "", isVague: Bool = false) {
    self.isVague = isVague
    self.title = title
    self.fraction = fraction
    self.detail = detail
  }
}

/// A picture for the terminal. One without a title or a path goes with a text that was shown before it.
package struct Preview: Sendable, Equatable {
  /// What it shows.
  package let title: String
  /// Where it was written, if it was.
  package let path: String?
  /// What it shows, where that was said in the text before it.
  package let alternative: String
  /// Pixels a row.
  package let width: Int
  /// Rows.
  package let height: Int
  /// Red, green and blue of each pixel, row after row: `3 · width · height` bytes.
  package let pixels: [UInt8]

  /// A picture of `3 · width · height` bytes.
  package init(
    title: String, path: String? = nil, alternative: String = "", width: Int, height: Int, pixels: [UInt8]
  ) {
    self.alternative = alternative
    precondition(width >= 0 && height >= 0 && pixels.count == 3 * width * height)
    self.title = title
    self.path = path
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}

/// Tells the host that a command is still at work, where the command itself says nothing of it.
final class LongWork {
  private let host: any Host
  private var calls: [(verb: String, start: Double)] = []
  private var hasTold = false

  /// How long a command may take before anything is said, in seconds.
  private static let patience = 0.5

  init(_ host: any Host) { self.host = host }

  /// A command begins.
  func begin(_ verb: String) { calls.append((verb, Machine.seconds)) }

  /// The command that began last has ended.
  func end() {
    calls.removeLast()
    if hasTold && calls.isEmpty {
      hasTold = false
      host.progress(nil)
    }
  }

  /// The command that began last goes on.
  /// - Throws: `Stop.interrupted` with Ctrl-C.
  func goOn() throws {
    if host.interrupted { throw Stop.interrupted }
    guard let call = calls.last, Machine.seconds - call.start > Self.patience else { return }
    hasTold = true
    host.progress(Progress(call.verb, fraction: nil, isVague: true))
  }
}

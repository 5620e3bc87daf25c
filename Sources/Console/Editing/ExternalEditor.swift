import BVAELanguage
import BVAEPlatform
import Glibc

/// The editor of the user's choice, for a text that has become too long for the prompt.
struct ExternalEditor {
  /// What editing has come to.
  enum Outcome: Equatable {
    case text(String)
    /// The text is as it was, for a reason.
    case unchanged(String)
  }

  /// What starts it, with its options: that of `VISUAL` or `EDITOR`, else vi; nil where there is none.
  static var command: String? {
    for name in ["VISUAL", "EDITOR"] {
      if let command = Machine.environment(name), command.contains(where: { !$0.isWhitespace }) { return command }
    }
    return Machine.program("vi").map { _ in "vi" }
  }

  /// What is taken back, in bytes.
  private static let largest = 1 << 20

  /// Lets a text be edited in a file that is removed afterwards.
  static func edit(_ text: String) -> Outcome {
    guard let command else { return .unchanged("there is no editor: name one in the environment, EDITOR=nano") }
    var template = Array(Path.join(Machine.environment("TMPDIR") ?? "/tmp", "bvae-script-XXXXXX.bvs").utf8CString)
    let descriptor = mkstemps(&template, 4)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard descriptor >= 0 else { return .unchanged("cannot write '\(path)': \(String(cString: strerror(errno)))") }
    defer { try? Files.remove(path) }
    let code = Output.write(text + "\n", to: descriptor)
    close(descriptor)
    guard code == 0 else { return .unchanged("cannot write '\(path)': \(String(cString: strerror(code)))") }
    do {
      switch try ForegroundProgram.run("\(command) \"$1\"", arguments: [path]) {
      case .exited(0): break
      case .exited(126), .exited(127): return .unchanged("'\(command)' cannot be run; EDITOR names another editor")
      case .exited(let code) where code > 128:
        return .unchanged("the editor was ended by signal \(code - 128); nothing has changed")
      case .exited(let code): return .unchanged("the editor exited with code \(code); nothing has changed")
      case .killed(let signal): return .unchanged("the editor was ended by signal \(signal); nothing has changed")
      }
      return taken(try Files.read(path, limit: largest))
    } catch {
      return .unchanged("\(error)")
    }
  }

  private static func taken(_ bytes: [UInt8]) -> Outcome {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .unchanged("the file is not valid UTF-8; nothing has changed")
    }
    let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0).withoutControls
    }
    guard let last = lines.lastIndex(where: { !$0.allSatisfy(\.isWhitespace) }) else {
      return .unchanged("the file is empty; nothing has changed")
    }
    return .text(lines[...last].joined(separator: "\n"))
  }
}

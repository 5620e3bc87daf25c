import BVAELanguage
import BVAEPlatform

/// What a line that begins with `!` calls.
struct ShellCommand: Command {
  static let about = CommandAbout(
    "!", in: .prompt, "runs a command of the shell, as in !ls -l", role: .shells,
    details: "It has to be allowed: by the option --allow-shell of the program, for scripts too, or by 'set shell on' "
      + "in a session. What follows the ! goes to the shell as it stands. Ctrl-C stops the command, not the session. In a "
      + "script a command that fails ends the script.",
    trace: .none,
    example: """
      !date
      """)

  @Positional("what the shell runs", .text, placeholder: "COMMAND") var command: String

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    guard session.allowsShell else { throw $command.failure("commands of the shell are not allowed") }
    let code = try $command.blaming { try session.host.runShell(command) }
    guard code != 0 else { return .nothing }
    let complaint = "the command exited with code \(code)"
    guard site.isInteractive else { throw $command.failure(complaint) }
    session.host.note(complaint)
    return .nothing
  }
}

import BVAELanguage
import BVAEPlatform

struct TimeCommand: Command {
  static let about = CommandAbout(
    "time", in: .housekeeping, "runs a command, reports the time it took and gives the command's result", result: .any,
    example: """
      total = time sum(0..1000000)
      """)

  @Positional("what is run") var command: DeferredCommand

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let start = Machine.seconds
    let result = try command.run()
    session.host.note("time: \(duration(seconds: Machine.seconds - start))")
    return result
  }
}

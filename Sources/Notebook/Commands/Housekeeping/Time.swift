import BVAELanguage
import BVAEPlatform

extension CommandDeclaration {
  static let time = CommandDeclaration(
    "time", group: .housekeeping,
    summary: "runs a command and says how long it took; gives the command's result",
    parameters: [.positional("command", "what is run", .command)],
    result: .any,
    example: """
      total = time sum(0..1000000)
      """
  ) { call, session in
    let start = Machine.seconds
    let result = try call.runCommand("command")
    session.host.note("time: \(duration(seconds: Machine.seconds - start))")
    return result
  }
}

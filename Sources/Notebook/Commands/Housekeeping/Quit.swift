import BVAELanguage

struct QuitCommand: Command {
  static let about = CommandAbout(
    "quit", in: .housekeeping, "ends the run", role: .ends, trace: .none,
    example: """
      quit
      """)

  func run(_ site: CallSite, _ session: Session) throws -> Value { throw Stop.quit }
}

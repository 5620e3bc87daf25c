import BVAELanguage

struct QuitCommand: Command {
  static let about = CommandAbout(
    "quit", in: .housekeeping, "ends the run", endsSession: true, trace: .none,
    example: """
      quit
      """)

  func run(_ site: CallSite, _ session: Session) throws -> Value { throw Stop.quit }
}

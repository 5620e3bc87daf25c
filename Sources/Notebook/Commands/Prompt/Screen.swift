import BVAELanguage

struct ClearCommand: Command {
  static let about = CommandAbout(
    "clear", in: .prompt, "clears the screen, as Ctrl-L does", trace: .none,
    example: """
      clear
      """)

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    session.host.clearScreen()
    return .nothing
  }
}

struct SettingsCommand: Command {
  static let about = CommandAbout(
    "settings", in: .prompt, "lists the settings with their values",
    details: "'set seed' shows one of them, 'set seed 7' changes it.", trace: .none,
    example: """
      settings
      """)

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    try session.showSettings(session.vocabulary.settings)
    return .nothing
  }
}

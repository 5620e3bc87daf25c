import BVAELanguage

extension CommandDeclaration {
  static let quit = CommandDeclaration(
    "quit", group: .housekeeping,
    summary: "ends the run",
    endsSession: true, trace: .none,
    example: """
      quit
      """
  ) { _, _ in
    throw Stop.quit
  }
}

extension CommandDeclaration {
  static let quit = CommandDeclaration(
    "quit", group: .housekeeping,
    summary: "ends the run",
    example: """
      quit
      """
  ) { _, _ in
    throw Stop.quit
  }
}

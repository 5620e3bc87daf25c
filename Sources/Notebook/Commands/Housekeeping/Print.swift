import BVAELanguage

struct PrintCommand: Command {
  static let about = CommandAbout(
    "print", in: .housekeeping, "shows values, separated by blanks", role: .prints,
    details:
      "Values are whole expressions with commas between them. A number has as many digits as identify it uniquely: "
      + "0.1 + 0.2 is 0.30000000000000004; text(x, 3) writes one with three decimals. Tables round theirs.",
    example: """
      print "a third is", 1 / 3
      """)

  @Values("what is shown", .any, placeholder: "VALUE, …") var values: [Value]

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    try session.host.show(text: values.map { $0.text(columns: session.host.columns) }.joined(separator: " "))
    return .nothing
  }
}

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
    var text = ""
    for (place, value) in values.enumerated() {
      let next = value.text(columns: session.host.columns)
      // A table begins on a line of its own.
      let isTall = if case .object = value { next.contains("\n") } else { false }
      text += (place == 0 || text.hasSuffix("\n") ? "" : isTall ? "\n" : " ") + next
    }
    try session.host.show(text: text)
    return .nothing
  }
}

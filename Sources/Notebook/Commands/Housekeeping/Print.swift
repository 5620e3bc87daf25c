import BVAELanguage

extension CommandDeclaration {
  static let print = CommandDeclaration(
    "print", group: .housekeeping,
    summary: "shows values, separated by blanks",
    details: "Values are whole expressions with commas between them. A number has as many digits as tell it from every "
      + "other one, 0.1 + 0.2 is 0.30000000000000004; text(x, 3) writes one with three decimals. Tables round theirs.",
    parameters: [.values("values", "what is shown", .any, placeholder: "VALUE, …")],
    example: """
      print "a third is", 1 / 3
      """
  ) { call, session in
    try session.host.show(
      text: call.values("values").map { $0.text(columns: session.host.columns) }.joined(separator: " "))
    return .nothing
  }
}

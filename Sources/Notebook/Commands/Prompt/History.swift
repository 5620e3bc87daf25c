import BVAELanguage

struct HistoryCommand: Command {
  static let about = CommandAbout(
    "history", in: .prompt, "lists what was typed in this session",
    details: "'history 20' lists the last 20 entries, 'history all' those of earlier sessions too. Up and Ctrl-R bring "
      + "an entry back. A variable 'history' comes first where the word stands alone; 'history 20' is still this command.",
    trace: .none,
    example: """
      history 20
      """)

  @Positional("how many of the latest, or all, with earlier sessions", .count, .keyword("all"), placeholder: "N|all")
  var most: CountOrAll?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    var entries = session.typed, before = session.forgotten
    switch most {
    case .all:
      let all = session.host.earlierInput
      if !all.isEmpty { (entries, before) = (all, 0) }
    case .count(let count): before += max(0, entries.count - count)
    case nil: break
    }
    if case .count(let count) = most { entries = entries.suffix(count) }
    let width = String(before + entries.count).count
    for (place, entry) in entries.enumerated() {
      let number = String(before + place + 1)
      let margin = String(repeating: " ", count: width + 2)
      try session.host.show(
        text: String(repeating: " ", count: width - number.count) + number + "  "
          + entry.replacing("\n", with: "\n" + margin))
    }
    return .nothing
  }
}

/// How many, or the word 'all'.
enum CountOrAll: ArgumentValue {
  case count(Int)
  case all

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> CountOrAll? {
    if case .word = content { return .all }
    return Int.read(content, for: parameter, of: verb).map { .count($0) }
  }
}

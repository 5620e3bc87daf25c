import BVAELanguage

struct HelpCommand: Command {
  static let about = CommandAbout(
    "help", in: .housekeeping, "lists the commands, or explains one",
    details: "It also explains the statements 'for', 'if', 'define' and 'include', functions, values and fields, signs "
      + "such as + and whatever word is used here; 'help language' is an overview with all pages.",
    trace: .none,
    example: """
      help print
      """)

  @Positional("what is explained", .topic, placeholder: "COMMAND") var topic: NameValue?

  var rules: [Rule] {
    [
      { site in
        guard let topic = $topic.word, site.vocabulary.help(topic) == nil, site.syntax(ofDefined: topic) == nil else {
          return []
        }
        let hint = Suggestion.hint(topic, among: site.vocabulary.helpTopics) ?? "'help' lists the commands"
        return [$topic.failure("there is no help on '\(topic)'", hint: hint)]
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let vocabulary = session.vocabulary, columns = session.host.columns
    func show(_ text: String) throws { try session.host.show(text: text.fitted(columns: columns)) }
    return try vocabulary.written(for: columns) {
      if let topic, let syntax = site.syntax(ofDefined: topic.text) {
        try show("\(syntax)\n\n\(session.remarks(ofDefined: topic.text) ?? "A command of this script.")")
      } else {
        try show(topic.flatMap { vocabulary.help($0.text) } ?? vocabulary.helpOverview)
      }
      return .nothing
    }
  }
}

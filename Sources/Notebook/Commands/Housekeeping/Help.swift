import BVAELanguage

extension CommandDeclaration {
  static let help = CommandDeclaration(
    "help", group: .housekeeping,
    summary: "lists the commands, or explains one",
    details: "It also explains the statements 'for', 'if', 'define' and 'include', functions, values and fields, signs "
      + "such as + and whatever word is used here; 'help language' is an overview with all pages.",
    parameters: [.positional("topic", "what is explained", .topic, optional: true, placeholder: "COMMAND")],
    trace: .none,
    example: """
      help print
      """,
    check: { call in
      guard let topic = call.word("topic"), call.vocabulary.help(topic) == nil,
        !call.definedCommands.contains(topic)
      else { return [] }
      return [call.mistake("topic", unknown(topic), hint: hint(topic, call.vocabulary))]
    }
  ) { call, session in
    let vocabulary = session.vocabulary, columns = session.host.columns
    func show(_ text: String) throws { try session.host.show(text: text.fitted(columns: columns)) }
    return try vocabulary.written(for: columns) {
      guard let topic = try call.wordIfAny("topic") else {
        try show(vocabulary.helpOverview)
        return .nothing
      }
      if let syntax = session.syntax(ofDefined: topic) {
        try show("\(syntax)\n\nA command of this script.")
        return .nothing
      }
      guard let page = vocabulary.help(topic) else {
        throw call.failure("topic", unknown(topic), hint: hint(topic, vocabulary))
      }
      try show(page)
      return .nothing
    }
  }

  private static func unknown(_ topic: String) -> String { "there is no help on '\(topic)'" }

  private static func hint(_ topic: String, _ vocabulary: Vocabulary) -> String {
    Suggestion.hint(topic, among: vocabulary.helpTopics) ?? "'help' lists the commands"
  }
}

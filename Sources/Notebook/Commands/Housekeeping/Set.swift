import BVAELanguage

extension CommandDeclaration {
  static let set = CommandDeclaration(
    "set", group: .housekeeping,
    summary: "changes a setting for the rest of the run",
    details: "'help settings' lists the settings. Variables are set with '=': epochs = 20.",
    parameters: [
      .positional("name", "the setting", .name),
      .rest("value", "what holds from now on", .any),
    ],
    example: """
      set seed 7
      """,
    check: { call in
      guard let name = call.word("name") else { return [] }
      guard let setting = call.vocabulary.setting(name) else {
        return [call.mistake("name", unknown(name), hint: hint(name, call.vocabulary))]
      }
      guard let value = call.literal("value") else { return [] }
      let complaint = setting.parameter.complaint(about: value, verb: "set")
      return complaint.map { [call.mistake("value", $0.message, hint: $0.hint)] } ?? []
    }
  ) { call, session in
    let name = try call.word("name")
    guard let setting = session.vocabulary.setting(name) else {
      throw call.failure("name", unknown(name), hint: hint(name, session.vocabulary))
    }
    let value = try call.value("value")
    if let complaint = setting.parameter.complaint(about: value, verb: "set") {
      throw call.failure("value", complaint.message, hint: complaint.hint)
    }
    try call.blaming("value") { try setting.apply(value, session) }
    return .nothing
  }

  private static func unknown(_ name: String) -> String { "there is no setting '\(name)'" }

  private static func hint(_ name: String, _ vocabulary: Vocabulary) -> String {
    let names = vocabulary.settings.map(\.name)
    return Suggestion.hint(name, among: names) ?? "there is \(Kind.list(names)); variables are set with '='"
  }
}

extension Vocabulary {
  /// The settings that need nothing but the language.
  package static let conversationSettings: [SettingDeclaration] = [
    SettingDeclaration(
      "seed", .seed, summary: "what commands that draw random numbers begin from",
      current: { .number($0.seed) },
      apply: { value, session in
        if let seed = value.whole { session.seed = seed }
      }),
    SettingDeclaration(
      "pictures", .words(PictureMode.allCases.map(\.rawValue)),
      summary: "how pictures are shown in the terminal; auto asks it what it can",
      current: { .text($0.host.pictureMode.rawValue) },
      apply: { value, session in
        if let mode = PictureMode(rawValue: value.text) { session.host.pictureMode = mode }
      }),
  ]
}

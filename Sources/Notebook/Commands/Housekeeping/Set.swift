import BVAELanguage

struct SetCommand: Command {
  static let about = CommandAbout(
    "set", in: .housekeeping, "changes a setting for the rest of the run", role: .sets,
    details: "'help settings' lists the settings. Variables are set with '=': epochs = 20.",
    example: """
      set seed 7
      """)

  @Positional("the setting") var name: NameValue
  @Positional("the new value", isWhole: true) var value: Value

  var rules: [Rule] {
    [
      { site in
        guard let name = $name.word else { return [] }
        guard let setting = site.vocabulary.setting(name) else {
          let names = site.vocabulary.settings.map(\.name)
          let hint = Suggestion.hint(name, among: names)
          return [
            $name.failure(
              "there is no setting '\(name)'",
              hint: hint ?? "there is \(Kind.list(names)); variables are set with '='")
          ]
        }
        guard let value = $value.known, let complaint = setting.parameter.complaint(about: value, verb: site.name)
        else {
          return []
        }
        return [$value.failure(complaint.message, hint: complaint.hint)]
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    if let setting = session.vocabulary.setting(name.text) { try $value.blaming { try setting.apply(value, session) } }
    return .nothing
  }
}

extension Vocabulary {
  /// The settings that need nothing but the language.
  package static let conversationSettings: [SettingDeclaration] = [
    SettingDeclaration(
      "seed", .seed, summary: "the seed of commands that draw random numbers",
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

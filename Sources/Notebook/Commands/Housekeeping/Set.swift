import BVAELanguage

struct SetCommand: Command {
  static let about = CommandAbout(
    "set", in: .housekeeping, "changes a setting for the rest of the run; at the prompt also shows it", role: .sets,
    details: "At the prompt 'set' alone lists the settings with their values, and 'set seed' shows one. Variables are "
      + "set with '=': epochs = 20.",
    trace: .keptWith(values: 2, but: [shell]),
    example: """
      set seed 7
      """)

  /// The setting that a script cannot change.
  static let shell = "shell"

  @Positional("the setting") var name: NameValue?
  @Positional("the new value", isWhole: true) var value: Value?

  var rules: [Rule] {
    [
      { site in
        guard let name = $name.word else {
          return site.isInteractive ? [] : [ScriptFailure("'set' needs NAME and VALUE", hint: "as in set seed 7")]
        }
        guard let setting = site.vocabulary.setting(name) else {
          let names = site.vocabulary.settings.map(\.name)
          let hint = Suggestion.hint(name, among: names)
          return [
            $name.failure(
              "there is no setting '\(name)'",
              hint: hint ?? "there is \(Kind.list(names)); variables are set with '='")
          ]
        }
        guard $value.wasGiven else {
          return site.isInteractive
            ? [] : [$name.failure("'set \(name)' needs \(setting.parameter.placeholder)", hint: setting.summary)]
        }
        if name == Self.shell, !site.isInteractive, $value.knownOrNil()?.text == "on" {
          return [
            $name.failure(
              "a script cannot allow itself commands of the shell",
              hint: "the option --allow-shell of the program allows them")
          ]
        }
        guard let value = $value.knownOrNil(),
          let complaint = setting.parameter.complaint(about: value, verb: site.name)
        else {
          return []
        }
        return [$value.failure(complaint.message, hint: complaint.hint)]
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    guard let setting = name.flatMap({ session.vocabulary.setting($0.text) }) else {
      try session.showSettings(session.vocabulary.settings)
      return .nothing
    }
    if let value {
      try $value.blaming { try setting.apply(value, session) }
    } else {
      try session.showSettings([setting])
    }
    return .nothing
  }
}

extension Session {
  /// Shows settings, each with its value and what it is.
  func showSettings(_ settings: [SettingDeclaration]) throws {
    let rows = settings.map { setting in
      let value = setting.current(self)
      return (
        "\(setting.name) \(setting.parameter.words.contains(value.text) ? value.text : value.brief)", setting.summary
      )
    }
    try vocabulary.written(for: host.columns) {
      try host.show(text: Vocabulary.columns(rows).fitted(columns: host.columns))
    }
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
    SettingDeclaration(
      SetCommand.shell, .words(["on", "off"]),
      summary: "whether lines at the prompt that begin with ! are handed to the shell",
      current: { .text($0.allowsShell ? "on" : "off") },
      apply: { value, session in
        let isOn = value.text == "on"
        guard !isOn || session.allowsShell || session.host.hasKeyboard else {
          throw ScriptFailure(
            "only somebody at a keyboard can allow commands of the shell",
            hint: "the option --allow-shell of the program allows them")
        }
        session.allowsShell = isOn
      }),
  ]
}

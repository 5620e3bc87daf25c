import BVAELanguage
import BVAEPlatform

/// In commands this is what a command takes, not what a network trains.
typealias Parameter = BVAELanguage.Parameter

extension Vocabulary {
  /// The whole language: the commands, values and settings of notebooks.
  package static let full = Vocabulary(
    commands: commands, objectTypes: ValueKinds.all.map { ObjectTypeDeclaration($0) },
    settings: conversationSettings + [figuresSetting],
    functions: [.factor, .column], topics: HelpTopic.all)

  /// A line for each heading, in the order in which help lists them.
  private static let commands: [CommandDeclaration] = {
    let data: [CommandDeclaration] = [.load, .fetch, .select, .combine, .compare, .describe]
    let models: [CommandDeclaration] = ModelKind.all.map(\.command) + [.train, .search]
    let experiments: [CommandDeclaration] = [.encode, .decode, .reconstruct, .sample, .sweep, .interpret, .measure]
    let results: [CommandDeclaration] = [.plot, .sheet, .diagram, .figure, .table, .report, .show]
    let files: [CommandDeclaration] = [.save, .open]
    return data + models + experiments + results + files + housekeeping
  }()

  /// The commands that need nothing but the language.
  package static let housekeeping: [CommandDeclaration] = [.print, .set, .time, .help, .variables, .quit]

  private static let figuresSetting = SettingDeclaration(
    "figures", .folder, summary: "the folder for figures that are given no path; --figures comes first",
    current: { .text($0.workspace.figuresFolder) },
    apply: { value, session in
      if session.options.figuresFolder == nil { session.workspace.figuresFolder = Path.expandingHome(value.text) }
    })
}

extension Session {
  /// A session with the whole language, whose prose goes into its report.
  package static func full(host: any Host, options: SessionOptions = SessionOptions()) -> Session {
    let session = Session(vocabulary: .full, host: host, options: options)
    session.proseTaker = { text, script, line, session in
      session.workspace.add(prose: text, script: script, line: line, code: session.takeRanLines())
    }
    return session
  }

  /// Writes the report so far, as `report` does.
  /// - Throws: `FileProblem` when it cannot be written.
  package func writeReport(to path: String) throws { try workspace.writeReport(to: path, session: self) }
}

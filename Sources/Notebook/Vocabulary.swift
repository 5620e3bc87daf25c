import BVAEGPU
import BVAELanguage
import BVAEPlatform
import BVAERendering

/// In commands this is what a command takes, not what a network trains.
package typealias Parameter = BVAELanguage.Parameter

extension Vocabulary {
  /// The whole language: the commands, values and settings of notebooks.
  package static let full = Vocabulary(
    commands: commands, promptCommands: promptCommands, objectTypes: ValueKinds.all.map { ObjectTypeDeclaration($0) },
    settings: conversationSettings + [figuresSetting, themeSetting, deviceSetting],
    functions: [.factor, .column, .columns] + FunctionDeclaration.random, topics: HelpTopic.all)

  /// A line for each heading, in the order in which help lists them.
  private static let commands: [any Command.Type] = {
    let data: [any Command.Type] = [
      LoadCommand.self, FetchCommand.self, SelectCommand.self, CombineCommand.self, AugmentCommand.self,
      PixelsCommand.self, CompareCommand.self, DescribeCommand.self,
    ]
    let models: [any Command.Type] =
      ModelKinds.commands + [TrainCommand.self, CopyCommand.self, SearchCommand.self, StudyCommand.self]
    let experiments: [any Command.Type] = [
      EncodeCommand.self, DecodeCommand.self, ReconstructCommand.self, SampleCommand.self, SweepCommand.self,
      InterpolateCommand.self, GridCommand.self, InterpretCommand.self, MeasureCommand.self,
    ]
    let tables: [any Command.Type] = [ArrangeCommand.self, SummariseCommand.self, MergeCommand.self]
    let results: [any Command.Type] = [
      PlotCommand.self, SheetCommand.self, DiagramCommand.self, AnimateCommand.self, ExploreCommand.self,
      FigureCommand.self, TableCommand.self, ReportCommand.self, ShowCommand.self,
    ]
    let files: [any Command.Type] = [SaveCommand.self, OpenCommand.self]
    return data + models + experiments + tables + results + files + housekeeping
  }()

  /// The commands that need nothing but the language.
  package static let housekeeping: [any Command.Type] = [
    PrintCommand.self, SetCommand.self, TimeCommand.self, HelpCommand.self, VariablesCommand.self, QuitCommand.self,
  ]

  /// The commands that stand at the beginning of a typed line and nowhere else.
  private static let promptCommands: [any Command.Type] = [
    HistoryCommand.self, SettingsCommand.self, ChangeFolderCommand.self, CurrentFolderCommand.self,
    ListFolderCommand.self, ClearCommand.self, ShellCommand.self,
  ]

  private static let figuresSetting = SettingDeclaration(
    "figures", .folder, summary: "the folder for figures that are given no path; --figures comes first",
    current: { .text($0.workspace.figuresFolder) },
    apply: { value, session in
      guard session.notebookOptions.figuresFolder == nil else { return }
      session.workspace.figuresFolder = Path.expandingHome(value.text)
    })

  private static let themeSetting = SettingDeclaration(
    "theme", .words(PageTheme.allCases.map(\.rawValue)), summary: "the colours of plots, sheets and diagrams",
    current: { .text($0.workspace.theme.rawValue) },
    apply: { value, session in
      if let theme = PageTheme(rawValue: value.text) { session.workspace.theme = theme }
    })

  private static let deviceSetting = SettingDeclaration(
    "device", .words(["cpu", "gpu"]), .text,
    summary: "where models are computed that are made from now on: cpu, gpu, or \"gpu:2\" for the second of several",
    current: { .text($0.workspace.device.description) },
    apply: { value, session in
      guard let choice = DeviceChoice(value.text) else {
        throw ScriptFailure("there is no device '\(value.text)'", hint: "there is \(DeviceChoice.words)")
      }
      guard choice == .cpu || session.notebookOptions.grid == nil else {
        throw ScriptFailure("trainings that --engine hands over run on the processor", hint: "leave out --engine")
      }
      try session.workspace.use(choice)
    })
}

extension Session {
  /// A session with the whole language, whose prose goes into its report; that of `--report` is written when a script has
  /// ended well.
  package static func full(host: any Host, options: NotebookOptions = NotebookOptions()) -> Session {
    let session = Session(vocabulary: .full, host: host, options: options.session)
    session.keep(options)
    session.obstacles = { options.obstacles }
    if let path = options.reportPath {
      session.finisher = { try $0.writeFinalReport(to: $0.workspace.finalReportPath ?? path) }
    }
    session.proseTaker = { text, script, line, session in
      session.workspace.add(prose: text, script: script, line: line, code: session.takeRanLines())
    }
    return session
  }

  /// A seed that a call gives, else the session's; an option for it has the default `.scriptSeed`.
  func seed(_ given: UInt64?) -> UInt64 { given ?? UInt64(max(0, seed)) }

  /// Writes the report of `--report`; errors are about the report and no line of the script.
  private func writeFinalReport(to path: String) throws {
    do {
      try workspace.writeReport(to: path, session: self)
    } catch let error as FileProblem {
      throw ScriptFailure("cannot write the report: \(error.description.trimmingPrefix("cannot write "))")
    }
  }
}

extension Fallback {
  /// The session's seed, see `Session.seed`.
  static let scriptSeed = Fallback.described("the script's seed")
}

/// The headings of the commands, in the order of `Vocabulary.full`.
extension CommandGroup {
  package static let data = CommandGroup("Data", purpose: "get images")
  package static let models = CommandGroup("Models", purpose: "make and train models")
  package static let experiments = CommandGroup("Experiments", purpose: "ask a model")
  package static let tables = CommandGroup("Tables", purpose: "work with tables")
  package static let results = CommandGroup("Figures and reports", purpose: "draw, show and report")
  package static let files = CommandGroup("Files", purpose: "keep and read files")
  static let housekeeping = CommandGroup("Housekeeping", purpose: "run the session")
  static let prompt = CommandGroup("At the prompt", purpose: "at the prompt only")
}

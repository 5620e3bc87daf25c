import BVAEPlatform

extension Vocabulary {
  /// The whole language: the domain's commands and types beside the housekeeping.
  public static let full = Vocabulary(
    commands: [
      .load, .fetch, .select, .combine, .compare, .describe,
    ] + ModelKind.all.map(\.command) + [
      .train, .search, .encode, .decode, .reconstruct, .sample, .sweep, .interpret, .measure, .plot, .sheet, .diagram,
      .figure, .table, .report, .show, .save, .open,
    ],
    objectTypes: [
      ObjectTypeDeclaration(DatasetValue.self), ObjectTypeDeclaration(ImageValue.self),
      ObjectTypeDeclaration(ImagesValue.self), ObjectTypeDeclaration(ModelValue.self),
      ObjectTypeDeclaration(HistoryValue.self), ObjectTypeDeclaration(CodeValue.self),
      ObjectTypeDeclaration(SweepValue.self), ObjectTypeDeclaration(SearchValue.self),
      ObjectTypeDeclaration(TableValue.self),
      ObjectTypeDeclaration(FigureValue.self),
    ],
    settings: [figuresSetting], functions: [.factor, .column])

  private static let figuresSetting = SettingDeclaration(
    "figures", .folder, summary: "the folder for figures that are given no path; --figures comes first",
    current: { .text($0.workspace.figuresFolder) },
    apply: { value, session in
      if session.options.figuresFolder == nil { session.workspace.figuresFolder = Path.expandingHome(value.text) }
    })
}

extension Session {
  /// A session with the whole language, whose prose goes into its report.
  public static func full(host: any Host, options: SessionOptions = SessionOptions()) -> Session {
    let session = Session(vocabulary: .full, host: host, options: options)
    session.proseTaker = { text, script, line, session in
      session.workspace.add(prose: text, script: script, line: line, code: session.takeRanLines())
    }
    return session
  }

  /// Writes the report so far, as `report` does.
  /// - Throws: `FileError` when it cannot be written.
  public func writeReport(to path: String) throws { try workspace.writeReport(to: path, session: self) }
}

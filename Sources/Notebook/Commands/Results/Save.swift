import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAERendering

struct SaveCommand: Command {
  static let about = CommandAbout(
    "save", in: .files, "writes a value, or what was typed, to a file",
    details:
      "Models are written as .safetensors with PyTorch's names and shapes; codes (their means) and images as .npy; "
      + "lists of numbers, truth values or texts, and lists of such lists as 'code.mean', as .npy too, numbers as int64 where all are whole, "
      + "else as float64; datasets as .npz (bytes, with their labels), .npy (floats 0…1) or .mat (as SVHN's); tables "
      + "and histories as .csv; records of numbers, texts and lists as .npz; single images as .png; figures as .png, "
      + ".svg or .pdf, these with text as text and lines as vectors; animations as .gif or .png. Missing folders are created. Files are written "
      + "completely or not at all. In a .csv, text that a spreadsheet would take for a formula (it begins with =, +, "
      + "-, @, a tab or a line end, and is no number) is prefixed with an apostrophe, which 'open' removes.\n"
      + "'save session' writes the commands of an interactive session that succeeded as a script, .bvs: values shown "
      + "on a line of their own are printed, mistakes and 'help' are omitted.",
    trace: .keptWith(values: 0, but: ["session"]),
    example: """
      ones = load mnist digits 1 count 64
      model = vae for ones
      save model "ones.safetensors"
      """)

  @Positional("what is written", placeholder: "VALUE|[1, 7]|session") var value: SavedThing
  @Positional("the file", .outputPath) var path: String

  var rules: [Rule] {
    [
      { site in
        guard $value.word == "session" else { return [] }
        return site.isInteractive
          ? $path.mistakes(for: "a session", endings: ["bvs"])
          : [$value.failure("only the interactive mode has a session to save")]
      },
      { _ in
        guard $value.word == nil, let type = $value.type, let endings = SavedThing.endings(of: type) else { return [] }
        if type == .list, let ending = $path.path?.ending, let hint = SavedThing.hints[ending] {
          return [$path.failure("a list must be saved as .npy, not .\(ending)", hint: hint)]
        }
        return $path.mistakes(for: $value.literal?.brief ?? type.description, endings: endings)
      },
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    if case .session = value {
      try saveSession(session)
    } else {
      try keep(session)
      try $path.blaming { try Files.makingFolders(for: path) { try value.write(to: path) } }
      if case .object(let object) = value, let figure = object as? FigureValue, let format = FigureFormat.of(path),
        let warning = FigureFiles.warning(of: figure, in: format)
      {
        session.host.warn(warning)
      }
    }
    session.host.note("saved \(path)")
    return .nothing
  }

  /// Refuses a file that holds another picture, which the report shows with its caption.
  private func keep(_ session: Session) throws {
    let workspace = session.workspace
    guard let figure = workspace.figures.figure(at: path, in: workspace.report) else { return }
    if case .object(let object) = value, let same = object as? any PictureValue,
      workspace.figures.holds(same.bitmaps, at: path)
    {
      return
    }
    throw $path.failure(
      "'\(path)' holds figure \(figure.number) of the report, '\(figure.caption)'",
      hint: "save this under another name")
  }

  private func saveSession(_ session: Session) throws {
    let settings = session.notebookOptions.figuresFolder.map { [(name: "figures", value: Value.text($0))] } ?? []
    let folder = Path.parent(Path.absolute(path))
    guard let text = session.typedScript(in: folder, settings: settings) else {
      throw $value.failure("no command of this session has succeeded yet")
    }
    guard text.utf8.count <= Source.largest else {
      throw $value.failure("this session is longer than the \(Source.largest.grouped) bytes of a script")
    }
    try $path.blaming { try Files.makingFolders(for: path) { try Files.write(text, to: path) } }
  }
}

/// What 'save' writes: a value that can be, an array, or what was typed.
enum SavedThing: ArgumentValue {
  case object(any SavableValue)
  case array(NamedArray)
  case session

  static let refusesValues = true
  static let usualKinds: [Kind] =
    ValueKinds.taking { $0 is any SavableValue.Type } + [.list, .keyword("session")]

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> SavedThing? {
    switch content {
    case .word: return .session
    case .value(.object(let object)): return (object as? any SavableValue).map { .object($0) }
    case .value(let value) where value.type == .list || value.type == .range:
      do {
        return .array(try NamedArray("", value))
      } catch {
        // Why it is no array of numbers says most.
        _ = try NumberArray.read(content, for: parameter, of: verb)
        throw error
      }
    default: return nil
    }
  }

  func write(to path: String) throws {
    switch self {
    case .object(let value): try value.write(to: path)
    case .array(let array): try Files.write(array.encoded, to: path)
    case .session: break
    }
  }

  /// What to make of lists for files of other endings.
  static let hints = [
    "csv": "a table is saved as .csv: columns(\"name\", list, …)",
    "npz": "a record is saved as .npz: record(\"name\", list, …)",
  ]

  /// The endings of the files that a sort of value can be written to; nil where it is not known before it is there.
  static func endings(of type: ValueType) -> [String]? {
    switch type {
    case .list, .range: ["npy"]
    default: (ValueKinds.named(type) as? any SavableValue.Type)?.endings
    }
  }
}

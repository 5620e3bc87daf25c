import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAERendering

extension CommandDeclaration {
  static let save = CommandDeclaration(
    "save", group: .files,
    summary: "writes a value, or what was typed, to a file",
    details:
      "Models are written as .safetensors with PyTorch's names and shapes; codes (their means) and images as .npy; "
      + "lists of numbers, and lists of such lists as 'code.mean', as .npy too, as int64 where all are whole numbers, "
      + "else as float64; datasets as .npz (bytes, with their labels), .npy (floats 0…1) or .mat (as SVHN's); tables and "
      + "histories as .csv; single images and figures as .png. Folders that are missing are made. The file appears whole "
      + "or not at all. In a .csv, text that a spreadsheet would take "
      + "for a formula (it begins with =, +, -, @, a tab or a line end, and is no number) has an apostrophe in front; 'open' "
      + "takes it off again.\n"
      + "'save session' writes what was typed in the interactive mode and worked as a script, .bvs, that does the same again: "
      + "what was shown on a line of its own is printed, mistakes and 'help' are left out.",
    parameters: [
      .positional(
        "value", "what is written", ValueKinds.taking { $0 is any SavableValue.Type } + [.array, .keyword("session")]),
      .positional("path", "the file", .outputPath),
    ],
    trace: .noneFor(word: "session"),
    example: """
      ones = load mnist digits 1 count 64
      model = vae for ones
      save model "ones.safetensors"
      """,
    check: { call in
      if call.word("value") == "session" { return sessionMistakes(call) }
      guard let type = call.type(of: "value"), let forms = forms(of: type), let name = call.fileName("path"),
        let ending = call.fileExtension("path"), !forms.contains(ending)
      else { return [] }
      let (message, hint) = FileForm.mistake(type.description, forms, name)
      return [call.mistake("path", message, hint: hint)]
    }
  ) { call, session in
    let value = try call.value("value"), path = try call.text("path")
    if try call.wordIfAny("value") == "session" { return try saveSession(path, call, session) }
    let forms = forms(of: value.type) ?? []
    guard !forms.isEmpty else { throw call.failure("value", "\(value.brief) cannot be written to a file") }
    guard forms.contains(Path.fileExtension(path)) else {
      let (message, hint) = FileForm.mistake(value.brief, forms, path)
      throw call.failure("path", message, hint: hint)
    }
    try keep(path, for: value, call, session)
    let array = try call.arrayIfAny("value")
    try call.blaming("path") {
      try Files.makingFolders(for: path) {
        if case .object(let object) = value, let savable = object as? any SavableValue {
          try savable.write(to: path)
        } else if let array {
          try Files.write(array.encoded, to: path)
        } else {
          throw ScriptFailure("\(value.brief) cannot be written to a file")
        }
      }
    }
    session.host.note("saved \(path)")
    return .nothing
  }

  /// Refuses a file that holds another picture, which the report shows with its caption.
  private static func keep(_ path: String, for value: Value, _ call: Invocation, _ session: Session) throws {
    let workspace = session.workspace
    guard let figure = workspace.figures.figure(at: path, in: workspace.report) else { return }
    if case .object(let object) = value, let same = object as? FigureValue,
      workspace.figures.holds(same.picture.bitmap, at: path)
    {
      return
    }
    throw call.failure(
      "path", "'\(path)' holds figure \(figure.number) of the report, '\(figure.caption)'",
      hint: "save this under another name")
  }

  // MARK: - The session

  private static let nothingTyped = "only the interactive mode has a session to save"

  private static func sessionMistakes(_ call: Inspection) -> [ScriptFailure] {
    if !call.isInteractive { return [call.mistake("value", nothingTyped)] }
    guard let ending = call.fileExtension("path"), ending != "bvs", let name = call.fileName("path") else { return [] }
    let (message, hint) = FileForm.mistake("a session", ["bvs"], name)
    return [call.mistake("path", message, hint: hint)]
  }

  private static func saveSession(_ path: String, _ call: Invocation, _ session: Session) throws -> Value {
    guard Path.fileExtension(path) == "bvs" else {
      let (message, hint) = FileForm.mistake("a session", ["bvs"], path)
      throw call.failure("path", message, hint: hint)
    }
    let settings = session.options.figuresFolder.map { [(name: "figures", value: Value.text($0))] } ?? []
    guard let text = session.typedScript(in: Path.parent(Path.absolute(path)), settings: settings) else {
      throw call.failure("value", "nothing has been typed yet that worked")
    }
    guard text.utf8.count <= Source.largest else {
      throw call.failure("value", "this session is longer than the \(Source.largest.grouped) bytes of a script")
    }
    try call.blaming("path") {
      try Files.makingFolders(for: path) { try Files.write(text, to: path) }
    }
    session.host.note("saved \(path)")
    return .nothing
  }

  /// The endings of the files that a sort of value can be written to; nil where it is not known before it is there.
  private static func forms(of type: ValueType) -> [String]? {
    switch type {
    case .list, .range: ["npy"]
    default: (ValueKinds.named(type) as? any SavableValue.Type)?.endings
    }
  }
}

extension NumberArray {
  /// A .npy file: int64 where all are whole numbers, else float64.
  fileprivate var encoded: [UInt8] {
    NamedArray("", shape: shape, wholeNumbers.map(NamedArray.Values.integers) ?? .doubles(values)).encoded
  }
}

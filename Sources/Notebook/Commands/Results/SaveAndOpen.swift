import BVAECPU
import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting
import BetaVAE

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
        "value", "what is written", .object(ModelValue.self), .object(CodeValue.self), .object(ImagesValue.self),
        .object(ImageValue.self), .object(DatasetValue.self), .object(TableValue.self), .object(HistoryValue.self),
        .object(FigureValue.self), .array, .keyword("session")),
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
    let (form, write) = try writer(value, call, ending: Path.fileExtension(path))
    guard Path.fileExtension(path) == form else {
      let (message, hint) = FileForm.mistake(value.brief, forms(of: value.type) ?? [form], path)
      throw call.failure("path", message, hint: hint)
    }
    try keep(path, for: value, call, session)
    try call.blaming("path") {
      try Files.makingFolders(for: path) { try write(path) }
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

  // MARK: - Values

  /// The endings of the files that a sort of value can be written to; nil where it is not known before it is there.
  private static func forms(of type: ValueType) -> [String]? {
    let known: [ValueType: [String]] = [
      .list: ["npy"], .range: ["npy"], .object(CodeValue.self): ["npy"], .object(ImagesValue.self): ["npy"],
      .object(ModelValue.self): ["safetensors"], .object(DatasetValue.self): ["npy", "npz", "mat"],
      .object(TableValue.self): ["csv"], .object(HistoryValue.self): ["csv"], .object(ImageValue.self): ["png"],
      .object(FigureValue.self): ["png"],
    ]
    return known[type]
  }

  /// The ending of the file that a value is written to, and what writes it.
  /// - Parameter ending: that of the file, for values that may be written in several forms.
  private static func writer(
    _ value: Value, _ call: Invocation, ending: String
  ) throws -> (String, (String) throws -> Void) {
    guard case .object(let object) = value else {
      guard let array = try call.arrayIfAny("value") else { throw call.missing("value", "a value") }
      let values = array.wholeNumbers.map(NamedArray.Values.integers) ?? .doubles(array.values)
      return ("npy", { try Files.write(NamedArray("", shape: array.shape, values).encoded, to: $0) })
    }
    switch object {
    case let model as ModelValue: return ("safetensors", { try model.network.save(to: $0) })
    case let code as CodeValue: return npy(code.code.mean)
    case let images as ImagesValue: return npy(images.pixels)
    case let data as DatasetValue where ending == "npz":
      return ("npz", { try Files.write(try NumPyArchiveFile.encoded(data.dataset.arrays), to: $0) })
    case let data as DatasetValue where ending == "mat":
      return ("mat", { try Files.write(try MATFileWriter.encoded(data.dataset), to: $0) })
    case let data as DatasetValue:
      let images = data.dataset.images, shape = images.shape
      return npy(
        Tensor(
          shape: [images.count, shape.height, shape.width, shape.planes],
          values: images.bytes.map { Float($0) / 255 }))
    case let table as TableValue: return ("csv", { try Files.write(table.table.csv, to: $0) })
    case let history as HistoryValue: return ("csv", { try Files.write(history.table.csv, to: $0) })
    case let image as ImageValue:
      return (
        "png",
        {
          try Files.write(
            try PNG.encode(image.pixels.bitmap, text: [("Title", image.honest(image.title) ?? image.title)]), to: $0)
        }
      )
    case let figure as FigureValue: return ("png", { try Files.write(try PNG.encode(figure.markedPicture), to: $0) })
    default: throw call.failure("value", "\(value.brief) cannot be written to a file")
    }
  }

  private static func npy(_ tensor: Tensor) -> (String, (String) throws -> Void) {
    ("npy", { try Files.write(NumPyArray.encoded(tensor), to: $0) })
  }
}

import BetaVAE
import Datasets
import Numerics
import Platform
import Rendering
import Reporting

extension CommandDeclaration {
  static let save = CommandDeclaration(
    "save", group: .files,
    summary: "writes a value, or what was typed, to a file",
    details: "Models are written as .safetensors with PyTorch's names and shapes, codes, images and lists of numbers "
      + "as .npy, datasets as .npz (bytes, with their labels), .npy (floats 0…1) or .mat (as SVHN's), tables and histories as .csv, single "
      + "images and figures as .png. The file appears whole or not at all. In a .csv, text that a spreadsheet would take "
      + "for a formula (it begins with =, +, -, @, a tab or a line end, and is no number) has an apostrophe in front; 'open' "
      + "takes it off again.\n"
      + "'save session' writes what was typed in the interactive mode and worked as a script, .bvs, that does the same again: "
      + "what was shown on a line of its own is printed, mistakes and 'help' are left out.",
    parameters: [
      .positional(
        "value", "what is written", .object(ModelValue.self), .object(CodeValue.self), .object(ImagesValue.self),
        .object(ImageValue.self), .object(DatasetValue.self), .object(TableValue.self), .object(HistoryValue.self),
        .object(FigureValue.self), .numbers, .keyword("session")),
      .positional("path", "the file", .outputPath),
    ],
    example: """
      ones = load mnist digits 1 count 64
      model = vae for ones
      save model "ones.safetensors"
      """,
    check: { call in
      if call.word("value") == "session" { return sessionMistakes(call) }
      guard let type = call.type(of: "value"), let forms = forms(of: type), case .text(let path) = call.literal("path"),
        !FileForm.isIn(path, forms)
      else { return [] }
      let (message, hint) = FileForm.mistake(type.description, forms, path)
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
    guard let ending = call.fileExtension("path"), ending != "bvs", case .text(let path) = call.literal("path") else {
      return []
    }
    let (message, hint) = FileForm.mistake("a session", ["bvs"], path)
    return [call.mistake("path", message, hint: hint)]
  }

  private static func saveSession(_ path: String, _ call: Invocation, _ session: Session) throws -> Value {
    guard Path.fileExtension(path) == "bvs" else {
      let (message, hint) = FileForm.mistake("a session", ["bvs"], path)
      throw call.failure("path", message, hint: hint)
    }
    guard !session.transcript.isEmpty else { throw call.failure("value", "nothing has been typed yet that worked") }
    let text = session.transcript.script(
      in: Path.parent(Path.absolute(path)), presets: session.options.presets, figures: session.options.figuresFolder)
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
      let numbers = try call.numbersIfAny("value") ?? []
      return npy(Tensor(shape: [numbers.count], values: numbers.map(Float.init)))
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

  static let open = CommandDeclaration(
    "open", group: .files,
    summary: "reads a model, an image or a table that was saved",
    details: "Models are .safetensors with the names of the paper's network, as 'save' or PyTorch wrote them; sizes "
      + "follow from the arrays. Images are .png, or .jpg where the library TurboJPEG is installed; their values are those "
      + "that 'load' gives. Tables are .csv with a line of heads.",
    parameters: [
      .positional("path", "the file", .inputPath),
      backgroundParameter("what shows where an image is transparent"),
    ],
    result: .any,
    refine: { call in
      switch call.fileExtension("path") {
      case "safetensors": .object(ModelValue.self)
      case let ending? where pictureEndings.contains(ending): .object(ImageValue.self)
      case "csv": .object(TableValue.self)
      default: nil
      }
    },
    example: """
      model = open "ones.safetensors"
      """,
    check: { call in
      guard let ending = call.fileExtension("path"),
        !["safetensors", "csv"].contains(ending), !pictureEndings.contains(ending),
        case .text(let path) = call.literal("path"), !path.isEmpty
      else { return [] }
      return [call.mistake("path", notOpened(path), hint: readByLoad)]
    }
  ) { call, session in
    let path = try call.text("path"), background = try CommandDeclaration.background(call)
    return try call.blaming("path") {
      switch Path.fileExtension(path) {
      case "safetensors":
        let network = try VariationalAutoencoder.open(path, compute: session.workspace.compute)
        return .object(ModelValue(network, subject: network.provenance["subject"] ?? "'\(Path.name(path))'", session))
      case let ending where pictureEndings.contains(ending):
        let picture = try PictureFile.read(path, background: background ?? .white), bitmap = picture.bitmap
        if picture.isHidden {
          session.host.warn(
            "'\(Path.name(path))' is of one colour all over in front of the background; "
              + "say 'background \(background == .black ? "white" : "black")'")
        }
        let pixels = Tensor(
          shape: [bitmap.height, bitmap.width, bitmap.planes], values: bitmap.bytes.map { Float($0) / 255 })
        return .object(ImageValue(pixels: pixels, title: Path.name(path), label: nil))
      case "csv":
        let text = try Files.readText(path)
        do {
          return .object(TableValue(table: try Table(csv: text), caption: Path.name(path)))
        } catch let error as Table.CSVError {
          throw ScriptFailure("'\(path)' is no table: \(error)")
        }
      default: throw ScriptFailure(notOpened(path), hint: readByLoad)
      }
    }
  }

  private static let pictureEndings: Set<String> = ["png", "jpg", "jpeg", "jpe", "jfif"]
  private static let readByLoad = "datasets are read by 'load'"

  private static func notOpened(_ path: String) -> String {
    let ending = Path.fileExtension(path)
    return
      "'\(Path.name(path))' ends in \(ending.isEmpty ? "nothing" : ".\(ending)"); 'open' reads .safetensors, .png, .jpg and .csv"
  }
}

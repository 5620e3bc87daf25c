import BetaVAE
import Numerics
import Platform
import Rendering

extension CommandDeclaration {
  static let save = CommandDeclaration(
    "save", group: .files,
    summary: "writes a value to a file",
    details: "Models are written as .safetensors with PyTorch's names and shapes, codes, images and lists of numbers "
      + "as .npy, tables and histories as .csv, single images and figures as .png. The file appears whole or not at all.",
    parameters: [
      .positional(
        "value", "what is written", .object(ModelValue.self), .object(CodeValue.self), .object(ImagesValue.self),
        .object(ImageValue.self), .object(DatasetValue.self), .object(TableValue.self), .object(HistoryValue.self),
        .object(FigureValue.self), .numbers),
      .positional("path", "the file", .outputPath),
    ],
    example: """
      ones = load mnist digits 1 count 64
      model = vae for ones
      save model "ones.safetensors"
      """
  ) { call, session in
    let value = try call.value("value"), path = try call.text("path")
    let (form, write) = try writer(value, call)
    guard Path.fileExtension(path) == form else {
      throw call.failure(
        "path", "\(value.brief) is written as .\(form), '\(Path.name(path))' does not end so",
        hint: "name the file …\(".\(form)")")
    }
    try call.blaming("path") {
      try Files.makeDirectory(Path.parent(path))
      try write(path)
    }
    session.host.note("saved \(path)")
    return .nothing
  }

  /// The ending of the file that a value is written to, and what writes it.
  private static func writer(_ value: Value, _ call: Invocation) throws -> (String, (String) throws -> Void) {
    guard case .object(let object) = value else {
      let numbers = try call.numbersIfAny("value") ?? []
      return npy(Tensor(shape: [numbers.count], values: numbers.map(Float.init)))
    }
    switch object {
    case let model as ModelValue: return ("safetensors", { try model.network.save(to: $0) })
    case let code as CodeValue: return npy(code.code.mean)
    case let images as ImagesValue: return npy(images.pixels)
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
    summary: "reads a model or an image that was saved",
    details: "Models are .safetensors with the names of the paper's network, as 'save' or PyTorch wrote them; sizes "
      + "follow from the arrays. Images are .png.",
    parameters: [.positional("path", "the file", .inputPath)],
    result: .any,
    example: """
      model = open "ones.safetensors"
      """
  ) { call, session in
    let path = try call.text("path")
    return try call.blaming("path") {
      switch Path.fileExtension(path) {
      case "safetensors":
        let network = try VariationalAutoencoder.open(path, compute: session.workspace.compute)
        return .object(ModelValue(network, subject: network.provenance["subject"] ?? "'\(Path.name(path))'", session))
      case "png":
        let bitmap = try PNG.read(path).bitmap
        let pixels = Tensor(
          shape: [bitmap.height, bitmap.width, bitmap.planes], values: bitmap.bytes.map { Float($0) / 255 })
        return .object(ImageValue(pixels: pixels, title: Path.name(path), label: nil))
      case let other:
        throw ScriptFailure(
          "'\(Path.name(path))' ends in \(other.isEmpty ? "nothing" : ".\(other)"); 'open' reads .safetensors and .png",
          hint: "datasets are read by 'load'")
      }
    }
  }
}

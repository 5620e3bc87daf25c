import BVAELanguage
import BVAERendering

extension CommandDeclaration {
  static let show = CommandDeclaration(
    "show", group: .results,
    summary: "shows a value in the terminal, as a picture where it can",
    parameters: [.positional("value", "anything", .any)],
    example: """
      tests = load mnist split test count 10
      show tests
      """
  ) { call, session in
    let value = try call.value("value")
    if case .object(let object) = value, let figure = object as? FigureValue,
      let warning = session.workspace.figures.warning(of: figure.lackingCharacters)
    {
      session.host.warn(warning)
    }
    guard case .object(let object) = value, let picture = try object.preview() ?? preview(object, call) else {
      try session.host.show(text: value.text(columns: session.host.columns))
      return .nothing
    }
    try session.host.show(picture: picture)
    return .nothing
  }

  /// Several images as a sheet.
  private static func preview(_ object: any ScriptObject, _ call: Invocation) throws -> Preview? {
    switch object {
    case let data as DatasetValue:
      guard data.count > 0, data.count <= 400 else { return nil }
      return Preview(title: data.summary, try imageSheet(.object(data), call).0.render())
    case let images as ImagesValue:
      return Preview(title: images.summary, try imageSheet(.object(images), call).0.render())
    default: return nil
    }
  }
}

extension Preview {
  /// A bitmap and what it shows.
  init(title: String, _ bitmap: Bitmap) {
    self.init(title: title, width: bitmap.width, height: bitmap.height, pixels: bitmap.colored.bytes)
  }
}

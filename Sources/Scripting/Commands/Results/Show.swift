import Rendering

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
    guard case .object(let object) = value, let (title, bitmap) = try picture(object, call) else {
      try session.host.show(text: value.text(columns: session.host.columns))
      return .nothing
    }
    try session.host.show(
      picture: Preview(title: title, width: bitmap.width, height: bitmap.height, pixels: bitmap.colored.bytes))
    return .nothing
  }

  private static func picture(_ object: any ScriptObject, _ call: Invocation) throws -> (String, Bitmap)? {
    switch object {
    case let figure as FigureValue: return (figure.summary, figure.picture.bitmap)
    case let image as ImageValue: return (image.summary, image.pixels.bitmap)
    case let sweep as SweepValue: return (sweep.summary, try sweepSheet(sweep).render())
    case let data as DatasetValue:
      guard data.count > 0, data.count <= 400 else { return nil }
      return (data.summary, try imageSheet(.object(data), call).0.render())
    case let images as ImagesValue: return (images.summary, try imageSheet(.object(images), call).0.render())
    default: return nil
    }
  }
}

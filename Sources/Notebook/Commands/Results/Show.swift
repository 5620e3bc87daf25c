import BVAELanguage
import BVAERendering

struct ShowCommand: Command {
  static let about = CommandAbout(
    "show", in: .results, "shows a value in the terminal, as a picture where it can", role: .shows,
    details:
      "Up to 400 images are shown as a sheet; for more, 'show' prints their number, and show x[0..99] shows some.",
    example: """
      tests = load mnist split test count 10
      show tests
      """)

  @Positional("anything") var value: Value

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    if case .object(let object) = value, let figure = object as? any PictureValue,
      let warning = session.workspace.figures.warning(of: figure.lackingCharacters)
    {
      session.host.warn(warning)
    }
    guard case .object(let object) = value, let picture = try object.preview() ?? object.sheetPreview() else {
      try session.show(value, as: value.text(columns: session.host.columns))
      return .nothing
    }
    try session.host.show(picture: picture)
    return .nothing
  }
}

extension ScriptObject {
  /// Several images as a sheet, where they are not too many for a screen.
  func sheetPreview() throws -> Preview? {
    guard let images = self as? any SheetValue, (1...400).contains(count) else { return nil }
    return Preview(title: summary, try images.sheet().render())
  }
}

extension Preview {
  /// A bitmap and what it shows.
  init(title: String, alternative: String = "", _ bitmap: Bitmap) {
    self.init(
      title: title, alternative: alternative, width: bitmap.width, height: bitmap.height, pixels: bitmap.colored.bytes)
  }
}

import BVAELanguage
import BVAEPlatform
import BVAERendering

extension CommandDeclaration {
  static let sheet = CommandDeclaration(
    "sheet", group: .results,
    summary: "arranges images, or a sweep, as a contact sheet",
    details: "Of a sweep every latent is a row, with the latent's value under each frame and the test image and its "
      + "reconstruction at the left.",
    parameters: [
      .positional(
        "what", "a sweep, a dataset, or images", ValueKinds.taking { $0 is any SheetValue.Type }),
      .option("columns", "frames side by side", .integer(1...1000), default: .described("as fits")),
      .option("scale", "how many pixels a pixel becomes", .integer(1...64), default: .described("as fits")),
      .option("title", "the heading", .text),
    ],
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 64
      figure (sheet ones columns 16) caption "The first ones"
      """
  ) { call, session in
    guard case .object(let object) = try call.value("what"), let images = object as? any SheetValue else {
      throw call.failure("what", "there are no images to show")
    }
    guard object.count <= mostImages else {
      throw call.failure(
        "what", "a sheet shows at most \(mostImages) images, these are \(object.count.grouped)",
        hint: "take a part of them: [0..99]")
    }
    var sheet = try images.sheet()
    guard !sheet.rows.isEmpty else { throw call.failure("what", "there are no images to show") }
    let heading = try call.textIfAny("title") ?? images.sheetTitle
    sheet.title = heading
    sheet.columns = try call.integerIfAny("columns")
    sheet.scale = try call.integerIfAny("scale")
    let drawing = sheet
    return .object(
      try call.blaming("what") {
        try FigureValue(drawing, title: heading, notes: call.notes(session) + images.sheetNotes)
      })
  }

  /// The most images that a sheet shows.
  private static let mostImages = 4096
}

extension Invocation {
  /// The provenance of a figure: version, script, line and seed.
  func notes(_ session: Session) -> [(key: String, value: String)] {
    let place = place
    return [
      ("Software", "bvae-script \(Workspace.version)"), ("Script", place.script), ("Line", String(place.line)),
      ("Script seed", String(session.seed)),
    ]
  }
}

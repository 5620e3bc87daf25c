import BVAELanguage
import BVAEPlatform
import BVAERendering

struct SheetCommand: Command {
  static let about = CommandAbout(
    "sheet", in: .results, "arranges images, or a sweep, as a contact sheet",
    details: "Of a sweep every latent is a row, with the latent's value under each frame and the test image and its "
      + "reconstruction at the left.",
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 64
      figure (sheet ones columns 16) caption "The first ones"
      """)

  @Positional(name: "what", "a sweep, a dataset, or images", anyOf: ValueKinds.taking { $0 is any SheetValue.Type })
  var shown: Able<any SheetValue>
  @Option("frames side by side", .integer(1...1000), default: .described("as fits")) var columns: Int?
  @Option("how many pixels a pixel becomes", .integer(1...64), default: .described("as fits")) var scale: Int?
  @Option("the heading", .text) var title: String?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let images = shown.value
    guard images.count <= Self.mostImages else {
      throw $shown.failure(
        "a sheet shows at most \(Self.mostImages) images, not \(images.count.grouped)",
        hint: "take a part of them: [0..99]")
    }
    var sheet = try images.sheet()
    guard !sheet.rows.isEmpty else { throw $shown.failure("there are no images to show") }
    let heading = title ?? images.sheetTitle
    sheet.title = heading
    sheet.columns = columns
    sheet.scale = scale
    let drawing = sheet
    return .object(
      try $shown.blaming {
        try FigureValue(
          drawing, title: heading, notes: site.notes(session) + images.sheetNotes, theme: session.workspace.theme)
      })
  }

  /// The most images that a sheet shows.
  private static let mostImages = 4096
}

extension CallSite {
  /// The provenance of a figure: version, script, line and seed.
  func notes(_ session: Session) -> [(key: String, value: String)] {
    [
      ("Software", "bvae-script \(Workspace.version)"), ("Script", script), ("Line", String(line)),
      ("Script seed", String(session.seed)),
    ]
  }
}

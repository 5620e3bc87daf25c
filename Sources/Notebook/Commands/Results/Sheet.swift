import BVAELanguage
import BVAEPlatform
import BVAERendering

struct SheetCommand: Command {
  static let about = CommandAbout(
    "sheet", in: .results, "arranges images, a sweep, or rows of images as a contact sheet",
    details: "Of a sweep every latent is a row, with the latent's value under each frame and the test image and its "
      + "reconstruction at the left; of a grid the images touch. Of a list of datasets, images or lists of images each is a "
      + "row with its label beside it, and what belongs together stands in one column; they must have as many images "
      + "each. The images of a list of single ones follow one another, with the labels under them.",
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 64
      figure (sheet ones columns 16) caption "The first ones"
      model = vae for ones latents 4
      again = reconstruct model ones[0..7]
      show (sheet [ones[0..7], again] labels ["original", "reconstruction"])
      """)

  @Positional(
    name: "what", "a sweep, a grid, a dataset, images, or a list of them",
    anyOf: ValueKinds.taking { $0 is any SheetValue.Type } + [.list])
  var shown: SheetInput
  @Option("what the rows, or the images, of a list are called", .list, placeholder: "[\"…\", \"…\"]")
  var labels: [SheetLabel]?
  @Option("frames side by side", .integer(1...1000), default: .described("as fits")) var columns: Int?
  @Option("how many pixels a pixel becomes", .integer(1...64), default: .described("as fits")) var scale: Int?
  @Option("the heading", .text) var title: String?

  var rules: [Rule] {
    [
      { _ in
        guard $labels.wasGiven, let type = $shown.type, type != .any, type != .list else { return [] }
        return [
          $labels.failure(
            "labels are for the rows or the images of a list",
            hint: "write sheet [a, b] labels [\"…\", \"…\"]; [image for image in data] lists the images of a dataset")
        ]
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let images = shown
    guard images.count <= Self.mostImages else {
      throw $shown.failure(
        "a sheet shows at most \(Self.mostImages) images, not \(images.count.grouped)",
        hint: "take a part of them: [0..99]")
    }
    let labels = labels?.map(\.text)
    if let labels, let (count, noun) = images.named, labels.count != count {
      throw $labels.failure(
        "\(counted(count, noun)) \(count == 1 ? "has" : "have") as many labels, not \(labels.count)")
    }
    var sheet = try $shown.blaming { try images.sheet(labels: labels, columns: columns) }
    guard !sheet.rows.isEmpty else { throw $shown.failure("there are no images to show") }
    sheet.title = title ?? images.title
    let heading = sheet.title ?? images.description(labels: labels)
    sheet.columns = columns
    sheet.scale = scale
    let drawing = sheet
    return .object(
      try $shown.blaming {
        try FigureValue(
          drawing, title: heading, notes: site.notes(session) + images.notes, theme: session.workspace.theme)
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

import BVAELanguage
import BVAEPlatform
import BVAERendering
import BetaVAE

extension CommandDeclaration {
  static let sheet = CommandDeclaration(
    "sheet", group: .results,
    summary: "arranges images, or a sweep, as a contact sheet",
    details: "Of a sweep every latent is a row, with the latent's value under each frame and the test image and its "
      + "reconstruction at the left.",
    parameters: [
      .positional(
        "what", "a sweep, a dataset, or images", .object(SweepValue.self), .object(DatasetValue.self),
        .object(ImagesValue.self), .object(ImageValue.self)),
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
    var sheet: ContactSheet
    let title: String
    var notes = call.notes(session)
    if let sweep = try call.objectIfAny("what", as: SweepValue.self) {
      (sheet, title) = (sweepSheet(sweep), sweepTitle(sweep))
      notes += sweepNotes(sweep)
    } else {
      (sheet, title) = try imageSheet(call.value("what"), call)
    }
    let heading = try call.textIfAny("title") ?? title
    sheet.title = heading
    sheet.columns = try call.integerIfAny("columns")
    sheet.scale = try call.integerIfAny("scale")
    let drawing = sheet
    return .object(try call.blaming("what") { try FigureValue(drawing, title: heading, notes: notes) })
  }

  /// The most images that a sheet shows.
  private static let mostImages = 4096

  static func imageSheet(_ value: Value, _ call: Invocation) throws -> (ContactSheet, String) {
    let frames: [ContactSheet.Frame], title: String
    guard case .object(let object) = value else { throw call.failure("what", "there are no images to show") }
    guard object.count <= mostImages else {
      throw call.failure(
        "what", "a sheet shows at most \(mostImages) images, these are \(object.count.grouped)",
        hint: "take a part of them: [0..99]")
    }
    switch object {
    case let data as DatasetValue:
      let names = data.dataset.labelNames
      frames = try (0..<data.count).map { i in
        ContactSheet.Frame(
          image: try data.dataset.float(i).bitmap, label: data.dataset.labels.map { names[Int($0[i])] })
      }
      title = data.title
    case let images as ImagesValue:
      frames = (0..<images.count).map { ContactSheet.Frame(image: images.pixels[$0].bitmap) }
      title = images.title
    case let image as ImageValue:
      frames = [ContactSheet.Frame(image: image.pixels.bitmap, label: image.className)]
      title = image.title
    default: throw call.failure("what", "there are no images to show")
    }
    guard !frames.isEmpty else { throw call.failure("what", "there are no images to show") }
    return (ContactSheet(rows: [ContactSheet.Row(frames: frames)]), title)
  }

  static func sweepSheet(_ value: SweepValue) -> ContactSheet {
    let sweep = value.sweep
    var references: [ContactSheet.Frame] = []
    if let image = sweep.image { references.append(ContactSheet.Frame(image: image.bitmap, label: value.kind)) }
    references.append(ContactSheet.Frame(image: sweep.reconstruction.bitmap, label: "reconstruction"))
    let isSingle = sweep.rows.count == 1
    let rows = sweep.rows.map { row in
      ContactSheet.Row(
        label: isSingle ? nil : "Z\(row.latent)", detail: isSingle ? nil : state(row),
        frames: row.values.indices.map { i in
          ContactSheet.Frame(image: row.frames[i].bitmap, label: Double(row.values[i]).formatted(decimals: 2))
        })
    }
    return ContactSheet(
      subtitle: value.model, references: references, rows: rows,
      note: isSingle ? sweep.rows.first.flatMap(singleNote) : nil)
  }

  static func sweepTitle(_ value: SweepValue) -> String {
    let rows = value.sweep.rows
    guard let only = rows.first, rows.count == 1 else { return "\(counted(rows.count, "latent")), one row each" }
    return "Latent Z\(only.latent)"
  }

  private static func state(_ row: SweepRow) -> String? {
    guard let isActive = row.isActive, let divergence = row.divergence else { return nil }
    return isActive ? "KL \(divergence.formatted(decimals: 2))" : "inactive"
  }

  private static func singleNote(_ row: SweepRow) -> String? {
    guard let isActive = row.isActive, let divergence = row.divergence, let variance = row.meanVariance else {
      return nil
    }
    let mean = "variance of the mean over the training images \(variance.formatted(decimals: 4))"
    let state = isActive ? "active: \(mean), above 0.01" : "inactive: \(mean), not above 0.01"
    return "Z\(row.latent) is \(state); KL divergence \(divergence.formatted(decimals: 3)) nats"
  }

  private static func sweepNotes(_ value: SweepValue) -> [(key: String, value: String)] {
    let ranges = value.sweep.rows.map { row in
      "Z\(row.latent) \(row.values.first.map { Double($0).formatted() } ?? "")"
        + "..\(row.values.last.map { Double($0).formatted() } ?? "")"
    }
    return [
      ("Model", value.provenance), ("Start", value.start),
      ("Latents", ranges.joined(separator: ", ")),
    ]
  }
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

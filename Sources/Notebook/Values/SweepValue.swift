import BVAELanguage
import BVAEPlatform
import BVAERendering
import BetaVAE

/// A sweep in a script: one row a latent.
struct SweepValue: SyntheticOrigin {
  static let typeName = "sweep"
  static let typeSummary = "decoded images along one or more latents; SWEEP[2] is its third row"
  static let elementType: ValueType? = .object(SweepValue.self)
  static let sliceType: ValueType? = .object(SweepValue.self)
  static let fields: [Field<SweepValue>] = [
    Field("count", .number, "how many latents were swept") { .number($0.count) },
    Field("latents", .list, "the latents' numbers") { try .numbers($0.sweep.rows.map { Double($0.latent) }) },
    Field("values", .list, "the values of each latent, a list of lists") {
      .list(try ScriptList($0.sweep.rows.map { try .numbers($0.values) }))
    },
    Field("active", .list, "the latents among them that are in use") {
      try .numbers($0.sweep.rows.filter { $0.isActive == true }.map { Double($0.latent) })
    },
  ]

  let sweep: Sweep
  /// Where it starts from several draws, the sweep of each, the first of them too.
  var draws: [Sweep] = []
  /// What it starts from, and what sort of image that is: `test image`.
  let start: String, kind: String
  /// Which model decoded it, and what determines that model.
  let model: String, provenance: String
  var synthetic: Set<String> = []

  var summary: String {
    let latents = sweep.rows.map { "Z\($0.latent)" }.joined(separator: " ")
    let steps = sweep.rows.first?.values.count ?? 0
    return "sweep of \(latents) from \(start): \(counted(steps, "frame")) a latent"
  }

  func preview() throws -> Preview? { Preview(title: summary, try sheet().render()) }

  var count: Int { sweep.rows.count }

  func element(_ index: Int) throws -> Value { try slice(index..<index + 1) }

  func slice(_ range: Range<Int>) throws -> Value {
    .object(
      SweepValue(
        sweep: sweep[range], draws: draws.map { $0[range] }, start: start, kind: kind, model: model,
        provenance: provenance))
  }
}

extension SweepValue: SheetValue {
  func sheet() -> ContactSheet {
    guard draws.isEmpty else { return drawnSheet }
    var references: [ContactSheet.Frame] = []
    if let image = sweep.image { references.append(ContactSheet.Frame(image: image.bitmap, label: kind)) }
    references.append(
      ContactSheet.Frame(image: sweep.reconstruction.bitmap, label: kind == "draw" ? "drawn image" : "reconstruction"))
    let isSingle = sweep.rows.count == 1
    let rows = sweep.rows.map { row in
      ContactSheet.Row(
        label: isSingle ? nil : "Z\(row.latent)", detail: isSingle ? nil : Self.state(row),
        frames: row.values.indices.map { i in
          ContactSheet.Frame(image: row.frames[i].bitmap, label: Self.label(row, i))
        })
    }
    return ContactSheet(
      subtitle: model, references: references, rows: rows,
      note: isSingle ? sweep.rows.first.flatMap(Self.singleNote) : nil)
  }

  /// A row for each value of each latent, a column for each draw.
  private var drawnSheet: ContactSheet {
    let rows = sweep.rows.enumerated().flatMap { place, row in
      row.values.indices.map { i in
        ContactSheet.Row(
          label: (sweep.rows.count == 1 ? "" : "Z\(row.latent) = ") + Self.label(row, i),
          frames: draws.map { ContactSheet.Frame(image: $0.rows[place].frames[i].bitmap) })
      }
    }
    return ContactSheet(subtitle: model, rows: rows, note: "rows: values; columns: \(start), the rest of each the same")
  }

  /// A latent's value in a frame: a category's number, or a decimal.
  private static func label(_ row: SweepRow, _ frame: Int) -> String {
    let value = Double(row.values[frame])
    return row.categories == nil ? value.formatted(decimals: 2) : value.formatted()
  }

  var sheetTitle: String {
    let rows = sweep.rows
    guard let only = rows.first, rows.count == 1 else { return "\(counted(rows.count, "latent")), one row each" }
    return "Latent Z\(only.latent)"
  }

  private static func state(_ row: SweepRow) -> String? {
    if let categories = row.categories { return "\(categories) categories" }
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

  var sheetNotes: [(key: String, value: String)] {
    let ranges = sweep.rows.map { row in
      "Z\(row.latent) \(row.values.first.map { Double($0).formatted() } ?? "")"
        + "..\(row.values.last.map { Double($0).formatted() } ?? "")"
    }
    return [
      ("Model", provenance), ("Start", start),
      ("Latents", ranges.joined(separator: ", ")),
    ]
  }
}

extension SweepValue: AnimatedValue {
  var animationTitle: String { count == 1 ? sheetTitle : "Sweep of \(counted(count, "latent"))" }

  /// As many as the longest row has.
  var sceneCount: Int { sweep.rows.map(\.values.count).max() ?? 0 }

  /// All latents at once; one with fewer values, as a category, keeps each of them longer. Of several draws each latent is a
  /// row.
  func scenes() -> [ContactSheet] {
    let count = sceneCount, columns = Int(Double(sweep.rows.count).squareRoot().rounded(.up))
    return (0..<count).map { scene in
      let places = sweep.rows.map { scene * $0.values.count / count }
      let labels = zip(sweep.rows, places).map { "Z\($0.latent) = \(Self.label($0, $1).replacing("-", with: "−"))" }
      guard draws.isEmpty else {
        return ContactSheet(
          subtitle: model,
          rows: sweep.rows.indices.map { row in
            ContactSheet.Row(
              label: "Z\(sweep.rows[row].latent)",
              frames: draws.enumerated().map { draw, sweep in
                ContactSheet.Frame(
                  image: sweep.rows[row].frames[places[row]].bitmap, label: draw == 0 ? labels[row] : nil)
              })
          })
      }
      let frames = sweep.rows.indices.map { row in
        ContactSheet.Frame(image: sweep.rows[row].frames[places[row]].bitmap, label: labels[row])
      }
      return ContactSheet(
        subtitle: model,
        rows: stride(from: 0, to: frames.count, by: columns).map { .init(frames: Array(frames[$0...].prefix(columns))) }
      )
    }
  }
}

import BVAELanguage
import BVAEPlatform
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

  func preview() throws -> Preview? { Preview(title: summary, try CommandDeclaration.sweepSheet(self).render()) }

  var count: Int { sweep.rows.count }

  func element(_ index: Int) throws -> Value { try slice(index..<index + 1) }

  func slice(_ range: Range<Int>) throws -> Value {
    .object(SweepValue(sweep: sweep[range], start: start, kind: kind, model: model, provenance: provenance))
  }
}

import BVAELanguage
import BVAEReporting

extension HistoryValue {
  /// One row an epoch.
  var table: Table {
    let names = history.epochs.first?.named.map(\.name) ?? ["loss", "error", "KL"]
    let latents = history.epochs.first?.divergence.count ?? 0
    let hasValidation = history.epochs.contains { $0.validationLoss != nil }
    let columns: [Table.Column] =
      [.number("epoch", .decimals(0))]
      + names.map { .number($0, .decimals(3)) }
      + [.number("active", .decimals(0)), .number("seconds", .decimals(2))]
      + (hasValidation ? [.number("validation loss", .decimals(3))] : [])
      + (0..<latents).map { .number("KL Z\($0)", .decimals(4)) }
    let rows = history.epochs.enumerated().map { index, epoch in
      ([Double(index + 1)] + epoch.named.map(\.value) + [Double(epoch.active)]).map(Table.Cell.number)
        + [epoch.seconds.map(Table.Cell.number) ?? .empty]
        + (hasValidation ? [epoch.validationLoss.map(Table.Cell.number) ?? .empty] : [])
        + epoch.divergence.map(Table.Cell.number)
    }
    return Table(columns: columns, rows: rows)
  }
}

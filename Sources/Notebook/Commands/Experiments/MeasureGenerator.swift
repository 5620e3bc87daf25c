import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAEReporting
import BetaVAE

/// What `measure` tells of an InfoGAN: it has no error and no divergence, but codes that images may show, and categories
/// that may stand for labels.
struct GeneratorMeasures {
  let model: ModelValue
  let network: InfoGAN
  let data: DatasetValue

  private typealias Column = Table.Column

  /// Drawn images by which the information is measured.
  static let drawn = 10_000

  /// The information of Q, how its categories go with the labels, and how many codes are in use.
  func numbers(seed: UInt64) throws -> (numbers: [(column: Table.Column, value: Double)], active: Int) {
    let code = try network.encode(data.dataset.images)
    let information = try network.information(count: Self.drawn, seed: seed)
    let declared = network.code, use = CategoryUse(ofLikeliest: code)
    var numbers: [(column: Table.Column, value: Double)] = []
    if !declared.categories.isEmpty {
      numbers.append((.number("L_cat", unit: "nats", .decimals(3)), information.categorical))
    }
    if declared.continuous > 0 {
      numbers.append((.number("L_cont", unit: "nats", .decimals(3)), information.continuous))
    }
    for latent in declared.categories.indices {
      numbers.append((.number("entropy of Z\(latent)", unit: "nats", .decimals(3)), use.entropies[latent]))
      guard let labels = data.dataset.labels else { continue }
      let match = code.match(latent, to: labels)
      numbers += [
        (.number("error of Z\(latent)", .decimals(3)), match.error),
        (.number("error of Z\(latent), commonest", .decimals(3)), match.errorByCommonest),
      ]
    }
    return (numbers, code.meanVariance.count(where: LatentStatistics.isActive))
  }

  /// A row for the model.
  func modelTable(seed: UInt64) throws -> TableValue {
    let (numbers, active) = try numbers(seed: seed)
    let matching =
      data.dataset.labels == nil || network.code.categories.isEmpty
      ? ""
      : " Error: the share of images whose category stands for another label; each label is taken by one category, or, "
        + "'commonest', each category has the commonest label of its images."
    return TableValue(
      table: Table(
        columns: [Column("data"), .number("images", .decimals(0))] + numbers.map(\.column)
          + [Column("active", alignment: .right)],
        rows: [
          [.text(data.title), .number(Double(data.dataset.count))] + numbers.map { .number($0.value) }
            + [.text("\(active) of \(network.latents)")]
        ],
        note:
          "L_cat and L_cont: over \(Self.drawn.grouped) drawn images. Entropy: of the categories that Q gives these "
          + "images." + matching), caption: model.title)
  }

  /// A row for each category of each categorical code.
  func categoryTable() throws -> TableValue {
    let code = try network.encode(data.dataset.images), labels = data.dataset.labels
    let hasLabels = labels != nil
    let classes = data.dataset.classes
    func name(_ label: Int?) -> Table.Cell {
      label.map { .text(classes?[$0] ?? "\($0)") } ?? .empty
    }
    var rows: [[Table.Cell]] = []
    for (latent, size) in network.code.categories.enumerated() {
      let match = code.match(latent, to: labels ?? Array(repeating: 0, count: code.count))
      for category in 0..<size {
        let count = match.images[category]
        func share(_ part: Int) -> Table.Cell { count > 0 ? .number(Double(part) / Double(count)) : .empty }
        var cells: [Table.Cell] = [
          .text("Z\(latent)"), .number(Double(category)), .number(Double(count)),
          .number(Double(count) / Double(max(1, code.count))),
        ]
        if hasLabels {
          cells += [
            name(match.matched[category]), share(match.right[category]), name(match.commonest[category]),
            share(match.rightByCommonest[category]),
          ]
        }
        rows.append(cells)
      }
    }
    let columns: [Column] =
      [
        Column("latent"), .number("category", .decimals(0)), .number("images", .decimals(0)),
        .number("share", .decimals(3)),
      ]
      + (hasLabels
        ? [
          Column("label"), .number("right", .decimals(3)), Column("commonest label"),
          .number("right by commonest", .decimals(3)),
        ] : [])
    return TableValue(
      table: Table(columns: columns, rows: rows), caption: "Categories of \(model.title)")
  }

  /// A row for each code.
  func latentTable() throws -> TableValue {
    let code = try network.encode(data.dataset.images), variance = code.meanVariance
    let rows = (0..<network.latents).map { latent -> [Table.Cell] in
      let range = network.code.range(of: latent)
      return [
        .text("Z\(latent)"),
        .text(network.code.categories(of: latent).map { "\($0) categories" } ?? "continuous"),
        .number(variance[latent]), .text(LatentStatistics.isActive(variance: variance[latent]) ? "active" : "inactive"),
        .number(range.lowerBound), .number(range.upperBound),
      ]
    }
    return TableValue(
      table: Table(
        columns: [
          Column("latent"), Column("kind"), .number("variance of mean", .decimals(4)), Column("state"),
          .number("from", .decimals(2)), .number("to", .decimals(2)),
        ], rows: rows), caption: "Latents of \(model.title)")
  }
}

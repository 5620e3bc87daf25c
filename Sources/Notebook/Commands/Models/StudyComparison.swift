import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

/// One model of a study.
struct StudyRow {
  /// What it is stored under.
  let key: String
  /// The places of its setting and its dataset.
  let setting: Int, data: Int
  let seed: UInt64
  /// What was measured; nil where it is missing.
  var numbers: ModelNumbers?
  /// Why it is missing.
  var reason: String?
}

/// The models of a study side by side, as tables and as charts.
struct StudyComparison {
  let plan: StudyPlan
  /// The datasets by their titles.
  let data: [String]
  let rows: [StudyRow]

  /// All that is told of any model, in the order in which it first comes.
  private let quantities: [ModelNumbers.Quantity]
  /// The models of each combination, in the order in which they come.
  private let groups: [[StudyRow]]

  init(plan: StudyPlan, data: [String], rows: [StudyRow]) {
    (self.plan, self.data, self.rows) = (plan, data, rows)
    var quantities: [ModelNumbers.Quantity] = [], known: Set<String> = []
    for row in rows {
      for quantity in row.numbers?.quantities ?? [] where known.insert(quantity.name).inserted {
        quantities.append(quantity)
      }
    }
    self.quantities = quantities
    var groups: [[StudyRow]] = []
    for row in rows {
      if let last = groups.last?.last, (last.setting, last.data) == (row.setting, row.data) {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
    self.groups = groups
  }

  private var hasSeveralSeeds: Bool { groups.contains { $0.count > 1 } }
  private var missing: Int { rows.count { $0.numbers == nil } }

  /// What was varied, in a line.
  var summary: String {
    let kinds = plan.kinds.map { $0.word }.joined(separator: ", ")
    let seeds = groups.first.map { $0.map { String($0.seed) }.joined(separator: ", ") } ?? ""
    return "\(kinds); varied: \(plan.varied.isEmpty ? "nothing" : plan.varied.map(\.name).joined(separator: ", ")); "
      + "data: \(data.joined(separator: ", ")); seeds \(seeds)"
  }

  // MARK: - Tables

  /// The columns that tell a model, without its seed.
  private var heads: [Table.Column] {
    (plan.kinds.count > 1 ? [Table.Column("model")] : []) + (data.count > 1 ? [Table.Column("data")] : [])
      + plan.varied.map { $0.takesNumbers ? .number($0.name) : Table.Column($0.name) }
  }

  private func head(_ row: StudyRow) -> [Table.Cell] {
    let setting = plan.settings[row.setting]
    return (plan.kinds.count > 1 ? [.text(type(of: setting.kind).word)] : [])
      + (data.count > 1 ? [.text(data[row.data])] : []) + setting.values.map(Self.cell)
  }

  private static func cell(_ value: Value?) -> Table.Cell {
    switch value {
    case .number(let number): .number(number)
    case let value?: .text(value.text)
    case nil: .empty
    }
  }

  /// A row for each model.
  var table: Table {
    let hasGaps = missing > 0
    return Table(
      columns: heads + [.number("seed", .decimals(0))] + quantities.map(\.column)
        + (hasGaps ? [Table.Column("missing because")] : []),
      rows: rows.map { row in
        let values = Dictionary((row.numbers?.quantities ?? []).map { ($0.name, $0.value) }) { $1 }
        return head(row) + [.number(Double(row.seed))]
          + quantities.map { values[$0.name].map { .number($0) } ?? .empty }
          + (hasGaps ? [row.reason.map { .text($0) } ?? .empty] : [])
      }, note: remarks)
  }

  /// A row for each combination, with means over its seeds.
  var means: Table {
    let several = hasSeveralSeeds
    return Table(
      columns: heads + (several ? [.number("models", .decimals(0))] : [])
        + quantities.flatMap { quantity -> [Table.Column] in
          var margin = quantity.column
          margin.name += " ±"
          return several && quantity.spreads ? [quantity.column, margin] : [quantity.column]
        },
      rows: groups.map { group in
        head(group[0]) + (several ? [.number(Double(group.count { $0.numbers != nil }))] : [])
          + quantities.flatMap { quantity -> [Table.Cell] in
            let sample = sample(group, quantity.name)
            return [.number(sample.mean)] + (several && quantity.spreads ? [.number(sample.margin)] : [])
          }
      },
      note: [several ? "Means over the seeds; ±: half the width of the mean's 95 % interval." : nil, remarks]
        .compactMap { $0 }.joined(separator: " "))
  }

  /// A number of the models of a combination that have it.
  private func sample(_ group: [StudyRow], _ name: String) -> Sample {
    Sample(group.compactMap { $0.numbers?.number(name) }.filter { !$0.isNaN })
  }

  /// What else is to be said: what is missing of models, and why.
  private var remarks: String? {
    var notes: [String] = []
    for case let note? in rows.map({ $0.numbers?.note }) where !notes.contains(note) { notes.append(note) }
    let parts = [gaps] + notes.prefix(4).map { $0 + "." }
    return parts.allSatisfy { $0 == nil } ? nil : parts.compactMap { $0 }.joined(separator: " ")
  }

  private var gaps: String? {
    guard missing > 0 else { return nil }
    return
      "\(counted(missing, "model")) of \(rows.count.grouped) \(missing == 1 ? "is" : "are") missing: the training failed."
  }

  // MARK: - Charts

  /// What is drawn, where any model has it, and its heading.
  private static let drawn = [
    ("error", "Reconstruction error"), ("KL", "KL divergence (nats)"), ("loss", "Loss"), ("active", "Latents in use"),
    ("MIG", "MIG"), ("SAP", "SAP"), ("DCI disentanglement", "DCI disentanglement"),
    ("FactorVAE score", "FactorVAE score"), ("L_cat", "L_cat (nats)"), ("L_cont", "L_cont (nats)"),
    ("error of Z0", "Images given a wrong category of Z0"),
  ]
  /// The most lines of a chart, each with a colour and dashes of its own.
  private static let mostLines = 24

  /// A panel for each quantity against the option that varies most, with a line for each combination of everything else;
  /// where no option has several numbers, a strip of its seeds for each combination. Kinds of models whose axes are of
  /// different options have panels of their own.
  var chart: ChartGrid {
    let axes = plan.settings.map(axis), distinct = axes.reduce(into: [Int?]()) { if !$0.contains($1) { $0.append($1) } }
    let panels = distinct.flatMap { axis -> [any Drawable] in
      let own = groups.filter { axes[$0[0].setting] == axis }
      return Self.drawn.filter { name, _ in own.contains { sample($0, name).values.contains(where: \.isFinite) } }
        .map { panel($0, title: $1, own, axis) }
    }
    return ChartGrid(panels)
  }

  /// The option that a setting is drawn against, by its place: of those with numbers the one that its kind has most of.
  private func axis(_ setting: StudyPlan.Setting) -> Int? {
    let kind = type(of: setting.kind).word
    let counts = plan.varied.indices.map { place -> Int in
      guard plan.varied[place].takesNumbers, setting.values[place] != nil else { return 0 }
      return Set(plan.settings.filter { type(of: $0.kind).word == kind }.compactMap { $0.values[place]?.text }).count
    }
    guard let most = counts.max(), most > 1 else { return nil }
    return counts.firstIndex(of: most)
  }

  private func panel(_ quantity: String, title: String, _ groups: [[StudyRow]], _ axis: Int?) -> any Drawable {
    guard let axis else {
      var chart = StripChart(
        groups: groups.map { group in
          let values = sample(group, quantity).values
          return StripChart.Group(name: name(group[0], without: nil), values: values, median: values.median)
        })
      chart.options.title = title
      (chart.options.width, chart.options.height) = (500, 360)
      return chart
    }
    var names: [String] = [], lines: [String: [[StudyRow]]] = [:]
    for group in groups {
      let name = name(group[0], without: axis)
      if lines[name] == nil { names.append(name) }
      lines[name, default: []].append(group)
    }
    let series = names.prefix(Self.mostLines).map { name in
      let points = (lines[name] ?? []).map { group in
        (x: plan.settings[group[0].setting].values[axis]?.number ?? .nan, sample: sample(group, quantity))
      }.sorted { $0.x < $1.x }
      return LineChart.Series(
        name: name, xs: points.map(\.x), ys: points.map(\.sample.mean), margins: points.map(\.sample.margin))
    }
    let left = names.count - series.count
    let remarks = [
      hasSeveralSeeds ? "means over the seeds with 95 % intervals" : nil,
      left > 0 ? "without \(counted(left, "further line"))" : nil,
    ].compactMap { $0 }
    var chart = LineChart(
      title: title, subtitle: remarks.isEmpty ? nil : remarks.joined(separator: "; "),
      xLabel: plan.varied[axis].label, series: series, width: 500, height: 360)
    chart.bands = hasSeveralSeeds
    let xs = series.flatMap(\.xs)
    if let least = xs.min(), let most = xs.max(), least > 0, most / least >= 50 { chart.options.xLogarithmic = true }
    return chart
  }

  /// What tells a combination from the others, beside one option.
  private func name(_ row: StudyRow, without axis: Int?) -> String {
    let setting = plan.settings[row.setting]
    let values = plan.varied.indices.compactMap { place -> String? in
      guard place != axis, let value = setting.values[place] else { return nil }
      let option = plan.varied[place]
      return option.takesNumbers ? "\(option.label) \(value.text)" : value.text
    }
    return
      ((plan.kinds.count > 1 ? [type(of: setting.kind).word] : []) + (data.count > 1 ? [data[row.data]] : []) + values)
      .joined(separator: ", ")
  }
}

extension Value {
  /// The number, of one.
  fileprivate var number: Double? { if case .number(let number) = self { number } else { nil } }
}

extension [Double] {
  /// Their median; NaN without any.
  fileprivate var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted(), middle = count / 2
    return count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

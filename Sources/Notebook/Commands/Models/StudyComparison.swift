import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

/// One model of a study.
struct StudyRow {
  /// What came of it.
  enum Outcome {
    case measured(ModelNumbers)
    /// Why it is missing.
    case missing(String)
  }

  /// What it is stored under; empty for one that could not be made.
  let key: String
  /// The places of its setting and its dataset.
  let setting: Int, data: Int
  let seed: UInt64
  let outcome: Outcome

  /// What was measured; nil where it is missing.
  var numbers: ModelNumbers? { if case .measured(let numbers) = outcome { numbers } else { nil } }
  /// Why it is missing; nil where it is there.
  var reason: String? { if case .missing(let reason) = outcome { reason } else { nil } }
}

/// The models of a study side by side, as tables and as charts.
struct StudyComparison {
  let plan: StudyPlan
  /// The datasets by their names, each one's own.
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
  var means: Table { means(of: quantities) }

  /// The same with what is drawn alone, which fits a terminal.
  var mainMeans: Table {
    let main = quantities.filter { quantity in Self.drawn.contains { $0.name == quantity.name } }
    var table = means(of: main)
    if main.count < quantities.count {
      table.note = [table.note, "'table' and 'means' have more columns."].compactMap { $0 }.joined(separator: " ")
    }
    return table
  }

  private func means(of quantities: [ModelNumbers.Quantity]) -> Table {
    let several = hasSeveralSeeds
    let remarks = [several ? "Means over the seeds; ±: half the width of the mean's 95 % interval." : nil, remarks]
      .compactMap { $0 }
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
            guard let sample = sample(group, quantity.name) else {
              return several && quantity.spreads ? [.empty, .empty] : [.empty]
            }
            return [.number(sample.mean)] + (several && quantity.spreads ? [.number(sample.margin)] : [])
          }
      }, note: remarks.isEmpty ? nil : remarks.joined(separator: " "))
  }

  /// A number of the models of a combination; nil where they have none such. Where one of them is not a number, its mean
  /// is none.
  private func sample(_ group: [StudyRow], _ name: String) -> Sample? {
    let values = group.compactMap { row in row.numbers?.quantities.first { $0.name == name }?.value }
    return values.isEmpty ? nil : Sample(values)
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

  /// What is drawn where any model has it, and its heading; whether it means something else with another likelihood.
  private static let drawn: [(name: String, title: String, isOfLikelihood: Bool)] = [
    ("error", "Reconstruction error", true),
    ("KL", "KL divergence (nats)", false), ("active", "Latents in use", false), ("MIG", "MIG", false),
    ("SAP", "SAP", false), ("DCI disentanglement", "DCI disentanglement", false),
    ("FactorVAE score", "FactorVAE score", false), ("L_cat", "L_cat (nats)", false),
    ("L_cont", "L_cont (nats)", false), ("error of Z0", "Images given a wrong category of Z0", false),
  ]
  /// The most lines of a panel, each with a colour and dashes of its own.
  private static let mostLines = 24

  /// The combinations that share a panel: those whose axes are of one option, and, where it matters, of one likelihood.
  private struct PanelGroup {
    /// The option, by its place; nil where no option has several numbers.
    let axis: Int?
    /// What is added to the heading.
    let addition: String
    let groups: [[StudyRow]]
  }

  /// First the reconstruction error against the divergence; then for each quantity a panel against the option that
  /// varies most, with a line for each combination of everything else. Where no option has several numbers, each model as
  /// a mark over the name of its combination. Kinds of models whose axes are of different options have panels of their
  /// own, with the same vertical axis.
  var chart: ChartGrid {
    var charts: [any Drawable] = []
    for part in panelGroups(byLikelihood: true) where part.axis != nil { charts += [tradeoff(part)].compactMap { $0 } }
    for (quantity, title, isOfLikelihood) in Self.drawn {
      let parts = panelGroups(byLikelihood: isOfLikelihood).filter { part in
        part.groups.contains { sample($0, quantity)?.values.contains(where: \.isFinite) ?? false }
      }
      let ends = parts.count > 1 && !isOfLikelihood ? ends(of: quantity, parts.flatMap(\.groups)) : nil
      charts += parts.map { panel(quantity, title: title + $0.addition, $0, ends: ends) }
    }
    return ChartGrid(charts)
  }

  private func panelGroups(byLikelihood: Bool) -> [PanelGroup] {
    let place = byLikelihood ? plan.varied.firstIndex { $0.name == "likelihood" } : nil
    let axes = plan.settings.map(axis)
    var parts: [(axis: Int?, word: String?, groups: [[StudyRow]])] = []
    for group in groups {
      let setting = group[0].setting, word = place.flatMap { plan.settings[setting].values[$0]?.text }
      if let known = parts.firstIndex(where: { $0.axis == axes[setting] && $0.word == word }) {
        parts[known].groups.append(group)
      } else {
        parts.append((axes[setting], word, [group]))
      }
    }
    return parts.map { PanelGroup(axis: $0.axis, addition: $0.word.map { ", \($0)" } ?? "", groups: $0.groups) }
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

  /// From where to where a quantity goes, rounded.
  private func ends(of quantity: String, _ groups: [[StudyRow]]) -> ClosedRange<Double>? {
    let ends = groups.compactMap { sample($0, quantity) }.flatMap { sample in
      [0, -1, 1].map { sample.mean + $0 * (sample.margin.isFinite ? sample.margin : 0) }
    }.filter(\.isFinite)
    guard let least = ends.min(), let most = ends.max(), least < most else { return nil }
    let step = Axis.niceStep((most - least) / 4)
    return (least / step).rounded(.down) * step...(most / step).rounded(.up) * step
  }

  /// The combinations that belong to a line, in the order in which they first come.
  private func lines(_ part: PanelGroup, _ axis: Int) -> (names: [String], lines: [[[StudyRow]]], left: Int) {
    struct Line: Hashable { let kind: String, data: Int, values: [String?] }
    var order: [Line] = [], lines: [Line: [[StudyRow]]] = [:]
    for group in part.groups {
      let setting = plan.settings[group[0].setting]
      let values = setting.values.enumerated().map { $0.offset == axis ? nil : $0.element?.text }
      let line = Line(kind: type(of: setting.kind).word, data: group[0].data, values: values)
      if lines[line] == nil { order.append(line) }
      lines[line, default: []].append(group)
    }
    let kept = order.prefix(Self.mostLines).compactMap { lines[$0] }
    return (kept.map { name($0[0][0], without: axis) }, kept, order.count - kept.count)
  }

  private func subtitle(_ left: Int) -> String? {
    let remarks = [
      hasSeveralSeeds ? "means over the seeds with 95 % intervals" : nil,
      left > 0 ? "\(counted(left, "more line")) not shown" : nil,
    ].compactMap { $0 }
    return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
  }

  private func panel(
    _ quantity: String, title: String, _ part: PanelGroup, ends: ClosedRange<Double>?
  ) -> any Drawable {
    guard let axis = part.axis else { return strip(quantity, title: title, part, ends: ends) }
    let (names, lines, left) = lines(part, axis)
    let series = zip(names, lines).map { name, groups in
      let points = groups.map { group in
        (x: plan.settings[group[0].setting].values[axis]?.number ?? .nan, sample: sample(group, quantity))
      }.sorted { $0.x < $1.x }
      return LineChart.Series(
        name: name, xs: points.map(\.x), ys: points.map { $0.sample?.mean ?? .nan },
        margins: points.map { $0.sample?.margin ?? .nan })
    }
    var chart = LineChart(
      title: title, subtitle: subtitle(left), xLabel: plan.varied[axis].label, series: series, width: 500, height: 360)
    chart.bands = hasSeveralSeeds
    chart.options.yLimits = ends
    let xs = series.flatMap(\.xs)
    if let least = xs.min(), let most = xs.max(), least > 0, most / least >= 50 { chart.options.xLogarithmic = true }
    return chart
  }

  /// Reconstruction error against divergence, along the option that varies most.
  private func tradeoff(_ part: PanelGroup) -> (any Drawable)? {
    guard let axis = part.axis else { return nil }
    let (names, lines, left) = lines(part, axis)
    let series = zip(names, lines).map { name, groups in
      let points = groups.compactMap { group -> (x: Double, y: Double)? in
        guard let error = sample(group, "error"), let divergence = sample(group, "KL") else { return nil }
        return (divergence.mean, error.mean)
      }
      return LineChart.Series(name: name, xs: points.map(\.x), ys: points.map(\.y))
    }
    guard series.contains(where: { zip($0.xs, $0.ys).contains { $0.isFinite && $1.isFinite } }) else { return nil }
    let remarks = [
      "along \(plan.varied[axis].label)", hasSeveralSeeds ? "means over the seeds" : nil,
      left > 0 ? "\(counted(left, "more line")) not shown" : nil,
    ].compactMap { $0 }
    return LineChart(
      title: "Reconstruction error against KL divergence" + part.addition, subtitle: remarks.joined(separator: "; "),
      xLabel: "KL divergence (nats)", yLabel: "reconstruction error", series: series, width: 500, height: 360)
  }

  private func strip(
    _ quantity: String, title: String, _ part: PanelGroup, ends: ClosedRange<Double>?
  ) -> any Drawable {
    var chart = StripChart(
      groups: part.groups.compactMap { group in
        guard let values = sample(group, quantity)?.values.filter(\.isFinite), !values.isEmpty else { return nil }
        return StripChart.Group(name: name(group[0], without: nil), values: values, median: values.median ?? .nan)
      })
    chart.options.title = title
    chart.options.subtitle = hasSeveralSeeds ? "a mark for each model, a line for their median" : nil
    chart.options.yLimits = ends
    (chart.options.width, chart.options.height) = (500, 360)
    return chart
  }

  /// What tells a combination from the others, beside one option.
  private func name(_ row: StudyRow, without axis: Int?) -> String {
    let setting = plan.settings[row.setting]
    let values = plan.varied.indices.compactMap { place -> String? in
      guard place != axis, let value = setting.values[place] else { return nil }
      return Self.speaking.contains(plan.varied[place].name) ? value.text : "\(plan.varied[place].label) \(value.text)"
    }
    return
      ((plan.kinds.count > 1 ? [type(of: setting.kind).word] : []) + (data.count > 1 ? [data[row.data]] : []) + values)
      .joined(separator: ", ")
  }

  /// Options whose words say what they are of.
  private static let speaking: Set<String> = ["network", "likelihood"]
}

extension Value {
  /// The number, of one.
  fileprivate var number: Double? { if case .number(let number) = self { number } else { nil } }
}

import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

/// A value that `plot` was given, with where what is wrong with it belongs.
struct PlotValue {
  let value: Value
  let place: any DeclaredArgument

  func failure(_ message: String, hint: String? = nil) -> ScriptFailure { place.failure(message, hint: hint) }
}

/// The numbers that a plot is made of: lists, or columns of a table.
struct PlotInput {
  let first: PlotValue
  let second: PlotValue?
  /// What the lists are called, where they are columns of a table.
  private(set) var names: [String]?
  /// What the first column of a table calls its rows, where it holds names.
  private(set) var rows: [String]?
  private(set) var xLabel: String?, yLabel: String?, byLabel: String?
  private let by: PlotValue?

  /// - Parameter pairs: whether a first column of a table is X and the others are Y.
  init(_ plot: PlotCommand, pairs: Bool) throws {
    guard let data = plot.data else { throw plot.$data.failure("there is nothing to draw") }
    guard let table = plot.table else {
      if let by = plot.by, case .text = by {
        throw plot.$by.failure("'by' takes a list of labels; a text is the name of a table's column")
      }
      first = PlotValue(value: data, place: plot.$data)
      second = plot.second.map { PlotValue(value: $0, place: plot.$second) }
      by = plot.by.map { PlotValue(value: $0, place: plot.$by) }
      return
    }
    if plot.$second.wasGiven {
      throw plot.$second.failure("a table has both X and Y", hint: "choose them, as in columns [\"a\", \"b\"]")
    }
    let chosen = try table.chosen(plot)
    let values = try chosen.map { try table.column($0, plot) }
    let titles = chosen.map { table.columns[$0].title }
    func together(_ columns: ArraySlice<[Double]>) throws -> Value {
      columns.count == 1
        ? try .numbers(columns[columns.startIndex]) : .list(try ScriptList(columns.map { try .numbers($0) }))
    }
    let isPair = pairs && values.count > 1
    first = PlotValue(value: try together(isPair ? values[..<1] : values[...]), place: plot.$data)
    second = isPair ? PlotValue(value: try together(values[1...]), place: plot.$data) : nil
    names = isPair ? Array(titles.dropFirst()) : titles
    if isPair { xLabel = titles[0] }
    let own = isPair ? titles.dropFirst() : titles[...]
    yLabel = own.count == 1 ? own.first : nil
    if own.count == 1, !pairs || isPair { names = nil }
    let cells = table.rows.indices.map { table.text(row: $0, column: 0) }
    if !chosen.contains(0), !table.columns.isEmpty { rows = cells }
    guard let given = plot.by else {
      by = nil
      return
    }
    guard case .text(let name) = given else {
      by = PlotValue(value: given, place: plot.$by)
      return
    }
    let place = try plot.$by.blaming { try table.place(name) }
    byLabel = table.columns[place].title
    by = PlotValue(
      value: .list(try ScriptList(table.rows.indices.map { table.value($0, place) })), place: plot.$by)
  }

  /// A list of numbers.
  func vector(_ given: PlotValue) throws -> [Double] {
    let found = try series(given)
    guard found.count == 1 else {
      throw given.failure(
        "one list of numbers is needed here; this is \(found.count) lists", hint: "take a column: x[.., 0]")
    }
    return found[0]
  }

  /// See `lists`.
  func series(_ given: PlotValue, most: Int = mostLists) throws -> [[Double]] { try Self.lists(given, most: most) }

  /// More lines, bars or boxes than these cannot be told apart.
  static let mostLists = 500

  /// A list of numbers as the only one, or lists of numbers, each of them not empty.
  static func lists(_ given: PlotValue, most: Int = mostLists) throws -> [[Double]] {
    let list: ScriptList
    do { list = try given.value.listed() } catch let problem as ScriptFailure {
      throw given.failure(problem.message)
    }
    guard list.count > 0 else { throw given.failure("this list is empty") }
    let isFlat = list.numbers.map { $0.shape.count == 1 } ?? false
    guard isFlat || list.count <= most else {
      throw given.failure(
        "these are \(list.count.grouped) lists; a chart shows up to \(most.grouped)",
        hint: "for the columns of a matrix write transpose(x), for one of them x[.., 0]")
    }
    if let array = list.numbers {
      switch array.shape.count {
      case 1: return [array.values]
      case 2:
        let width = array.shape[1], values = array.values
        return (0..<array.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
      default: throw given.failure("a list of the shape \(array.shape) cannot be drawn; one or two dimensions can")
      }
    }
    return try list.elements.map { element in
      guard case .list(let inner) = element else {
        throw given.failure("this list holds \(element.brief), not numbers or lists of numbers")
      }
      guard let array = inner.numbers, array.shape.count == 1 else {
        throw given.failure(
          inner.count == 0
            ? "one of these lists is empty" : "one of these lists holds \(inner[0].brief), not only numbers")
      }
      return array.values
    }
  }

  /// The labels, where there are any: as many as points.
  func labels(for count: Int) throws -> PlotLabels? {
    guard let by else { return nil }
    let labels = try PlotLabels(by)
    guard labels.count == count else {
      throw by.failure("'by' has \(counted(labels.count, "label")) for \(counted(count, "point"))")
    }
    return labels
  }
}

/// What each of some numbers belongs to.
struct PlotLabels {
  private let keys: [Key]
  private let given: PlotValue

  private enum Key: Hashable {
    case number(Double)
    case text(String)

    init(_ number: Double) { self = number.isNaN ? .text("not a number") : .number(number) }
  }

  /// The most groups that a chart tells apart.
  private static let most = 40

  init(_ given: PlotValue) throws {
    self.given = given
    let list = try given.value.listed()
    if let array = list.numbers, array.shape.count == 1 {
      keys = array.values.map { array.areTruths ? .text($0 != 0 ? "true" : "false") : Key($0) }
    } else {
      keys = try list.elements.map { element in
        switch element {
        case .number(let number): Key(number)
        case .text(let text): .text(text)
        case .truth(let truth): .text(truth ? "true" : "false")
        default: throw given.failure("'by' takes numbers or texts; this list holds \(element.brief)")
        }
      }
    }
    guard !keys.isEmpty else { throw given.failure("this list is empty") }
  }

  var count: Int { keys.count }

  /// The numbers, where they are too many and too different to be groups: more than 20 whole ones, or 10 others.
  var continuous: [Double]? {
    var numbers: [Double] = [], areWhole = true
    for case .number(let number) in keys {
      numbers.append(number)
      if number != number.rounded() { areWhole = false }
    }
    return numbers.count == keys.count && Set(numbers).count > (areWhole ? 20 : 10) ? numbers : nil
  }

  /// The groups: by rising number, or texts in the order in which they come.
  /// - Throws: `ScriptFailure` where there are too many, or the names do not fit.
  func groups(_ plot: PlotCommand) throws -> [(name: String, places: [Int])] {
    var places: [Key: [Int]] = [:], order: [Key] = []
    for (place, key) in keys.enumerated() {
      if places[key] == nil { order.append(key) }
      places[key, default: []].append(place)
      guard order.count <= 4 * Self.most else { break }
    }
    guard order.count <= Self.most else {
      throw given.failure(
        "'by' makes more than \(Self.most) groups, which no chart tells apart",
        hint: "numbers can be rounded, as in by round(x)")
    }
    let numbers = order.compactMap { key in if case .number(let number) = key { number } else { nil } }
    if numbers.count == order.count { order = numbers.sorted().map { .number($0) } }
    if Set(order) == [.text("true"), .text("false")] { order = [.text("false"), .text("true")] }
    let names = try plot.labels(plot.$names)
    // The names of all classes, of which only some may occur: by their numbers.
    let isByNumber =
      names.map { names in
        numbers.count == order.count && numbers.allSatisfy { $0 >= 0 && $0 == $0.rounded() && $0 < Double(names.count) }
      } ?? false
    if let names, !isByNumber, names.count != order.count {
      throw plot.$names.failure("'names' has \(counted(names.count, "name")) for \(counted(order.count, "group"))")
    }
    return order.enumerated().map { place, key in
      switch key {
      case .number(let number):
        (names.map { isByNumber ? $0[Int(number)] : $0[place] } ?? Value.number(number).text, places[key] ?? [])
      case .text(let text): (names.map { $0[place] } ?? (text.isEmpty ? "none" : text), places[key] ?? [])
      }
    }
  }
}

/// Numbers in groups: of a list by their labels, or of a list of lists.
struct PlotGroups {
  let list: [(name: String, values: [Double])]
  /// What the numbers are, and the groups.
  let label: String?, byLabel: String?

  init(_ plot: PlotCommand) throws {
    let input = try PlotInput(plot, pairs: false)
    let series = try input.series(input.first)
    label = input.yLabel
    byLabel = input.byLabel
    guard plot.$by.wasGiven else {
      let names = try plot.names(series.count, of: "lists") ?? input.names
      list = series.indices.map { (names?[$0] ?? (series.count > 1 ? String($0) : ""), series[$0]) }
      return
    }
    guard series.count == 1 else {
      throw input.first.failure(
        "'by' groups one list of numbers; this is \(counted(series.count, "list"))",
        hint: "take a column, x[.., 0], or leave 'by' away")
    }
    let values = series[0]
    guard let labels = try input.labels(for: values.count) else {
      list = [("", values)]
      return
    }
    list = try labels.groups(plot).map { ($0.name, $0.places.map { values[$0] }) }
  }
}

extension Table {
  /// The columns that are drawn.
  fileprivate func chosen(_ plot: PlotCommand) throws -> [Int] {
    guard let names = try plot.labels(plot.$columns) else {
      throw plot.$data.failure(
        "a table needs its columns chosen here",
        hint: "as in columns [\"\(columns.first?.name ?? "a")\", \"\(columns.dropFirst().first?.name ?? "b")\"]")
    }
    guard !names.isEmpty else { throw plot.$columns.failure("'columns' is empty") }
    return try plot.$columns.blaming { try names.map { try place($0) } }
  }

  /// A column's numbers; not a number where a row has none.
  fileprivate func column(_ place: Int, _ plot: PlotCommand) throws -> [Double] {
    let numbers = numbers(place)
    guard numbers.contains(where: { !$0.isNaN }) else {
      throw plot.$columns.failure("the column '\(columns[place].name)' holds no numbers")
    }
    return numbers
  }
}

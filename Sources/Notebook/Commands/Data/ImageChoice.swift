import BVAEDatasets
import BVAELanguage

/// The options that choose images, of files and of datasets.
struct ImageChoice: ArgumentGroup {
  @Option(
    aliases: ["digits"], "the classes, or digits, that are taken, by number or name; 'digits' is the same",
    default: .described("all"))
  var classes: ClassLabels?
  @Option(
    name: "where", "the factor that decides, with its values behind 'is'", .text, placeholder: "\"factor\"")
  var factor: String?
  @Option(name: "is", "the values of that factor that are taken", placeholder: "0.5|0..0.5|[1, 2]|\"name\"")
  var wanted: FactorCondition.Wanted?
  @Option("how many images are taken", .count, default: .described("all")) var count: Int?
  @Option("how many images of each class are taken", .count, default: .described("all")) var each: Int?
  @Option("how many matching images are passed over first", .integer(0...Kind.largest), default: 0) var skip: Int
  @Switch("takes the images in a random order") var shuffle: Bool
  @Option("the seed of the order, or of what is drawn", default: .scriptSeed) var seed: UInt64?
  @Option("the factor that goes over its range while the others stay", .text, placeholder: "\"factor\"")
  var vary: String?

  var rules: [Rule] {
    [
      { _ in
        guard $factor.wasGiven != $wanted.wasGiven else { return [] }
        let place: any DeclaredArgument = $factor.wasGiven ? $factor : $wanted
        return [
          place.failure(
            "'where' names a factor and 'is' its values; expected both, as in where \"scale\" is 0.8..1")
        ]
      }
    ]
  }

  /// The images that are asked for.
  func selection(_ session: Session) -> Selection {
    var selection = Selection(
      count: count, each: each, skip: skip, shuffle: shuffle ? session.seed(seed) : nil, vary: vary)
    if let classes {
      selection.digits = classes.numbers
      selection.classes = classes.names.isEmpty ? nil : classes.names
    }
    if let factor, let wanted { selection.conditions = [FactorCondition(factor, wanted)] }
    return selection
  }
}

/// The values of a factor: numbers, a range, or names.
extension FactorCondition.Wanted: ArgumentValue {
  package static let refusesValues = true
  package static let usualKinds: [Kind] = [.number, .range, .text, .list]

  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> Self? {
    guard case .value(let value) = content else { return nil }
    switch value {
    case .number(let number): return .numbers([number])
    case .range(let range) where range.lower <= range.upper: return .range(range.lower...range.upper)
    case .text(let name): return .names([name])
    case .list(let list) where list.count > 0:
      let names = list.elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
      if names.count == list.count { return .names(names) }
      let numbers = list.elements.compactMap { if case .number(let number) = $0 { number } else { nil } }
      if numbers.count == list.count { return .numbers(numbers) }
    default: break
    }
    throw ScriptFailure("'\(parameter.name)' takes the values of a factor: numbers, a range, or names")
  }
}

/// Classes by number and by name.
struct ClassLabels: ArgumentValue {
  /// Their numbers; nil where none were given by number.
  let numbers: [Int]?
  /// Their names.
  let names: [String]

  static let usualKinds: [Kind] = [
    .named(NamedThings(0...255, number: "label", name: "class name", placeholder: "CLASS"))
  ]
  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> Self? {
    guard case .value(let value) = content else { return nil }
    let elements =
      switch value {
      case .text, .number: [value]
      default: try value.listed().elements
      }
    let names = elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
    let numbers = elements.compactMap(\.whole)
    return ClassLabels(numbers: numbers.isEmpty && !names.isEmpty ? nil : numbers, names: names)
  }
}

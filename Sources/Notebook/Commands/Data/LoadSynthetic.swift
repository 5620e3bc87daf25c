import BVAECPU
import BVAEDatasets
import BVAELanguage
import BVAEPlatform

extension CommandDeclaration {
  /// What 'load' takes for data that the program draws.
  static let syntheticParameters: [Parameter] = [
    .toggle("grid", "takes sprites in the order of the grid of their factors"),
    .marker(
      "from", "what has the factors of images that are drawn again", .inputPath, .object(DatasetValue.self),
      optional: true),
  ]

  static func onlyDrawn(_ name: String) -> String {
    "'\(name)' is only for what is drawn: \(SyntheticData.all.map(\.rawValue).listed("and"))"
  }

  /// What is wrong with a call of 'load' about what is drawn, and what is not.
  static func syntheticMistakes(_ call: Inspection) -> [ScriptFailure] {
    guard let word = call.word("source"), let data = SyntheticData(rawValue: word) else {
      return call.wasGiven("source")
        ? syntheticParameters.filter { call.wasGiven($0.name) }.map { call.mistake($0.name, onlyDrawn($0.name)) } : []
    }
    var found: [ScriptFailure] = []
    found += onlyFiles.filter(call.wasGiven).map { call.mistake($0, onlyFile($0, data)) }
    if call.wasGiven("from") {
      found += fixedChoices.filter(call.wasGiven).map { call.mistake($0, fixedChoice($0)) }
    } else if call.wasGiven("grid") && !data.hasGrid {
      found.append(call.mistake("grid", "only sprites are drawn in the order of a grid"))
    }
    if case .text(let name) = call.literal("vary"), !data.factors.contains(where: { $0.name == name }) {
      let names = data.factors.map(\.name)
      found.append(
        call.mistake(
          "vary", "\(SyntheticError.noSuchFactor(name, names))", hint: Suggestion.hint(name, among: names)))
    }
    return found
  }

  private static let onlyFiles = ["partial", "scale", "where", "is", "fit", "background"]

  private static func onlyFile(_ name: String, _ data: SyntheticData) -> String {
    ["where", "is"].contains(name)
      ? "'\(name)' chooses from what is there, and \(data.rawValue) are drawn: draw them, then 'select' from them"
      : "'\(name)' is for files, and \(data.rawValue) are drawn"
  }

  private static let fixedChoices = ["digits", "count", "each", "skip", "shuffle", "seed", "grid", "vary"]

  private static func fixedChoice(_ name: String) -> String {
    "'\(name)' chooses what is drawn, which 'from' has fixed already"
  }

  /// Draws what a call of 'load' asks for.
  static func drawn(_ data: SyntheticData, _ call: Invocation, _ session: Session) throws -> Dataset {
    for name in onlyFiles where call.wasGiven(name) { throw call.failure(name, onlyFile(name, data)) }
    var side = try side(call)
    var split = Split(rawValue: try call.word("split"))
    if split == .val {
      throw call.failure("split", "\(data.rawValue) are drawn for training and for tests; expected train or test")
    }
    if !call.wasGiven("split"), call.isSet("grid") || call.wasGiven("from") { split = nil }
    let table: FactorTable
    if call.wasGiven("from") {
      try rejectChoices(call)
      let known = try call.blaming("from") { try knownFactors(call) }
      table = known.table
      // Images of a size that is not drawn have been resized: the usual one is taken.
      side = side ?? known.side.flatMap { SyntheticData.sides.contains($0) && $0 % 4 == 0 ? $0 : nil }
    } else {
      table = try chosenFactors(data, split, side, call, session)
    }
    let workers = session.workspace.compute.workers
    let planes = try call.integerIfAny("planes")
    if planes == 2 { throw call.failure("planes", "'planes' takes 1 (grey) or 3 (colour), not 2") }
    return try call.blaming(call.wasGiven("from") ? "from" : call.wasGiven("size") ? "size" : "source") {
      try data.dataset(of: table, split: split, side: side, planes: planes, workers: workers) {
        if session.host.interrupted { throw Stop.interrupted }
      }
    }
  }

  private static func side(_ call: Invocation) throws -> Int? {
    guard let sides = try call.integersIfAny("size") else { return nil }
    guard let first = sides.first, sides.allSatisfy({ $0 == first }) else {
      throw call.failure("size", "drawn images are square; expected one number of pixels")
    }
    return first
  }

  private static func chosenFactors(
    _ data: SyntheticData, _ split: Split?, _ side: Int?, _ call: Invocation, _ session: Session
  ) throws -> FactorTable {
    let isGrid = call.isSet("grid")
    if isGrid && !data.hasGrid { throw call.failure("grid", "only sprites are drawn in the order of a grid") }
    var selection = try call.selection(session)
    selection.vary = nil
    selection = try call.blaming("digits") { try selection.resolved(data.classes) }
    selection.shuffle = isGrid && !call.isSet("shuffle") ? nil : try call.seed(session)
    let wish = SyntheticWish(selection: selection, split: split)
    if let factor = try call.textIfAny("vary") {
      return try call.blaming("vary") { try data.factors(varying: factor, of: wish) }
    }
    return try call.blaming("source") { try data.factors(wish, side: side) }
  }

  /// Options that mean nothing where the factors are known already.
  private static func rejectChoices(_ call: Invocation) throws {
    for name in fixedChoices where call.wasGiven(name) { throw call.failure(name, fixedChoice(name)) }
  }

  private static func knownFactors(_ call: Invocation) throws -> (table: FactorTable, side: Int?) {
    guard let value = try call.objectIfAny("from", as: DatasetValue.self) else {
      return try DataLibrary.factors(ofFile: try call.text("from"))
    }
    guard let table = value.dataset.factors else {
      throw ScriptFailure("\(value.title) has no factors", hint: "drawn data have them: sprites and streets")
    }
    let shape = value.dataset.images.shape
    return (table, shape.height == shape.width ? shape.height : nil)
  }
}

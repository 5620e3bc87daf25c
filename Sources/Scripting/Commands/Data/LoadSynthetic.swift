import Datasets
import Numerics
import Platform

extension CommandDeclaration {
  /// What 'load' takes for data that the program draws.
  static let syntheticParameters: [Parameter] = [
    .option("size", "pixels along each side of a drawn image", .integer(8...128), default: .described("64 or 32")),
    .toggle("grid", "takes sprites in the order of the grid of their factors"),
    .option("vary", "the factor that goes over its range while the others stay", .text),
    .marker(
      "from", "what has the factors of images that are drawn again", .inputPath, .object(DatasetValue.self),
      optional: true),
  ]

  /// Draws what a call of 'load' asks for.
  static func drawn(_ data: SyntheticData, _ call: Invocation, _ session: Session) throws -> Dataset {
    let side = try call.integerIfAny("size")
    let wasSplitGiven = call.wasGiven("split")
    var split: Split? = try call.word("split") == "test" ? .test : .train
    let table: FactorTable
    if call.wasGiven("from") {
      try rejectChoices(call)
      if !wasSplitGiven { split = nil }
      table = try call.blaming("from") { try knownFactors(call) }
    } else {
      let isGrid = call.isSet("grid")
      if isGrid && data != .sprites { throw call.failure("grid", "only sprites are drawn in the order of a grid") }
      if isGrid && !wasSplitGiven { split = nil }
      let seed = try call.seed(session)
      let selection = Selection(
        digits: try call.integersIfAny("digits"), count: try call.integerIfAny("count"),
        each: try call.integerIfAny("each"), skip: try call.integer("skip"),
        shuffle: isGrid && !call.isSet("shuffle") ? nil : seed)
      let wish = SyntheticWish(selection: selection, split: split)
      if let factor = try call.textIfAny("vary") {
        table = try call.blaming("vary") { try data.factors(varying: factor, of: wish) }
      } else {
        table = try call.blaming("source") { try data.factors(wish, side: side) }
      }
    }
    let workers = session.workspace.compute.workers
    return try call.blaming(call.wasGiven("from") ? "from" : side == nil ? "source" : "size") {
      try data.dataset(of: table, split: split, side: side, workers: workers) {
        if session.host.interrupted { throw Stop.interrupted }
      }
    }
  }

  /// Options that mean nothing where the factors are known already.
  private static func rejectChoices(_ call: Invocation) throws {
    for name in ["digits", "count", "each", "skip", "shuffle", "seed", "grid", "vary"] where call.wasGiven(name) {
      throw call.failure(name, "'\(name)' chooses what is drawn, which 'from' has fixed already")
    }
  }

  private static func knownFactors(_ call: Invocation) throws -> FactorTable {
    if let value = try call.objectIfAny("from", as: DatasetValue.self) {
      guard let table = value.dataset.factors else {
        throw ScriptFailure("\(value.title) has no factors", hint: "drawn data have them: sprites and streets")
      }
      return table
    }
    throw ScriptFailure("factors are not read from files yet")
  }
}

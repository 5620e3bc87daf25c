import BVAECPU
import BVAEDatasets
import BVAELanguage
import BVAEPlatform

/// What 'load' does for data that the program draws.
extension LoadCommand {
  /// What is wrong with a call about what is drawn, and what is not.
  var drawnRules: [ScriptFailure] {
    guard let word = $source.word, let data = SyntheticData(rawValue: word) else {
      guard $source.wasGiven, $grid.wasGiven || $from.wasGiven else { return [] }
      return given([$grid, $from]).map {
        $0.failure("'\($0.name)' is only for what is drawn: \(SyntheticData.all.map(\.rawValue).listed("and"))")
      }
    }
    var found = given([choice.$factor, choice.$wanted]).map {
      $0.failure("'\($0.name)' chooses from what is there, and \(word) are drawn: draw them, then 'select' from them")
    }
    found += given([$partial, $scale, $fit, $background]).map {
      $0.failure("'\($0.name)' is for files, and \(word) are drawn")
    }
    if $split.known == .val {
      found.append($split.failure("\(word) are drawn for training and for tests; expected train or test"))
    }
    if let sides = $size.knownOrNil(), sides.contains(where: { $0 != sides.first }) {
      found.append($size.failure("drawn images are square; expected one number of pixels"))
    }
    if $from.wasGiven {
      let fixed: [any DeclaredArgument] = [
        choice.$classes, choice.$count, choice.$each, choice.$skip, choice.$shuffle, choice.$seed, $grid, choice.$vary,
      ]
      found += given(fixed).map { $0.failure("'\($0.name)' chooses what is drawn, which 'from' has fixed already") }
    } else if grid && !data.hasGrid {
      found.append($grid.failure("only sprites are drawn in the order of a grid"))
    }
    if let factor = choice.$vary.knownOrNil(), !data.factors.contains(where: { $0.name == factor }) {
      let names = data.factors.map(\.name)
      found.append(
        choice.$vary.failure(
          "\(SyntheticError.noSuchFactor(factor, names))", hint: Suggestion.hint(factor, among: names)))
    }
    return found
  }

  private func given(_ arguments: [any DeclaredArgument]) -> [any DeclaredArgument] { arguments.filter(\.wasGiven) }

  /// Draws what is asked for.
  func drawn(_ data: SyntheticData, _ session: Session) throws -> Dataset {
    var side = size?.first
    var part: Split? = split
    if !$split.wasGiven, grid || from != nil { part = nil }
    let table: FactorTable
    if let from {
      let known = try $from.blaming { try from.known }
      table = known.table
      // Images of a size that is not drawn have been resized: the usual one is taken.
      side = side ?? known.side.flatMap { SyntheticData.sides.contains($0) && $0 % 4 == 0 ? $0 : nil }
    } else {
      table = try chosenFactors(data, part, side, session)
    }
    let culprit: any DeclaredArgument =
      if $from.wasGiven { $from } else if $size.wasGiven { $size } else { $source }
    return try culprit.blaming {
      try data.dataset(of: table, split: part, side: side, planes: planes, workers: session.workspace.compute.workers) {
        if session.host.interrupted { throw Stop.interrupted }
      }
    }
  }

  private func chosenFactors(_ data: SyntheticData, _ split: Split?, _ side: Int?, _ session: Session) throws
    -> FactorTable
  {
    var selection = choice.selection(session)
    selection.vary = nil
    selection = try choice.$classes.blaming { try selection.resolved(data.classes) }
    selection.shuffle = grid && !choice.shuffle ? nil : session.seed(choice.seed)
    let wish = SyntheticWish(selection: selection, split: split)
    if let factor = choice.vary { return try choice.$vary.blaming { try data.factors(varying: factor, of: wish) } }
    return try $source.blaming { try data.factors(wish, side: side) }
  }
}

/// What has the factors of images: a dataset, or the path of its .npz.
enum FactorSource: ArgumentValue {
  case file(String)
  case data(DatasetValue)

  static let usualKinds: [Kind] = [.inputPath, .object(DatasetValue.self)]

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> FactorSource? {
    if let data = DatasetValue.read(content, for: parameter, of: verb) { return .data(data) }
    return String.read(content, for: parameter, of: verb).map { .file($0) }
  }

  /// The factors, and the pixels a side of the images where they are square.
  var known: (table: FactorTable, side: Int?) {
    get throws {
      switch self {
      case .file(let path): return try DataLibrary.factors(ofFile: path)
      case .data(let value):
        guard let table = value.dataset.factors else {
          throw ScriptFailure("\(value.title) has no factors", hint: "drawn data have them: sprites and streets")
        }
        let shape = value.dataset.images.shape
        return (table, shape.height == shape.width ? shape.height : nil)
      }
    }
  }
}

import BVAEDatasets
import BVAELanguage

struct SelectCommand: Command {
  static let about = CommandAbout(
    "select", in: .data, "chooses images of a dataset",
    details:
      "The options are those of 'load'. 'where' with 'is' takes the images of which a factor has a value, one of "
      + "several, any of a range, or a name: where \"scale\" is 0.8..1, where \"shape\" is \"heart\". 'vary' takes the first "
      + "image and those that differ from it in one factor alone, in the order of its values. 'at' takes images by their "
      + "places, from 0.",
    result: .object(DatasetValue.self),
    example: """
      digits = load mnist each 10
      sevens = select digits digits 7
      """)

  @Positional("the dataset") var data: DatasetValue
  @Group var choice: ImageChoice
  @Option("the places of the images that are taken", .integers(0...Kind.largest), default: .described("all"))
  var at: [Int]?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    var dataset = data.dataset
    if let at { dataset = try $at.blaming { try dataset.selecting(at) } }
    let suspects: [any DeclaredArgument] = [
      choice.$factor, choice.$classes, choice.$vary, choice.$each, choice.$count, choice.$skip,
    ]
    let culprit = suspects.first(where: \.wasGiven) ?? $data
    return .object(DatasetValue(dataset: try culprit.blaming { try dataset.choosing(choice.selection(session)) }))
  }
}

import BVAEDatasets
import BVAELanguage
import BVAEPlatform

struct AugmentCommand: Command {
  static let about = CommandAbout(
    "augment", in: .data, "turns, scales and thickens the images of a dataset by values that are then known factors",
    details:
      "Each image is transformed by values that are drawn evenly from the ranges: its strokes grow by 'thickness' pixels at "
      + "each side, or shrink, then it is turned by 'rotation' degrees clockwise and scaled by 'scale', both about its "
      + "middle, by bilinear interpolation; beyond its edges it goes on as it is there. One number instead of a range is "
      + "the value of all. The values are the factors of the new dataset, together with 'image', the place of the image "
      + "that was transformed; factors that were known before are not kept. They are made from real images, but are not "
      + "values that were measured in them: a digit that was slanted already still has rotation 0. 'times' takes each "
      + "image several times, with other values; 'vary' takes one transformation over its range in that many steps while "
      + "the image's other values stay.\n"
      + "'dcign' transforms the images anew for each batch, and so does 'measure … factors'; 'image' is then part of all "
      + "else. Images for tests are transformed from a dataset of their own, such as split test. 'image' takes part in "
      + "'measure … scores' and 'interpret' where there are at most 40 originals and ten images or more of each. A .npz "
      + "keeps the originals too.",
    result: .object(DatasetValue.self),
    example: """
      sevens = load mnist digits 7 count 50
      turned = augment sevens rotation -30..30 scale 0.7..1.3
      model = dcign for turned latents 6 factors ["rotation", "scale"] channels 8
      train model on turned epochs 2
      """)

  @Positional("the images") var data: DatasetValue
  @Option("degrees clockwise, -90 to 90", default: .described("not turned"), placeholder: "-30..30")
  var rotation: TransformationValues?
  @Option("the new size, 0.25 to 4, 1 for the old one", default: .described("not scaled"), placeholder: "0.7..1.3")
  var scale: TransformationValues?
  @Option(
    "pixels by which bright strokes grow at each side, -4 to 4", default: .described("as they are"),
    placeholder: "-1..1")
  var thickness: TransformationValues?
  @Option("how often each image is taken", .integer(1...10_000), default: .described("once; 12 times with 'vary'"))
  var times: Int?
  @Option("the transformation that goes over its range while the others stay", .text, placeholder: "\"rotation\"")
  var vary: String?
  @Option("the seed of the values", default: .scriptSeed) var seed: UInt64?

  private var slots: [(kind: Transformation, slot: Slot<TransformationValues?>)] {
    [(.rotation, $rotation), (.scale, $scale), (.thickness, $thickness)]
  }

  var rules: [Rule] {
    [
      { site in
        guard !slots.contains(where: \.slot.wasGiven) else { return [] }
        return [
          $data.failure(
            "\(TransformationError.nothing)", hint: "write, for instance, augment DATASET rotation -30..30")
        ]
      },
      { _ in
        slots.compactMap { kind, slot in
          guard let values = slot.knownOrNil()?.floats else { return nil }
          let isWithin = kind.range.contains(values.lowerBound) && kind.range.contains(values.upperBound)
          return isWithin ? nil : slot.failure("\(TransformationError.range(kind, values))")
        }
      },
      { _ in
        guard let name = $vary.knownOrNil() else { return [] }
        let names = slots.filter(\.slot.wasGiven).map(\.kind.rawValue)
        if names.isEmpty {
          return [$vary.failure("no transformation is given to vary", hint: "write its range too: rotation -30..30")]
        }
        guard let found = slots.first(where: { $0.kind.rawValue == name && $0.slot.wasGiven }) else {
          return [
            $vary.failure(
              "'\(name)' is none of the transformations here; expected \(names.map { "'\($0)'" }.listed("or"))",
              hint: Suggestion.hint(name, among: names))
          ]
        }
        guard let values = found.slot.knownOrNil()?.floats, values.lowerBound == values.upperBound else { return [] }
        return [$vary.failure("\(TransformationError.nothingVaries(found.kind))")]
      },
      { _ in
        guard $vary.wasGiven, $times.known == 1 else { return [] }
        return [$times.failure("\(TransformationError.times(1, least: 2))")]
      },
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    var ranges: [Transformation: ClosedRange<Float>] = [:]
    for (kind, slot) in slots { ranges[kind] = slot.value?.floats }
    let wish = TransformationWish(
      ranges, times: times ?? (vary == nil ? 1 : 12), vary: vary.flatMap(Transformation.init), seed: session.seed(seed))
    let dataset = try $data.blaming {
      try data.dataset.transformed(wish, workers: session.workspace.compute.workers) {
        if session.host.interrupted { throw Stop.interrupted }
      }
    }
    session.tell(dataset.remarks)
    session.workspace.record(dataset)
    return .object(DatasetValue(dataset: dataset))
  }
}

/// The values of a transformation: a range, or one number.
struct TransformationValues: ArgumentValue {
  let floats: ClosedRange<Float>

  static let usualKinds: [Kind] = [.range, .number]

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> TransformationValues? {
    switch content {
    case .value(.number(let number)): TransformationValues(floats: Float(number)...Float(number))
    case .value(.range(let range)) where range.lower <= range.upper:
      TransformationValues(floats: Float(range.lower)...Float(range.upper))
    default: nil
    }
  }
}

import BVAECPU
import BVAELanguage
import BVAEPlatform

struct PixelsCommand: Command {
  static let about = CommandAbout(
    "pixels", in: .data, "makes images of numbers, such as differences and means of the values of others",
    details:
      "The numbers are those that 'values' of datasets and images gives: [images, height, width, planes] with 1 plane for "
      + "grey and 3 for colours, without the planes for grey images. Of one image they are [height, width], or [height, "
      + "width, planes]. 0 is black, 1 is white; what lies outside is clipped, and a note says how much of it there was.",
    result: .object(ImagesValue.self),
    example: """
      tests = load mnist split test count 10
      model = vae for tests latents 4
      differences = pixels (abs(tests.values - (reconstruct model tests).values))
      mean_image = pixels (mean(tests.values, 0))
      show differences
      """)

  @Positional("the numbers") var numbers: NumberArray

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let shape = try $numbers.blaming { try Self.imageShape(numbers.shape) }
    var clipped = 0
    let values = try numbers.withValues { numbers in
      try numbers.map { number in
        guard number.isFinite else {
          throw $numbers.failure("one of these numbers is not a number or infinite, which no pixel can show")
        }
        if number < 0 || number > 1 { clipped += 1 }
        return Float(max(0, min(1, number)))
      }
    }
    if clipped > 0 {
      session.host.note(
        "line \(site.line): \(clipped.grouped) of \(counted(values.count, "number")) outside 0…1 "
          + "\(clipped == 1 ? "was" : "were") clipped")
    }
    return .object(ImagesValue(pixels: Tensor(shape: shape, values: values), title: "Images of numbers"))
  }

  /// The shape of images, [images, height, width, planes], of numbers of a shape.
  private static func imageShape(_ shape: [Int]) throws -> [Int] {
    guard !shape.contains(0) else { throw ScriptFailure("there are no numbers to make images of") }
    let whole: [Int]? =
      switch shape.count {
      case 2: [1] + shape + [1]
      case 3 where [1, 3].contains(shape[2]): [1] + shape
      case 3: shape + [1]
      case 4 where [1, 3].contains(shape[3]): shape
      default: nil
      }
    guard let whole else {
      throw ScriptFailure(
        "numbers of the shape \(shape) are no images",
        hint: shape.count == 1
          ? "reshape(x, [28, 28]) makes one image of them"
          : "images have the shape [images, height, width, planes], with 1 plane or 3")
    }
    return whole
  }
}

import BVAELanguage
import BVAEPlatform
import BVAERendering

/// An animation in a script.
struct AnimationValue: SyntheticOrigin {
  static let typeName = "animation"
  static let typeSummary =
    "pictures that are shown one after the other; 'figure' puts it into the report, 'save' writes it as .gif or .png"
  static let fields: [Field<AnimationValue>] = [
    Field("count", .number, "how many frames there are") { .number($0.animation.frames.count) },
    Field("width", .number, "pixels a row") { .number($0.animation.width) },
    Field("height", .number, "rows of pixels") { .number($0.animation.height) },
    Field("seconds", .number, "how long it takes before it begins again") { .number($0.seconds) },
  ]

  let animation: Animation
  /// What it shows, where the report gives it no caption.
  let title: String
  /// Where it comes from, as in a figure.
  let notes: [(key: String, value: String)]
  /// The characters that it should show and the font lacks.
  let lackingCharacters: [Character]
  var synthetic: Set<String> = []

  private var seconds: Double { Double(animation.frames.count * animation.delay) / 100 }

  var summary: String {
    "animation: \(title), \(counted(animation.frames.count, "frame")) of \(animation.width)×\(animation.height) pixels, "
      + "\(seconds.formatted()) seconds"
  }

  func isEqual(to other: any ScriptObject) -> Bool { (other as? AnimationValue)?.animation == animation }

  /// The first frame, as a terminal holds still.
  func preview() -> Preview? { Preview(title: summary, animation.frames[0]) }
}

extension AnimationValue: PictureValue {
  static let endings = ["gif", "png"]

  var bitmaps: [Bitmap] { animation.frames }

  func encoded(for path: String, title: String?) throws -> [UInt8] {
    var notes = notes
    if let title { notes.insert(("Title", title), at: 0) }
    if let syntheticNote { notes.append(("Data", syntheticNote)) }
    return FileForm.isIn(path, ["gif"])
      ? try GIF.encode(animation, comments: notes.map { "\($0.key): \($0.value)" })
      : try PNG.encode(animation, text: notes)
  }
}

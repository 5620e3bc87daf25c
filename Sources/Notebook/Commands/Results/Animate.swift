import BVAELanguage
import BVAEPlatform
import BVAERendering

struct AnimateCommand: Command {
  static let about = CommandAbout(
    "animate", in: .results, "makes an animation of a sweep, an interpolation, images or figures",
    details:
      "Of a sweep all latents move at once, side by side, each over its values; of an interpolation or of images one "
      + "follows the other. A list of figures, or of images, becomes one of its frames each: a loop that trains an epoch and "
      + "joins a sheet to a list shows a training. 'figure' puts an animation into the report, which plays it, and "
      + "'save' writes it: as .gif, of 256 colours, which are exact for grey images, or as .png (APNG), always exact. "
      + "Both play for ever. 'show' shows the first frame.",
    result: .object(AnimationValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4
      rows = sweep model from ones[0] range prior
      figure (animate rows rate 12 bounce) "rows.gif" caption "All latents"
      """)

  @Positional(
    name: "what", "a sweep, an interpolation, images, or a list of figures or of images",
    anyOf: ValueKinds.taking { $0 is any AnimatedValue.Type } + [.list])
  var shown: AnimatedThing
  @Option("frames a second", .number(.within(Animation.rates)), default: 10) var rate: Double
  @Switch("plays forward, then backward") var bounce: Bool
  @Option("the heading; of a list of figures, only what the report says", .text) var title: String?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let film = try $shown.blaming { try shown.film(title: title) }
    let frames = bounce ? film.frames + film.frames.dropLast().dropFirst().reversed() : film.frames
    return .object(
      AnimationValue(
        animation: try $shown.blaming { try Animation(frames, rate: rate) }, title: film.title,
        notes: site.notes(session) + film.notes, lackingCharacters: film.lackingCharacters))
  }
}

/// What `animate` takes: a value that moves, or a list of pictures.
enum AnimatedThing: ArgumentValue {
  case value(any AnimatedValue)
  case figures([FigureValue])
  case images([ImageValue])

  /// The frames of an animation and what is said of them.
  typealias Film = (
    frames: [Bitmap], title: String, notes: [(key: String, value: String)], lackingCharacters: [Character]
  )

  static let refusesValues = true

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> AnimatedThing? {
    switch content {
    case .value(.object(let object)): return (object as? any AnimatedValue).map { .value($0) }
    case .value(let value) where value.type == .list || value.type == .range:
      let elements = try value.listed().elements.flatMap(Self.parts)
      let figures = elements.compactMap { FigureValue.read(.value($0), for: parameter, of: verb) }
      if figures.count == elements.count, !figures.isEmpty { return .figures(figures) }
      let images = elements.compactMap { ImageValue.read(.value($0), for: parameter, of: verb) }
      if images.count == elements.count, !images.isEmpty { return .images(images) }
      guard let odd = elements.first(where: { $0.type != elements[0].type }) ?? elements.first else {
        throw ScriptFailure("this list has no figures or images to animate")
      }
      throw ScriptFailure(
        "a list that is animated holds figures, or images, and nothing else; this one holds \(odd.brief)")
    default: return nil
    }
  }

  /// Images that stand in a list count one by one.
  private static func parts(_ value: Value) throws -> [Value] {
    guard case .object(let object) = value, object is ImagesValue || object is DatasetValue else { return [value] }
    return try (0..<object.count).map { try object.element($0) }
  }

  func film(title: String?) throws -> Film {
    switch self {
    case .figures(let figures):
      return (
        figures.map(\.picture.bitmap), title ?? figures[0].title, [],
        figures.reduce(into: []) { found, figure in
          found += figure.lackingCharacters.filter { !found.contains($0) }
        }
      )
    case .images(let images):
      let scenes = images.map {
        ContactSheet(images: [ContactSheet.Frame(image: $0.pixels.bitmap, label: $0.className)])
      }
      return try Self.film(scenes, title: title ?? "\(counted(images.count, "image"))", notes: [])
    case .value(let value):
      guard value.sceneCount <= Animation.mostFrames else {
        throw ScriptFailure(
          "an animation has at most \(Animation.mostFrames.grouped) frames, not \(value.sceneCount.grouped)",
          hint: "take a part: [0..99]")
      }
      return try Self.film(try value.scenes(), title: title ?? value.animationTitle, notes: value.sheetNotes)
    }
  }

  /// Draws sheets of one layout. Where a longer label makes one wider, the others get as much paper.
  private static func film(_ scenes: [ContactSheet], title: String, notes: [(key: String, value: String)]) throws
    -> Film
  {
    let images = scenes.flatMap(\.rows).flatMap(\.frames).map(\.image.width)
    let columns = scenes.flatMap(\.rows).map(\.frames.count).max() ?? 1
    let scale = Self.scale(width: images.max() ?? 1, columns: columns)
    var lacking: [Character] = []
    var drawn: [Bitmap] = []
    for var scene in scenes {
      (scene.title, scene.scale) = (title, scale)
      if lacking.isEmpty { lacking = scene.lackingCharacters }
      drawn.append(try scene.render())
      try Animation.check(count: scenes.count, width: drawn[0].width, height: drawn[0].height)
    }
    let width = drawn.map(\.width).max() ?? 1, height = drawn.map(\.height).max() ?? 1
    return (drawn.map { $0.widened(to: width, height, with: Theme.paper) }, title, notes, lacking)
  }

  /// About 480 pixels for all columns, and for each image at least what a label takes up, so that labels of different
  /// lengths do not move it.
  private static func scale(width: Int, columns: Int) -> Int {
    max((72 + width - 1) / width, min(8, 480 / (width * max(1, columns))))
  }
}

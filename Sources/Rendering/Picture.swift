// Figures are bitmaps and colours: whoever draws has them too.
@_exported import BVAEPixels
import BVAEPlatform

/// A figure as it leaves the workshop: pixels and where they come from.
public struct Picture: Sendable {
  /// The pixels, with three planes.
  public let bitmap: Bitmap
  /// Provenance, in order: "Title", "Model", "Data" … and what to say of each. Travels in the PNG's text chunks.
  public var notes: [(key: String, value: String)]

  /// A picture; a grey bitmap is given three planes.
  public init(bitmap: Bitmap, notes: [(key: String, value: String)] = []) {
    self.bitmap = bitmap.colored
    self.notes = notes
  }
}

extension PNG {
  /// A PNG file of a picture and its notes.
  /// - Throws: see `encode(_:text:)`.
  public static func encode(_ picture: Picture) throws(FileProblem) -> [UInt8] {
    try encode(picture.bitmap, text: picture.notes)
  }
}

/// What can be drawn: charts, sheets, diagrams. It says where everything goes; pixels and files are made of that.
public protocol Drawable: Sendable {
  /// Where everything goes, in the colours of `Theme`.
  /// - Throws: `DrawingError` when it cannot be drawn.
  func layout() throws(DrawingError) -> Page
}

extension Drawable {
  /// The pixels, RGB on white.
  /// - Throws: `DrawingError` when it would be larger than `Theme.mostPixels`.
  public func render() throws(DrawingError) -> Bitmap { try layout().render() }

  /// The characters of its texts that the font of the pixels lacks, each once: they are drawn as boxes, or not at all
  /// where they are marks on others.
  public var lackingCharacters: [Character] { (try? layout())?.lackingCharacters ?? [] }
}

/// Why something cannot be drawn.
public enum DrawingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The page would have more pixels than `limit`.
  case tooLarge(width: Int, height: Int, limit: Int)

  /// What happened and what to do about it.
  public var description: String {
    switch self {
    case .tooLarge(let width, let height, let limit):
      "cannot draw the figure: it would be \(width) × \(height) pixels, more than the limit of "
        + "\(limit / 1_000_000) million; choose a smaller scale or fewer images"
    }
  }
}

/// Why bytes cannot be read as a PNG, or a picture not be written as one.
public enum PNGError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes do not begin as a PNG does; `found` shows the first ones.
  case notPNG(found: String)
  /// The bytes end at `offset`, in the middle of `part`.
  case truncated(part: String, offset: Int)
  /// Something in the file contradicts the format.
  case damaged(String)
  /// The header announces more pixels than the caller accepts.
  case tooLarge(width: Int, height: Int, limit: Int)
  /// A text chunk's keyword is not 1 to 79 printable Latin-1 characters.
  case badKeyword(String)
  /// libpng could not write the picture.
  case cannotWrite(String)

  /// What happened, in words for the person at the keyboard.
  public var description: String {
    switch self {
    case .notPNG(let found): "not a PNG picture: it begins with \(found) instead of 89 50 4E 47 0D 0A 1A 0A"
    case .truncated(let part, let offset):
      "the PNG picture is cut off: its bytes end at \(offset), in the middle of \(part)"
    case .damaged(let what): "the PNG picture is damaged: \(what)"
    case .tooLarge(let width, let height, let limit):
      "the PNG picture is too large: \(width) × \(height) pixels, more than the \(limit) that are accepted"
    case .badKeyword(let keyword):
      "cannot write the text chunk '\(keyword)': a keyword is 1 to 79 Latin-1 characters without outer spaces"
    case .cannotWrite(let reason): "cannot write the PNG picture: \(reason)"
    }
  }
}

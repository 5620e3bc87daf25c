import BVAEPlatform

/// A picture that was read from a file.
public struct PictureFile: Sendable {
  /// Its pixels: one plane where the file is grey, else three.
  public let bitmap: Bitmap
  /// The text chunks of a PNG, in order.
  public let text: [(key: String, value: String)]
  /// Whether nothing is left of it over the background: its colours or its transparency differ, its pixels do not.
  public let isHidden: Bool
  /// How it is to be turned for showing by the camera's note (EXIF, 1…8), which is not done; nil where none is there.
  public let orientation: Int?

  init(
    _ bitmap: Bitmap, text: [(key: String, value: String)] = [], isHidden: Bool = false, orientation: Int? = nil
  ) {
    (self.bitmap, self.text, self.isHidden, self.orientation) = (bitmap, text, isHidden, orientation)
  }

  /// The kinds of pictures that are read, told by their first bytes.
  public enum Format: Sendable {
    /// Portable Network Graphics.
    case png
    /// JPEG, see `JPEG`.
    case jpeg

    /// The format of a file that begins so; nil where it is neither.
    public init?(_ bytes: some Collection<UInt8>) {
      if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
        self = .png
      } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
        self = .jpeg
      } else {
        return nil
      }
    }
  }

  /// The picture in a file's bytes, whatever the file is called.
  /// - Parameters:
  ///   - limit: the most pixels; a larger picture is refused before anything is allocated.
  ///   - background: what shows where it is transparent.
  /// - Throws: `PNGError`, also where the bytes are no picture at all, or `JPEGError`.
  public static func decode(
    _ bytes: [UInt8], limit: Int = PNG.defaultLimit, background: Color = .white
  ) throws -> PictureFile {
    if case .jpeg = Format(bytes) { return try JPEG.decode(bytes, limit: limit) }
    return try PNG.decode(bytes, limit: limit, background: background)
  }

  /// The picture in a file.
  /// - Throws: `FileError`, which names the file, also where its content is no picture or damaged.
  public static func read(
    _ path: String, limit: Int = PNG.defaultLimit, background: Color = .white
  ) throws -> PictureFile {
    let bytes = try Files.read(path, limit: 1 << 28)
    do {
      return try decode(bytes, limit: limit, background: background)
    } catch {
      throw FileError(path: path, reason: "cannot read '\(path)': \(error)")
    }
  }
}

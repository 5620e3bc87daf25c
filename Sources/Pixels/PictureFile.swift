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

  /// The picture in a file's bytes, whatever the file is called.
  /// - Parameters:
  ///   - limit: the most pixels; a larger picture is refused before anything is allocated.
  ///   - background: what shows where it is transparent.
  /// - Throws: `FileProblem`, also where the bytes are no picture at all.
  public static func decode(
    _ bytes: [UInt8], limit: Int = PNG.defaultLimit, background: Color = .white
  ) throws(FileProblem) -> PictureFile {
    // What is of no kind is told by the reader of what most pictures are.
    try (PictureKind(bytes) ?? .png).decode(bytes, limit, background)
  }

  /// The picture in a file.
  /// - Throws: `FileProblem`, which names the file, also where its content is no picture or damaged.
  public static func read(
    _ path: String, limit: Int = PNG.defaultLimit, background: Color = .white
  ) throws -> PictureFile {
    let bytes = try Files.read(path, limit: 1 << 28)
    return try FileProblem.naming(path) { try decode(bytes, limit: limit, background: background) }
  }
}

/// A kind of pictures that are read. A new one is a value like `png` beside its reader, and a line in `all`.
public struct PictureKind: Sendable, Hashable {
  /// `PNG`
  public let name: String
  /// The endings of its files, the usual one first, in small letters and without the dot.
  public let endings: [String]
  /// What its files begin with.
  let start: [UInt8]
  /// What to do where this machine cannot read it; nil where every machine can.
  public let remedy: String?
  /// Whether this machine can read it.
  let isAvailable: @Sendable () -> Bool
  /// The picture in bytes of at most so many pixels, in front of a background.
  let decode: @Sendable (_ bytes: [UInt8], _ limit: Int, _ background: Color) throws(FileProblem) -> PictureFile

  /// All that are read, where their libraries are there.
  public static let all: [PictureKind] = [
    .png,
    .jpeg,
  ]

  /// Those that this machine can read.
  public static var available: [PictureKind] { all.filter { $0.isAvailable() } }

  /// The kind of a file that begins so; nil where it is none of them.
  public init?(_ bytes: some Collection<UInt8>) {
    guard let kind = Self.all.first(where: { bytes.starts(with: $0.start) }) else { return nil }
    self = kind
  }

  init(
    _ name: String, endings: [String], start: [UInt8], remedy: String? = nil,
    isAvailable: @escaping @Sendable () -> Bool = { true },
    decode: @escaping @Sendable ([UInt8], Int, Color) throws(FileProblem) -> PictureFile
  ) {
    (self.name, self.endings, self.start, self.remedy) = (name, endings, start, remedy)
    (self.isAvailable, self.decode) = (isAvailable, decode)
  }

  /// Kinds are told apart by their names.
  public static func == (a: PictureKind, b: PictureKind) -> Bool { a.name == b.name }

  /// See `==`.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

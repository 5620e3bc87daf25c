import BVAEPlatform
import CBVAEPNG
import CBVAEPNGReader

/// PNG files, by libpng: written by its simplified interface, which reports errors as values, and read row by row in C.
public enum PNG {
  /// The version of the library: `1.6.39`.
  package static var libraryVersion: String { png_get_libpng_ver(nil).map { String(cString: $0) } ?? "not known" }

  /// The pixels that `decode` accepts unless told otherwise.
  public static let defaultLimit = 1 << 26

  /// A PNG file. Equal input gives equal bytes.
  /// - Parameter text: keyword (1 to 79 printable Latin-1 characters) and value of the text chunks, in order.
  /// - Throws: `FileProblem` where a keyword is none or libpng fails.
  public static func encode(_ bitmap: Bitmap, text: [(key: String, value: String)] = []) throws(FileProblem) -> [UInt8]
  {
    var notes: [UInt8] = []
    for note in text { notes += try PNGText.chunk(keyword: note.key, value: note.value) }
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(truncatingIfNeeded: bitmap.width)
    image.height = png_uint_32(truncatingIfNeeded: bitmap.height)
    image.format = format(planes: bitmap.planes)
    defer { png_image_free(&image) }
    // More than zlib and libpng ever need for so many pixels, so that compressing once is enough.
    var count = bitmap.bytes.count * 5 / 4 + bitmap.height * 2 + 1024
    var written = true
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      written = png_image_write_to_memory(&image, buffer.baseAddress, &count, 0, bitmap.bytes, 0, nil) != 0
      initialized = written ? min(count, buffer.count) : 0
    }
    guard written, bytes.count > afterHeader else {
      throw FileProblem("libpng cannot write the picture: \(message(image))", action: "write")
    }
    return bytes[..<afterHeader] + notes + bytes[afterHeader...]
  }

  /// The pixels and the text chunks of a PNG file. Grey files give one plane, all others three. Values are those that
  /// are stored, whatever the file says of gamma and colour spaces; sixteen bits become eight by rounding to the nearest;
  /// what is transparent is mixed with `background` in stored values.
  /// - Parameter limit: the most pixels; a larger picture is refused before anything is allocated.
  /// - Throws: `FileProblem`, saying what was found. Text chunks that are damaged are left out without an error.
  public static func decode(
    _ bytes: [UInt8], limit: Int = defaultLimit, background: Color = .white
  ) throws(FileProblem) -> PictureFile {
    let chunks = try PNGChunks(bytes)
    let (width, height) = try chunks.size()
    guard width * height <= limit else {  // each is below 2³¹
      throw .largePicture("PNG", width: width, height: height, limit: limit)
    }
    guard let essential = chunks.essentialBytes() else {
      throw .cutOffPNG(in: "the picture", at: bytes.count)
    }
    guard let (planes, hasAlpha) = chunks.planes() else {
      throw .damagedPNG("its header states a kind of pixels that does not exist")
    }
    let channels = hasAlpha ? planes + 1 : planes
    var reason = [CChar](repeating: 0, count: Int(png_reader_reason_size))
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    let isRead = png_reader_read(
      essential, essential.count, UInt32(width), UInt32(height), UInt32(channels), &pixels, &reason)
    guard isRead else { throw .damagedPNG(message(reason[...])) }
    var isHidden = false
    if hasAlpha {
      var stored = TransparentPixels(planes: planes, bytes: pixels)
      pixels = []
      isHidden = stored.mix(over: background)
      pixels = stored.bytes
    }
    return PictureFile(
      Bitmap(width: width, height: height, planes: planes, bytes: pixels), text: PNGText.notes(in: chunks),
      isHidden: isHidden)
  }

  /// Where the chunk after IHDR begins: signature, length, type, thirteen bytes and checksum.
  private static let afterHeader = 33

  private static func format(planes: Int) -> png_uint_32 { planes == 1 ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR) }

  private static func message(_ image: png_image) -> String {
    withUnsafeBytes(of: image.message) { message($0.bindMemory(to: CChar.self)[...]) }
  }

  private static func message(_ text: some Sequence<CChar>) -> String {
    let text = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.isEmpty ? "libpng gives no reason" : text
  }
}

extension PictureKind {
  /// Portable Network Graphics.
  public static let png = PictureKind("PNG", endings: ["png"], start: [0x89, 0x50, 0x4E, 0x47]) {
    (bytes, limit, background) throws(FileProblem) in
    try PNG.decode(bytes, limit: limit, background: background)
  }
}

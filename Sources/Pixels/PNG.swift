import CPNG

/// PNG files, by libpng's simplified interface: it reports errors as values and never jumps over Swift's frames.
public enum PNG {
  /// The pixels that `decode` accepts unless told otherwise.
  public static let defaultLimit = 1 << 26

  /// A PNG file. Equal input gives equal bytes.
  /// - Parameter text: keyword (1 to 79 printable Latin-1 characters) and value of the text chunks, in order.
  /// - Throws: `PNGError.badKeyword`, `PNGError.cannotWrite`.
  public static func encode(_ bitmap: Bitmap, text: [(key: String, value: String)] = []) throws(PNGError) -> [UInt8] {
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
    guard written, bytes.count > afterHeader else { throw .cannotWrite(message(image)) }
    return bytes[..<afterHeader] + notes + bytes[afterHeader...]
  }

  /// The pixels and the text chunks of a PNG file. Grey files give one plane, all others three; sixteen bits become
  /// eight; what is transparent shows `background`.
  /// - Parameter limit: the most pixels; a larger picture is refused before anything is allocated.
  /// - Throws: `PNGError`, saying what was found. Text chunks that are damaged are left out without an error.
  public static func decode(
    _ bytes: [UInt8], limit: Int = defaultLimit, background: Color = .white
  ) throws(PNGError) -> (bitmap: Bitmap, text: [(key: String, value: String)]) {
    let chunks = try PNGChunks(bytes)
    let (width, height) = try chunks.size()
    guard width * height <= limit else {  // each is below 2³¹
      throw .tooLarge(width: width, height: height, limit: limit)
    }
    guard let essential = chunks.essentialBytes() else {
      throw .truncated(part: "the picture", offset: bytes.count)
    }
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    // libpng keeps the address until the picture is read, so all of it happens while the bytes stay in place.
    let pixels = essential.withUnsafeBytes { file -> [UInt8]? in
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else { return nil }
      let planes = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) == 0 ? 1 : 3
      image.format = format(planes: planes)
      // Sixteen bits without a gamma of their own mean what eight bits mean.
      image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      guard Int(image.width) == width, Int(image.height) == height else { return nil }
      var color = png_color(red: background.red, green: background.green, blue: background.blue)
      var pixels = [UInt8](repeating: 0, count: width * height * planes)
      let isRead = pixels.withUnsafeMutableBytes { png_image_finish_read(&image, &color, $0.baseAddress, 0, nil) }
      return isRead != 0 ? pixels : nil
    }
    guard let pixels else { throw .damaged(message(image)) }
    let planes = pixels.count / (width * height)
    return (Bitmap(width: width, height: height, planes: planes, bytes: pixels), PNGText.notes(in: chunks))
  }

  /// Where the chunk after IHDR begins: signature, length, type, thirteen bytes and checksum.
  private static let afterHeader = 33

  private static func format(planes: Int) -> png_uint_32 { planes == 1 ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR) }

  private static func message(_ image: png_image) -> String {
    let text = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return text.isEmpty ? "libpng gives no reason" : text
  }
}

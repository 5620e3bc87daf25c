import Platform

extension PNG {
  /// The picture in a file.
  /// - Parameter limit: the most pixels, see `decode(_:limit:background:)`.
  /// - Throws: `FileError`, which names the file, also where its content is no PNG or damaged.
  public static func read(
    _ path: String, limit: Int = defaultLimit
  ) throws -> (bitmap: Bitmap, text: [(key: String, value: String)]) {
    let bytes = try Files.read(path, limit: 1 << 28)
    do {
      return try decode(bytes, limit: limit)
    } catch {
      throw FileError(path: path, reason: "cannot read '\(path)': \(error)")
    }
  }
}

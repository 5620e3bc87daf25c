import BVAEPixels

/// The size at which a picture suits a terminal.
package struct PictureFit {
  /// The size of the terminal in characters.
  package let columns: Int
  package let rows: Int
  /// The pixels of a character.
  package let cellWidth: Int
  package let cellHeight: Int

  package init(columns: Int, rows: Int, cellWidth: Int = 8, cellHeight: Int = 16) {
    self.columns = columns
    self.rows = rows
    self.cellWidth = cellWidth
    self.cellHeight = cellHeight
  }

  /// How large small images are made, in pixels: those of digits are hardly seen as they are.
  private static let readable = 224

  /// The picture in a size that fits: small ones are enlarged by a whole number, without blurring them, large ones are
  /// made smaller.
  package func fitted(_ picture: Bitmap) -> Bitmap {
    let room = (width: max(16, (columns - 1) * cellWidth), height: max(16, (rows - 2) * cellHeight))
    let longest = max(picture.width, picture.height)
    let factor = min(Self.readable / longest, room.width / picture.width, room.height / picture.height)
    if factor > 1 { return Self.enlarged(picture, by: factor) }
    let scale = min(1, Double(room.width) / Double(picture.width), Double(room.height) / Double(picture.height))
    guard scale < 1 else { return picture }
    return picture.resized(
      width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale)))
  }

  private static func enlarged(_ picture: Bitmap, by factor: Int) -> Bitmap {
    let width = picture.width * factor, planes = picture.planes
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * picture.height * factor * planes)
    for y in 0..<picture.height {
      var row: [UInt8] = []
      row.reserveCapacity(width * planes)
      for x in 0..<picture.width {
        let start = (y * picture.width + x) * planes
        for _ in 0..<factor { row += picture.bytes[start..<start + planes] }
      }
      for _ in 0..<factor { bytes += row }
    }
    return Bitmap(width: width, height: picture.height * factor, planes: planes, bytes: bytes)
  }
}

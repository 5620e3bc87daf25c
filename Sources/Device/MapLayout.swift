/// How the values of a batch lie in a buffer: image after image, row after row, channels last, with a margin of zeros
/// around each map so that no kernel ever tests for a border.
public struct MapLayout: Hashable, Sendable {
  /// Rows of the map itself.
  public let height: Int
  /// Columns of the map itself.
  public let width: Int
  /// Floats from one position to the next.
  public let channels: Int
  /// Rows above and columns to the left of the map.
  public let before: Int
  /// Rows below and columns to the right of the map.
  public let after: Int
  /// Floats between the end of an image and the next.
  public let gap: Int

  /// A layout; the margins are zero unless given. The gap, a cache line, keeps the same place of many images from
  /// falling into the same set of the cache.
  package init(height: Int, width: Int, channels: Int, before: Int = 0, after: Int = 0, gap: Int = 16) {
    precondition(height > 0 && width > 0 && channels > 0 && before >= 0 && after >= 0 && gap >= 0)
    self.height = height
    self.width = width
    self.channels = channels
    self.before = before
    self.after = after
    self.gap = gap
  }

  /// Floats from one row to the next.
  public var rowStride: Int { (before + width + after) * channels }

  /// Floats from one image to the next.
  public var imageStride: Int { (before + height + after) * rowStride + gap }

  /// Where a position of an image begins; positions in the margin may be named too.
  public func offset(image: Int = 0, row: Int = 0, column: Int = 0) -> Int {
    image * imageStride + (row + before) * rowStride + (column + before) * channels
  }

  /// Where each value of an unpadded map, in the order (row, column, channel), is found within its image.
  public var flattened: [Int] {
    (0..<height).flatMap { row in
      (0..<width).flatMap { column in
        (0..<channels).map { offset(row: row, column: column) + $0 }
      }
    }
  }

  /// Where each value of `shape`, in its own order, is found within its image; the layout may keep more channels.
  package func places(of shape: Shape) -> [Int] {
    let (rows, columns, channels) = shape.extents
    return (0..<rows).flatMap { row in
      (0..<columns).flatMap { column in
        (0..<channels).map { offset(row: row, column: column) + $0 }
      }
    }
  }
}

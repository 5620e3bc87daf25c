/// How the feature maps of a batch lie in a buffer: image after image, row after row, channels last, with a margin
/// of zeros around each map so that no kernel ever tests for a border.
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

  /// A layout; the margins are zero unless given.
  public init(height: Int, width: Int, channels: Int, before: Int = 0, after: Int = 0) {
    precondition(height > 0 && width > 0 && channels > 0 && before >= 0 && after >= 0)
    self.height = height
    self.width = width
    self.channels = channels
    self.before = before
    self.after = after
  }

  /// Floats from one row to the next.
  public var rowStride: Int { (before + width + after) * channels }

  /// Floats from one image to the next. The extra cache line keeps the same place of many images from falling into
  /// the same set of the cache.
  public var imageStride: Int { (before + height + after) * rowStride + 16 }

  /// Where a position of an image begins; positions in the margin may be named too.
  public func offset(image: Int = 0, row: Int, column: Int) -> Int {
    image * imageStride + (row + before) * rowStride + (column + before) * channels
  }

  /// Where each value of an unpadded map, in the order (row, column, channel), is found within its image.
  var flattened: [Int] {
    (0..<height).flatMap { row in
      (0..<width).flatMap { column in
        (0..<channels).map { offset(row: row, column: column) + $0 }
      }
    }
  }
}

/// The next multiple of a panel's sixteen columns. Every layer's outputs are kept in whole panels; the ones that are
/// only there to fill a panel have zero weights and zero bias, and stay zero.
public func wholePanels(_ count: Int) -> Int { (count + 15) / 16 * 16 }

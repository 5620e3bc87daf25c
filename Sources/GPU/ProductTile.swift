import BVAEOpenCL

/// What a group of a product computes: `rows` × `columns` sums, `depth` products at a time, of which each item has a block.
package struct ProductTile: Hashable, Sendable, CustomStringConvertible {
  package let rows: Int, columns: Int, depth: Int
  /// The sums of an item.
  package let itemRows: Int, itemColumns: Int
  /// How near to its peak a device comes with it where there are groups enough, beside the others; a guess by the reads of
  /// local memory for each multiplication.
  let yield: Double

  /// A tile; the sums of an item must divide it.
  package init(_ rows: Int, _ columns: Int, depth: Int, sums: (Int, Int), yield: Double = 1) {
    precondition(rows % sums.0 == 0 && columns % sums.1 == 0 && depth % 4 == 0 && columns % 4 == 0)
    (self.rows, self.columns, self.depth, self.yield) = (rows, columns, depth, yield)
    (itemRows, itemColumns) = sums
  }

  /// Items of a group.
  package var items: Int { rows / itemRows * (columns / itemColumns) }

  package var description: String { "\(rows)×\(columns)×\(depth)/\(itemRows)×\(itemColumns)" }

  /// Bytes of local memory that a group takes.
  var localMemory: Int { 4 * depth * (rows + columns + 8) }

  /// For graphics processors: large ones for large products, narrow ones for images' few channels.
  package static let wide = [
    ProductTile(128, 128, depth: 16, sums: (8, 8), yield: 1),
    ProductTile(128, 64, depth: 16, sums: (8, 4), yield: 0.85),
    ProductTile(64, 64, depth: 16, sums: (4, 4), yield: 0.65),
    ProductTile(128, 16, depth: 16, sums: (4, 2), yield: 0.35),
  ]
  /// For small ones.
  package static let small = [ProductTile(32, 32, depth: 16, sums: (4, 4))]
  /// For the processor itself, where an item is a loop.
  package static let single = [ProductTile(8, 16, depth: 16, sums: (8, 16))]

  static func suitable(for device: OpenCLDevice) -> [ProductTile] {
    if device.isCPU { return single }
    let fitting = wide.filter { $0.items <= device.groupSize && $0.localMemory <= device.localMemory }
    return fitting.isEmpty ? small : fitting
  }
}

/// A product's kernel: what it is compiled for.
struct ProductKey: Hashable {
  enum Kind: Int {
    case gather, spread, weights
  }

  let kind: Kind, tile: ProductTile
  /// Whether all channels are multiples of four, so that values are read by fours.
  let isAligned: Bool

  var options: String {
    "-D KIND=\(kind.rawValue) -D TILE_M=\(tile.rows) -D TILE_N=\(tile.columns) -D TILE_K=\(tile.depth) "
      + "-D SUMS_M=\(tile.itemRows) -D SUMS_N=\(tile.itemColumns) -D ALIGNED=\(isAligned ? 1 : 0)"
  }
}

/// How a product is cut: its tile, and the parts of its depth.
struct ProductCut {
  let tile: ProductTile, parts: Int, partDepth: Int

  /// The least estimated time. A unit multiplies 128 pairs while it reads or writes three floats, and needs two groups to
  /// be busy; another launch costs as much as a million multiplications.
  init(rows: Int, columns: Int, depth: Int, layers: Int, size: Int, tiles: [ProductTile], units: Int) {
    var best: (cost: Double, tile: ProductTile, parts: Int)?
    for tile in tiles {
      let groups = ((rows + tile.rows - 1) / tile.rows) * ((columns + tile.columns - 1) / tile.columns) * layers
      var parts = 1
      while parts == 1 || (depth / parts >= 8 * tile.depth && parts <= 256 && parts * size < 1 << 27) {
        let rounds = (groups * parts + units - 1) / units
        let alone = rounds == 1 ? 1.4 : 1
        let work = Double(rounds * tile.rows * tile.columns) * Double(depth) / Double(parts) / tile.yield * alone
        let sums = parts == 1 ? 0 : 2 * 40 * Double(size * parts) / Double(units) + 1e6
        let cost = work + sums
        if best.map({ cost < $0.cost }) ?? true { best = (cost, tile, parts) }
        parts *= 2
      }
    }
    guard let best else { preconditionFailure("there is a tile") }
    tile = best.tile
    let each = (depth + best.parts - 1) / best.parts
    partDepth = max(1, (each + tile.depth - 1) / tile.depth) * tile.depth
    parts = max(1, (depth + partDepth - 1) / partDepth)
  }
}

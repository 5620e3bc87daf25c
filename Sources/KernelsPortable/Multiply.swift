import BVAEKernelInterface

// The product kernel: everything that a network multiplies forward, and every input gradient.
//
// The register tile is 6 rows × 16 columns, with AVX-512 6 × 32: one panel, or two side by side (TileRow.swift). For
// each step along the depth it takes a row of B, sixteen values a panel, and, from each of six rows of A, one value
// that is broadcast:
//
//                       B[k, 16p …]      16 floats, the only vector load
//     a0[k] ─────────►  sum 0  (16)
//     a1[k] ─────────►  sum 1
//       ⋮                  ⋮             12 registers of sums, 6 (AVX2) or 12 (AVX-512) products a loaded row of B
//     a5[k] ─────────►  sum 5
//
// Twelve sums are enough to hide the latency of the products: two a cycle, four cycles each.
//
// Loop order, from outside: panels of B; block of depth (1024 values, so that a block of a panel, 64 KB, stays in
// the second-level cache while all rows of the unit pass over it); tile of rows. Where there is more than one
// block, the sums wait in `partial`. The order of the additions depends on the depth alone. While one block of a panel
// is used by all rows, the next is brought near.

private let blockDepth = 1024
/// Steps along the depth between two requests for memory.
private let pieceDepth = 128

extension Build {
  /// Computes some rows (at most 96 if the depth is above 1024) of some panels.
  public static func multiply(_ product: Product, rows: Range<Int>, panels: Range<Int>) {
    guard product.runs &* product.runLength > blockDepth else {
      // No sums wait between blocks. Memory for them would come from the heap, at the cost of a small product.
      return multiplyBlocks(product, rows, panels, partial: product.c)
    }
    withUnsafeTemporaryAllocation(byteCount: WidestRow.panels * 96 * panelWidth * 4, alignment: 64) {
      multiplyBlocks(
        product, rows, panels, partial: $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self))
    }
  }
}

private func multiplyBlocks(
  _ product: Product, _ rows: Range<Int>, _ panels: Range<Int>, partial: UnsafeMutablePointer<Float>
) {
  let firstRow = rows.lowerBound, lastRow = rows.upperBound, lastPanel = panels.upperBound
  let tiles = (lastRow &- firstRow &+ tileHeight &- 1) / tileHeight
  let groups = (lastPanel &- panels.lowerBound &+ WidestRow.panels &- 1) / WidestRow.panels
  var prefetcher = Prefetcher(product.prefetch, pieces: tiles &* product.runs &* groups)
  var panel = panels.lowerBound
  while panel < lastPanel {
    if panel &+ WidestRow.panels <= lastPanel {
      multiplyPanels(WidestRow.self, product, firstRow, lastRow, panel, partial, &prefetcher)
      panel &+= WidestRow.panels
    } else {
      multiplyPanels(OnePanel.self, product, firstRow, lastRow, panel, partial, &prefetcher)
      panel &+= 1
    }
  }
}

/// All depth of as many panels as a row of the tile has.
@inline(__always)
private func multiplyPanels<Row: TileRow>(
  _: Row.Type, _ product: Product, _ firstRow: Int, _ lastRow: Int, _ panel: Int,
  _ partial: UnsafeMutablePointer<Float>, _ prefetcher: inout Prefetcher
) {
  let runsPerBlock = max(1, blockDepth / max(1, product.runLength))
  let positionsPerBlock = min(product.runLength, blockDepth)
  let tiles = (lastRow &- firstRow &+ tileHeight &- 1) / tileHeight
  var run = 0
  while run < product.runs {
    let lastRun = min(product.runs, run &+ runsPerBlock)
    var position = 0
    while position < product.runLength {
      let length = min(positionsPerBlock, product.runLength &- position)
      let block = DepthBlock(
        firstRun: run, lastRun: lastRun, position: position, length: length,
        isFirst: run == 0 && position == 0,
        isLast: lastRun == product.runs && position &+ length == product.runLength)
      // Within a panel, its next block is wanted next; the product's caller says what after the last.
      var blockPrefetcher = prefetcher
      if !block.isLast {
        let pieces = (length &+ pieceDepth &- 1) / pieceDepth &* (lastRun &- run)
        let next = run &* product.runLength &+ position &+ length &* (lastRun &- run)
        blockPrefetcher = Prefetcher(
          Prefetch(
            product.b + panel &* product.bPanelStride + next &* 16, linesPerRun: length &* (lastRun &- run),
            runs: Row.panels, runStride: product.bPanelStride),
          pieces: tiles &* pieces)
      }
      var row = firstRow
      while row < lastRow {
        multiplyTile(
          Row.self, product, block, row: row, lastRow: lastRow, panel: panel,
          partial + (row &- firstRow) &* 16 &* Row.panels, &blockPrefetcher)
        row &+= tileHeight
      }
      if block.isLast { prefetcher = blockPrefetcher }
      position &+= length
    }
    run = lastRun
  }
}

private struct DepthBlock {
  let firstRun: Int, lastRun: Int, position: Int, length: Int, isFirst: Bool, isLast: Bool
}

@inline(__always)
private func multiplyTile<Row: TileRow>(
  _: Row.Type, _ product: Product, _ block: DepthBlock, row: Int, lastRow: Int, panel: Int,
  _ partial: UnsafeMutablePointer<Float>, _ prefetcher: inout Prefetcher
) {
  let last = lastRow &- 1, panelStride = product.bPanelStride
  // Rows past the end repeat the last one; they are not stored.
  @inline(__always) func rowStart(_ i: Int) -> UnsafePointer<Float> {
    product.a + Int(product.aRows[min(row &+ i, last)]) + block.position
  }
  let a0 = rowStart(0), a1 = rowStart(1), a2 = rowStart(2), a3 = rowStart(3), a4 = rowStart(4), a5 = rowStart(5)
  var s0 = Row(), s1 = Row(), s2 = Row(), s3 = Row(), s4 = Row(), s5 = Row()
  // Where the sums of row i wait between blocks.
  @inline(__always) func waiting(_ i: Int) -> UnsafeMutablePointer<Float> { partial + i &* 16 &* Row.panels }
  if !block.isFirst {
    @inline(__always) func sum(_ i: Int) -> Row { Row(waiting(i), stride: 16) }
    (s0, s1, s2, s3, s4, s5) = (sum(0), sum(1), sum(2), sum(3), sum(4), sum(5))
  } else if product.accumulates {
    let first = Int(product.cPanels[panel])
    let stride = Row.panels > 1 ? Int(product.cPanels[panel &+ 1]) &- first : 0
    @inline(__always) func sum(_ i: Int) -> Row {
      Row(product.c + Int(product.cRows[min(row &+ i, last)]) + first, stride: stride)
    }
    (s0, s1, s2, s3, s4, s5) = (sum(0), sum(1), sum(2), sum(3), sum(4), sum(5))
  }
  var run = block.firstRun
  while run < block.lastRun {
    var b = product.b + panel &* panelStride + (run &* product.runLength &+ block.position) &* 16
    var k = run &* product.aRunStride
    let end = k &+ block.length
    while k < end {
      prefetcher.issue()
      let pieceEnd = min(k &+ pieceDepth, end)
      while k < pieceEnd {
        let row = Row(b, stride: panelStride)
        s0.add(a0[k], row)
        s1.add(a1[k], row)
        s2.add(a2[k], row)
        s3.add(a3[k], row)
        s4.add(a4[k], row)
        s5.add(a5[k], row)
        b += 16
        k &+= 1
      }
    }
    run &+= 1
  }
  if block.isLast {
    let rows = min(tileHeight, lastRow &- row)
    finish(product, s0, row: row, panel: panel)
    if rows > 1 { finish(product, s1, row: row &+ 1, panel: panel) }
    if rows > 2 { finish(product, s2, row: row &+ 2, panel: panel) }
    if rows > 3 { finish(product, s3, row: row &+ 3, panel: panel) }
    if rows > 4 { finish(product, s4, row: row &+ 4, panel: panel) }
    if rows > 5 { finish(product, s5, row: row &+ 5, panel: panel) }
  } else {
    s0.put(into: waiting(0), stride: 16)
    s1.put(into: waiting(1), stride: 16)
    s2.put(into: waiting(2), stride: 16)
    s3.put(into: waiting(3), stride: 16)
    s4.put(into: waiting(4), stride: 16)
    s5.put(into: waiting(5), stride: 16)
  }
}

/// Adds the bias, applies the activation or its derivative, and stores one row of a tile.
@inline(__always)
private func finish<Row: TileRow>(_ product: Product, _ sums: Row, row: Int, panel: Int) {
  let target = product.c + Int(product.cRows[row])
  if product.bias == nil, product.gate == nil, product.slope == 1 {
    let first = Int(product.cPanels[panel])
    sums.put(into: target + first, stride: Row.panels > 1 ? Int(product.cPanels[panel &+ 1]) &- first : 0)
    return
  }
  sums.forEachPanel { number, sum in
    let panel = panel &+ number, offset = Int(product.cPanels[panel])
    let value = finished(
      sum, bias: product.bias.map { $0 + panel &* 16 }, slope: product.slope,
      gate: product.gate.map { $0 + (Int(product.gateRows.unsafelyUnwrapped[row]) &+ offset) })
    store(value, target + offset)
  }
}

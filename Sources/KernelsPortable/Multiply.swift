import KernelInterface

// The product kernel: everything that a network multiplies forward, and every input gradient.
//
// The register tile is 6 rows × 16 columns. For each step along the depth it takes sixteen values of one row of B
// and, from each of six rows of A, one value that is broadcast:
//
//                       B[k, 16p …]      16 floats, the only vector load
//     a0[k] ─────────►  sum 0  (16)
//     a1[k] ─────────►  sum 1
//       ⋮                  ⋮             12 AVX2 registers of sums, 6 products for each load of B
//     a5[k] ─────────►  sum 5
//
// Loop order, from outside: panel of B; block of depth (1024 values, so that a block of a panel, 64 KB, stays in
// the second-level cache while all rows of the unit pass over it); tile of rows. Where there is more than one
// block, the sums wait in `partial`. The order of the additions depends on the depth alone. While one block of a panel
// is used by all rows, the next is brought near.

private let blockDepth = 1024
/// Steps along the depth between two requests for memory.
private let pieceDepth = 128

/// Computes rows `firstRow..<lastRow` (at most 96 if the depth is above 1024) of the panels `firstPanel..<lastPanel`.
public func multiply(_ product: Product, firstRow: Int, lastRow: Int, firstPanel: Int, lastPanel: Int) {
  withUnsafeTemporaryAllocation(byteCount: 96 * panelWidth * 4, alignment: 64) { memory in
    let partial = memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
    let runsPerBlock = max(1, blockDepth / max(1, product.runLength))
    let positionsPerBlock = min(product.runLength, blockDepth)
    let tiles = (lastRow &- firstRow &+ tileHeight &- 1) / tileHeight
    var fetcher = Fetcher(product.fetch, pieces: tiles &* product.runs &* (lastPanel &- firstPanel))
    var panel = firstPanel
    while panel < lastPanel {
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
          var blockFetcher = fetcher
          if !block.isLast {
            let pieces = (length &+ pieceDepth &- 1) / pieceDepth &* (lastRun &- run)
            let next = run &* product.runLength &+ position &+ length &* (lastRun &- run)
            blockFetcher = Fetcher(
              Fetch(
                product.b + panel &* product.bPanelStride + next &* 16, linesPerRun: length &* (lastRun &- run)),
              pieces: tiles &* pieces)
          }
          var row = firstRow
          while row < lastRow {
            multiplyTile(
              product, block, row: row, lastRow: lastRow, panel: panel, partial + (row &- firstRow) &* 16,
              &blockFetcher)
            row &+= tileHeight
          }
          if block.isLast { fetcher = blockFetcher }
          position &+= length
        }
        run = lastRun
      }
      panel &+= 1
    }
  }
}

private struct DepthBlock {
  let firstRun: Int, lastRun: Int, position: Int, length: Int, isFirst: Bool, isLast: Bool
}

@inline(__always)
private func multiplyTile(
  _ product: Product, _ block: DepthBlock, row: Int, lastRow: Int, panel: Int, _ partial: UnsafeMutablePointer<Float>,
  _ fetcher: inout Fetcher
) {
  let last = lastRow &- 1
  // Rows past the end repeat the last one; they are not stored.
  @inline(__always) func rowStart(_ i: Int) -> UnsafePointer<Float> {
    product.a + Int(product.aRows[min(row &+ i, last)]) + block.position
  }
  let a0 = rowStart(0), a1 = rowStart(1), a2 = rowStart(2), a3 = rowStart(3), a4 = rowStart(4), a5 = rowStart(5)
  var s0 = Vector(), s1 = Vector(), s2 = Vector(), s3 = Vector(), s4 = Vector(), s5 = Vector()
  if !block.isFirst {
    s0 = load(partial)
    s1 = load(partial + 16)
    s2 = load(partial + 32)
    s3 = load(partial + 48)
    s4 = load(partial + 64)
    s5 = load(partial + 80)
  } else if product.accumulates {
    @inline(__always) func sum(_ i: Int) -> Vector {
      load(product.c + Int(product.cRows[min(row &+ i, last)]) + Int(product.cPanels[panel]))
    }
    (s0, s1, s2, s3, s4, s5) = (sum(0), sum(1), sum(2), sum(3), sum(4), sum(5))
  }
  var run = block.firstRun
  while run < block.lastRun {
    var b = product.b + panel &* product.bPanelStride + (run &* product.runLength &+ block.position) &* 16
    var k = run &* product.aRunStride
    let end = k &+ block.length
    while k < end {
      fetcher.bringSome()
      let pieceEnd = min(k &+ pieceDepth, end)
      while k < pieceEnd {
        let vector = load(b)
        s0 = multiplyAdd(s0, a0[k], vector)
        s1 = multiplyAdd(s1, a1[k], vector)
        s2 = multiplyAdd(s2, a2[k], vector)
        s3 = multiplyAdd(s3, a3[k], vector)
        s4 = multiplyAdd(s4, a4[k], vector)
        s5 = multiplyAdd(s5, a5[k], vector)
        b += 16
        k &+= 1
      }
    }
    run &+= 1
  }
  let rows = min(tileHeight, lastRow &- row)
  if block.isLast {
    finish(product, s0, row: row, panel: panel)
    if rows > 1 { finish(product, s1, row: row &+ 1, panel: panel) }
    if rows > 2 { finish(product, s2, row: row &+ 2, panel: panel) }
    if rows > 3 { finish(product, s3, row: row &+ 3, panel: panel) }
    if rows > 4 { finish(product, s4, row: row &+ 4, panel: panel) }
    if rows > 5 { finish(product, s5, row: row &+ 5, panel: panel) }
  } else {
    store(s0, partial)
    store(s1, partial + 16)
    store(s2, partial + 32)
    store(s3, partial + 48)
    store(s4, partial + 64)
    store(s5, partial + 80)
  }
}

/// Adds the bias, applies the activation or its derivative, and stores one row of a tile.
@inline(__always)
private func finish(_ product: Product, _ sum: Vector, row: Int, panel: Int) {
  let offset = Int(product.cPanels[panel])
  let value = finished(
    sum, bias: product.bias.map { $0 + panel &* 16 }, slope: product.slope,
    gate: product.gate.map { $0 + (Int(product.gateRows.unsafelyUnwrapped[row]) &+ offset) })
  store(value, product.c + Int(product.cRows[row]) + offset)
}

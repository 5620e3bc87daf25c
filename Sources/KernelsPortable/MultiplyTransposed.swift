import BVAEKernelInterface

// The weight gradient: G = Aᵀ · D, summed over all output positions of all images.
//
// The tile is that of the product with the roles turned: six consecutive inputs of a position are broadcast, the
// sixteen gradients of its output are the vector.
//
//                             D[m, 16p …]
//     A[m, k]     ─────────►  sum 0  (16)      one row m after the other; twelve AVX2 registers of sums,
//       ⋮                        ⋮             which are G[k … k+5, 16p … 16p+15]
//     A[m, k + 5] ─────────►  sum 5
//
// With AVX-512 two panels stand side by side, as in the product. Where the weights take an Adam step at once, the step
// of a tile is taken in parts, between pieces of the next tile's rows (AdamSteps.swift).
//
// Loop order, from outside: block of 196 rows (their A and D stay in the second-level cache, one panel of D in the
// first); panel; tile of depth. Between blocks the sums live in the result. The order of the additions depends on
// the number of rows alone.

private let blockRows = 196

extension Build {
  /// Computes `result[panel][k]` for one run of the depth, `depth` counted within the run, summed over all rows. With
  /// `gradient.adam` the weights take a step with the complete result.
  public static func multiplyTransposed(
    _ gradient: WeightGradient, run: Int, depth: Range<Int>, panels: Range<Int>
  ) {
    let firstDepth = depth.lowerBound, lastDepth = depth.upperBound
    let firstPanel = panels.lowerBound, lastPanel = panels.upperBound
    let groups = (lastPanel &- firstPanel &+ WidestRow.panels &- 1) / WidestRow.panels
    let tiles = (lastDepth &- firstDepth &+ tileHeight &- 1) / tileHeight &* groups
    var prefetcher = Prefetcher(gradient.prefetch, pieces: tiles)
    var adam = PendingAdam(gradient.adam, gradient.result, resultStride: gradient.resultStride)
    var firstRow = 0
    repeat {
      let block = RowBlock(
        run: run, firstRow: firstRow, lastRow: min(gradient.rows, firstRow &+ blockRows), firstDepth: firstDepth,
        lastDepth: lastDepth, firstPanel: firstPanel, accumulates: gradient.accumulates || firstRow > 0,
        isLast: firstRow &+ blockRows >= gradient.rows)
      var panel = firstPanel
      while panel < lastPanel {
        if panel &+ WidestRow.panels <= lastPanel {
          multiplyTransposedPanels(WidestRow.self, gradient, block, panel, &prefetcher, &adam)
          panel &+= WidestRow.panels
        } else {
          multiplyTransposedPanels(OnePanel.self, gradient, block, panel, &prefetcher, &adam)
          panel &+= 1
        }
      }
      firstRow = block.lastRow
    } while firstRow < gradient.rows
    adam.finish()
  }

  /// Adds the columns of one panel over all rows to sixteen values: the gradient of the bias.
  public static func sumColumns(_ sum: ColumnSum) {
    let d = sum.values, rowOffsets = sum.rowOffsets, rows = sum.rows
    // Four running sums hide the latency of the additions.
    var s0 = Vector(), s1 = Vector(), s2 = Vector(), s3 = Vector()
    var row = 0
    while row &+ 4 <= rows {
      s0 += load(d + Int(rowOffsets[row]))
      s1 += load(d + Int(rowOffsets[row &+ 1]))
      s2 += load(d + Int(rowOffsets[row &+ 2]))
      s3 += load(d + Int(rowOffsets[row &+ 3]))
      row &+= 4
    }
    while row < rows {
      s0 += load(d + Int(rowOffsets[row]))
      row &+= 1
    }
    store(load(sum.result) + ((s0 + s1) + (s2 + s3)), sum.result)
  }
}

private struct RowBlock {
  let run: Int, firstRow: Int, lastRow: Int, firstDepth: Int, lastDepth: Int, firstPanel: Int
  let accumulates: Bool, isLast: Bool
}

/// A block's part of all depth of as many panels as a row of the tile has.
@inline(__always)
private func multiplyTransposedPanels<Row: TileRow>(
  _: Row.Type, _ gradient: WeightGradient, _ block: RowBlock, _ panel: Int, _ prefetcher: inout Prefetcher,
  _ adam: inout PendingAdam
) {
  let result = gradient.result, resultStride = gradient.resultStride
  let first = Int(gradient.dPanels[panel]), number = panel &- block.firstPanel
  let panelStride = Row.panels > 1 ? Int(gradient.dPanels[panel &+ 1]) &- first : 0
  var a = gradient.a + block.run &* gradient.aRunStride + block.firstDepth
  var depth = block.firstDepth
  while depth < block.lastDepth {
    prefetcher.issue()
    let count = min(tileHeight, block.lastDepth &- depth), value = (depth &- block.firstDepth) &* panelWidth
    let tile = result + (number &* resultStride &+ value)
    multiplyTransposedTile(
      Row.self, gradient, block, a: a, d: gradient.d + first, panelStride, count: count, tile, resultStride, &adam)
    if block.isLast {
      adam.append(
        tile, offset: number &* adam.panelStride &+ value, count: count, panels: Row.panels)
    }
    depth &+= tileHeight
    a += gradient.aTileStride
  }
}

/// Values past the end of the run are read (buffers have room behind them) and their sums not stored.
@inline(__always)
private func multiplyTransposedTile<Row: TileRow>(
  _: Row.Type, _ gradient: WeightGradient, _ block: RowBlock, a: UnsafePointer<Float>, d: UnsafePointer<Float>,
  _ panelStride: Int, count: Int, _ result: UnsafeMutablePointer<Float>, _ resultStride: Int,
  _ adam: inout PendingAdam
) {
  var s0 = Row(), s1 = Row(), s2 = Row(), s3 = Row(), s4 = Row(), s5 = Row()
  if block.accumulates {
    s0 = Row(result, stride: resultStride)
    if count > 1 { s1 = Row(result + 16, stride: resultStride) }
    if count > 2 { s2 = Row(result + 32, stride: resultStride) }
    if count > 3 { s3 = Row(result + 48, stride: resultStride) }
    if count > 4 { s4 = Row(result + 64, stride: resultStride) }
    if count > 5 { s5 = Row(result + 80, stride: resultStride) }
  }
  let aRows = gradient.aRows, dRows = gradient.dRows
  let pieceRows = adam.pieceRows(rows: block.lastRow &- block.firstRow, vectors: tileHeight &* Row.panels)
  var row = block.firstRow
  while row < block.lastRow {
    let pieceEnd = min(row &+ pieceRows, block.lastRow)
    while row < pieceEnd {
      let values = a + Int(aRows[row])
      let vectors = Row(d + Int(dRows[row]), stride: panelStride)
      s0.add(values[0], vectors)
      s1.add(values[1], vectors)
      s2.add(values[2], vectors)
      s3.add(values[3], vectors)
      s4.add(values[4], vectors)
      s5.add(values[5], vectors)
      row &+= 1
    }
    adam.advance()
  }
  s0.put(into: result, stride: resultStride)
  if count > 1 { s1.put(into: result + 16, stride: resultStride) }
  if count > 2 { s2.put(into: result + 32, stride: resultStride) }
  if count > 3 { s3.put(into: result + 48, stride: resultStride) }
  if count > 4 { s4.put(into: result + 64, stride: resultStride) }
  if count > 5 { s5.put(into: result + 80, stride: resultStride) }
}

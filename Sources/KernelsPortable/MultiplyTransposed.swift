import KernelInterface

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
// Loop order, from outside: block of 196 rows (their A and D stay in the second-level cache, one panel of D in the
// first); panel; tile of depth. Between blocks the sums live in the result. The order of the additions depends on
// the number of rows alone.

private let blockRows = 196

/// Computes `result[panel][k]` for one run of the depth, `firstDepth..<lastDepth` counted within the run, over rows
/// `0..<rows`; panel q of the result starts at `result + (q − firstPanel) · resultStride`. What is there already is
/// added to if `accumulates`.
public func multiplyTransposed(
  _ gradient: WeightGradient, run: Int, firstDepth: Int, lastDepth: Int, firstPanel: Int, lastPanel: Int, rows: Int,
  result: UnsafeMutablePointer<Float>, resultStride: Int, accumulates: Bool
) {
  let tiles = (lastDepth &- firstDepth &+ tileHeight &- 1) / tileHeight &* (lastPanel &- firstPanel)
  var fetcher = Fetcher(gradient.fetch, pieces: tiles)
  var firstRow = 0
  repeat {
    let lastRow = min(rows, firstRow &+ blockRows)
    var panel = firstPanel
    while panel < lastPanel {
      let target = result + (panel &- firstPanel) &* resultStride
      var depth = firstDepth
      while depth < lastDepth {
        fetcher.bringSome()
        multiplyTransposedTile(
          gradient, a: gradient.a + run &* gradient.aRunStride + depth, d: gradient.d + Int(gradient.dPanels[panel]),
          firstRow: firstRow, lastRow: lastRow, accumulates: accumulates || firstRow > 0,
          count: min(tileHeight, lastDepth &- depth),
          target + (depth &- firstDepth) &* 16)
        depth &+= tileHeight
      }
      panel &+= 1
    }
    firstRow = lastRow
  } while firstRow < rows
}

/// Values past the end of the run are read (buffers have room behind them) and their sums not stored.
@inline(__always)
private func multiplyTransposedTile(
  _ gradient: WeightGradient, a: UnsafePointer<Float>, d: UnsafePointer<Float>, firstRow: Int, lastRow: Int,
  accumulates: Bool, count: Int, _ result: UnsafeMutablePointer<Float>
) {
  var s0 = Vector(), s1 = Vector(), s2 = Vector(), s3 = Vector(), s4 = Vector(), s5 = Vector()
  if accumulates {
    s0 = load(result)
    if count > 1 { s1 = load(result + 16) }
    if count > 2 { s2 = load(result + 32) }
    if count > 3 { s3 = load(result + 48) }
    if count > 4 { s4 = load(result + 64) }
    if count > 5 { s5 = load(result + 80) }
  }
  let aRows = gradient.aRows, dRows = gradient.dRows
  var row = firstRow
  while row < lastRow {
    let values = a + Int(aRows[row])
    let vector = load(d + Int(dRows[row]))
    s0 = multiplyAdd(s0, values[0], vector)
    s1 = multiplyAdd(s1, values[1], vector)
    s2 = multiplyAdd(s2, values[2], vector)
    s3 = multiplyAdd(s3, values[3], vector)
    s4 = multiplyAdd(s4, values[4], vector)
    s5 = multiplyAdd(s5, values[5], vector)
    row &+= 1
  }
  store(s0, result)
  if count > 1 { store(s1, result + 16) }
  if count > 2 { store(s2, result + 32) }
  if count > 3 { store(s3, result + 48) }
  if count > 4 { store(s4, result + 64) }
  if count > 5 { store(s5, result + 80) }
}

/// Adds the columns of one panel of D over rows `0..<rows` to sixteen values: the gradient of the bias.
public func sumColumns(
  _ d: UnsafePointer<Float>, rowOffsets: UnsafePointer<Int32>, rows: Int, result: UnsafeMutablePointer<Float>
) {
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
  store(load(result) + ((s0 + s1) + (s2 + s3)), result)
}

import Console
import Scripting
import Testing

@Test("a bar shows how far a command is, how long it still takes and its numbers")
func bar() {
  let half = Progress("training", fraction: 0.5, detail: "epoch 2 of 4, loss 31.40")
  #expect(
    ProgressLine.bar(half, elapsed: 30, columns: 120)
      == "training ████████░░░░░░░░  50 %, 30 s left, epoch 2 of 4, loss 31.40")
  #expect(ProgressLine.bar(half, elapsed: 1, columns: 120).hasSuffix(" 50 %, epoch 2 of 4, loss 31.40"))
  #expect(ProgressLine.bar(half, elapsed: 30, columns: 40) == "training ████████░░░░░░░░  50 %, 30 s …")
  // What was done before does not make the rest seem shorter.
  #expect(
    ProgressLine.line(half, elapsed: 30, since: 0.4) == "training: 50 %, 2 min 30 s left, epoch 2 of 4, loss 31.40")
  #expect(ProgressLine.line(Progress("scoring", fraction: nil), elapsed: 3) == "scoring: 3.0 s")
  #expect(ProgressLine.line(Progress("scoring", fraction: nil), elapsed: 0) == "scoring")
}

@Test(
  "no number is too strange for a bar",
  arguments: [Double.nan, .infinity, -.infinity, -1, 2, 1e300, .leastNonzeroMagnitude])
func strangeNumbers(_ number: Double) {
  for columns in [0, 1, 2, 80] {
    let text = ProgressLine.bar(Progress("x", fraction: number), elapsed: number, columns: columns)
    #expect(text.count <= max(columns, 1))
  }
  #expect(!ProgressLine.line(Progress("x", fraction: number), elapsed: 5).isEmpty)
  #expect(!ProgressLine.line(Progress("x", fraction: 0.5), elapsed: 5, since: number).isEmpty)
}

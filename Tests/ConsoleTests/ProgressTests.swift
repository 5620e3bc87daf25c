import BVAEConsole
import BVAELanguage
import BVAENotebook
import BVAEPlatform
import ScreenEmulator
import Testing

@Test("a bar shows how far a command is, how long it still takes and its numbers")
func bar() {
  let half = Progress("training", fraction: 0.5, detail: "epoch 2 of 4, loss 31.40")
  #expect(
    ProgressLine.bar(half, elapsed: 30, columns: 120)
      == "training ████████░░░░░░░░  50 %, 30 s left, epoch 2 of 4, loss 31.40")
  #expect(ProgressLine.bar(half, elapsed: 1, columns: 120).hasSuffix(" 50 %, epoch 2 of 4, loss 31.40"))
  #expect(ProgressLine.bar(half, elapsed: 30, columns: 42) == "training ████████░░░░░░░░  50 %, 30 s …")
  // Nothing is said to be done before it is.
  #expect(ProgressLine.line(Progress("training", fraction: 0.9999), elapsed: 0) == "training: 99 %")
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

@Test("Ctrl-C is answered by what it will come to, and the third time no better than the second")
func answers() {
  #expect(ProgressLine.answer(presses: 0, title: "training") == nil)
  #expect(ProgressLine.answer(presses: 1, title: "training") == "stopping after this step…")
  #expect(ProgressLine.answer(presses: 1, title: nil) == "stopping…")
  let later = ProgressLine.answer(presses: 2, title: "training")
  #expect(later?.hasPrefix("still stopping…") == true && later == ProgressLine.answer(presses: 50, title: "load"))
}

@Test("a line that a narrower terminal has broken is erased whole")
func erasing() {
  var screen = Screen(columns: 100, rows: 10)
  let bar = ProgressLine.bar(
    Progress("training", fraction: 0.5, detail: String(repeating: "loss 31.40, ", count: 9)), elapsed: 30, columns: 100)
  screen.take("before\r\n\(bar)".utf8)
  for columns in [60, 21, 80] {
    screen.resize(columns: columns, rows: 10)
    screen.take(ProgressLine.erasing(bar.displayWidth, columns: columns).utf8)
    #expect(screen.text == "before" && screen.row == 1 && screen.column == 0, "\(columns): \(screen.text)")
    screen.resize(columns: 100, rows: 10)
    screen.take(bar.utf8)
  }
  // There is room for what the terminal shows of Ctrl-C.
  screen.take("^C".utf8)
  #expect(screen.row == 1)
}

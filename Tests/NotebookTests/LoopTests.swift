import BVAELanguage
import BVAENotebook
import BVAEPlatform
import TestSupport
import Testing

/// `while`, `break`, `continue`, `return` and `+=`.
@Suite("Loops and returns")
struct LoopTests {
  @Test(
    "loops are left and gone on with, and commands return",
    arguments: [
      ("n = 100\nk = 0\nwhile n > 1\n  n = floor(n / 2)\n  k += 1\nend\nprint n, k", "1 6"),
      (
        "x = []\nfor k in 0..9\n  if k == 2\n    continue\n  end\n  if k == 5\n    break\n  end\n  x = join(x, k)\nend\nprint x",
        "[0, 1, 3, 4]"
      ),
      ("while false\nend\nprint 1", "1"), ("while true\n  break\nend\nprint 2", "2"),
      ("x = 10\nx -= 4\nx *= 3\nx /= 2 + 1\nprint x", "6"), ("s = \"a\"\ns += \"b\"\nprint s", "ab"),
      ("x = [1, 2]\nx *= [3, 4]\nprint x", "[3, 8]"),
      (
        "define find list wanted\n  for k in 0..length(list) - 1\n    if list[k] == wanted\n      return k\n    end\n  end\n  -1\nend\n"
          + "print (find [4, 7, 9] 7), (find [4] 1)", "1 -1"
      ),
      (
        "define f x\n  while true\n    x += 1\n    if x > 3\n      return x * 10\n    end\n  end\nend\nprint (f 0), (f 7)",
        "40 80"
      ),
      ("define g x\n  if x > 0\n    return\n  end\n  print \"not above 0\"\nend\ng 1\ng 0", "not above 0"),
      (
        "for a in 0..2\n  for b in 0..2\n    if b == 1\n      break\n    end\n    print a, b\n  end\nend", "0 0|1 0|2 0"
      ),
      (
        "define sums n\n  total = 0\n  for k in 1..n\n    total += k\n  end\n  return total\nend\nprint (sums 4) + 1",
        "11"
      ),
    ])
  func values(_ script: String, _ expected: String) { #expect(output(script) == expected, "\(script)") }

  @Test(
    "what stands in no loop or no command is told before anything runs",
    arguments: [
      ("print 1\nbreak", "'break' stands in a loop, and there is none around it"),
      ("for k in 0..1\n  define f\n    continue\n  end\nend", "'continue' stands in a loop"),
      ("return 3", "'return' stands in a command that is defined"), ("while 3\nend", "'while' needs true or false"),
      ("while\nend", "'while' needs a condition"), ("while true", "this 'while' has no 'end'"),
      ("x += 1", "the variable 'x' has no value yet"), ("x = 1\nx += \"a\" - 1", "cannot be subtracted"),
      ("for k in 0..1\n  break 3\nend", "expected the end of the line after 'break'"),
      ("define f\n  return nothing_known\nend\nf", "there is no variable 'nothing_known'"),
    ])
  func refused(_ script: String, _ expected: String) {
    let found = Session.full(host: RecordingHost()).check(Source(name: "t.bvs", text: script))
    #expect(
      found.contains { $0.severity == .error && $0.message.contains(expected) }, "\(script): \(found.map(\.message))")
  }

  @Test("A loop that does not end is interrupted")
  func endless() {
    let host = RecordingHost()
    host.patience = 5000
    let outcome = Session.full(host: host).run(Source(name: "t.bvs", text: "x = 0\nwhile true\n  x += 1\nend"))
    guard case .stopped(.interrupted) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }
}

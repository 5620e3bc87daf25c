import BVAELanguage
import BVAENotebook
import BVAEPlatform
import TestSupport
import Testing

/// Lists of results, changes of elements and fields, records, default values, formats: what scripts write most.
@Suite("Values that are made and changed")
struct ChangingTests {
  @Test(
    "a script prints what it should",
    arguments: [
      // Lists of results.
      ("print [k * k for k in 0..4], [x for x in [3, -1, 2] if x > 0]", "[0, 1, 4, 9, 16] [3, 2]"),
      ("k = 7\nx = [k for k in 0..2]\nprint k, x", "7 [0, 1, 2]"),
      (
        "print [a + b for a, b in zip([1, 2], [10, 20])], [k for k, x in enumerate([5, 6, 5]) if x == 5]",
        "[11, 22] [0, 2]"
      ),
      (
        "print [[i * j for j in 1..2] for i in 1..2], [\"{n}!\" for n in [\"a\"]], [x for x in []]",
        "[[1, 2], [2, 4]] [\"a!\"] []"
      ),
      ("define f\n  s = [x for x in 0..1]\n  s\nend\nprint (f)", "[0, 1]"),
      // Elements and fields.
      ("x = [1, 2, 3]\ny = x\nx[0] = 9\nx[-1] += 1\nprint x, y", "[9, 2, 4] [1, 2, 3]"),
      ("m = [[1, 2], [3, 4]]\nm[0, 1] = 7\nm[1] = [8, 9]\nm[.., 0] *= 10\nprint m", "[[10, 7], [80, 9]]"),
      ("x = list(0..5)\nx[x > 3] = 0\nx[1..2] = [7, 8]\nx[[0, 3]] -= 1\nprint x", "[-1, 7, 8, 2, 0, 0]"),
      ("x = [1, 2]\nx[0] = \"a\"\nprint x\nx[0] = 3\nprint x + 1", "[\"a\", 2]|[4, 3]"),
      ("x = [[1, 2], [3]]\nx[1][0] = 5\nx[0][1] += 1\nprint x", "[[1, 3], [5]]"),
      ("t = [true, false]\nt[1] = true\nprint all(t)", "true"),
      ("x = [1, 2]\nx[0] = [5, 6]\nprint x", "[[5, 6], 2]"),
      ("x = [[1, 2], [3, 4]]\nx[0] = 0\nprint x", "[[0, 0], [3, 4]]"),
      ("define f x\n  x[0] = 9\n  x\nend\na = [1]\nb = f a\nprint a, b", "[1] [9]"),
      // Records.
      (
        "r = record(\"beta\", 4)\nr.error = 12.5\nr.beta += 1\nr[\"a b\"] = \"c\"\nprint r, r.names, r[\"a b\"]",
        "beta = 5, error = 12.5, a b = \"c\" [\"beta\", \"error\", \"a b\"] c"
      ),
      (
        "r = record(\"x\", [1, 2])\ns = r\nr.x[0] = 9\nprint r.x, s.x, r == s, record(\"a\", 1) == record(\"a\", 1)",
        "[9, 2] [1, 2] false true"
      ),
      (
        "rows = [record(\"k\", k) for k in 0..2]\nrows[1].k = 8\nprint [r.k for r in rows], record(\"a\", 1, \"b\", 2)[[\"b\"]]",
        "[0, 8, 2] b = 2"
      ),
      // Several variables at once.
      ("a, b = [1, 2]\na, b = [b, a]\nprint a, b\nx, y, z = 4..6\nprint z", "2 1|6"),
      ("for k, x in enumerate([\"a\", \"b\"])\n  print k, x\nend", "0 a|1 b"),
      ("for a, b, c in zip(0..1, [\"x\", \"y\"], [true, false])\n  print a, b, c\nend", "0 x true|1 y false"),
      // in, and steps.
      (
        "print 3 in [1, 3], \"b\" in \"abc\", 2 not in 0..1, \"a\" in [\"a\"], 2.5 in 0..9, not 1 in [2]",
        "true true true true false true"
      ),
      (
        "print 0..10 step 5, 3..0 step -1, 0..1 step 0.25, 0..0.3 step 0.1",
        "[0, 5, 10] [3, 2, 1, 0] [0, 0.25, 0.5, 0.75, 1] [0, 0.1, 0.2, 0.30000000000000004]"
      ),
      ("s = 0\nfor k in 0..100 step 10\n  s += k\nend\nprint s", "550"),
      // Formats.
      (
        "x = 1 / 3\nprint \"{x:.3}\", \"{x:8.2}|\", \"{x:<8.2}|\", \"{x:.2%}\", \"{1234567:,}\", \"{1234.5:,.2}\"",
        "0.333     0.33| 0.33    | 33.33% 1,234,567 1,234.50"
      ),
      (
        "print \"{\"a\":>3}|\", \"{\"a\":^3}|\", \"{12345:.2e}\", \"{0.00012345:.3g}\", \"{[1 / 3, 2]:.2}\", \"{-1234:,}\"",
        "  a|  a | 1.23e+04 0.000123 [0.33, 2.00] -1,234"
      ),
      // Default values.
      ("define f x n = 2 sign = -1\n  x * n * sign\nend\nprint (f 3), (f 3 n 5), (f 3 sign 1 n 4)", "-6 -15 12"),
      ("define f x n = length(x) w = [1, 2][1]\n  n + w\nend\nprint (f [1, 2, 3]), (f [1] w 10)", "5 11"),
      ("base = 10\ndefine f x offset = base\n  x + offset\nend\nprint (f 1)\nbase = 20\nprint (f 1)", "11|21"),
      // What review and trials found.
      ("print 0..-1e300 step 1, where([] > 0, [], 0), mean(equal([1, 2, 3], [1, 5, 3]) ) > 0.6", "[] [] true"),
      (
        "x = 0..90 step 10\nset seed 3\nx[floor(random() * 10)] += 1\nprint sum(x) - sum(0..90 step 10), max(x - (0..90 step 10))",
        "1 1"
      ),
      ("x = [\"a\", 1]\nx[0] = 3\nprint mean(x)", "2"),
      (
        "rows = [record(\"k\", 1), record(\"k\", 2)]\nfor i in 0..1\n  rows[i] = record(\"k\", i * 10)\nend\nprint [r.k for r in rows]",
        "[0, 10]"
      ),
      // Functions of sequences.
      (
        "x = [1, -2, 3]\nprint where(x > 0, x, 0), where(x > 0, \"p\", \"n\"), clip(x, 0, 2), repeat(0, 3), repeat([1], 2)",
        "[1, 0, 3] [\"p\", \"n\", \"p\"] [1, 0, 2] [0, 0, 0] [[1], [1]]"
      ),
      ("m = [[1, -1], [-2, 2]]\nprint where(m > 0, m, -m), where(true, 1, 2)", "[[1, 1], [2, 2]] 1"),
    ])
  func values(_ script: String, _ expected: String) { #expect(output(script) == expected, "\(script)") }

  @Test(
    "what cannot be meant is told",
    arguments: [
      ("x = [1, 2]\nx[5] = 1", "the index 5 is out of range 0..1"),
      ("x = [1, 2, 3]\nx[0..1] = [1, 2, 3]", "2 values cannot be replaced by 3"),
      ("m = [[1, 2], [3, 4]]\nm[0, 1] = \"a\"", "only numbers can be put among numbers in several dimensions"),
      ("r = record(\"a\", 1)\nprint r.b", "a record has no field 'b'"),
      ("a, b = [1, 2, 3]", "2 variables take a list of 2 values"),
      ("for a, b in [[1, 2], [3]]\n  print a\nend", "2 variables take a list of 2 values"),
      ("x = [1]\ndefine f\n  x[0] = 2\nend\nf", "'x' belongs to the script"),
      ("n = 0\nx = 0..1 step n", "a step of 0 leads nowhere"), ("x = 0..1e9 step 1e-3", "more than 20,000,000 numbers"),
      ("print record(\"a\", 1, \"a\", 2)", "the name 'a' is there twice"),
      ("print zip([1], [1, 2])", "'zip' takes lists of equal length; these have 1 and 2"),
      ("s = \"a\"\nprint \"{s:.2}\"", "only numbers have decimals"),
      ("r = record(\"a\", 1)\nfor k in 0..99\n  r = record(\"a\", r)\nend", "nested more than 32 deep"),
      ("r = record(\"a\", 1)\nfor k in 0..30\n  r = record(\"a\", r, \"b\", r)\nend", "more than 4,000,000 values"),
      ("x = [linspace(0, 1, 20000000) for k in 0..9]", "more than 20,000,000 values"),
      ("define f x = 1+2 y = 5\n  x\nend", "a default is one value"),
      ("ones = load mnist count 5\nones.name = \"x\"", "the fields of a dataset cannot be set"),
    ])
  func refused(_ script: String, _ expected: String) { #expect(output(script).contains(expected), "\(output(script))") }

  @Test("Many changes of elements, and deep indices, take no time to speak of")
  func speed() {
    #expect(output("x = repeat(0, 200000)\nfor k in 0..199999\n  x[k] = k\nend\nprint sum(x)") == "19999900000")
    let deep = String(repeating: "x[", count: 90) + "0" + String(repeating: "]", count: 90)
    #expect(output("x = [0]\nprint \(deep)") == "0")
    #expect(
      output("print \(String(repeating: "[", count: 30))1\(String(repeating: "]", count: 30)) == 1").contains("["))
  }

  @Test("Random numbers follow from the seed, and each call draws others")
  func random() {
    let script =
      "set seed 7\na = random(3)\nb = random(3)\nset seed 7\nprint a == random(3), a == b, random([2, 3]).count"
    #expect(output(script) == "true false 2")
    let moments =
      "x = normal(20000)\ny = random(20000)\nprint abs(mean(x)) < 0.03, abs(std(x) - 1) < 0.03, min(y) >= 0, "
      + "max(y) < 1, abs(mean(y) - 0.5) < 0.01, sort(shuffled(0..99)) == 0..99, shuffled([5])"
    #expect(output(moments) == "true true true true true true [5]")
  }

  @Test("What an author says about a command is its help")
  func remarks() {
    let script =
      "# The square\n# of a number.\ndefine sq x\n  x * x\nend\ndefine half x by = 2\n  # Divides.\n  x / by\nend\n"
    #expect(output(script + "help sq").contains("sq X\n\nThe square of a number."))
    #expect(output(script + "help half").contains("half X [by BY]\n\nDivides."))
  }
}

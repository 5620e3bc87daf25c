import BVAEArrays
import BVAELanguage
import BVAENotebook
import BVAEPlatform
import TestSupport
import Testing

/// Lists of numbers as arrays: indices, arithmetic and comparison value by value, functions along axes.
/// Scripts/reference/check_functions.py holds the functions against NumPy.
@Suite("Arrays")
struct ArrayTests {
  private static let names = "x = [1, 2, 3, 4]\nm = [[1, 2, 3], [4, 5, 6]]\n"

  @Test(
    "an array's expression has the value that NumPy gives it",
    arguments: [
      ("x[-1], x[-4], x[1..], x[..1], x[..-2], x[-2..], x[..]", "4 1 [2, 3, 4] [1, 2] [1, 2, 3] [3, 4] [1, 2, 3, 4]"),
      ("x[-3..-2], x[4..], x[[0, -1, 0]], x[[]]", "[2, 3] [] [1, 4, 1] []"),
      ("x[x > 2], x[x == 9], x[not (x > 1) or x == 4]", "[3, 4] [] [1, 4]"),
      ("m[1, 2], m[-1, -1], m[0], m[.., 1], m[0, 1..]", "6 6 [1, 2, 3] [2, 5] [2, 3]"),
      (
        "m[[1, 0]], m[.., [2, 0]], m[m > 2], m[1.., ..1]",
        "[[4, 5, 6], [1, 2, 3]] [[3, 1], [6, 4]] [3, 4, 5, 6] [[4, 5]]"
      ),
      ("m[0, ..], m[0][1], m[.., -1][0]", "[1, 2, 3] 2 3"),
      (
        "m + [10, 20, 30], m + [[1], [2]], 1 - m, m * m",
        "[[11, 22, 33], [14, 25, 36]] [[2, 3, 4], [6, 7, 8]] "
          + "[[0, -1, -2], [-3, -4, -5]] [[1, 4, 9], [16, 25, 36]]"
      ),
      ("[5, -5] % 3, -m[0], (0..2) * 2, [1, 2] / [2, 4]", "[2, 1] [-1, -2, -3] [0, 2, 4] [0.5, 0.5]"),
      (
        "m > [1, 5, 3], x >= 2 and x != 3, not (x < 3)",
        "[[false, false, false], [true, false, true]] "
          + "[false, true, false, true] [false, false, true, true]"
      ),
      ("x == 2, x == x, m == m, [\"a\", \"b\"] == \"a\"", "[false, true, false, false] true true [true, false]"),
      ("sum(m), sum(m, 0), sum(m, -1), mean(m, 0), mean(x > 1)", "21 [5, 7, 9] [6, 15] [2.5, 3.5, 4.5] 0.75"),
      ("min(m, 1), max(m, 0), min(m), argmax(m), argmin(m, 1)", "[1, 4] [4, 5, 6] 1 5 [0, 0]"),
      ("std(x), variance([1, 3]), median(x), quantile(x, 0.25)", "1.2909944487358056 2 2.5 1.75"),
      ("shape(m), transpose(m), reshape(m, [3, 2])", "[2, 3] [[1, 4], [2, 5], [3, 6]] [[1, 2], [3, 4], [5, 6]]"),
      ("dot(x, x), dot(m, [1, 0, 1]), dot(m, transpose(m))", "30 [4, 10] [[14, 32], [32, 77]]"),
      (
        "order([3, 1, 2]), unique([3, 1, 3]), counts([3, 1, 3]), cumsum(x), reverse(x)",
        "[1, 2, 0] [1, 3] [1, 2] [1, 3, 6, 10] [4, 3, 2, 1]"
      ),
      (
        "histogram([0, 1, 1, 4], 2), edges([0, 4], 2), linspace(0, 1, 3), ranks([5, 1, 5])",
        "[3, 1] [0, 2, 4] [0, 0.5, 1] [2.5, 1, 2.5]"
      ),
      ("correlation([1, 2, 3], [2, 4, 6]), spearman([1, 2, 3], [1, 8, 27]), covariance([1, 2, 3], [2, 4, 6])", "1 1 2"),
      ("norm([3, 4]), distance([0, 0], [3, 4]), pow([1, 2], 2), pow(2, 0.5) == sqrt(2)", "5 5 [1, 4] true"),
      ("all(x > 0), any(x > 4), all([]), all(m > 1)", "true false true false"),
      (
        "split(\"a,b\", \",\"), split(\" a  b \"), replace(\"a-b-\", \"-\", \"+\"), upper(\"aé\"), lower(\"AB\")",
        "[\"a\", \"b\"] [\"a\", \"b\"] a+b+ AÉ ab"
      ),
      (
        "contains(\"abc\", \"bc\"), contains(x, 3), contains(0..3, 9), contains([\"a\"], \"a\")", "true true false true"
      ),
      ("[[], []] > 0.5, [] > 1, [unique([]), [1]] == 1, 1 < [[], [2]]", "[[], []] [] [[], [true]] [[], [true]]"),
      ("x[0..-1], length(m), length(m[0]), [[1], [2, 3]][1][-1]", "[] 2 3 3"),
    ])
  func values(_ expression: String, _ expected: String) {
    let host = RecordingHost()
    _ = Session.full(host: host).run(Source(name: "t.bvs", text: Self.names + "print " + expression))
    #expect(host.shown.joined() == expected, "\(expression)")
  }

  @Test(
    "what an array cannot do is said",
    arguments: [
      ("x[4]", "the index 4 is out of range 0..3"), ("x[-5]", "the index -5 is out of range 0..3"),
      ("x[5..]", "the index 5..3 is out of range 0..3"), ("x[[0, 7]]", "the index 7 is out of range 0..3"),
      ("x[[0.5]]", "an index is a whole number; this list holds 0.5"),
      ("x[m > 1]", "an index is a whole number, a range or a list of them"),
      ("x[[true, false]]", "2 truth values cannot choose among 4"),
      ("x[1..-2]", "this range ends before it begins"), ("x[0, 1]", "this list has the shape [4], not 2 dimensions"),
      ("[[1], [2, 3]][0, 0]", "a list of 2 values has no dimensions to take 2 indices"),
      ("m + [1, 2]", "lists of the shapes [2, 3] and [2] cannot be combined value by value"),
      ("x + [1, 2]", "lists of 4 and 2 values cannot be combined value by value"),
      ("x > [1, 2]", "lists of the shapes [4] and [2] cannot be compared value by value"),
      ("1 / (x - 2)", "1 cannot be divided by 0"), ("x > \"a\"", "a number and a text cannot be ordered"),
      ("sum(m, 2)", "an axis of this list is a whole number from 0 to 1"), ("mean([])", "an empty list has no mean"),
      ("std([1])", "'std' needs 2 numbers or more"), ("dot(x, m)", "have no product"),
      ("reshape(x, [3])", "4 numbers do not have the shape [3]"), ("quantile(x, 2)", "a share lies from 0 to 1, not 2"),
      ("correlation(x, [1, 2])", "'correlation' needs two lists of as many numbers"),
      ("min([], 0)", "an empty list has no min"), ("histogram([])", "one at least, fall into bins"),
      ("histogram([1e300, 1e300])", "there is no room for bins"),
      ("edges([-1e308, 1e308])", "there is no room for bins"),
      ("unique([]) + [[1]] + [1, 2]", "cannot be combined"),
      ("dot(reshape(0..9999, [10000, 1]), reshape(0..9999, [1, 10000]))", "more than 20,000,000 numbers"),
      ("correlation(reshape(0..4099, [2, 2050]))", "2050 columns are too many"),
      ("pca(reshape(0..4099, [2, 2050]))", "2050 columns are too many"),
      ("all([1, 2])", "'all' takes truth values, such as x > 0"), ("x and true", "'and' needs true or false"),
      ("transpose(x)", "expected a list of lists of as many numbers each; this has the shape [4]"),
      ("split(\"a\", \"\")", "a separator has one character or more"),
    ])
  func refused(_ expression: String, _ expected: String) {
    let host = RecordingHost()
    let outcome = Session.full(host: host).run(Source(name: "t.bvs", text: Self.names + "print " + expression))
    // What is sure is found before anything runs.
    let found =
      switch outcome {
      case .failed(let diagnostic): [diagnostic]
      case .rejected(let diagnostics): diagnostics
      default: [Diagnostic]()
      }
    #expect(found.first?.message.contains(expected) == true, "\(expression): \(found.map(\.message)) \(host.shown)")
  }

  @Test("Images are chosen by their labels, and codes are arrays")
  func domain() throws {
    let host = RecordingHost()
    _ = Session.full(host: host).run(
      Source(
        name: "t.bvs",
        text: """
          some = load mnist each 2
          print some[some.labels == 3].labels, some[[0, -1]].count, some[-1].label == some.labels[-1]
          code = encode (vae for some latents 3 channels 2) some
          print shape(code.mean), length(code.mean[.., 0]), shape(code.mean - mean(code.mean, 0))
          """))
    #expect(host.shown == ["[3, 3] 2 true", "[20, 3] 20 [20, 3]"])
  }

  @Test("A million numbers are kept as numbers")
  func many() {
    let host = RecordingHost()
    _ = Session.full(host: host).run(
      Source(
        name: "t.bvs",
        text:
          "x = list(1..1000000)\ny = x * 2 - x\nprint y == x, sum(y), y[-1], mean(y > 500000), length(y[y % 2 == 0])"))
    #expect(host.shown == ["true 500000500000 1000000 0.5 500000"])
  }

  @Test("Expressions put together at random end with a value or a mistake", arguments: 1...4 as ClosedRange<UInt64>)
  func random(seed: UInt64) {
    var words = RandomExpression(seed: seed)
    for _ in 0..<500 {
      let host = RecordingHost(), text = words.script()
      switch Session.full(host: host).run(Source(name: "t.bvs", text: text)) {
      case .finished: #expect(host.shown.count == 1, "\(text)")
      case .failed, .rejected: break
      case .stopped: Issue.record("\(text) stopped")
      }
    }
  }
}

/// Expressions of functions, operators, indices and awkward values.
private struct RandomExpression {
  private var generator: RandomGenerator
  private static let functions = Vocabulary.full.functions.map(\.name)
  private static let values = [
    "[]", "[[]]", "[[], []]", "[1]", "[1, 2, 3]", "[[1, 2], [3, 4]]", "[[1], [2, 3]]", "0..3", "3..0", "0..1e4", "-1",
    "0", "2",
    "1e308", "-1e308", "1e-300", "0.5", "true", "[true, false]", "[[true], [false]]", "\"\"", "\"a,b\"",
    "[\"a\", \"b\"]",
    "[1, \"a\"]", "unique([])", "[unique([]), unique([])]", "reshape(1..8, [2, 2, 2])", "[1e308, -1e308]", "[0, 0]",
    "([1, 2] > 1)", "record(\"a\", 1, \"b\", [1, 2])", "columns(\"a\", [1, 2], \"b\", [\"x\", \"y\"])",
    "(0..1 step 0.3)",
    "(5..1 step -2)", "\"{[1, 2]:.2}\"",
  ]
  private static let operators = ["+", "-", "*", "/", "%", "<", ">", "<=", "==", "!=", "and", "or", "in", "not in"]
  private static let indices = ["..", "1..", "..-2", "-1", "-3..-2", "0..-1", "[0, -1]", "[]", "5..", "..9"]

  init(seed: UInt64) { generator = RandomGenerator(seed: seed, stream: .scores, index: 99) }

  private mutating func one(of words: [String]) -> String { words[generator.index(below: words.count)] }

  /// An expression that is printed, or that a variable has before a part of it is changed.
  mutating func script() -> String {
    guard generator.index(below: 3) == 0 else { return "print " + expression() }
    let setting = one(of: ["=", "+=", "-=", "*="])
    let place = one(of: Self.places + ["[\(one(of: Self.indices))]", "[\(expression(depth: 2))]"])
    return "x = \(expression(depth: 1))\ny = x\nx\(place) \(setting) \(expression(depth: 2))\nprint x, y"
  }

  private static let places = [
    "[0]", "[-1]", "[0][1]", "[0, 1]", "[.., 0]", ".a", ".b[0]", "[\"b\"]", "[x > 1]", "[[0, 0]]",
  ]

  mutating func expression(depth: Int = 0) -> String {
    let kind = depth > 2 ? 0 : generator.index(below: 22)
    switch kind {
    case 20: return "[(\(expression(depth: depth + 1))) for v in \(expression(depth: depth + 1))]"
    case 21:
      return "[v for v in \(expression(depth: depth + 1)) if \(expression(depth: depth + 2)) == v]"
    case 0..<7: return one(of: Self.values)
    case 7..<14:
      let count = 1 + generator.index(below: 3)
      return one(of: Self.functions) + "("
        + (0..<count).map { _ in expression(depth: depth + 1) }.joined(separator: ", ") + ")"
    case 14..<17:
      return "(\(expression(depth: depth + 1)) \(one(of: Self.operators)) \(expression(depth: depth + 1)))"
    default:
      let count = 1 + generator.index(below: 2)
      let parts = (0..<count).map { _ in
        generator.index(below: 2) == 0 ? one(of: Self.indices) : expression(depth: depth + 2)
      }
      return "(\(expression(depth: depth + 1)))[\(parts.joined(separator: ", "))]"
    }
  }
}

import BVAELanguage
import BVAENotebook
import Testing

@Test(
  "print shows the value of an expression",
  arguments: [
    ("1 / 3", "0.3333333333333333"), ("3", "3"), ("3.0", "3"), ("-0.0", "0"), ("12345678", "12345678"),
    ("1e20", "1e+20"),
    ("9007199254740992", "9007199254740992"), ("5e-4", "0.0005"), ("2 + 3 * 4", "14"), ("(2 + 3) * 4", "20"),
    ("7 % 3", "1"), ("-1 % 12", "11"), ("1 % -12", "-11"), ("7.5 % 2", "1.5"), ("10 - 4 - 3", "3"),
    ("100 / 10 / 5", "2"), ("--3", "3"), ("-(2 + 1)", "-3"), ("2 - -3", "5"),
    ("\"a\" + \"b\"", "ab"), ("\"n = \" + 3", "n = 3"), ("3 + \"x\"", "3x"),
    ("\"{1 + 1} and {\"in {2 * 2}\"}\"", "2 and in 4"),
    ("\"tab\\t\\\"q\\\" \\\\ \\{x\\}\"", "tab\t\"q\" \\ {x}"), ("\"\"", ""),
    ("false or false or true", "true"), ("false or false", "false"), ("true and true and false", "false"),
    ("true and not false", "true"), ("true or 1 / (1 - 1) == 1", "true"), ("false and 1 / (1 - 1) == 1", "false"),
    ("not 1 == 2", "true"), ("1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3 and 1 != 2", "true"), ("\"a\" < \"b\"", "true"),
    ("[1, 2] == [1, 2]", "true"), ("0..3 == 0..3", "true"), ("1 == \"1\"", "false"),
    ("0..3 == [0, 1, 2, 3], [0, 1] == 0..2, 0..1 != [0, 1]", "true false false"),
    ("1234567.891, 3.0000000001, 0.1, 5e-324", "1234567.891 3.0000000001 0.1 5e-324"),
    ("1 / 1024, 2432902008176640 * 1000, -1.5e300", "0.0009765625 2.43290200817664e+18 -1.5e+300"),
    ("3.0000000001 == 3, 0.1 + 0.2 == 0.3", "false false"),
    ("0..3", "0..3"), ("-3..3", "-3..3"), ("0..11 * 2", "0..22"), ("(0..3) * 2", "[0, 2, 4, 6]"),
    ("-(1..3)", "[-1, -2, -3]"),
    ("[1, 7]", "[1, 7]"), ("[]", "[]"), ("[\"a\", [1, true]]", "[\"a\", [1, true]]"),
    ("[1, 2] * 2 + 1", "[3, 5]"), ("[1, 2] + [10, 20]", "[11, 22]"), ("2 / [1, 4]", "[2, 0.5]"),
    ("[[1, 2], [3, 4]] * 10", "[[10, 20], [30, 40]]"),
    ("[5, 6, 7][1]", "6"), ("[5, 6, 7][0..1]", "[5, 6]"), ("[5, 6, 7][3..2]", "[]"), ("(10..20)[3]", "13"),
    ("(10..20)[3..5]", "13..15"),
    ("[[1, 2], [3, 4]][1][0]", "3"), ("[1, 2, 3].count", "3"), ("(0..9).count", "10"), ("\"äöü\".count", "3"),
    ("min(3, 1, 2), max([3, 1, 2]), max(0..9)", "1 3 9"), ("mean([1, 2, 3, 4])", "2.5"),
    ("mean(0..1000000000000)", "500000000000"),
    ("sum([1, 2, 3]), sum(0..100), sum([])", "6 5050 0"), ("sqrt(16), sqrt([1, 4])", "4 [1, 2]"),
    ("abs(-3), abs([-1, 1])", "3 [1, 1]"),
    ("round(2.5), round(-2.5), round(2.345, 2), round(1e300)", "2 -2 2.35 1e+300"),
    ("floor(-1.5), ceiling(-1.5)", "-2 -1"),
    ("length([1, 2]), length(\"abc\"), length(0..1e12)", "2 3 1000000000001"), ("log(exp(1))", "1"),
    ("text(1 / 3, 2)", "0.33"),
    ("text(3) + 1", "31"), ("number(\"2.5\") * 2", "5"), ("number(\" -5e-1\\t\"), number(\"+7 \")", "-0.5 7"),
    ("list(0..3)", "[0, 1, 2, 3]"),
    ("join([1], 2, 3..4)", "[1, 2, 3, 4]"),
    ("sort([3, 1, 2]), sort([\"b\", \"a\"])", "[1, 2, 3] [\"a\", \"b\"]"), ("0.1 + 0.2", "0.30000000000000004"),
    ("1, 2, \"a\"", "1 2 a"), ("", ""),
    ("length((load mnist count 7))", "7"),
  ])
func printsValue(_ expression: String, _ expected: String) {
  let shown = run("print \(expression)")
  #expect(shown == expected, "\(expression)")
}

@Test("a run that cannot go on says where and why, with the calls that led there")
func failuresAreGolden() throws {
  let scripts: [(String, String)] = [
    ("division by a computed zero", "n = 0\nprint 1 + 1 / n"),
    ("an index outside", "x = [1, 2]\nk = 2\nprint x[k]"),
    ("an index into nothing", "x = []\nprint x[0]"),
    ("a slice outside", "x = load mnist count 3\nprint x[1..3].count"),
    ("an index that is no whole number", "x = load mnist\nk = 0.5\nprint x[k].name"),
    ("a square root and a logarithm", "x = -1\nprint sqrt(x)"),
    ("the logarithm of zero", "x = 0\nprint log(x)"),
    ("the mean of nothing", "print mean([])"),
    ("an overflow", "x = 1e308\nprint x * 10"),
    ("an overflow in exp", "print exp(1000)"),
    ("lists of different lengths", "print [1, 2] + [1, 2, 3]"),
    ("lists in a range", "x = [1]\nprint x[0]..x"),
    ("a range that cannot be looped over", "for k in 0.5..3\nend"),
    ("a range that is too long for a list", "print list(0..1e12)"),
    ("a range that is too long for arithmetic", "print (0..1e12) + 1"),
    ("a list that is nested too deeply", "x = []\nfor k in 0..100\n  x = [x]\nend"),
    ("a list that would be too long", "x = [1]\nfor k in 0..100\n  x = join(x, x)\nend"),
    ("a list that would hold too much", "x = [1]\nfor k in 0..30\n  x = [x, x]\nend"),
    ("a text that would be too long", "x = \"abcdefgh\"\nfor k in 0..100\n  x = x + x\nend"),
    ("an interpolation that would be too long", "x = \"abcdefgh\"\nfor k in 0..100\n  x = \"{x}{x}\"\nend"),
    ("a condition from a list", "x = [1]\nif x[0]\n  print 1\nend"),
    ("a value that suits no option", "n = [0][0]\nm = vae for (load mnist) latents n"),
    ("an error of a command at its argument", "n = 70000\nx = load mnist count n digits 3"),
    ("an unknown field of a value", "x = [load2]\nprint x[0].cuont\nload2 = 3"),
    ("a field that a value does not have", "define it x\n  x.cuont\nend\nprint (it (load mnist))"),
    (
      "a mistake in a defined command",
      "define half x\n  y = x / 0.5\n  y / (x - x)\nend\ndefine quarter x\n  half (half x)\nend\nprint 1\nprint (quarter 8)"
    ),
    ("a command that calls itself for ever", "define again x\n  again (x + 1)\nend\nagain 1"),
    ("a variable set only in some cases", "if 1 == 2\n  x = 3\nend\nprint x"),
    ("a text that is no number", "print number(\"12a\")"),
    ("a result that is nothing", "define quiet x\n  print x\nend\ny = quiet 3"),
  ]
  var text = ""
  for (name, script) in scripts { text += "== \(name)\n\(script)\n--\n\(run(script))\n\n" }
  try expectGolden(text, "failures.txt")
}

@Test(
  "number takes a text that is one number as a whole",
  arguments: ["5 abc", "1 000", "", " ", "nan", "inf", "-inf", "0x10", "1e999", "12a", "1,5", "+", "1 2"])
func textsThatAreNoNumbers(_ text: String) {
  #expect(run("print number(\"\(text)\")").contains("error: \"\(text)\" is not a number"))
}

@Test("a field that a value does not have is a mistake that says so")
func nothing() {
  func shown(_ statement: String) -> String {
    run("m = autoencoder for (load mnist count 3) channels 4\nb = 2\n\(statement)", vocabulary: .full)
  }
  #expect(shown("print m.kind") == "autoencoder")
  for statement in ["print m.beta, 1", "print \"{m.beta}\"", "b = m.beta", "print 1 + m.beta", "print [m.beta]"] {
    #expect(shown(statement).contains("this model has no β: its kind is autoencoder"), "\(statement)")
  }
}

@Test("of a chain of conditions the first true branch runs, and no other")
func conditionChains() {
  let chain = """
    define sort_of x
      if x > 3
        "large"
      else if x > 2
        "middling"
      else if x > 1
        "small"
      else
        "tiny"
      end
    end
    print (sort_of 4), (sort_of 3), (sort_of 2), (sort_of 1)
    if true
      print "first"
    else if true
      print "second"
    else if 1 / (1 - 1) == 1
      print "third"
    else
      print "last"
    end
    """
  #expect(run(chain) == "large middling small tiny\nfirst")
}

@Test("what a defined command sets is its own: the script's variables stay, and its own are gone behind it")
func scopes() {
  let definition = "define change x\n  y = x * 10\n  x = 0\n  for k in 0..3\n    z = k\n  end\n  y + z\nend\n"
  #expect(
    run(definition + "x = 1\ny = 2\nz = 3\nk = 4\nr = change 5\nprint x, y, z, k, r") == "1 2 3 4 53")
  #expect(mistakes(definition + "r = change 5\nprint z").map(\.message) == ["there is no variable 'z'"])
  // One call does not see what another one has set.
  let inner = "define inner\n  local\nend\ndefine outer\n  local = 7\n  inner\nend\n"
  #expect(run(inner + "local = 1\nprint (outer)") == "1")
}

@Test("the variable of a loop is the script's own and keeps its last value")
func loopVariables() {
  #expect(run("k = 99\nfor k in 0..2\nend\nprint k") == "2")
  #expect(run("k = 99\nfor k in []\nend\nprint k") == "99")
}

@Test("loops, conditions and variables work together")
func statements() {
  #expect(
    run(
      """
      total = 0
      for k in 0..4
        if k % 2 == 0
          total = total + k
        else if k == 3
          total = total + 100
        else
          continue_ = k
        end
      end
      print total, continue_, k
      for word in ["a", "b"]
        print word
      end
      for image in (load mnist count 2)
        print image
      end
      for nothing in 0..-1
        print "never"
      end
      """) == "106 1 4\na\nb\nMNIST train, image 0: 28×28×1\nMNIST train, image 1: 28×28×1")
}

@Test("a defined command has variables of its own, sees the script's and gives its last value")
func definitions() {
  #expect(
    run(
      """
      print (ratio 3 4)
      scale = 10
      define ratio a b
        scale_here = 2
        if b == 0
          0
        else
          a / b * scale_here
        end
      end
      define scaled x
        x * scale
      end
      x = 5
      y = scaled (x + 1)
      print y, x
      scaled 3
      """) == "1.5\n60 5")
}

@Test("an option's value may be a variable of any name, an option's or a command's option too")
func variablesNamedLikeOptions() {
  #expect(
    run(
      """
      epochs = 2
      model = vae for (load mnist count 9) latents 2 channels 4
      on = load mnist count 9
      batch = 5
      h = train model on on epochs epochs batch batch
      print h.loss.count, model.latents
      count = 4
      print (load mnist count count digits count), (load mnist digits count + 1 count count)
      all = [0, 1]
      print (sweep model from on[0] latents (all)), (sweep model from on[0] latents all)
      auto = 1
      rows = sweep model from on[0] range -auto..auto steps auto + 1
      print rows
      some = 0..1
      which = "test"
      span = -2..2
      print (sweep model from on[0] latents some range span), (load mnist split which count count)
      """) == """
        2 2
        MNIST train: 4 images of 28×28×1, digit 4 MNIST train: 4 images of 28×28×1, digit 5
        sweep of Z0 Z1 from MNIST train, image 0: 12 frames a latent sweep of Z0 Z1 from MNIST train, image 0: 12 frames a latent
        sweep of Z0 Z1 from MNIST train, image 0: 2 frames a latent
        sweep of Z0 Z1 from MNIST train, image 0: 12 frames a latent MNIST test: 4 images of 28×28×1, digits 0 1 2 7
        """)
}

@Test("a statement continues over lines that end with a backslash")
func continuation() {
  #expect(run("print 1 + \\\n  2 + \\   \n  3 \\ # and so on\n  + 4\nprint \\\n") == "10\n")
}

@Test("inside brackets a statement goes on over the ends of lines")
func brackets() {
  #expect(run("x = [\n  1, # one\n\n  2,\n  [3,\n4],\n]\nprint x") == "[1, 2, [3, 4]]")
  #expect(run("x = [5, 6]\nprint (x\n[0..0]) == 1").contains("error"))
  #expect(run("print max(\n1,\n-2\n) + (1\n+ 2)\nprint 3") == "4\n3")
  #expect(run("print length((load mnist\n  count 7\n  skip 1))\nfor k in [\n0,\n1\n]\n  print k\nend") == "7\n0\n1")
  // Only an open bracket does so: signs at the end of a line do not.
  #expect(mistakes("x = 1 +\ny = 2").map(\.line) == [1])
}

@Test("a bracket that is never closed is told where it is, and takes in nothing but lines that could belong to it")
func unclosedBrackets() {
  func found(_ script: String) -> [String] { mistakes(script).map { "\($0.line):\($0.column) \($0.message)" } }
  for next in ["y = 2", "for k in 0..1\nend", "if true\nend", "define f x\n  x\nend", "| prose"] {
    #expect(found("x = [1,\n2\n\(next)") == ["1:5 this '[' is never closed"], "\(next)")
    #expect(found("x = [\n1, 2,\n\(next)") == ["1:5 this '[' is never closed"], "\(next)")
  }
  #expect(found("x = [1,\n2,\n") == ["1:5 this '[' is never closed"])
  #expect(found("print (1 + 2\nprint 3\nprint (4)") == ["1:7 this '(' is never closed"])
  #expect(found("x = (1\ny = [2\nz = max(3\nprint unknown").count == 4)
  #expect(found("x = [1, 'a'\nprint 2]").count == 2)
  #expect(found("x = (1]\nprint 3").count == 1)
}

@Test("prose goes to the report with its values filled in")
func prose() {
  let host = RecordingHost()
  let session = Session(vocabulary: .full, host: host)
  let outcome = session.run(
    Source(name: "t", text: "| # Title\nk = 3\n|\n  | k is {k}, \\{not\\} \"{\"quoted\"}\" \\alpha } \r\n|no blank"))
  #expect(ending(outcome).isEmpty)
  #expect(session.prose == ["# Title", "", "k is 3, {not} \"quoted\" \\alpha } ", "no blank"])
}

@Test("an interrupted loop ends at once")
func interruption() {
  let host = RecordingHost()
  host.patience = 1000
  #expect(run("for k in 0..1e12\nend", host: host) == "stopped: interrupted")
}

@Test("--set keeps its value against the script's own, once, and says so")
func presets() throws {
  let host = RecordingHost()
  var options = NotebookOptions()
  options.session.presets = [try Preset("epochs=5"), try Preset("name=out/dir"), try Preset("digits=[1, 7]")]
  let shown = run(
    "print epochs\nepochs = 200\nprint epochs, name, digits\nepochs = epochs + 1\nprint epochs\nif true\n  name = 3\nend\nprint name",
    options: options, host: host)
  #expect(shown == "5\n5 out/dir [1, 7]\n6\n3")
  #expect(host.notes == ["epochs = 5 as --set says; the script's own is 200"])
  #expect(throws: ScriptFailure.self) { try Preset("epochs") }
  #expect(throws: ScriptFailure.self) { try Preset("3=4") }
  #expect(throws: ScriptFailure.self) { try Preset("for=4") }
  #expect(throws: ScriptFailure.self) { try Preset("x=[1, 2") }
  #expect(try Preset("x=-3..3").value.text == "-3..3")
  #expect(try Preset("x=\"a b\"").value.text == "a b")
  #expect(try Preset("x=a b").value.text == "a b")
  #expect(try Preset("x=").value.text == "")
  for broken in ["1e999", "-1e999", "1..", "..9", "1..2..3", "0..1e999", " 1.. ", ".5", "9007199254740993"] {
    #expect(throws: ScriptFailure.self, "\(broken)") { try Preset("x=\(broken)") }
  }
  for text in ["2024-01-01", "1.2.3", "../data/1", "3x", "1 2", "e..1", "\"1..\"", "10:30", "-", "..", "1 - 2"] {
    #expect(try Preset("x=\(text)").value.type == .text, "\(text)")
  }
  #expect(try Preset("x=5e-4").value.text == "0.0005")
}

@Test(
  "--set refuses what the sort of the script's own value excludes",
  arguments: [
    ("epochs=2*3", "epochs = 5", "'epochs' is a number in the script, but a text here"),
    ("epochs=", "epochs = 5", "'epochs' is a number in the script, but a text here"),
    ("epochs=true", "epochs = 5", "'epochs' is a number in the script, but a truth value here"),
    ("name=3", "name = \"a\"", "'name' is a text in the script, but a number here"),
    ("done=0", "done = false", "'done' is a truth value in the script, but a number here"),
    ("digits=one", "digits = [1, 7]", "'digits' is a list in the script, but a text here"),
    ("epochs=6", "epochs = 5", nil), ("digits=3", "digits = [1, 7]", nil), ("digits=0..9", "digits = 3", nil),
    ("name=x", "name = \"a\"", nil), ("first=2", "first = load mnist", nil),
  ] as [(String, String, String?)])
func presetsOfTheWrongSort(preset: String, script: String, message: String?) throws {
  var options = SessionOptions()
  options.presets = [try Preset(preset)]
  let session = Session(vocabulary: .full, host: RecordingHost(), options: options)
  let name = script.prefix { $0 != " " }
  let found = session.check(Source(name: "t.bvs", text: "\(script)\nprint \(name)"))
  #expect(found.map(\.message) == (message.map { [$0] } ?? []))
  if message != nil { #expect(found.first?.source.name == "--set") }
}

@Test("a value of --set that does not suit is found by checking")
func presetsAreChecked() throws {
  var options = SessionOptions()
  options.presets = [try Preset("n=0")]
  let session = Session(vocabulary: .full, host: RecordingHost(), options: options)
  let found = session.check(Source(name: "t.bvs", text: "n = 3\nx = load mnist count n"))
  #expect(found.map(\.message) == ["'count' of 'load' takes a whole number of 1 or more; this is 0"])
}

@Test("a figure, an image or a sweep on a line of its own at the prompt is shown as a picture")
func pictures() throws {
  let host = RecordingHost(), session = Session.full(host: host)
  for text in [
    "x = load mnist count 3", "m = vae for x latents 2 channels 1", "h = train m on x epochs 1", "x[0]", "plot h",
    "sweep m from x[0] steps 3",
  ] {
    #expect(ending(session.run(Source(name: "input", text: text), isInteractive: true)).isEmpty)
  }
  #expect(host.shown.isEmpty && host.pictures.count == 3)
  #expect(host.pictures.map(\.title).map { $0.prefix(6) } == ["MNIST ", "figure", "sweep "])
  #expect(host.pictures[0].width == 28 && host.pictures[0].pixels.count == 28 * 28 * 3)
}

@Test("an interactive session keeps its variables and shows values")
func interactive() {
  let host = RecordingHost()
  let session = Session(vocabulary: .full, host: host)
  func say(_ text: String) -> [String] { ending(session.run(Source(name: "input", text: text), isInteractive: true)) }
  #expect(say("x = 3").isEmpty)
  #expect(say("x + 1").isEmpty)
  #expect(say("load mnist count 5").isEmpty)
  #expect(say("define half a\n  a / 2\nend").isEmpty)
  #expect(say("half x").isEmpty)
  #expect(say("define half a\n  a / 20\nend").isEmpty)
  #expect(say("half x").isEmpty)
  #expect(say("for k in 0..1\n k\nend").isEmpty)
  #expect(say("y = unknown") != [])
  #expect(say("x").isEmpty)
  #expect(say("quit") == ["stopped: quit"])
  #expect(host.shown == ["4", "MNIST train: 5 images of 28×28×1, digits 0 1 4 5 9", "1.5", "0.15", "3"])
  #expect(session.variables.sorted.map(\.key) == ["arguments", "k", "x"])
}

@Test("a block is known to need more lines until its end")
func collectingStatements() {
  func needsMore(_ text: String) -> Bool {
    var collector = StatementCollector()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) { _ = collector.add(line.utf8) }
    return collector.needsMore
  }
  #expect(needsMore("for k in 0..3"))
  #expect(needsMore("if true\n  for k in 0..3\n  end"))
  #expect(needsMore("define a b"))
  #expect(needsMore("x = 3 \\"))
  #expect(needsMore("x = 3 \\ # more"))
  #expect(!needsMore("for k in 0..3\n  print k\nend"))
  #expect(!needsMore("x = 3 \\\n  + 4"))
  #expect(!needsMore("x = 3 \\\nfor"))
  #expect(!needsMore("x = 3"))
  #expect(!needsMore("vae for x"))
  #expect(!needsMore("end"))
  #expect(!needsMore("for k in 0..3 print k end"))
  #expect(!needsMore("| for \\"))
  #expect(!needsMore("print \"a\\"))
  #expect(needsMore("x = [1,"))
  #expect(needsMore("x = [1,\n\n  max(2,"))
  #expect(needsMore("x = (\nload mnist"))
  #expect(!needsMore("x = [1,\n 2]"))
  #expect(!needsMore("x = [1,\ny = 2"))
  #expect(needsMore("x = [1,\nfor k in 0..1"))
  #expect(!needsMore("x = [1, 'a'"))
  #expect(!needsMore("print \"[\""))
  #expect(StatementCollector.lastLine(of: "a = 1\nb = [1,\n  2,\n") == "b = [1,\n  2,\n")
  #expect(StatementCollector.lastLine(of: "a = 1\nb = \\\n  2") == "b = \\\n  2")
  #expect(StatementCollector.lastLine(of: "a = [1]\nb") == "b")
  var collector = StatementCollector()
  #expect(collector.add("if true".utf8) == nil && collector.lineCount == 1)
  #expect(collector.add("end".utf8) == Array("if true\nend\n".utf8) && collector.lineCount == 0)
}

@Test("--set of a variable that the script does not have is a mistake")
func unknownPreset() throws {
  var options = NotebookOptions()
  options.session.presets = [try Preset("epoch=5")]
  #expect(
    run("epochs = 3\nprint epochs", options: options) == """
      --set:1:1: error: the script has no variable 'epoch'
        1 | epoch=5
          | ^~~~~ did you mean 'epochs'?
      """)
}

@Test("what remains to be done is done when a script ends well")
func finisher() {
  for (script, expected) in [("print 1", true), ("quit", true), ("print 1 / (1 - 1)", false), ("print x", false)] {
    var isDone = false
    let session = Session(vocabulary: .full, host: RecordingHost())
    session.finisher = { _ in isDone = true }
    _ = session.run(Source(name: "t", text: script))
    #expect(isDone == expected, "\(script)")
  }
}

@Test("included scripts share variables and commands, and errors in them say how they were reached")
func includes() throws {
  let folder = try TemporaryFolder()
  _ = try folder.write("lib/common.bvs", "define twice x\n  x * 2\nend\nshared = 7\ninclude \"deeper.bvs\"\n")
  _ = try folder.write("lib/deeper.bvs", "deep = 1\n")
  let main = try folder.write(
    "main.bvs", "print (twice 4)\ninclude \"lib/common.bvs\"\nprint shared, deep, (twice shared)")
  let host = RecordingHost()
  let session = Session(vocabulary: .full, host: host)
  #expect(ending(session.run(try Source.file(main))) == [])
  #expect(host.shown == ["8", "7 1 14"])

  _ = try folder.write("bad.bvs", "n = [0]\nx = 1 / n[0]\n")
  let other = try folder.write("other.bvs", "\ninclude \"bad.bvs\"\n")
  let failed = ending(Session(vocabulary: .full, host: host).run(try Source.file(other))).joined()
  #expect(
    failed.replacing(folder.path, with: "") == """
      /bad.bvs:2:5: error: 1 cannot be divided by 0
        2 | x = 1 / n[0]
          |     ^~~~~~~~
        included at /other.bvs:2:1
      """)

  _ = try folder.write("wrong.bvs", "x = load mnits\n")
  let wrong = try folder.write(
    "includes_wrong.bvs", "y = z\ninclude \"wrong.bvs\"\ninclude \"worng.bvs\"\ninclude \"wrong.bvs\"")
  let found = Session(vocabulary: .full, host: host).check(try Source.file(wrong))
  #expect(
    found.map { "\(fileName($0.source.name)):\($0.line)" } == [
      "includes_wrong.bvs:1", "includes_wrong.bvs:3", "wrong.bvs:1",
    ])
  #expect(found[1].hint == "did you mean 'wrong.bvs'?")
}

private func fileName(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

@Test("a script that includes itself is an error that shows the circle")
func circularIncludes() throws {
  let folder = try TemporaryFolder()
  _ = try folder.write("b.bvs", "include \"a.bvs\"\n")
  let a = try folder.write("a.bvs", "include \"b.bvs\"\n")
  let found = Session(vocabulary: .full, host: RecordingHost()).check(try Source.file(a))
  #expect(found.map(\.message) == ["'a.bvs' includes itself: a.bvs → b.bvs → a.bvs"])
}

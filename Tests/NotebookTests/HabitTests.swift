import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// What people bring along from Python, R, MATLAB, Stata and shells, and what they are told.
@Suite("Habits from other languages")
struct HabitTests {
  private func found(_ script: String) -> [Diagnostic] {
    Session.full(host: RecordingHost()).check(Source(name: "t.bvs", text: script))
  }

  @Test(
    "a habit from elsewhere is answered with what to write here",
    arguments: [
      ("time x = 5", "no variable can be set here", "write name = time …"),
      ("quit()", "'quit' is a command; its values do not stand in parentheses", "write quit, without ( )"),
      ("load ./a.npy", "'load' needs ", "write a path in quotes, as in \"./file.npy\""),
      (
        "load data/a.npy", "'load' expects the name of an option here, not '/'",
        "write a path in quotes, as in \"./file.npy\""
      ),
      ("load ~/a.npy", "'~' has no meaning here", "write a path in quotes: \"~/file.npy\""),
      ("x = load a.npy", "there is no variable 'a'", "write a path in quotes: \"a.npy\""),
      ("x = load mnist.gz", "there is no variable 'mnist'", "write a path in quotes: \"mnist.gz\""),
      ("x = load(mnist)", "'load' is a command; its values do not stand in parentheses", "write load mnist"),
      ("x = load (mnist)", "there is no variable 'mnist'", "write the word itself without ( ), as in load mnist"),
      ("x = load \"mnist\"", "there is no file 'mnist'", "write load mnist, without quotes"),
      ("x = load cifar", "'cifar' is not 'mnist'", "there is no variable 'cifar' either"),
      (
        "m = vae for (load mnist) --latents 4", "write options without --",
        "write latents"
      ),
      ("ones = load mnist\nm = vae for ones --latents 4", "write options without --", "write latents"),
      (
        "set seed = 3", "settings are written without '='",
        "write set seed 3; a variable is set without 'set', seed = 3"
      ),
      ("set pictrues on", "there is no setting 'pictrues'", "did you mean 'pictures'?"),
      (":q", "':' has no meaning here", "commands are written without ':'"),
      ("x = 4\nif x > 3:\nend", "':' has no meaning here", "a block begins without ':', on the next line"),
      (
        "x = [1, 2]\nprint x[0:1]", "':' has no meaning here",
        "write a slice as x[0..4], with both ends; all of a dimension as x[.., 0]"
      ),
      ("x = 1:10", "':' has no meaning here", "write a range as 1..10"),
      ("x := 3", "':' has no meaning here", "a variable is set with =, as in x = 3"),
      ("x = 7 // 2", "expected a value, not '/'", "whole division is floor(a / b); a comment begins with #"),
      ("// a comment", "expected a value, not '/'", "a comment begins with #"),
      ("/* a comment */", "expected a value, not '/'", "a comment begins with #"),
      ("-- a comment", "expected a statement, not '--'", "a comment begins with #"),
      ("% a comment", "expected a value, not '%'", "a comment begins with #"),
      ("x = 7 mod 2", "expected the end of the line, not 'mod'", "for the remainder write a % b"),
      ("x = 7\nprint x mod 2", "expected ',' or the end of the line, not 'mod'", "for the remainder write a % b"),
      ("x = 7\ny = x div 2", "expected the end of the line, not 'div'", "for whole division write floor(a / b)"),
      ("x = (7 div 2)", "expected ')', not 'div'", "for whole division write floor(a / b)"),
      ("x = 3\nif x <> 3\nend", "'<>' has no meaning here", "write !="),
      ("x = 3\nif x === 3\nend", "'===' has no meaning here", "write =="),
      ("x = 3\nif x is 3\nend", "expected the end of the line after 'if', not 'is'", "to compare write =="),
      (
        "x = 3\nif x == 3 then\nend", "expected the end of the line after 'if', not 'then'",
        "the body of a block begins on the next line"
      ),
      ("x = 3\nx++", "expected a value, not '+'", "write x = x + 1 for x++"),
      ("x = 3\nx--", "expected a value, not the end of the line", "write x = x - 1 for x--"),
      ("x <- 3", "'<-' sets no variable", "write name = value; to compare write x < -3"),
      ("print \"{{a}}\"", "'{{' is not an escaped brace", "for a literal brace write \\{"),
      (
        "for k in 0..3\n  next\nend", "there is no command or variable 'next'",
        "'continue' goes on with the next value, 'break' leaves a loop"
      ),
      ("cd data", "there is no command 'cd'", "'cd' works at the prompt only"),
      ("dir data", "there is no command 'dir'", "'ls' lists a folder, at the prompt"),
      (
        "ones = load mnist\nm = vae for ones\nbatch = 8\nh = train m on ones epochs epochs * batch 32",
        "'batch' is read as part of the value before it", "a value is missing after '*', or put the value in ( )"
      ),
    ])
  func hints(script: String, message: String, hint: String) {
    let first = found(script).first { $0.severity == .error }
    #expect(first?.message.hasPrefix(message) == true, "\(first?.message ?? "nothing")")
    #expect(first?.hint == hint)
  }

  @Test(
    "a minus with a blank before it and none behind it is warned of, and subtracts",
    arguments: ["[1 -1]", "[x -1]", "max(x -1, 2)", "x -1", "x -(1)", "1, x -1"])
  func minus(expression: String) {
    let found = found("x = 3\nprint \(expression)")
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.message.hasSuffix("is subtracted from the value before it") == true)
    #expect(run("x = 3\nprint x -1") == "2")
  }

  @Test(
    "no other minus is warned of",
    arguments: [
      "[1, -1]", "x - 1", "x-1", "x- 1", "-1", "-x", "2 * -x", "(-1)", "-1..1", "3 - -x", "x == -1", "[x\n- 1]",
    ])
  func otherMinus(expression: String) {
    #expect(found("x = 3\nprint \(expression)").isEmpty)
  }

  @Test("an option's value may be a variable, whatever words the option takes; its words win, by the declaration alone")
  func words() {
    let start = "ones = load mnist count 4\nm = vae for ones latents 2 channels 4\n"
    for line in [
      "part = \"test\"\nx = load mnist split part", "some = 0..1\nx = sweep m from ones[0] latents some range prior",
      "span = -2..2\nx = sweep m from ones[0] latents all range span", "half = \"decoder\"\nx = diagram m part half",
      "auto = -1..1\nx = sweep m from ones[0] range (auto)",
    ] { #expect(found(start + line).isEmpty, "\(line)") }
    // A word that is no word of the option and no variable is told with what is near.
    let wrong = found("x = load mnist split tset")
    #expect(wrong.count == 1 && wrong.first?.message.hasPrefix("'tset' is not 'train'") == true)
    #expect(wrong.first?.hint == "did you mean 'test'?")
    let late = found("x = load mnist split part\npart = \"test\"")
    #expect(late.map(\.message) == ["the variable 'part' has no value yet"])
    let wrongText = found("part = \"tset\"\nx = load mnist split part")
    #expect(wrongText.first?.message.hasPrefix("'split' of 'load' takes 'train'") == true)
    #expect(wrongText.first?.message.hasSuffix("this is \"tset\"") == true)
  }

  @Test("two lists are equal or not as wholes; with a single value, and by order, a list is compared value by value")
  func comparisons() {
    #expect(run("print [1, 2] == [1, 2], [1] != [2], 0..2 == [0, 1, 2], [] == []") == "true true true true")
    #expect(run("print [1, 2] == 1, 1 != [1], (0..2) == 1") == "[true, false] [false] [false, true, false]")
    #expect(
      run("print \"a\" == [\"a\", \"b\"], [1, 2, 3] > 2, [1] < [2]") == "[true, false] [false, false, true] [true]")
    let first = found("x = [1, 2]\nif x > 1\nend").first
    #expect(first?.message == "'if' needs true or false; this is a list")
    #expect(first?.hint == "write all(x > 0) or any(x > 0)")
    // What the checker cannot know is found by running.
    #expect(run("x = [[1, 2]]\nif x[0] == 1\n  print 1\nend").contains("write all(x > 0) or any(x > 0)"))
  }

  @Test("a range that is written out and ends before it begins is warned of", arguments: ["list(3..0)", "sum(5..4)"])
  func emptyRanges(expression: String) {
    #expect(found("print \(expression)").map(\.message) == ["this range ends before it begins and is empty"])
    #expect(found("for k in 3..0\nend").first?.hint == "ranges count upward: 0..3")
    #expect(found("n = 0\nfor k in 1..n\nend\nprint list(3..3)").isEmpty)
  }

  @Test("mistakes inside of loops are found, however deep, and what a loop sets is known in it and behind it")
  func loops() {
    let script = """
      ones = load mnist count 4
      for k in 0..2
        print unknown
        x = load mnist cuont 3
        if k > 0
          for image in ones
            print image.lable, k.count
          end
        end
        y = k
      end
      print y, k
      """
    #expect(
      found(script).map { "\($0.line): \($0.message)" } == [
        "3: there is no variable 'unknown'", "4: 'load' has no option 'cuont'", "7: an image has no field 'lable'",
        "7: a number has no fields",
      ])
  }

  @Test("what a loop will write counts as there, as a file and as the folder that holds it")
  func writtenByLoops() throws {
    let folder = try TemporaryFolder()
    func missing(_ body: String, _ read: String) -> [String] {
      let script = "t = load mnist count 3\nfor k in 0..2\n  \(body)\nend\nprint (load \"\(read)\")"
      return found(script.replacing("FOLDER", with: folder.path)).map {
        $0.message.replacing(folder.path, with: "FOLDER")
      }
    }
    #expect(missing("save t[k] \"FOLDER/S1/{k}.png\"", "FOLDER/S1") == [])
    #expect(missing("save t[k] \"FOLDER/S1/{k}.png\"", "FOLDER/S1/") == [])
    #expect(missing("save t[k] \"FOLDER/S1/{k}.png\"", "FOLDER/S1/2.png") == [])
    #expect(missing("save t[k] \"FOLDER/S{k}/a.png\"", "FOLDER/S1") == [])
    #expect(missing("save t[k] \"FOLDER/S1/x/{k}.png\"", "FOLDER/S1") == [])
    #expect(missing("save t[k] \"FOLDER/S1/{k}.png\"", "FOLDER/S2") == ["there is no file 'FOLDER/S2'"])
    #expect(missing("save t[k] \"FOLDER/S1/{k}.png\"", "FOLDER/S1/0.npy") == ["there is no file 'FOLDER/S1/0.npy'"])
  }

  @Test("an ending that is sure is checked before anything runs, though the rest of the path is not")
  func endings() {
    let start = "t = load mnist count 3\nfor k in 0..2\n  "
    #expect(
      found(start + "save t[k] \"out/{k}.jpg\"\nend").map(\.message)
        == ["an image must be saved as .png, not '{k}.jpg'"])
    #expect(
      found(start + "figure (sheet t) \"out/{k}.pdf\"\nend").map(\.message)
        == ["a report shows no .pdf; a figure in it must be .png or .svg"])
    #expect(
      found(start + "save t[k] \"out/{k}\"\nend").isEmpty && found(start + "save t[k] \"a.b/{k}.png\"\nend").isEmpty)
    #expect(found("t = load mnist count 3\nfigure (sheet t) \"/tmp/\"").count == 1)
  }
}

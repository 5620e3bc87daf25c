import BVAELanguage
import BVAENotebook
import Testing

/// Three commands that do nothing of use, for what declared properties promise.
private let toys = Vocabulary(commands: [Greet.self, Total.self, Twice.self] + Vocabulary.housekeeping)

private let toyGroup = CommandGroup("Toys", purpose: "play")

private struct Manner: ArgumentGroup {
  enum Tone: String, CaseIterable, WordValue {
    case friendly, formal
  }

  @Option("how it sounds", default: "friendly") var tone: Tone
  @Switch("in capitals") var loud: Bool

  var rules: [Rule] {
    [{ _ in $tone.known == .formal && loud ? [$loud.failure("a formal greeting is not loud")] : [] }]
  }
}

private struct Greet: Command {
  static let about = CommandAbout("greet", in: toyGroup, "says hello", result: .text, example: "greet \"Ann\"")

  @Positional("who is greeted", .text) var name: String
  @Marker(name: "with", "what is said", .text) var words: String?
  @Option("how often", .integer(1...9), default: 1) var times: Int
  @Group var manner: Manner

  var rules: [Rule] {
    [{ _ in ($words.known ?? nil) == "" ? [$words.failure("nothing is said", hint: "leave 'with' out")] : [] }]
  }

  func run(_ site: CallSite, _ session: Session) -> Value {
    let word = words ?? (manner.tone == .formal ? "good day" : "hello")
    let once = "\(word) \(name)"
    let text = Array(repeating: manner.loud ? once.uppercased() : once, count: times).joined(separator: ", ")
    return .text("\(text) (line \(site.line))")
  }
}

private struct Total: Command {
  static let about = CommandAbout("total", in: toyGroup, "adds numbers", result: .number, example: "total 1, 2")

  @Values("what is added", .number) var numbers: [Float]

  func run(_ site: CallSite, _ session: Session) -> Value { .number(Double(numbers.reduce(0, +))) }
}

private struct Twice: Command {
  static let about = CommandAbout("twice", in: toyGroup, "runs a command twice", result: .any, example: "twice total 1")

  @Positional("what is run") var command: DeferredCommand

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    _ = try command.run()
    return try command.run()
  }
}

private func play(_ script: String) -> String { run(script, vocabulary: toys) }

@Suite("Declared properties")
struct ToyCommandTests {
  @Test("A property has what the call gives, its default, or nothing")
  func values() {
    #expect(play("print (greet \"Ann\")") == "hello Ann (line 1)")
    #expect(play("\nprint (greet \"Ann\" with \"hey\" times 2 loud)") == "HEY ANN, HEY ANN (line 2)")
    #expect(play("print (greet \"Ann\" tone formal)") == "good day Ann (line 1)")
    #expect(play("n = 3\nprint (total n, 2 * n, 1), (total 0.5)") == "10 0.5")
  }

  @Test("What is left out of a second call is not what the first one gave")
  func nothingStays() {
    #expect(play("x = greet \"Ann\" with \"hey\" loud\nprint (greet \"Bob\")") == "hello Bob (line 2)")
    #expect(play("print (twice twice greet \"Ann\" loud), (greet \"Bob\")") == "HELLO ANN (line 1) hello Bob (line 1)")
  }

  @Test("A rule is asked before anything runs where values are written out, else when it runs")
  func rules() {
    #expect(play("print 1\nx = greet \"Ann\" with \"\"").hasPrefix("test.bvs:2:22: error: nothing is said"))
    #expect(play("print 1\nx = greet \"Ann\" tone formal loud").hasPrefix("test.bvs:2:29: error: a formal greeting"))
    let computed = play("print 1\nif arguments.count == 0\n  w = \"\"\nend\nx = greet \"Ann\" with w")
    #expect(computed.hasPrefix("1\ntest.bvs:5:22: error: nothing is said"))
  }

  @Test("A value of the right kind that its type refuses is a mistake of the script")
  func refusals() {
    #expect(play("print 1\nprint (total 1e300)").contains("1e+300 is beyond what is computed with"))
    #expect(play("print (greet 3)").contains("'greet' takes a text; this is 3"))
    #expect(play("print (greet \"Ann\" times 10)").contains("'times' of 'greet' takes a whole number from 1 to 9"))
  }

  @Test("Syntax and help follow from the properties, in the order of their declaration")
  func syntax() {
    #expect(toys.command("greet")?.syntax == "greet \"…\" [with \"…\"] [times 1] [tone friendly|formal] [loud]")
    #expect(toys.command("total")?.syntax == "total …")
    #expect(toys.inconsistencies == [])
  }
}

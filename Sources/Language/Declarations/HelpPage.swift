/// The pages of help on what is no command.
package struct HelpPage {
  package let name: String
  package let syntax: String
  package let summary: String
  let details: String
  let example: String

  var text: String {
    let shown = example.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
    let text = "\(summary.sentence.paragraph)\n\n\(details.paragraph)"
    return "\(syntax)\n\n\(text)\n\nExample\n\(shown.joined(separator: "\n"))"
  }

  package static let statements: [HelpPage] = [
    HelpPage(
      name: "for", syntax: "for NAME in LIST … end", summary: "runs the lines up to 'end' for each value of a list",
      details:
        "A range counts through its whole numbers, 0..2 through 0, 1 and 2; 0..10 step 5 through 0, 5 and 10. Several "
        + "names take the parts of each value, as in 'for k, x in enumerate(list)' and 'for a, b in zip(x, y)'. After "
        + "the loop, the names and variables set in it keep their last values; earlier values are overwritten. A list "
        + "of results is shorter as [x * x for x in list if x > 0], whose names are its own.",
      example: """
        for k in 0..2
          print "latent", k
        end
        for k, name in enumerate(["a", "b"])
          print k, name
        end
        print [k * k for k in 0..9 if k % 2 == 1]
        """),
    HelpPage(
      name: "while", syntax: "while CONDITION … end",
      summary: "runs the lines up to 'end' as long as a condition is true",
      details:
        "'break' leaves this loop or a 'for', 'continue' goes on with the next round. Ctrl-C stops a loop that does not "
        + "end.",
      example: """
        n = 100
        while n > 1
          n = floor(n / 2)
          if n == 12
            break
          end
        end
        """),
    HelpPage(
      name: "if", syntax: "if CONDITION … else … end", summary: "runs lines only if a condition is true",
      details: "'else if CONDITION' may come in between, as often as needed.",
      example: """
        beta = 8
        if beta > 4
          print "strong"
        else
          print "moderate"
        end
        """),
    HelpPage(
      name: "define", syntax: "define NAME PARAMETER… OPTION = VALUE… … end", summary: "defines a command",
      details: """
        It is called like any other, also above its definition. A parameter with a default is an option, which a call \
        names. Variables set in it are its own; those of the script can be read. Its result is that of its last \
        statement, or what 'return' gives, which ends it. Lines that begin with # directly above it, or at the top of \
        its body, are what 'help' says about it.
        """,
      example: """
        # The share of a in b.
        define ratio a b decimals = 2
          round(a / b, decimals)
        end
        print (ratio 2 3), (ratio 2 3 decimals 4)
        """),
    HelpPage(
      name: "include", syntax: "include \"PATH\"", summary: "runs another script here",
      details: "The path is relative to the folder of the including script. Its variables and commands are shared.",
      example: """
        include "other.bvs"
        """),
  ]

  static let prose = """
    | ## Digit {digit}

    A line that begins with | is prose for the report, in Markdown, kept in order
    with the figures and tables of the code around it. {…} puts a value in; braces
    themselves are written \\{ and \\}. Within a loop it is said every time.

    Example
      digit = 1
      | The models of digit {digit} have {3 * 4} latents.
    """

  package static let expressions = """
    Numbers       12, 0.5, 5e-4
    Texts         "k is {k}"; \\" \\\\ \\{ \\} stand for the characters themselves,
                  \\n and \\t for line break and tab
    Truth         true, false, and, or, not, == != < <= > >=
                  x in list, x not in list, "a" in text
    Ranges        0..9, both ends included; 0..1 step 0.25 is a list
    Lists         [1, 7]; arithmetic goes value by value: [1, 2] * 2 is [2, 4];
                  == compares whole lists; [x * x for x in list if x > 0]
    Arithmetic    + - * / %; + joins texts; -1 % 12 is 11
    Elements      x[0] is the first one, x[0..3] the first four; x[0] = 5 sets it
    Fields        x.count; r = record("name", 3), r.name = 4
    Functions     mean(x); 'help functions' lists them
    Commands      in parentheses: print (ratio 3 4)
    Lines         go on inside ( ) and [ ], and behind a \\ at the end
    Loosest first: or, and, not, comparison and in, .., + -, * / %, - before a
    value.
    """
}

/// A short page of help on something that is no command, function, statement or value.
package struct HelpTopic: Sendable {
  package let name: String
  /// The other words under which it is found.
  package let aliases: Set<String>
  private let makeText: @Sendable () -> String
  package var text: String { makeText() }

  /// A page of text; one that is laid out for the width of the terminal is made when it is asked for.
  package init(_ name: String, _ aliases: Set<String> = [], _ text: @escaping @Sendable @autoclosure () -> String) {
    (self.name, self.aliases, makeText) = (name, aliases, text)
  }
}

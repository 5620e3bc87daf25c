/// Gathers lines until they make a whole statement: a block with its `end`, a line with those it continues on behind a
/// `\` and inside brackets.
package struct StatementCollector {
  /// The lines so far.
  package private(set) var pending: [UInt8] = []
  /// How many of them there are.
  package private(set) var lineCount = 0
  private var openBlocks = 0
  private var isContinued = false
  private var brackets = OpenBrackets()

  /// A collector without lines.
  package init() {}

  /// How many blocks are open, and open brackets as one more: how deep the next line stands.
  package var depth: Int { openBlocks + (brackets.isEmpty ? 0 : 1) }

  /// Whether the lines so far go on.
  package var needsMore: Bool { openBlocks > 0 || isLineOpen }

  /// Whether the next line goes on with the last one.
  private var isLineOpen: Bool { isContinued || !brackets.isEmpty }

  /// Takes a line in, without its line break.
  /// - Returns: the whole statement if this line ends it; the collector is empty then.
  package mutating func add(_ line: some Sequence<UInt8>) -> [UInt8]? {
    let bytes = Array(line)
    pending += bytes + [UInt8(ascii: "\n")]
    lineCount += 1
    var scanner = Scanner(Source(name: "", bytes: bytes))
    let tokens = scanner.scan().filter { !$0.isEnd }
    let goesOn = isContinued || !brackets.isEmpty && !OpenBrackets.beginsStatement(tokens)
    brackets.read(line: tokens)
    if !goesOn, let word = tokens.first?.word {
      if ReservedWord.opening.contains(word), tokens.last?.word != "end" { openBlocks += 1 }
      if word == "end" { openBlocks = max(0, openBlocks - 1) }
    }
    isContinued = scanner.endsContinued
    if needsMore { return nil }
    defer { self = StatementCollector() }
    return pending
  }

  /// The last line of a text with those before it that it continues.
  package static func lastLine(of text: String) -> String {
    var collector = StatementCollector()
    var lines: [Substring] = []
    // By bytes: a line end of Windows is one character.
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if !collector.isLineOpen { lines = [] }
      lines.append(Substring(line))
      _ = collector.add(line)
    }
    return lines.joined(separator: "\n")
  }
}

/// Gathers lines until they make a whole statement: a block with its `end`, a line with those it continues on.
public struct StatementCollector {
  /// The lines so far.
  public private(set) var pending: [UInt8] = []
  /// How many of them there are.
  public private(set) var lineCount = 0
  private var openBlocks = 0
  private var isContinued = false

  /// A collector without lines.
  public init() {}

  /// How many blocks are open.
  public var depth: Int { openBlocks }

  /// Whether the lines so far go on.
  public var needsMore: Bool { openBlocks > 0 || isContinued }

  /// Takes a line in, without its line break.
  /// - Returns: the whole statement if this line ends it; the collector is empty then.
  public mutating func add(_ line: some Sequence<UInt8>) -> [UInt8]? {
    let bytes = Array(line)
    pending += bytes + [UInt8(ascii: "\n")]
    lineCount += 1
    var scanner = Scanner(Source(name: "", bytes: bytes))
    let tokens = scanner.scan().filter { !$0.isEnd }
    if !isContinued, let word = tokens.first?.word {
      if ["for", "if", "define"].contains(word), tokens.last?.word != "end" { openBlocks += 1 }
      if word == "end" { openBlocks = max(0, openBlocks - 1) }
    }
    isContinued = scanner.endsContinued
    if needsMore { return nil }
    defer { self = StatementCollector() }
    return pending
  }
}

import BVAEPlatform
import Glibc

/// Asks the terminal what it can show, so that nothing of question and answer is seen.
enum TerminalQuery {
  /// How long an answer is waited for, in seconds: it goes once to the terminal and back, over slow lines too.
  private static let patience = 1.0

  /// What the terminal behind standard input and output can show. What is typed meanwhile is kept for the prompt.
  static func abilities() -> TerminalAbilities {
    let environment = Machine.environment
    var abilities = TerminalAbilities()
    guard TerminalAbilities.mayAsk(environment), Output.isTerminal(0), Output.isTerminal(Output.standard),
      tcgetpgrp(0) == getpgrp(), Terminal.prepare()
    else { return abilities }
    let before = Terminal.current
    Terminal.enter(.running)
    defer { if before == .original { Terminal.restore() } }
    // A script has no prompt that could take what was typed ahead.
    if before == .original && StandardInput.isReady { return abilities }
    guard let replies = ask(TerminalAbilities.question) else { return abilities }
    abilities = TerminalAbilities(replies)
    abilities.add(environment)
    if abilities.mayKitty, let replies = ask(TerminalAbilities.kittyQuestion) { abilities.addKitty(replies) }
    return abilities
  }

  /// The answers to a question that ends with asking for the attributes; nil where they do not come.
  private static func ask(_ question: String) -> [TerminalReply]? {
    Output.write(question, to: Output.standard)
    // What a terminal that does not know the question has written of it goes away.
    defer { Output.write("\r\u{1B}[K", to: Output.standard) }
    var collector = ReplyCollector()
    defer { StandardInput.pushBack(collector.others) }
    let deadline = Machine.seconds + patience
    while Machine.seconds < deadline {
      switch StandardInput.next(milliseconds: Int32(max(1, (deadline - Machine.seconds) * 1000))) {
      case .bytes(let bytes): if collector.take(bytes) { return collector.replies }
      case .nothing: continue
      case .interrupted, .end: return nil
      }
    }
    return nil
  }
}

/// Tells answers from keys.
package struct ReplyCollector {
  package private(set) var replies: [TerminalReply] = []
  /// The bytes of everything else.
  package private(set) var others: [UInt8] = []
  private var decoder = KeyDecoder()
  private var pending: [UInt8] = []

  package init() { decoder.expectsStrings = true }

  /// Takes bytes in.
  /// - Returns: whether the attributes, and so the last answer, have come.
  package mutating func take(_ bytes: [UInt8]) -> Bool {
    var isDone = false
    for byte in bytes {
      if isDone {
        others.append(byte)
        continue
      }
      pending.append(byte)
      let keys = decoder.decode([byte])
      guard !keys.isEmpty else { continue }
      var isReply = false
      for case .reply(let reply) in keys {
        isReply = true
        replies.append(reply)
        if case .attributes = reply { isDone = true }
      }
      if !isReply { others += pending }
      pending = []
    }
    return isDone
  }
}

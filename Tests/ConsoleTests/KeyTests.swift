import BVAEConsole
import Testing

private func keys(_ pieces: [UInt8]..., expectsStrings: Bool = false) -> [Key] {
  var decoder = KeyDecoder()
  decoder.expectsStrings = expectsStrings
  return pieces.flatMap { decoder.decode($0) }
}

private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

@Test("keys are told by their bytes")
func plainKeys() {
  #expect(keys("aé語") == [.text("aé語")])
  #expect(
    keys("\r\n\t\u{7F}\u{8}\u{1}\u{1F}\u{0}") == [
      .enter, .enter, .tab, .backspace, .backspace, .control("a"), .control("_"), .control("@"),
    ])
  #expect(keys("\u{1B}[A\u{1B}[B\u{1B}OC\u{1B}OD") == [.up, .down, .right, .left])
  #expect(
    keys("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~\u{1B}OH\u{1B}OF") == [
      .home, .end, .home, .end, .home, .end, .home, .end,
    ])
  #expect(
    keys("\u{1B}[1;5C\u{1B}[1;5D\u{1B}[1;3C\u{1B}[1;2C\u{1B}Oc") == [
      .wordRight, .wordLeft, .wordRight, .right, .wordRight,
    ])
  #expect(
    keys("\u{1B}[3~\u{1B}[3;5~\u{1B}b\u{1B}\u{7F}\u{1B}\r\u{1B}[Z") == [
      .delete, .wordDelete, .alt("b"), .altBackspace, .altEnter, .backTab,
    ])
  #expect(keys("\u{1B}[97;5u\u{1B}[13u\u{1B}[98;3u") == [.control("a"), .enter, .alt("b")])
  #expect(keys("\u{1B}[[Ax\u{1B}[15~\u{1B}[?1;2y") == [.text("x"), .unknown, .unknown])
}

@Test("a sequence may come in any pieces", arguments: 0..<40)
func pieces(_ cut: Int) {
  let bytes = Array("é\u{1B}[1;5C\u{1B}[200~ab\r\ncd\u{1B}[201~語\u{1B}b".utf8)
  let cut = min(cut, bytes.count)
  let whole: [Key] = [.text("é"), .wordRight, .paste("ab\ncd"), .text("語"), .alt("b")]
  #expect(keys(Array(bytes[..<cut]), Array(bytes[cut...])) == whole)
  var decoder = KeyDecoder(), single: [Key] = []
  for byte in bytes { single += decoder.decode([byte]) }
  #expect(single == whole)
}

@Test("a lone Escape is a key once nothing follows it")
func loneEscape() {
  var decoder = KeyDecoder()
  #expect(decoder.decode([0x1B]) == [])
  #expect(decoder.waiting == .escape)
  #expect(decoder.giveUpWaiting() == [.escape])
  #expect(decoder.waiting == .nothing)
  #expect(decoder.decode(Array("[A".utf8)) == [.text("[A")])
}

@Test("what is pasted cannot command, and ends at its end")
func pastes() {
  #expect(keys("\u{1B}[200~a\u{1B}[Ab\u{3}\tc\r\rd\u{1B}[201~e") == [.paste("a[Ab\tc\n\nd"), .text("e")])
  #expect(keys("\u{1B}[200~\u{1B}\u{1B}[201~x") == [.paste(""), .text("x")])
  #expect(keys("\u{1B}[200~\u{1B}[20\u{1B}[201~") == [.paste("[20")])
  var decoder = KeyDecoder()
  #expect(decoder.decode(Array("\u{1B}[200~one".utf8)) == [])
  #expect(decoder.waiting == .paste)
  #expect(decoder.giveUpWaiting() == [.paste("one")])
  #expect(decoder.decode(Array(" two\u{1B}[201~".utf8)) == [.paste(" two")])
}

@Test("bytes that are no UTF-8 become replacement characters")
func invalidBytes() {
  #expect(keys([0xFF, 0x61]) == [.text("\u{FFFD}a")])
  #expect(keys([0xC3], [0xA9]) == [.text("é")])
  #expect(keys([0xC3], [0x61]) == [.text("\u{FFFD}a")])
  #expect(keys([0xE8, 0xAA], [0x0D]) == [.text("\u{FFFD}"), .enter])
}

@Test("answers are told from keys only while they are expected")
func replies() {
  let answer = Array("\u{1B}P>|kitty(0.31)\u{1B}\\\u{1B}[6;20;10t\u{1B}[?62;4c".utf8)
  #expect(
    keys(answer, expectsStrings: true) == [
      .reply(.string(kind: "P", content: ">|kitty(0.31)")), .reply(.cell(height: 20, width: 10)),
      .reply(.attributes([62, 4])),
    ])
  #expect(keys("\u{1B}Px") == [.alt("P"), .text("x")])
  // Alt-P and Enter, typed while an answer was expected, are not lost.
  #expect(keys(Array("\u{1B}Pab\r".utf8), expectsStrings: true) == [.enter])
}

@Test("keys that are typed between the answers are kept")
func typedAhead() {
  var collector = ReplyCollector()
  #expect(collector.take(Array("a\u{1B}[6;16;8t".utf8)) == false)
  #expect(collector.take(Array("\u{1B}[Ab".utf8)) == false)
  let isDone = collector.take(Array("\u{1B}[?1;2c!".utf8))
  #expect(isDone)
  #expect(collector.replies == [.cell(height: 16, width: 8), .attributes([1, 2])])
  #expect(collector.others == Array("a\u{1B}[Ab!".utf8))
}

/// Turns the bytes of a terminal into keys. Sequences may come in any pieces: what is incomplete waits for its rest.
package struct KeyDecoder {
  /// Whether a question was asked whose answers begin like Alt with a letter; they are told apart only then.
  package var expectsStrings = false
  private var state = State.ground
  private var text = TextCollector()
  private var keys: [Key] = []

  /// The most bytes that one paste may have; what goes beyond is dropped.
  package static let largestPaste = 1 << 22
  private static let longestSequence = 64
  private static let longestString = 1024

  private enum State {
    case ground
    case escape
    /// Behind `ESC [`: parameters and intermediate bytes so far.
    case sequence([UInt8])
    /// Behind `ESC O`.
    case single
    /// Behind `ESC [ [`, function keys of the Linux console.
    case console
    case paste(PasteCollector)
    case string(kind: UInt8, [UInt8], endsWithEscape: Bool)
  }

  /// What the bytes so far wait for.
  package enum Waiting {
    case nothing
    /// Escape was pressed, or begins a sequence.
    case escape
    /// The rest of a paste.
    case paste
    /// The rest of a sequence or a character.
    case rest
  }

  package init() {}

  package var waiting: Waiting {
    switch state {
    case .ground: text.isIncomplete ? .rest : .nothing
    case .escape: .escape
    case .paste: .paste
    default: .rest
    }
  }

  /// The keys that bytes complete.
  package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
    for byte in bytes { take(byte) }
    return taken()
  }

  /// The keys that are meant if nothing follows: a lone Escape, what has come of a paste.
  package mutating func giveUpWaiting() -> [Key] {
    switch state {
    case .escape:
      state = .ground
      add(.escape)
    case .paste(var paste):
      let content = paste.takeContent()
      state = .paste(paste)
      if !content.isEmpty { add(.paste(content)) }
    default: break
    }
    return taken()
  }

  private mutating func taken() -> [Key] {
    flushText()
    defer { keys = [] }
    return keys
  }

  private mutating func flushText() {
    if let typed = text.taken() { keys.append(.text(typed)) }
  }

  private mutating func add(_ key: Key) {
    flushText()
    keys.append(key)
  }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: takePlain(byte)
    case .escape: takeEscaped(byte)
    case .sequence(var bytes): takeSequence(byte, &bytes)
    case .single:
      state = .ground
      if byte < 0x20 { return take(byte) }
      add(Self.key(final: byte, numbers: [], isSingle: true))
    case .console: state = .ground
    case .paste(var paste):
      // The collector is moved out and back, so that its bytes are not copied.
      state = .ground
      if paste.take(byte) { add(.paste(paste.takeContent())) } else { state = .paste(paste) }
    case .string(let kind, var bytes, let endsWithEscape): takeString(byte, kind, &bytes, endsWithEscape)
    }
  }

  private mutating func takePlain(_ byte: UInt8) {
    if byte >= 0x80 || byte >= 0x20 && byte != 0x7F { return text.add(byte) }
    text.giveUp()
    switch byte {
    case 0x1B:
      flushText()
      state = .escape
    case 0x0A, 0x0D: add(.enter)
    case 0x09: add(.tab)
    case 0x08, 0x7F: add(.backspace)
    case 0x01...0x1A: add(.control(Character(Unicode.Scalar(byte | 0x60))))
    default: add(.control(Character(Unicode.Scalar(byte | 0x40))))
    }
  }

  private mutating func takeEscaped(_ byte: UInt8) {
    state = .ground
    switch byte {
    case UInt8(ascii: "["): state = .sequence([])
    case UInt8(ascii: "O"): state = .single
    case 0x1B:
      add(.escape)
      state = .escape
    case 0x08, 0x7F: add(.altBackspace)
    case 0x0A, 0x0D: add(.altEnter)
    case UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "]"):
      if expectsStrings {
        state = .string(kind: byte, [], endsWithEscape: false)
      } else {
        add(.alt(Character(Unicode.Scalar(byte))))
      }
    case 0x20..<0x7F: add(.alt(Character(Unicode.Scalar(byte))))
    case 0x80...: takePlain(byte)
    default: add(.unknown)
    }
  }

  private mutating func takeSequence(_ byte: UInt8, _ bytes: inout [UInt8]) {
    switch byte {
    case 0x20...0x3F:
      guard bytes.count < Self.longestSequence else {
        state = .ground
        return
      }
      // Appending where nobody else holds the bytes.
      state = .ground
      bytes.append(byte)
      state = .sequence(bytes)
    case UInt8(ascii: "[") where bytes.isEmpty: state = .console
    case 0x40...0x7E:
      state = .ground
      finishSequence(byte, bytes)
    default:
      // A control character breaks the sequence off.
      state = .ground
      take(byte)
    }
  }

  private mutating func finishSequence(_ final: UInt8, _ bytes: [UInt8]) {
    let isPrivate = bytes.first.map { $0 >= 0x3C } ?? false
    let fields = bytes.drop { $0 >= 0x3C }.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    // What follows a colon is a detail of its number.
    let numbers = fields.map { Int(String(decoding: $0.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)) ?? 0 }
    switch (final, isPrivate) {
    case (UInt8(ascii: "c"), true):
      expectsStrings = false
      add(.reply(.attributes(numbers)))
    case (UInt8(ascii: "t"), false):
      add(numbers.count == 3 && numbers[0] == 6 ? .reply(.cell(height: numbers[1], width: numbers[2])) : .unknown)
    case (UInt8(ascii: "~"), false) where numbers.first == 200: state = .paste(PasteCollector())
    case (_, true): add(.unknown)
    default: add(Self.key(final: final, numbers: numbers, isSingle: false))
    }
  }

  private mutating func takeString(_ byte: UInt8, _ kind: UInt8, _ bytes: inout [UInt8], _ endsWithEscape: Bool) {
    state = .ground
    if byte == 0x07 || (endsWithEscape && byte == UInt8(ascii: "\\")) {
      let content = String(decoding: bytes, as: UTF8.self)
      return add(.reply(.string(kind: Character(Unicode.Scalar(kind)), content: content)))
    }
    if endsWithEscape {
      // No end of a string: what follows is something else.
      state = .escape
      return take(byte)
    }
    // It was no answer but a key after all.
    if byte < 0x20 && byte != 0x1B { return take(byte) }
    guard bytes.count < Self.longestString else { return }
    if byte != 0x1B { bytes.append(byte) }
    state = .string(kind: kind, bytes, endsWithEscape: byte == 0x1B)
  }

  /// The key of a sequence. Modifiers come as the second number: 1 and the sum of 1 Shift, 2 Alt, 4 Ctrl.
  private static func key(final: UInt8, numbers: [Int], isSingle: Bool) -> Key {
    let modifiers = numbers.count > 1 ? max(0, numbers[1] - 1) : 0
    let isWord = modifiers & 6 != 0
    switch final {
    case UInt8(ascii: "A"): return .up
    case UInt8(ascii: "B"): return .down
    case UInt8(ascii: "C"): return isWord ? .wordRight : .right
    case UInt8(ascii: "D"): return isWord ? .wordLeft : .left
    case UInt8(ascii: "H"): return .home
    case UInt8(ascii: "F"): return .end
    case UInt8(ascii: "Z"): return .backTab
    case UInt8(ascii: "M") where isSingle: return .enter
    // rxvt's Ctrl-Left and Ctrl-Right.
    case UInt8(ascii: "d") where isSingle: return .wordLeft
    case UInt8(ascii: "c") where isSingle: return .wordRight
    case UInt8(ascii: "~"): return key(number: numbers.first ?? 0, isWord: isWord)
    case UInt8(ascii: "u"): return key(code: numbers.first ?? 0, modifiers: modifiers)
    default: return .unknown
    }
  }

  private static func key(number: Int, isWord: Bool) -> Key {
    switch number {
    case 1, 7: .home
    case 4, 8: .end
    case 3: isWord ? .wordDelete : .delete
    case 5: .pageUp
    case 6: .pageDown
    default: .unknown
    }
  }

  /// Keys of terminals that tell all modifiers, `ESC [ code ; modifiers u`.
  private static func key(code: Int, modifiers: Int) -> Key {
    let isAlt = modifiers & 2 != 0
    switch code {
    case 13: return isAlt ? .altEnter : .enter
    case 9: return modifiers & 1 != 0 ? .backTab : .tab
    case 27: return .escape
    case 127, 8: return isAlt || modifiers & 4 != 0 ? .altBackspace : .backspace
    case 0x20..<0x7F:
      let character = Character(Unicode.Scalar(UInt8(code)))
      if modifiers & 4 != 0 { return .control(character) }
      return isAlt ? .alt(character) : .text(String(character))
    default: return .unknown
    }
  }
}

import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// Scripts as bytes: encodings, marks, paths.
@Suite("Sources")
struct SourceTests {
  private static let text = "| Größe 🙂\nx = [1,\n  2]\nprint x, \"é\"\n"

  private func shown(_ bytes: [UInt8]) -> [String] {
    let host = RecordingHost()
    let session = Session(vocabulary: .full, host: host)
    let outcome = session.run(Source(name: "t.bvs", bytes: bytes))
    return session.prose + host.shown + ending(outcome)
  }

  private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in
      let high = UInt8(unit >> 8), low = UInt8(unit & 255)
      return bigEndian ? [high, low] : [low, high]
    }
  }

  @Test("UTF-8 and UTF-16 with a byte order mark are read")
  func marks() {
    let expected = ["Größe 🙂", "[1, 2] é"]
    #expect(shown(Array(Self.text.utf8)) == expected)
    #expect(shown([0xEF, 0xBB, 0xBF] + Array(Self.text.utf8)) == expected)
    #expect(shown([0xFF, 0xFE] + utf16(Self.text, bigEndian: false)) == expected)
    #expect(shown([0xFE, 0xFF] + utf16(Self.text, bigEndian: true)) == expected)
    #expect(shown([0xFF, 0xFE] + utf16(Self.text, bigEndian: false) + [10]) == expected, "a byte too many")
    #expect(shown([0xFF, 0xFE]) == [])
  }

  @Test("UTF-16 without a mark and UTF-32 are named, once, with what to do", arguments: [true, false])
  func withoutMark(bigEndian: Bool) {
    func found(_ bytes: [UInt8]) -> [Diagnostic] {
      Session(vocabulary: .full, host: RecordingHost()).check(Source(name: "t.bvs", bytes: bytes))
    }
    let plain = found(utf16(Self.text, bigEndian: bigEndian))
    #expect(plain.map(\.message) == ["this script is in UTF-16 without a byte order mark, which cannot be read"])
    #expect(plain.first?.hint == "save it as UTF-8" && plain.first?.line == 1)
    let wide = Self.text.unicodeScalars.flatMap { scalar -> [UInt8] in
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> (8 * $0)) }
      return bigEndian ? bytes.reversed() : bytes
    }
    let mark: [UInt8] = bigEndian ? [0, 0, 0xFE, 0xFF] : [0xFF, 0xFE, 0, 0]
    #expect(found(mark + wide).map(\.message) == ["this script is in UTF-32, which cannot be read"])
    // Texts with a zero or two are none of these.
    #expect(found(Array("print 1".utf8) + [0]).map(\.message) == ["the character U+0000 has no meaning here"])
  }
}

@Test("a leading ~ and ~user stand for home folders, any other ~ for itself")
func homeFolders() throws {
  let home = try #require(Machine.homeDirectory)
  #expect(Path.expandingHome("~/a/b.npy") == Path.join(home, "a/b.npy"))
  #expect(Path.expandingHome("~") == home)
  #expect(Path.expandingHome("~root/x") == "/root/x" && Path.expandingHome("~root") == "/root")
  for path in ["a/~/b", "./~", "a~", "", "/~", "~no-such-user/x", "~$lock.docx", " ~/x"] {
    #expect(Path.expandingHome(path) == path)
  }
}

import BVAEPlatform
import Testing

struct TextTests {
  @Test("a fixed number of decimals")
  func decimals() {
    #expect(Double.pi.formatted(decimals: 3) == "3.142")
    #expect((-1.5).formatted(decimals: 0) == "-2")
    #expect((-0.0004).formatted(decimals: 3) == "0.000")
    #expect((-0.0).formatted(decimals: 0) == "0")
    #expect((-0.0006).formatted(decimals: 3) == "-0.001")
    #expect(1.0.formatted(decimals: -5) == "1")
    #expect(Double.greatestFiniteMagnitude.formatted(decimals: 60) == "1.79769e+308")
    #expect((-1e15).formatted(decimals: 2) == "-1000000000000000.00")
    #expect((-1e16).formatted(decimals: 2) == "-1e+16")
    #expect(999_999_999_999_999.0.formatted(decimals: 1) == "999999999999999.0")
    #expect((-Double.nan).formatted(decimals: 2) == "nan")
    #expect((-Double.infinity).formatted(decimals: 2) == "-inf")
  }

  @Test("a number of significant digits")
  func digits() {
    #expect((1.0 / 3).formatted() == "0.333333")
    #expect(1e20.formatted() == "1e+20")
    #expect(42.0.formatted() == "42")
    #expect((-0.0).formatted() == "0")
    #expect(0.1.formatted(digits: 99) == "0.10000000000000001")
    #expect(1234.5.formatted(digits: 0) == "1e+03")
  }

  @Test("thousands are grouped")
  func grouped() {
    #expect([0, 999, 1000, 60_000, -1_234_567].map(\.grouped) == ["0", "999", "1,000", "60,000", "-1,234,567"])
    #expect(Int.min.grouped == "-9,223,372,036,854,775,808")
    #expect([0, 1, 2].map { counted($0, "image") } == ["0 images", "1 image", "2 images"])
  }

  @Test(
    "durations",
    arguments: [
      (0, "0 ms"), (0.0123, "12 ms"), (0.0994, "99 ms"), (0.0996, "0.1 s"), (4.54, "4.5 s"), (9.94, "9.9 s"),
      (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (3599.6, "1 h 00 min"),
      (7500, "2 h 05 min"), (12_345, "3 h 25 min"), (-1, "?"), (Double.nan, "?"), (Double.infinity, "?"), (1e300, "?"),
    ])
  func durations(seconds: Double, text: String) {
    #expect(duration(seconds: seconds) == text)
  }

  @Test(
    "how wide a text is in a terminal",
    arguments: [
      ("", 0), ("latent", 6), ("β-VAE", 5), ("e\u{301}", 1), ("漢字", 4), ("ｆｕｌｌ", 8), ("🙂", 2), ("👩‍🔬", 2), ("❤️", 2),
      ("28×28×1", 7), ("—∞…", 3), ("\u{200B}", 0), ("\u{1}", 0), ("한글", 4), ("🇩🇪", 2),
    ])
  func width(text: String, columns: Int) {
    #expect(text.displayWidth == columns)
  }

  @Test(
    "FNV-1a has the values that its authors published",
    arguments: [
      ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("b", "af63df4c8601f1a5"), ("foobar", "85944171f73967e8"),
      ("chongo was here!\n", "46810940eff5f915"),
    ])
  func fingerprint(text: String, digits: String) {
    var fingerprint = Fingerprint()
    fingerprint.add(Array(text.utf8))
    #expect(fingerprint.description == digits)
  }

  @Test("neighbouring texts and numbers do not run into each other, and leading zeros stay")
  func fingerprintOfTexts() {
    func of(_ texts: [String]) -> String {
      var fingerprint = Fingerprint()
      for text in texts { fingerprint.add(text) }
      return fingerprint.description
    }
    #expect(of(["ab", "c"]) != of(["a", "bc"]))
    #expect(of(["", "a"]) != of(["a", ""]))
    for i in 0..<100 { #expect(of(["\(i)"]).count == 16) }
    var bytes = Fingerprint(), number = Fingerprint()
    bytes.add([0x02, 0x01, 0, 0, 0, 0, 0, 0])
    number.add(0x0102)
    #expect(bytes == number)
  }
}

@Test("Control characters do not reach a terminal, line breaks and letters do")
func controls() {
  #expect("a\n\tb β 数字 🙂\u{301}".withoutControls == "a\n\tb β 数字 🙂\u{301}")
  #expect("\u{1B}[2J\u{9B}x\r\n\0\u{7F}".withoutControls == "\u{FFFD}[2J\u{FFFD}x\u{FFFD}\n\u{FFFD}\u{FFFD}")
}

import BVAEPlatform
import Testing

@Suite("JSON")
struct JSONTests {
  private func read(_ text: String) -> JSON? { JSON(Array(text.utf8)) }
  private func written(_ value: JSON) -> String { String(decoding: value.bytes, as: UTF8.self) }

  @Test("values are read as what they are")
  func reads() {
    #expect(read("{\"a\": [1, 2.5, true, null, \"x\"]}") == ["a": [1, .number(2.5), true, .null, "x"]])
    #expect(read("\"\\u00fc\\ud83d\\ude00\\n\"") == "ü😀\n")
    #expect(read("{\"a\": null}")?["a"] == nil)
    #expect(read("3")?.whole == 3)
    #expect(read("3.5")?.whole == nil)
  }

  @Test("what is no JSON is none", arguments: ["", "{", "{\"a\" 1}", "nul", "\"\u{1}", "[1,,2]", "\u{FEFF}"])
  func refuses(text: String) { #expect(read(text) == nil) }

  @Test("very deep nesting is refused, not followed")
  func deep() { #expect(read(String(repeating: "[", count: 100_000)) == nil) }

  @Test("values are written in one line, members in order, numbers that are none as null")
  func writes() {
    #expect(written(["b": 1, "a": ["x/y", .number(0.5), true, .null]]) == "{\"a\":[\"x/y\",0.5,true,null],\"b\":1}")
    #expect(written(.number(.nan)) == "null")
    #expect(written("line\nbreak \"quoted\"") == "\"line\\nbreak \\\"quoted\\\"\"")
    #expect(written(.number(1e300)) == "1e+300")
  }
}

import BetaVAE
import Testing

/// The JSON at the beginning of weights files, as other programs write it too.
struct SafetensorsHeaderTests {
  private func read(_ header: String, values: [UInt8] = []) throws -> Safetensors {
    try Safetensors(
      bytes: (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + header.utf8 + values)
  }

  @Test("Space, escapes and any order are read")
  func accepted() throws {
    let file = try read(
      #" { "a\u00e9\ud83d\ude42": {"shape" : [ 1 , 2 ],"data_offsets":[0,8], "dtype":"F32"} ,"#
        + "\n\"__metadata__\":{\"β\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\":\"\"}}  ",
      values: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    #expect(file.tensors.keys.sorted() == ["aé🙂"])
    #expect(file.tensors["aé🙂"]?.shape == [1, 2])
    #expect(file.tensors["aé🙂"]?.values == [1, -2])
    #expect(file.metadata == ["β": "\"\\/\u{8}\u{C}\n\r\t", "": ""])
  }

  @Test("Every text comes back, whatever its letters")
  func texts() throws {
    let texts = [
      "": "", "\"\\/": "\u{0}\u{1F}\u{7F}\r\n", "🙂": "\u{2028}e\u{301}", "{\"a\":[1]}": "{\"\\u\":\"\\\\\"}",
    ]
    #expect(try Safetensors(bytes: Safetensors(metadata: texts).encoded()).metadata == texts)
  }

  @Test(
    "What is no such header is refused with the place",
    arguments: [
      ("", "at byte 0 of the header: this is not the JSON of a safetensors file; expected '{'"),
      ("{", "at byte 1 of the header"), ("[]", "at byte 0 of the header"), ("{", "; expected '\"'"),
      ("{} x", "at byte 3 of the header: this is not the JSON of a safetensors file; expected nothing more"),
      (#"{"a":{}}"#, "'dtype', 'shape' and two 'data_offsets'"),
      (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,0],"x":1}}"#, "expected 'dtype', 'shape' or 'data_offsets'"),
      (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}"#, "two 'data_offsets'"),
      (#"{"a":{"dtype":"F32","shape":[1234567890123456789],"data_offsets":[0,0]}}"#, "expected a number below 10¹⁸"),
      (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,0]}}"#, "expected ']'"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#, "'a' has the shape [-1]"),
      (#"{"__metadata__":{"a":1}}"#, "at byte 21 of the header"),
      (#"{"__metadata__":{"a":"","a":""}}"#, "every name once"),
      (#"{"__metadata__":{"a":"\x"}}"#, "expected one of \" \\ / b f n r t u before this"),
      (#"{"__metadata__":{"a":"\u12"}}"#, "expected four hexadecimal digits"),
      (#"{"__metadata__":{"a":"\ud800"}}"#, "expected a Unicode character before this"),
      ("{\"__metadata__\":{\"a\":\"\n\"}}", "expected a closing quotation mark"),
    ])
  func refused(header: String, words: String) {
    do {
      _ = try read(header)
      Issue.record("'\(header)' was read")
    } catch {
      #expect("\(error)".contains(words), "\(error)")
    }
  }
}

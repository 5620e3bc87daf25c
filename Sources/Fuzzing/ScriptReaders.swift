import BVAELanguage
import BVAENotebook
import BVAEPlatform

extension ReaderUnderTest {
  /// Parsing and checking; nothing is run.
  static let script = ReaderUnderTest(
    name: "script",
    read: { bytes, folder in
      let session = Session.full(host: SilentHost())
      let found = session.check(Source(name: "fuzz.bvs", folder: folder, bytes: bytes))
      if !found.isEmpty { throw FileProblem(rendered(found, limit: 3)) }
    },
    words: [
      "for k in 0..3\n", "end\n", "if true\n", "else\n", "define f x\n", "(", ")", "[", "]", "\"", "{", "}", "..", "-",
      "load mnist ", "digits ", "=", "\\\n", "| ", "#", "vae for ", "train ", " on ", "sweep ", "1e999", "x", "\u{301}",
      "include \"fuzz\"\n", "🙂", "and ", "not ", ",", ".", "\t", "\r\n", "\0", "time ", "help ", "set seed ",
    ])

  /// The values of --set.
  static let preset = ReaderUnderTest(
    name: "preset", read: { bytes, _ in _ = try Preset(String(decoding: bytes, as: UTF8.self)) },
    words: ["=", "[", "]", "..", "-", "1e999", "\"", ",", " ", "true", "{"])
}

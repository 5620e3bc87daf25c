import BVAEPlatform
import Testing

/// The examples of FIPS 180-4 and NIST's test vectors.
struct SHA256Tests {
  @Test(
    "Published examples have their digests",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func examples(text: String, digest: String) {
    #expect(SHA256.hexadecimal(of: Array(text.utf8)) == digest)
  }

  @Test("A million letters, in pieces of any size")
  func million() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    for size in [1, 63, 64, 65, 1000, 1_000_000] {
      var digest = SHA256(), left = 1_000_000
      while left > 0 {
        digest.add(repeatElement(UInt8(ascii: "a"), count: min(size, left)))
        left -= min(size, left)
      }
      #expect(digest.hexadecimal == expected, "pieces of \(size)")
    }
  }

  @Test("Asking for the digest does not end it")
  func goesOn() {
    var digest = SHA256()
    digest.add(Array("a".utf8))
    _ = digest.hexadecimal
    digest.add(Array("bc".utf8))
    #expect(digest.hexadecimal == SHA256.hexadecimal(of: Array("abc".utf8)))
  }
}

import BVAEPixels
import BVAEPlatform

/// The control strings by which terminals show a picture file.
package enum InlinePictures {
  /// kitty's graphics protocol: the file in pieces of at most 4096 characters. The terminal is asked for no answer.
  /// https://sw.kovidgoyal.net/kitty/graphics-protocol
  package static func kitty(_ picture: Bitmap) throws -> String {
    let text = [UInt8](base64Of: try PNG.encode(picture))
    let pieces = stride(from: 0, to: max(1, text.count), by: 4096).map { text[$0..<min($0 + 4096, text.count)] }
    return pieces.enumerated().map { index, piece in
      let more = index + 1 < pieces.count ? 1 : 0
      let keys = index == 0 ? "a=T,f=100,q=2,m=\(more)" : "q=2,m=\(more)"
      return "\u{1B}_G\(keys);\(String(decoding: piece, as: UTF8.self))\u{1B}\\"
    }.joined() + "\n"
  }

  /// iTerm2's inline images. https://iterm2.com/documentation-images.html
  package static func iterm(_ picture: Bitmap) throws -> String {
    let bytes = try PNG.encode(picture)
    let text = String(decoding: [UInt8](base64Of: bytes), as: UTF8.self)
    return "\u{1B}]1337;File=inline=1;size=\(bytes.count);width=\(picture.width)px;height=\(picture.height)px:\(text)"
      + "\u{07}\n"
  }
}

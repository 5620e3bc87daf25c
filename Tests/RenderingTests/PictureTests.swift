import BVAERendering
import Testing

@Suite("Pictures")
struct PictureTests {
  @Test("A grey picture is written with three planes, and its notes travel along")
  func written() throws {
    let grey = Bitmap(width: 2, height: 1, planes: 1, bytes: [3, 200])
    let found = try PNG.decode(PNG.encode(Picture(bitmap: grey, notes: [("Title", "β")])))
    #expect(found.bitmap == grey.colored)
    #expect(found.text.map(\.key) == ["Title"] && found.text.map(\.value) == ["β"])
  }
}

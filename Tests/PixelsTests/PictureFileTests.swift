import BVAEPixels
import BVAEPlatform
import Glibc
import Testing

struct PictureFileTests {
  @Test("what is wrong with a PNG file is told with its name")
  func named() throws {
    let path = "/tmp/bvae-pixels-\(getpid()).png"
    defer { try? Files.remove(path) }
    func told() -> String? {
      do {
        _ = try PictureFile.read(path)
        return nil
      } catch { return "\(error)" }
    }
    #expect(told() == "cannot read '\(path)': No such file or directory")
    try Files.write("no picture", to: path)
    #expect(told()?.hasPrefix("cannot read '\(path)': it is not a PNG picture: it begins with") == true)
    let bitmap = Bitmap(width: 2, height: 1, planes: 1, bytes: [3, 200])
    let bytes = try PNG.encode(bitmap)
    try Files.write(bytes.dropLast(20), to: path)
    #expect(told()?.hasPrefix("cannot read '\(path)': the PNG picture is ") == true)
    try Files.write(bytes, to: path)
    #expect(try PictureFile.read(path).bitmap == bitmap)
  }
}

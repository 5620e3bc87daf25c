import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Broken files")
struct BrokenFileTests {
  private static let folder = Fixture.path("Broken")

  /// What reading gives: the mistake, or the size of what is there.
  private static func outcome(_ bytes: [UInt8], isPartial: Bool) -> String {
    do {
      let read = try DataLibrary.load(bytes: bytes, name: "f", options: LoadOptions(isPartial: isPartial))
      return "\(counted(read.count, "image")) of \(read.images.shape), \(read.labels == nil ? "no labels" : "labels")"
    } catch { return "\(error)".replacing("cannot read 'f': ", with: "") }
  }

  @Test("every broken file says what is wrong with it, as before")
  func replay() throws {
    var text = ""
    let names = try Files.list(Self.folder).filter { $0 != "messages.txt" }.sorted()
    for name in names {
      let bytes = try Files.read(Path.join(Self.folder, name))
      let whole = Self.outcome(bytes, isPartial: false), part = Self.outcome(bytes, isPartial: true)
      text += "\(name): \(whole)\n"
      if part != whole { text += "    in part: \(part)\n" }
    }
    let path = Path.join(Self.folder, "messages.txt")
    if Machine.environment("BVAE_RECORD") == "1" { try Files.write(text, to: path) }
    let found = text.split(separator: "\n"), expected = try Files.readText(path).split(separator: "\n")
    #expect(names.count > 190 && found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(found == expected) }
  }
}

import BVAEPlatform
import Testing

/// Compares a text with the file of that name in Golden/; with BVAE_RECORD=1 in the environment it is written instead.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let path = Path.join(Path.join(Path.parent(#filePath), "Golden"), name)
  if Machine.environment("BVAE_RECORD") == "1" { try Files.write(text, to: path) }
  #expect(text == (try Files.readText(path)), sourceLocation: sourceLocation)
}

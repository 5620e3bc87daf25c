import BVAENotebook
import BVAEPlatform
import Testing

@Suite("DC-IGN in scripts")
struct InverseGraphicsScriptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shown(_ script: String, host: RecordingHost = RecordingHost()) -> String {
    var options = NotebookOptions()
    options.storeFolder = Path.join(folder.path, "store")
    options.threads = 2
    return run(script, options: options, host: host)
  }

  @Test("A model is trained, taken from the store, measured, saved and opened")
  func whole() throws {
    let script = """
      shapes = load sprites count 60 size 16 seed 3
      model = dcign for shapes latents 4 factors ["x", "y"] channels 4
      train model on shapes epochs 2 batch 20
      print model.kind, model.fingerprint
      table (measure model on shapes factors)
      table (measure model on shapes)
      save model "\(folder.path)/m.safetensors"
      print (open "\(folder.path)/m.safetensors").fingerprint == model.fingerprint
      """
    let host = RecordingHost(), first = shown(script, host: host)
    for part in ["DC-IGN", "invariance", "equivariance", "all else", "Z1", "true"] { #expect(first.contains(part)) }
    #expect(host.notes.contains { $0.contains("trained 2 epochs") })
    let again = RecordingHost()
    #expect(shown(script, host: again) == first)
    #expect(again.notes.contains { $0.contains("taken from the store") })
    // The same images in other groups make another training.
    let other = RecordingHost()
    _ = shown(script.replacing("\"x\", \"y\"", with: "\"y\", \"x\""), host: other)
    #expect(other.notes.contains { $0.contains("trained 2 epochs") })
  }

  @Test("What cannot be is refused in words before anything is trained")
  func refused() {
    for (script, message) in [
      ("m = dcign for shapes factors [\"x\", \"z\"]", "there is no factor 'z' in Synthetic sprites"),
      ("m = dcign for shapes factors [\"colour\"]", "'shape', 'scale', 'orientation', 'x' or 'y'"),
      ("m = dcign for shapes factors [\"x\", \"x\"]", "not all different"),
      ("m = dcign for shapes factors []", "at least one factor"),
      ("m = dcign for shapes", "dcign needs 'factors'"),
      ("m = dcign for shapes latents 1 factors [\"x\", \"y\"]", "2 factors need as many latents"),
      ("m = dcign for digits factors [\"x\"]", "the factors of MNIST are not known"),
      ("m = dcign for shapes[0..0] factors [\"x\"]", "'x' has the same value in all"),
      ("m = search model dcign latents [2, 3] on shapes epochs 1", "dcign needs 'factors'"),
      ("m = search model dcign factors [\"z\"] on shapes epochs 1", "there is no factor 'z'"),
      ("m = search model vae factors [\"x\"] on shapes epochs 1", "models made by 'vae' have no 'factors'"),
      ("train (dcign for shapes factors [\"x\"] channels 2) on digits epochs 1", "the factors of MNIST are not known"),
      ("train (dcign for shapes factors [\"scale\"] channels 2) on houses epochs 1", "there is no factor 'scale'"),
      ("show (measure (vae for shapes channels 2) on shapes factors)", "belong to no factors: its kind is β-VAE"),
      ("show (measure (dcign for shapes factors [\"x\"] channels 2) on digits factors)", "are not known"),
    ] {
      let told = shown(
        """
        shapes = load sprites count 30 size 28
        digits = load mnist count 30
        houses = load streets count 30 size 28 planes 1
        \(script)
        """)
      #expect(told.contains(message), "\(script): \(told)")
    }
  }
}

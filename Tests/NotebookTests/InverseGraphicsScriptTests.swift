import BVAENotebook
import BVAEPlatform
import Testing

@Suite("DC-IGN in scripts")
struct InverseGraphicsScriptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shown(_ script: String, host: RecordingHost = RecordingHost()) -> String {
    folder.shown(script, host: host)
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

  @Test("Images are transformed, described, chosen, trained on, measured, saved and loaded")
  func transformed() throws {
    let script = """
      sevens = load mnist digits 7 count 40
      turned = augment sevens rotation -30..30 scale 0.7..1.3 times 2 seed 4
      print turned, turned.factors
      print turned[0].label, length(factor(turned, "rotation")), min(factor(turned, "scale")) > 0.69
      save turned "\(folder.path)/t.npz"
      again = load "\(folder.path)/t.npz"
      print again == turned
      upright = select turned where "rotation" is -5..5
      print upright.count > 2, upright.count < 40, max(factor(upright, "rotation")) <= 5
      line = augment sevens[3..4] rotation -30..30 scale 1.25 vary "rotation"
      print factor(line, "rotation")[0], factor(line, "rotation")[11], line.count, factor(line, "scale")[5]
      describe turned
      model = dcign for turned latents 4 factors ["rotation", "scale"] channels 4
      train model on turned epochs 2 batch 20
      table (measure model on turned factors)
      other = dcign for again latents 4 factors ["rotation", "scale"] channels 4
      train other on again epochs 2 batch 20
      print model.fingerprint == other.fingerprint
      table (measure (vae for turned latents 4 channels 4) on turned factors)
      table (interpret model on turned)
      """
    let host = RecordingHost(), told = shown(script, host: host)
    for part in [
      "Transformed MNIST train: 80 images of 28×28×1, digit 7", "[\"rotation\", \"scale\", \"image\"]", "7 80 true",
      "true true true", "-30 30 24 1.25", "in degrees clockwise", "-90 to 90", "0, 1, 2, … or 39",
      "each image transformed by bvae-script: rotation -30 to 30, scale 0.7 to 1.3", "Z1", "all else",
    ] { #expect(told.contains(part), "\(part): \(told)") }
    #expect(told.split(separator: "\n").count { $0 == "true" } == 2, "\(told)")
    let again = RecordingHost()
    #expect(shown(script, host: again) == told)
    #expect(again.notes.count { $0.contains("taken from the store") } == 2)
  }

  @Test("Of a model without factors of its own the closest latents are measured against those that have an order")
  func closest() {
    let told = shown(
      """
      shapes = load sprites count 60 size 16 seed 3
      table (measure (vae for shapes latents 3 channels 4) on shapes factors)
      """)
    for part in ["scale", "orientation", "x", "y", "Z2"] { #expect(told.contains(part), "\(told)") }
    // Three latents for four factors: one factor has none, and nothing is left for all else.
    #expect(!told.contains("all else"), "\(told)")
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
      ("show (measure (vae for digits channels 2) on digits factors)", "the factors of MNIST are not known"),
      ("show (measure (dcign for shapes factors [\"x\"] channels 2) on digits factors)", "are not known"),
      ("t = augment sevens", "expected a range for rotation, scale or thickness"),
      ("t = augment sevens rotation -120..0", "rotation is from -120 to 0; expected values within -90 to 90"),
      ("t = augment sevens scale 0..2", "scale is from 0 to 2; expected values within 0.25 to 4"),
      ("t = augment sevens thickness 9", "thickness is from 9; expected values within -4 to 4"),
      ("t = augment sevens rotation \"left\"", "'rotation' of 'augment' takes a range such as -3..3 or a number"),
      ("t = augment sevens rotation 0..9 vary \"scale\"", "'scale' is none of the transformations here"),
      ("t = augment sevens rotation 9 vary \"rotation\"", "rotation has one value, so it cannot be varied"),
      ("t = augment sevens rotation 0..9 vary \"rotation\" times 1", "expected 2 or more"),
      ("t = select (augment sevens scale 0.5..1) vary \"scale\"", "no image differs from the first one in 'scale'"),
      ("m = dcign for (augment sevens scale 2) factors [\"scale\"]", "'scale' has the same value in all"),
    ] {
      let told = shown(
        """
        sevens = load mnist digits 7 count 20
        shapes = load sprites count 30 size 28
        digits = load mnist count 30
        houses = load streets count 30 size 28 planes 1
        \(script)
        """)
      #expect(told.contains(message), "\(script): \(told)")
    }
  }
}

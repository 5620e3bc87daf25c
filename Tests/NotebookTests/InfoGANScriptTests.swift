import BVAENotebook
import BVAEPlatform
import Testing

@Suite("InfoGAN in scripts")
struct InfoGANScriptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shown(_ script: String, host: RecordingHost = RecordingHost()) -> String {
    folder.shown(script, host: host)
  }

  private static let small = "categories [3] continuous 1 noise 4 channels 2"

  @Test("A model is trained, taken from the store, encoded with, swept, measured, interpreted, drawn, saved and opened")
  func whole() throws {
    let script = """
      digits = load mnist digits [0, 1, 7] count 48
      model = infogan for digits \(Self.small)
      history = train model on digits epochs 2 batch 16
      print model.kind, model.categories, model.latents, model.network, model.channels, model.fingerprint
      print length(history.error), length(history.loss)
      print history
      code = encode model digits
      print length(code.probabilities[0]), length(code.probabilities[0][0]), code.mean[0][0] <= 2
      images = decode model [[2, 0.5], [0, 0]]
      rows = sweep model draws 3 latents [0] seed 5
      print rows, rows.values
      a = sheet rows
      b = sheet (sweep model from digits[0] steps 4)
      c = sheet (sample model count 4)
      d = diagram model part encoder
      e = diagram model part decoder
      f = plot history
      table (measure model on digits)
      table (measure model on digits categories)
      table (measure model on digits latents)
      table (interpret model on digits images 4)
      save model "\(folder.path)/m.safetensors"
      save history "\(folder.path)/h.csv"
      again = open "\(folder.path)/m.safetensors"
      print again.fingerprint == model.fingerprint, again.advice == model.advice
      """
    let host = RecordingHost(), first = shown(script, host: host)
    for part in [
      "InfoGAN [3] 2 infogan 2", "0 2", "L_cat", "48 3 true", "[[0, 1, 2]]", "L_cont (nats)", "error of Z0, commonest",
      "entropy of Z0", "3 categories", "continuous", "which of 3 kinds",
      "commonest label", "true true",
    ] { #expect(first.contains(part), "\(part)") }
    #expect(host.notes.contains { $0.contains("trained 2 epochs") })
    let header = try Files.readText("\(folder.path)/h.csv").split(whereSeparator: \.isNewline).first ?? ""
    #expect(
      header == "epoch,loss,judge loss,generator loss,L_cat,L_cont,category entropy,active,seconds", "\(header)")
    let again = RecordingHost()
    _ = shown(script, host: again)
    #expect(again.notes.contains { $0.contains("taken from the store") })
  }

  @Test("What an InfoGAN has not, and what others have not, is refused in words")
  func refused() {
    for (script, message) in [
      ("m = infogan for sprites", "an InfoGAN takes images of 28×28 or 32×32 pixels, not 16×16×1"),
      ("m = infogan for digits categories [1]", "1"),
      ("m = infogan for digits categories [] continuous 0", "needs at least one code"),
      ("m = infogan for digits slope 2", "the slope of a leaky ReLU is 0 to 1"),
      ("x = reconstruct gan digits", "an InfoGAN cannot reconstruct images"),
      ("x = decode gan [[1.5, 0]]", "Z0 is a category, a whole number from 0 to 2, not 1.5"),
      ("x = decode gan [[1, 0, 0]]", "code"),
      ("x = sweep gan latents [2]", "there is no latent Z2"),
      ("x = sweep gan from digits[0] draws 3", "from an image or from draws, not both"),
      ("x = train gan on digits epochs 1 clip 1", "takes no 'clip'"),
      ("x = train gan on digits epochs 1 validate digits", "takes no 'validate'"),
      ("x = train gan on digits epochs 2 warmup 1", "no weight for a warm-up"),
      ("x = measure gan on digits factors", "are not known"),
      ("x = measure (vae for digits channels 2) on digits categories", "no categories: its kind is β-VAE"),
      ("print gan.likelihood", "this model has no likelihood: its kind is InfoGAN"),
      ("print gan.beta", "this model has no β: its kind is InfoGAN"),
    ] {
      let found = shown(
        """
        digits = load mnist count 20
        sprites = load sprites count 20 size 16
        gan = infogan for digits \(Self.small)
        \(script)
        """)
      #expect(found.contains("error") && found.contains(message), "\(script): \(found)")
    }
  }

  @Test("An autoencoder is swept from draws too")
  func autoencoder() {
    let found = shown(
      """
      ones = load mnist digits 1 count 20
      model = vae for ones latents 2 channels 2
      rows = sweep model draws 2 range prior steps 3
      print rows
      print rows.values
      s = sheet rows
      one = sweep model range -1..1 steps 2
      print one
      """)
    #expect(found.contains("sweep of Z0 Z1 from 2 draws from the prior, seed 1: 3 frames a latent"), "\(found)")
    #expect(found.contains("[[-3, 0, 3], [-3, 0, 3]]") && found.contains("from a draw from the prior, seed 1"))
  }
}

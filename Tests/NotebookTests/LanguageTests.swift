import BVAELanguage
import BVAENotebook
import Testing

/// The script that the language's description shows.
let paperScript = """
  #!/usr/bin/env bvae-script
  | # One digit, twelve latents

  ones  = load mnist digits 1 count 2000
  tests = load mnist split test digits 1

  model   = vae for ones latents 12 beta 4 seed 7
  history = train model on ones epochs 200
  figure (plot history) caption "Loss by epoch"

  all_latents = sweep model from tests[0] latents all range auto steps 12
  for k in 0..11
    figure (sheet all_latents[k]) number 3 + k caption "MNIST Single Digit Latent Z{k}"
  end
  table (interpret model on tests)
  report "Figures/report.md"
  """

@Test("the script of the language's description runs")
func paperScriptRuns() throws {
  let folder = try TemporaryFolder()
  var options = NotebookOptions()
  options.figuresFolder = folder.path
  options.storeFolder = folder.path
  let script = paperScript.replacing("epochs 200", with: "epochs 1").replacing("count 2000", with: "count 64")
    .replacing("\"Figures/", with: "\"\(folder.path)/")
  let host = RecordingHost()
  let shown = run(script, options: options, host: host).split(separator: "\n")
  #expect(shown.first == "Figure 1: Loss by epoch: \(folder.path)/figure-01.png")
  #expect(shown[1] == "Figure 3: MNIST Single Digit Latent Z0: \(folder.path)/figure-03.png")
  #expect(shown[12] == "Figure 14: MNIST Single Digit Latent Z11: \(folder.path)/figure-14.png")
  #expect(host.notes.last == "report: \(folder.path)/report.md")
}

@Test("a mistake is shown as the language's description shows it")
func mistakeLooksAsDescribed() {
  let script = """
    a
    b
    c
    d
    e
    ones = load mnist
    model = vae for ones
    history = train model on ones epoch 200
    """
  let last = mistakes(script, name: "analyse.bvs").last?.description
  #expect(
    last == """
      analyse.bvs:8:31: error: 'train' has no option 'epoch'
        8 | history = train model on ones epoch 200
          |                               ^~~~~ did you mean 'epochs'?
      """)
}

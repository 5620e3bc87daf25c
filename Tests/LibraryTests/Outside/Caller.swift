// What a caller in another package writes, which has the library product and nothing else. It is compiled and run with
// the tests, and OutsideTests compiles it as another package's.
import BVAEDatasets
import BVAEInterpretation
import BVAERendering
import BetaVAE

/// A square, drawn as this package draws its charts.
struct Square: Drawable {
  func layout() -> Page {
    LineChart(series: [LineChart.Series(name: "side", xs: [0, 1, 1, 0, 0], ys: [0, 0, 1, 1, 0])]).layout()
  }
}

/// Trains for one step, asks what the latents do and draws.
/// - Returns: what is said of the latents, and a figure as a PNG.
func trainAndDraw() throws -> (sentences: [String], figure: [UInt8]) {
  let library = DataLibrary(folder: nil)
  let ones = try library.load(.mnist, selection: Selection(digits: [1], count: 64))
  let architecture = try Architecture(image: ones.images.shape, channels: 4, latents: 2)
  let model = VariationalAutoencoder(architecture, objective: try .variational(beta: 4), seed: 1)
  let trainer = try Trainer(model, images: ones.images, options: TrainingOptions(epochs: 1, batch: 64))
  let losses = try trainer.run { progress in progress.epoch >= 0 }.epochs.map(\.loss)
  let sentences = try model.interpret(on: ones.images).map { $0.sentence(subject: "digit") }
  let row = try model.sweep(from: .code([0, 0]), latents: [1], range: .prior, steps: 3).rows[0]
  let loss = LineChart.Series(name: "loss", xs: losses.indices.map(Double.init), ys: losses)
  let values = LineChart.Series(name: "Z1", xs: row.values.indices.map(Double.init), ys: row.values.map(Double.init))
  let chart = try LineChart(title: "One step", series: [loss, values]).render()
  return (sentences, try PNG.encode(Picture(bitmap: chart, notes: [(key: "Title", value: "One step")])))
}

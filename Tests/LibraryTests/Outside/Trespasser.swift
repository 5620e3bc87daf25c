// A caller who reaches for what is not public. Within this package, as one of its tests, it is right; OutsideTests wants
// the compiler to refuse each line that says so, and no other, where it is another package's.
import BVAEDatasets
import BVAERendering
import BetaVAE

func trespass(_ model: VariationalAutoencoder, _ chart: LineChart) throws {
  _ = DataLibrary(folder: nil)
  _ = Downloader.installed  // refused
  _ = try chart.render()
  _ = chart.layout().marks  // refused
  _ = model.parameterCount
  _ = StepProbe(model, batch: 1)  // refused
}

import BVAECPU
import BVAEGPU
import BVAELanguage
import BVAEPlatform

/// What the command line says about a run.
package struct NotebookOptions: Sendable {
  /// What the script is given: its arguments and the variables of `--set`.
  package var session = SessionOptions()
  /// `--report`: where the report is written at the end of the run.
  package var reportPath: String?
  /// `--figures`: the folder for figures that are given no path.
  package var figuresFolder: String?
  /// `--data`: the folder of the data sets.
  package var dataFolder: String?
  /// The folder of the stored models; nil is that of `BVAE_STORE`, else a part of the user's cache folder.
  package var storeFolder: String?
  /// `--threads`: how many threads to use; nil is one a processor.
  package var threads: Int?
  /// The kernels that compute; nil for the fastest that the processor runs.
  package var kernels: Kernels?
  /// `--device`: where models are computed.
  package var device = DeviceChoice.cpu
  /// `--fresh`: models are trained again even where they are stored.
  package var isFresh = false

  /// `--engine`, `--jobs`: where the trainings of a search run; nil where they are done one after another, here.
  package var grid: GridOptions?

  /// The options of a run without options.
  package init() {}

  /// A report that cannot be written is found before the work that it is to tell of.
  var obstacles: [Diagnostic] {
    guard let path = reportPath, let obstacle = Files.obstacle(toWriting: path) else { return [] }
    return [Diagnostic("\(obstacle)", source: Source(name: "--report", text: path), span: Span(0, path.utf8.count))]
  }
}

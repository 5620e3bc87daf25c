import BetaVAE
import Datasets
import Numerics
import Platform
import Reporting

/// What the domain's commands share during a session: where they compute, the data, the stored models, the report.
public final class Workspace {
  /// The program's version.
  public static let version = "0.1.0"

  let compute: Compute
  let library: DataLibrary
  let store: ModelStore
  /// Where figures go that are given no path: --figures, else what `set figures` says.
  var figuresFolder: String
  var report = Report()
  private var lastProseLine: (script: String, line: Int)?
  private let start = Machine.seconds
  private let options: SessionOptions
  private var data: [Provenance.Data] = []
  private var models: [Provenance.Model] = []

  init(_ options: SessionOptions) {
    self.options = options
    compute = Compute(threads: options.threads)
    library = DataLibrary(folder: options.dataFolder)
    store = ModelStore(
      folder: options.storeFolder ?? Machine.environment("BVAE_STORE") ?? Path.join(Machine.cacheDirectory, "models"))
    figuresFolder = options.figuresFolder ?? "Figures"
  }

  /// Notes data that was used.
  func note(_ dataset: Dataset) {
    let name = [dataset.name, dataset.split?.rawValue, counted(dataset.count, "image")].compactMap { $0 }
    let entry = Provenance.Data(
      name: name.joined(separator: ", "), origin: dataset.origin, fingerprint: dataset.fingerprint,
      licence: dataset.licence, isSynthetic: dataset.isSynthetic)
    if !data.contains(entry) { data.append(entry) }
  }

  /// Notes a model that was trained or taken from the store.
  func note(_ model: ModelValue, trained training: [Provenance.Option]) {
    let network = model.network
    let options =
      [
        Provenance.Option("objective", network.objective.description),
        Provenance.Option("network", network.architecture.description),
        Provenance.Option("seed of the weights", String(network.seed)),
      ] + training
    let entry = Provenance.Model(
      name: model.title, key: network.lineage, options: options, note: network.collapseAdvice)
    if !models.contains(entry) { models.append(entry) }
  }

  /// Takes a line of prose into the report; a line right below another one continues it.
  func add(prose text: String, script: String, line: Int) {
    let continues = lastProseLine.map { $0 == (script, line - 1) } ?? false
    report.add(prose: text, continuing: continues)
    lastProseLine = (script, line)
  }

  /// Writes the report so far.
  /// - Throws: `FileError` when it cannot be written.
  func writeReport(to path: String, session: Session) throws {
    var provenance = Provenance(version: "bvae-script \(Self.version)")
    provenance.script = session.script ?? "typed in"
    provenance.arguments = options.arguments + options.presets.map { "--set \($0.name)=\($0.text)" }
    provenance.seed = UInt64(max(0, session.seed))
    provenance.data = data
    provenance.models = models
    provenance.wallSeconds = Machine.seconds - start
    provenance.machine = "\(Machine.processorName), \(compute.kernels.name) kernels"
    provenance.threads = compute.workers.count
    provenance.date = Machine.timestamp
    report.provenance = provenance
    try Files.makeDirectory(Path.parent(path))
    try Files.write(report.markdown(at: path), to: path)
  }
}

extension Session {
  /// What the domain's commands share.
  var workspace: Workspace { state(Workspace(options)) }
}

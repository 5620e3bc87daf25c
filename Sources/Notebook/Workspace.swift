import BVAECPU
import BVAEDatasets
import BVAEGPU
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting
import BetaVAE

/// What the domain's commands share during a session: where they compute, the data, the stored models, the report.
package final class Workspace {
  /// The program's version.
  package static let version = "0.2.0"

  /// The team and its kernels, and the graphics processor for models that are made from now on.
  private(set) var compute: Compute
  /// Where models are computed that are made from now on.
  private(set) var device = DeviceChoice.cpu
  private(set) var library: DataLibrary
  private(set) var store: ModelStore
  /// Where figures go that are given no path: --figures, else what `set figures` says.
  var figuresFolder: String
  var report = Report()
  /// The colours of figures that are drawn from now on.
  var theme = PageTheme.light
  /// Where the report of --report goes.
  private(set) var finalReportPath: String?
  /// The files of its figures.
  var figures = FigureFiles()
  private var lastProseLine: (script: String, line: Int)?
  private let start = Machine.seconds
  private var data: [Provenance.Data] = []
  private var models: [Provenance.Model] = []
  /// The graphics processors that they were computed on.
  private var devices: [String] = []
  /// The keys of these models.
  private var known: Set<String> = []

  init(_ options: NotebookOptions) {
    compute = Compute(threads: options.threads, kernels: options.kernels ?? .best)
    library = DataLibrary(folder: options.dataFolder)
    store = options.storeFolder.map { ModelStore(folder: $0) } ?? .usual
    figuresFolder = options.figuresFolder ?? Self.usualFiguresFolder
    finalReportPath = options.reportPath
    // The program has looked before it began.
    try? use(options.device)
  }

  /// Has models that are made from now on computed elsewhere; those that are there stay where they are.
  /// - Throws: `OpenCLError` where there is no such device.
  func use(_ choice: DeviceChoice) throws {
    compute = compute.with(try choice.device())
    device = choice
  }

  private static let usualFiguresFolder = "Figures"

  /// Holds on to what lies in the working folder before the prompt goes to another one: data, stored models, the files
  /// of figures that the report has, and where reports and figures were said to go. Figures that nobody has given a
  /// folder go where the prompt goes.
  func prepareToLeave(_ folder: String) {
    library = library.seen(from: folder)
    store = ModelStore(folder: Path.join(folder, store.folder))
    if figuresFolder != Self.usualFiguresFolder { figuresFolder = Path.join(folder, figuresFolder) }
    finalReportPath = finalReportPath.map { Path.join(folder, $0) }
    report.seeFigures(from: folder)
    figures.see(from: folder)
  }

  /// Notes data that was used.
  func record(_ dataset: Dataset) {
    let name = [dataset.name, dataset.split?.rawValue, counted(dataset.count, "image")].compactMap { $0 }
    let entry = Provenance.Data(
      name: name.joined(separator: ", "), origin: dataset.origin, fingerprint: dataset.fingerprint,
      licence: dataset.licence, isSynthetic: dataset.synthetic != nil)
    if !data.contains(entry) { data.append(entry) }
  }

  /// Notes a model that was trained or taken from the store.
  func record(_ model: ModelValue, on data: Dataset, _ training: TrainingOptions) {
    let network = model.network
    note(network.device as? GPUDevice)
    record(
      model.title, key: network.lineage, network.objective, sizes: network.sizes, seed: network.seed,
      data: data.fingerprint, training, note: network.collapseAdvice)
  }

  /// Notes a stored model that was not read: what was measured of it is enough.
  func record(_ model: PlannedModel, _ numbers: ModelNumbers) {
    note(compute.device as? GPUDevice)
    let plan = model.plan, data = model.images.data
    record(
      ModelValue.title("\(plan.objective)", latents: plan.latents, subject: data.title), key: model.key,
      plan.objective, sizes: plan.sizes, seed: plan.seed, data: data.dataset.fingerprint, model.options,
      note: numbers.advice)
  }

  /// Notes where a model of the report was computed, if that was not the processor.
  private func note(_ device: GPUDevice?) {
    if let name = device?.hardware.name, !devices.contains(name) { devices.append(name) }
  }

  private func record(
    _ name: String, key: String, _ objective: Objective, sizes: String, seed: UInt64, data: String,
    _ training: TrainingOptions, note: String?
  ) {
    let options =
      [
        Provenance.Option("objective", objective.description), Provenance.Option("network", sizes),
        Provenance.Option("seed of the weights", String(seed)), Provenance.Option("data", data),
      ] + training.provenance
    let entry = Provenance.Model(name: name, key: key, options: options, note: note)
    guard known.insert(key).inserted || !models.contains(entry) else { return }
    models.append(entry)
  }

  /// Takes a line of prose into the report; a line right below another one continues it.
  func add(prose text: String, script: String, line: Int, code: String?) {
    let continues = lastProseLine.map { $0 == (script, line - 1) } ?? false
    report.add(prose: text, continuing: continues && code == nil, code: code)
    lastProseLine = (script, line)
  }

  /// Begins a report without what has come into it so far.
  func beginReport() {
    figures.begin(after: report)
    report = Report()
    lastProseLine = nil
  }

  /// Writes the report so far: as a page of HTML where the path ends so, else as Markdown.
  /// - Parameter alsoAsPage: whether a page of HTML is written beside the Markdown.
  /// - Returns: the files, in the order of writing.
  /// - Throws: `FileProblem` when one cannot be written, or a figure cannot be read again for the page.
  @discardableResult
  func writeReport(to path: String, alsoAsPage: Bool = false, session: Session) throws -> [String] {
    report.provenance = provenance(session)
    let page = Self.pagePath(path)
    return try Files.makingFolders(for: path) {
      if page != path { try Files.write(report.markdown(at: path), to: path) }
      guard alsoAsPage || page == path else { return [path] }
      var whole = report
      whole.end(code: session.takeRanLines())
      try Files.write(try whole.html(at: page), to: page)
      return page == path ? [page] : [path, page]
    }
  }

  /// The page that stands beside a report: `x.html` for `x.md`.
  static func pagePath(_ path: String) -> String {
    switch Path.fileExtension(path) {
    case "html", "htm": path
    case "md", "markdown": path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex) + ".html"
    default: path + ".html"
    }
  }

  private func provenance(_ session: Session) -> Provenance {
    var provenance = Provenance(version: "bvae-script \(Self.version)")
    provenance.script = session.script ?? (session.host.showsPages ? "cells of a notebook" : "typed in")
    provenance.arguments =
      session.options.arguments
      + (session.script == nil ? [] : session.options.presets.map { "--set \($0.name)=\($0.text)" })
    provenance.seed = UInt64(max(0, session.seed))
    provenance.data = data
    provenance.models = models
    provenance.wallSeconds = Machine.seconds - start
    let graphics = devices.isEmpty ? "" : "; models on \(devices.listed("and"))"
    provenance.machine = "\(Machine.processorName), \(compute.kernels.name) kernels\(graphics)"
    provenance.threads = compute.workers.count
    provenance.date = Machine.timestamp
    return provenance
  }
}

extension ModelStore {
  /// That of `BVAE_STORE`, else the one in the user's cache folder.
  package static var usual: ModelStore {
    ModelStore(folder: Machine.environmentPath("BVAE_STORE") ?? Path.join(Machine.cacheDirectory, "models"))
  }
}

extension Session {
  /// What the domain's commands share.
  var workspace: Workspace { state(Workspace(notebookOptions)) }

  /// What the command line says about the run.
  var notebookOptions: NotebookOptions { state(NotebookOptions()) }
}

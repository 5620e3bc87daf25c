import BVAEDatasets
import BVAEExplorer
import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting
import BetaVAE

struct ExploreCommand: Command {
  static let about = CommandAbout(
    "explore", in: .results, "writes a page on which a model is explored in a browser",
    details:
      "The page has a slider for each latent, with what 'interpret' says of it, over the range of 'range auto'; the image "
      + "that they decode to, strips of all latents from there, a map of the encoded images, a blend of two of them, and "
      + "a pad to draw an image that is encoded, where the model is of grey images of at most 64 pixels a side and its "
      + "encoder has no more than 1.5 million weights. It is one file, needs no network, and computes in the browser: its "
      + "weights are rounded, and wide layers are kept as their principal components, as many as keep every pixel within "
      + "1/255 of what 'decode' gives, or as have room in a page of some megabytes. The page says how far pixels are off "
      + "at most. A report as HTML holds all of it in a frame, one as Markdown links to it.",
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 4 channels 8
      train model on ones epochs 2
      explore model on ones "explore.html"
      """)

  @Positional("the model") var model: ModelValue
  @Marker(name: "on", "the images of the map") var data: DatasetValue
  // Optional, so that it may stand behind the images, where one looks for it.
  @Positional("the file, .html; explore.html unless given", .outputPath) var path: String?
  @Option("the most images of the map; of more a random subset is taken", .integer(1...5000), default: 500) var count:
    Int
  @Option("what the page says above it", .text, default: .described("the model and its data")) var title: String?
  @Option("the seed of the subset and of an InfoGAN's noise", default: .scriptSeed) var seed: UInt64?

  var rules: [Rule] { [{ _ in $path.mistakes(for: "a page", endings: ["html", "htm"]) }] }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let host = session.host, seed = session.seed(seed), path = path ?? "explore.html"
    defer { host.progress(nil) }
    do {
      try write(to: path, seed: seed, session)
    } catch Stop.interrupted {
      let state = Files.exists(path) ? "\(path) is as it was before" : "\(path) was not written"
      host.warn("explore was interrupted; \(state)")
      throw Stop.interrupted
    }
    return .nothing
  }

  private func write(to path: String, seed: UInt64, _ session: Session) throws {
    let host = session.host, places = data.subset(of: count, seed: seed)
    let dataset = try $data.blaming { try places.map(data.dataset.selecting) ?? data.dataset }
    let options = InterpretationOptions(seed: seed)
    let latents = try $data.blaming {
      try model.network.interpret(
        on: data.dataset.images, factors: data.knownFactors, options: options
      ) { host.progress(Progress("interpreting", fraction: 0.7 * $0)) }
    }
    host.progress(Progress("making the page", fraction: 0.7))
    let variable = model.name(in: session) ?? "model"
    let page = try $data.blaming {
      try ExplorerPage(
        model.network, title: title ?? "\(model.title), explored", subject: subject(options), variable: variable,
        latents: latents.map { latent in
          ExplorerPage.Latent(
            name: "Z\(latent.latent)", words: latent.words(subject: data.subject), divergence: latent.divergence,
            isActive: latent.isActive, lower: latent.lower, upper: latent.upper, categories: latent.categories)
        },
        images: dataset.images, bitmaps: try (0..<dataset.count).map { try dataset.float($0).bitmap },
        places: places, properties: dataset.properties, seed: seed, goOn: session.goOn)
    }
    let bytes = try page.html()
    try $path.blaming { try Files.makingFolders(for: path) { try Files.write(bytes, to: path) } }
    let error = (255 * page.decoder.error).formatted(decimals: 2)
    session.workspace.report.add(
      page: Report.Page(
        path: path, title: title ?? "\(model.title), explored", scripts: [ExplorerPage.scriptSource]),
      code: session.takeRanLines())
    try host.show(page: path, title: title ?? model.title)
    if !latents.contains(where: \.isActive) {
      host.warn("no latent of the model is in use, so that the page's sliders change next to nothing; train it longer")
    }
    host.note(
      "explore: \(path), \((Double(bytes.count) / 1e6).formatted(decimals: 1)) MB; decoded pixels differ from 'decode' by at most "
        + "\(error) of 255")
  }

  /// What the model is, and on which images the page's words and numbers were measured.
  private func subject(_ options: InterpretationOptions) -> String {
    let all = "\(data.title), \(counted(data.count, "image"))", starts = min(options.images, data.count)
    let first = title == nil ? "" : "\(model.title.prefix(1).uppercased())\(model.title.dropFirst()). "
    let divergence = model.network.objective.isVariational ? "; the KL divergence is the mean over all" : ""
    return first
      + "What a latent changes was measured on \(all): from \(starts == data.count ? "each" : "\(starts) of them") it was "
      + "taken over its range, while the others stayed\(divergence)."
  }
}

extension LatentInterpretation {
  /// What it changes, as a slider says it: without its name.
  fileprivate func words(subject: String) -> String {
    let sentence = sentence(subject: subject), name = "Z\(latent) "
    return sentence.hasPrefix(name) ? String(sentence.dropFirst(name.count)) : sentence
  }
}

extension ModelValue {
  /// The variable that holds it, the first by name of several.
  fileprivate func name(in session: Session) -> String? {
    session.variables.sorted.first {
      if case .object(let object) = $0.value { (object as? ModelValue) === self } else { false }
    }?.key
  }
}

extension DatasetValue {
  /// A random subset of its images, where they are, in their order; nil where there are no more than so many.
  fileprivate func subset(of most: Int, seed: UInt64) -> [Int]? {
    guard count > most else { return nil }
    var generator = RandomGenerator(seed: seed, stream: .subset, index: 22)
    return generator.subset(of: count, atMost: most)
  }
}

extension Dataset {
  /// What the images are known by: the label, and the generating factors.
  fileprivate var properties: [ExplorerPage.Property] {
    var found: [ExplorerPage.Property] = []
    if let labels {
      found.append(
        ExplorerPage.Property(
          name: labelNames.noun, values: labels.map { Double($0) }, classes: classes))
    }
    guard let factors else { return found }
    let rows = (0..<factors.count).map { Array(factors[$0]) }
    for (place, factor) in factors.factors.enumerated() where factor.name != labelFactor?.name {
      found.append(
        ExplorerPage.Property(
          name: factor.name, values: rows.map { $0[place].isFinite ? Double($0[place]) : nil }, classes: nil))
    }
    return found
  }
}

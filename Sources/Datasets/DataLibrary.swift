import BVAEArrays
import BVAEPlatform
import BVAEResources

/// Finds datasets by name in the data folder, or in the sample that the program carries, and files by path.
///
/// Folders are searched in this order: the one given by the user (then only this one), `BVAE_DATA`, the user's cache
/// folder, what the system's packages have installed, and the embedded sample last. A folder holds `mnist/`, `fashion/`,
/// `emnist/` and `svhn/` with the original file names; those that torchvision and Keras make (`MNIST/raw`, `mnist.npz`) are
/// found too.
public struct DataLibrary: Sendable {
  let given: String?
  let environment: String?
  let cache: String
  private let system: String?

  /// A library on the user's folders.
  /// - Parameter folder: the folder that the user named; nil to search the usual places.
  public init(folder: String?) {
    self.init(
      given: folder, environment: Machine.environmentPath("BVAE_DATA"), cache: Machine.cacheDirectory,
      system: "/usr/share/datasets")
  }

  /// A library on folders that are all named.
  /// - Parameter system: the folder of the data that packages of the system have installed.
  package init(given: String?, environment: String?, cache: String, system: String? = nil) {
    self.given = given
    self.environment = environment
    self.cache = cache
    self.system = system
  }

  /// The same library when another folder becomes the working folder.
  /// - Parameter folder: the working folder until now, from the root.
  package func seen(from folder: String) -> DataLibrary {
    DataLibrary(
      given: given.map { Path.join(folder, $0) }, environment: environment.map { Path.join(folder, $0) }, cache: cache,
      system: system)
  }

  /// Loads the chosen images; nothing else is kept in memory.
  /// - Parameters:
  ///   - split: which part of the data; nil for the training part of what has parts, and else for all. A file whose name
  ///     says that it is one part stands for both: the other one is looked for beside it.
  ///   - options: how files are read and what is made of their images.
  /// - Throws: `LibraryError` or `FileProblem`, which say what to do.
  public func load(
    _ location: Location, split: Split? = nil, selection: Selection = Selection(), options: LoadOptions = LoadOptions()
  ) throws -> Dataset {
    if case .file(let path) = location { return try loadFile(path, split, selection, options) }
    guard let entry = KnownDataset.all.first(where: { $0.word == location.word }) else {
      throw LibraryError.notAvailable(location.word)
    }
    let split = split ?? .train
    if split == .val { throw LibraryError.noPart(entry.name, split) }
    guard let files = try find(entry, split) else { return try loadSample(entry, split, selection, options) }
    let source = try open(entry, files, split, options)
    let origin = Origin(
      name: entry.name, split: split, path: files.images, licence: entry.licence,
      classes: entry.classes, hasDigits: entry.hasDigits, advice: entry.advice(having: source.count, of: split),
      labelAdvice: entry.remedy.map { "they are missing in the file, which was cut off; \($0)" })
    return try DataLibrary.choose(origin, source, selection, options)
  }

  // MARK: Finding

  /// The folders that are searched, but for those that packages of the system install.
  package var folders: [String] { bases }

  /// Where each known dataset lies; nil where its files are not found, or not all of them.
  package var whereabouts: [(name: String, place: String?, hasSample: Bool)] {
    KnownDataset.all.map { entry in
      let found = try? find(entry, .train)
      return (entry.name, found.map(\.images), entry.hasSample && given == nil)
    }
  }

  /// The files of a dataset's part; the labels may be in the same file as the images.
  private struct FoundFiles {
    let images: String
    var labels: String?
    /// The part wanted of an archive that holds several.
    var part: Split?
  }

  /// The data folders that are looked into.
  private var bases: [String] { given.map { [$0] } ?? [environment, cache].compactMap { $0 } }

  /// The folders that a dataset's files may be in, the usual ones first.
  private func places(_ entry: KnownDataset) -> [String] {
    var places = bases.flatMap { base in
      ([entry.word] + entry.otherFolders).map { $0.isEmpty ? base : Path.join(base, $0) }
    }
    if given == nil, let system, let folder = entry.systemFolder { places.append(Path.join(system, folder)) }
    return places
  }

  private func find(_ entry: KnownDataset, _ split: Split) throws -> FoundFiles? {
    for (folder, whose) in [(given, "--data"), (environment, "BVAE_DATA")] {
      if let folder, !Files.isDirectory(folder) { throw LibraryError.noFolder(folder, whose: whose) }
      if given != nil { break }
    }
    for place in places(entry) {
      func first(_ names: [String]) -> String? { names.map { Path.join(place, $0) }.first(where: Files.exists) }
      switch (first(entry.files.images(split)), first(entry.files.labels(split))) {
      case (let images?, let labels?): return FoundFiles(images: images, labels: labels)
      case (let images?, nil) where entry.files.labels(split).isEmpty: return FoundFiles(images: images)
      case (let images?, nil):
        throw LibraryError.incomplete(found: images, missing: "labels", place, entry.files.labels(split))
      case (nil, let labels?):
        throw LibraryError.incomplete(found: labels, missing: "images", place, entry.files.images(split))
      case (nil, nil): break
      }
      if let archive = first(entry.archives) { return FoundFiles(images: archive, part: split) }
    }
    if let archive = bases.flatMap({ base in entry.archives.map { Path.join(base, $0) } }).first(where: Files.exists) {
      return FoundFiles(images: archive, part: split)
    }
    if given == nil && entry.hasSample { return nil }
    let folders = bases.map { Path.join($0, entry.word) }
    throw LibraryError.missing(
      entry.name, split, folders: folders, images: entry.files.images(split), labels: entry.files.labels(split),
      hint: hint(entry, split, folder: folders[0]))
  }

  /// People name the folder of the files rather than the one above it.
  private func hint(_ entry: KnownDataset, _ split: Split, folder: String) -> String? {
    guard let given, entry.files.images(split).contains(where: { Files.exists(Path.join(given, $0)) }) else {
      return entry.remedy ?? entry.source.map { "\($0) into '\(folder)'" }
    }
    return "they are in '\(given)' itself: name the folder that holds a folder '\(entry.word)' with these files"
  }

  // MARK: Loading

  /// The files that were found, opened.
  private func open(
    _ entry: KnownDataset, _ files: FoundFiles, _ split: Split, _ options: LoadOptions
  ) throws -> any ImageSource {
    let file = try DataFile(files.images), images = try source(entry, file, part: files.part, options)
    guard let path = files.labels else {
      // They may be missing only where a file that was cut off is wanted, or others have put the archive together.
      guard images.hasLabels || options.isPartial || files.part != nil else {
        throw FileProblem(file.format.withoutLabels(nil, beside: "it has no labels"), of: files.images)
      }
      return images
    }
    return LabelledImages(images, path: files.images, labels: try DataFile(path).labels(upTo: 9), labelsPath: path)
  }

  /// The images of a dataset's file. What is known of the dataset comes before what the file's name says.
  private func source(
    _ entry: KnownDataset, _ file: DataFile, part: Split? = nil, _ options: LoadOptions
  ) throws -> any ImageSource {
    guard file.format is IDXFormat else { return try file.images(part: part, options) }
    return try FileProblem.naming(file.path) {
      try IDXImages(
        IDXReader(file.content, isPartial: options.isPartial), isTransposed: entry.isTransposed, options)
    }
  }

  private func loadSample(
    _ entry: KnownDataset, _ split: Split, _ selection: Selection, _ options: LoadOptions
  ) throws -> Dataset {
    func file(_ name: String) throws -> DataFile {
      guard let bytes = Sample.bytes(name) else { throw LibraryError.notAvailable(entry.word) }
      return try DataFile(path: "embedded \(name)", bytes: bytes)
    }
    let source: any ImageSource
    if entry.files.labels(split).isEmpty {
      source = try self.source(entry, file("\(entry.word)-\(entry.files.images(split)[0])"), options)
    } else {
      let path = "embedded sample of \(entry.name)"
      source = LabelledImages(
        try self.source(entry, file("\(entry.word)-\(split.rawValue)-images.gz"), options), path: path,
        labels: try file("\(entry.word)-\(split.rawValue)-labels.gz").labels(upTo: 9), labelsPath: "its labels")
    }
    let files = [entry.files.images(split), entry.files.labels(split)].compactMap(\.first).joined(separator: " and ")
    let remedy =
      entry.remedy
      ?? "for all of \(entry.name) put \(files) into the folder '\(Path.join(environment ?? cache, entry.word))'"
    return try DataLibrary.choose(
      Origin(
        name: entry.name, split: split, path: "embedded sample of \(entry.name)", licence: entry.licence,
        classes: entry.classes, hasDigits: entry.hasDigits, advice: "this is the embedded sample; \(remedy)"),
      source, selection, options)
  }
}

/// The files that travel inside the program.
enum Sample {
  /// The bytes of an embedded file, if there is one of that name.
  static func bytes(_ name: String) -> [UInt8]? {
    var count = 0
    guard let start = resource_bytes(name, &count) else { return nil }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }
}

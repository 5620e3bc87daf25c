import BVAEArrays
import BVAEPlatform

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

  /// Loads the chosen images; nothing else is kept in memory.
  /// - Parameters:
  ///   - split: which part of the data; nil for the training part of what has parts, and else for all. A file whose name
  ///     says that it is one part stands for both: the other one is looked for beside it.
  ///   - options: how files are read and what is made of their images.
  /// - Throws: `LibraryError`, `IDXError`, `MATError`, `NumPyError`, `PictureError` or `FileError`, which say what to do.
  public func load(
    _ source: Source, split: Split? = nil, selection: Selection = Selection(), options: LoadOptions = LoadOptions()
  ) throws -> Dataset {
    if case .file(let path) = source { return try loadFile(path, split, selection, options) }
    guard let entry = source.entry else { throw LibraryError.notAvailable(source.word) }
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

  /// The files of a dataset's part; the labels may be in the same file as the images.
  private struct FoundFiles {
    let images: String
    let labels: String?
  }

  /// The data folders that are looked into.
  private var bases: [String] { given.map { [$0] } ?? [environment, cache].compactMap { $0 } }

  /// The folders that a dataset's files may be in, the usual ones first.
  private func places(_ entry: CatalogueEntry) -> [String] {
    var places = bases.flatMap { base in
      ([entry.folder] + entry.otherFolders).map { $0.isEmpty ? base : Path.join(base, $0) }
    }
    if given == nil, let system, let folder = entry.systemFolder { places.append(Path.join(system, folder)) }
    return places
  }

  private func find(_ entry: CatalogueEntry, _ split: Split) throws -> FoundFiles? {
    for (folder, whose) in [(given, "--data"), (environment, "BVAE_DATA")] {
      if let folder, !Files.isDirectory(folder) { throw LibraryError.noFolder(folder, whose: whose) }
      if given != nil { break }
    }
    for place in places(entry) {
      func first(_ names: [String]) -> String? { names.map { Path.join(place, $0) }.first(where: Files.exists) }
      switch (first(entry.imageFiles(split)), first(entry.labelFiles(split))) {
      case (let images?, let labels?): return FoundFiles(images: images, labels: labels)
      case (let images?, nil) where entry.labelFiles(split).isEmpty: return FoundFiles(images: images, labels: nil)
      case (let images?, nil):
        throw LibraryError.incomplete(found: images, missing: "labels", place, entry.labelFiles(split))
      case (nil, let labels?):
        throw LibraryError.incomplete(found: labels, missing: "images", place, entry.imageFiles(split))
      case (nil, nil): break
      }
      if let archive = first(entry.archives) { return FoundFiles(images: archive, labels: nil) }
    }
    if let archive = bases.flatMap({ base in entry.archives.map { Path.join(base, $0) } }).first(where: Files.exists) {
      return FoundFiles(images: archive, labels: nil)
    }
    if given == nil && entry.hasSample { return nil }
    let folders = bases.map { Path.join($0, entry.folder) }
    throw LibraryError.missing(
      entry.name, split, folders: folders, images: entry.imageFiles(split), labels: entry.labelFiles(split),
      hint: hint(entry, split, folder: folders[0]))
  }

  /// People name the folder of the files rather than the one above it.
  private func hint(_ entry: CatalogueEntry, _ split: Split, folder: String) -> String? {
    guard let given, entry.imageFiles(split).contains(where: { Files.exists(Path.join(given, $0)) }) else {
      return entry.remedy ?? entry.source.map { "\($0) into '\(folder)'" }
    }
    return "they are in '\(given)' itself: name the folder that holds a folder '\(entry.folder)' with these files"
  }

  // MARK: Loading

  /// The files that were found, opened.
  private func open(
    _ entry: CatalogueEntry, _ files: FoundFiles, _ split: Split, _ options: LoadOptions
  ) throws -> any ImageSource {
    let bytes = try DataLibrary.read(files.images)
    switch FileFormat(bytes) {
    case .archive?: return try NumPyArchive(path: files.images, bytes: bytes).images(split, options)
    case .matlab?: return try labelled(entry, files.images, bytes, options)
    default: break
    }
    let images = try IDXImages(
      images: IDXReader(path: files.images, bytes: bytes, isPartial: options.isPartial), path: files.images,
      isTransposed: entry.isTransposed, options: options)
    guard let path = files.labels else { return images }
    var labels = try IDXReader(path: path, bytes: DataLibrary.read(path))
    return LabelledImages(images, path: files.images, labels: try labels.labels(), labelsPath: path)
  }

  /// A MATLAB file of images with their labels, which may be missing only where a file that was cut off is wanted.
  private func labelled(
    _ entry: CatalogueEntry, _ path: String, _ bytes: [UInt8], _ options: LoadOptions
  ) throws -> MATImages {
    let images = try MATImages(path: path, bytes: bytes, options: options)
    guard images.allLabels != nil || options.isPartial else { throw images.noLabels }
    return images
  }

  private func loadSample(
    _ entry: CatalogueEntry, _ split: Split, _ selection: Selection, _ options: LoadOptions
  ) throws -> Dataset {
    func bytes(_ name: String) throws -> [UInt8] {
      guard let bytes = Sample.bytes(name) else { throw LibraryError.notAvailable(entry.folder) }
      return bytes
    }
    func reader(_ kind: String) throws -> IDXReader {
      let name = "\(entry.folder)-\(split.rawValue)-\(kind).gz"
      return try IDXReader(path: "embedded \(name)", bytes: bytes(name))
    }
    let source: any ImageSource
    if entry.labelFiles(split).isEmpty {
      let name = "\(entry.folder)-\(entry.imageFiles(split)[0])"
      source = try labelled(entry, "embedded \(name)", bytes(name), options)
    } else {
      let path = "embedded sample of \(entry.name)"
      var labels = try reader("labels")
      source = LabelledImages(
        try IDXImages(images: reader("images"), path: path, isTransposed: entry.isTransposed, options: options),
        path: path, labels: try labels.labels(), labelsPath: "its labels")
    }
    let files = [entry.imageFiles(split), entry.labelFiles(split)].compactMap(\.first).joined(separator: " and ")
    let remedy =
      entry.remedy
      ?? "for all of \(entry.name) put \(files) into the folder '\(Path.join(environment ?? cache, entry.folder))'"
    return try DataLibrary.choose(
      Origin(
        name: entry.name, split: split, path: "embedded sample of \(entry.name)", licence: entry.licence,
        classes: entry.classes, hasDigits: entry.hasDigits, advice: "this is the embedded sample; \(remedy)"),
      source, selection, options)
  }
}

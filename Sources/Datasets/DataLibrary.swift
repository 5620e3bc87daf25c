import Numerics
import Platform

/// Finds datasets by name in the data folder, or in the sample that the program carries, and files by path.
///
/// Folders are searched in this order: the one given by the user (then only this one), `BVAE_DATA`, the user's cache
/// folder, what the system's packages have installed, and the embedded sample last. A folder holds `mnist/`, `fashion/`,
/// `emnist/` and `svhn/` with the original file names.
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
  ///   - split: which part of a named dataset, or of an archive or a folder that has parts; nil for the training images
  ///     where there are parts.
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
    let source = try open(entry, files, options)
    let origin = Origin(
      name: entry.name, split: split, path: files.images, licence: entry.licence,
      advice: entry.advice(having: source.count, of: split),
      labelAdvice: entry.remedy.map { "they are missing in the file, which was cut off; \($0)" })
    return try DataLibrary.choose(origin, source, selection, options)
  }

  // MARK: Finding

  /// The files of a dataset's part; the labels may be in the same file as the images.
  private struct FoundFiles {
    let images: String
    let labels: String?
  }

  /// The folders that a dataset's files may be in.
  private func places(_ entry: CatalogueEntry) -> [String] {
    if let given { return [Path.join(given, entry.folder)] }
    let own = [environment, cache].compactMap { $0 }.map { Path.join($0, entry.folder) }
    guard let system, let folder = entry.systemFolder else { return own }
    return own + [Path.join(system, folder)]
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
      case (nil, nil): continue
      }
    }
    if given == nil && entry.hasSample { return nil }
    throw LibraryError.missing(
      entry.name, split, folders: places(entry),
      images: entry.imageFiles(split), labels: entry.labelFiles(split), hint: hint(entry, split))
  }

  /// People name the folder of the files rather than the one above it.
  private func hint(_ entry: CatalogueEntry, _ split: Split) -> String? {
    guard let given, entry.imageFiles(split).contains(where: { Files.exists(Path.join(given, $0)) }) else {
      return entry.remedy
    }
    return "they are in '\(given)' itself: name the folder that holds a folder '\(entry.folder)' with these files"
  }

  // MARK: Loading

  /// The files that were found, opened.
  private func open(_ entry: CatalogueEntry, _ files: FoundFiles, _ options: LoadOptions) throws -> any ImageSource {
    let bytes = try Files.read(files.images, limit: IDX.largest)
    guard let labels = files.labels else { return try labelled(entry, files.images, bytes, options) }
    return try IDXImages(
      images: IDXReader(path: files.images, bytes: bytes, isPartial: options.isPartial), path: files.images,
      labels: IDXReader(path: labels), labelsPath: labels, largestLabel: 9, isTransposed: entry.isTransposed)
  }

  /// A MATLAB file of images with their labels, which may be missing only where a file that was cut off is wanted.
  private func labelled(
    _ entry: CatalogueEntry, _ path: String, _ bytes: [UInt8], _ options: LoadOptions
  ) throws -> MATImages {
    let images = try MATImages(path: path, bytes: bytes, isPartial: options.isPartial)
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
      source = try IDXImages(
        images: reader("images"), path: "embedded sample of \(entry.name)", labels: reader("labels"),
        labelsPath: "its labels", largestLabel: 9, isTransposed: entry.isTransposed)
    }
    let files = [entry.imageFiles(split), entry.labelFiles(split)].compactMap(\.first).joined(separator: " and ")
    let remedy =
      entry.remedy
      ?? "for all of \(entry.name) put \(files) into the folder '\(Path.join(environment ?? cache, entry.folder))'"
    return try DataLibrary.choose(
      Origin(
        name: entry.name, split: split, path: "embedded sample of \(entry.name)", licence: entry.licence,
        advice: "this is the embedded sample; \(remedy)"),
      source, selection, options)
  }
}

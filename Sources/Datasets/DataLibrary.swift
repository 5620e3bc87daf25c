import Numerics
import Platform

/// Finds datasets by name in the data folder, or in the sample that the program carries, and files by path.
///
/// Folders are searched in this order: the one given by the user (then only this one), `BVAE_DATA`, the user's cache
/// folder, and the embedded sample last. A folder holds `mnist/` and `fashion/` with the original file names.
public struct DataLibrary: Sendable {
  let given: String?
  let environment: String?
  let cache: String

  /// A library on the user's folders.
  /// - Parameter folder: the folder that the user named; nil to search the usual places.
  public init(folder: String?) {
    self.init(given: folder, environment: Machine.environment("BVAE_DATA"), cache: Machine.cacheDirectory)
  }

  /// A library on folders that are all named.
  package init(given: String?, environment: String?, cache: String) {
    self.given = given
    self.environment = environment
    self.cache = cache
  }

  /// Loads the chosen images; nothing else is kept in memory.
  /// - Parameter split: which part of a named dataset; a file has no parts and is loaded as it is.
  /// - Throws: `LibraryError`, `IDXError` or `FileError`, which say what to do.
  public func load(_ source: Source, split: Split = .train, selection: Selection = Selection()) throws -> Dataset {
    if case .file(let path) = source { return try loadFile(path, selection) }
    guard let entry = source.entry else { throw LibraryError.notAvailable(source.word) }
    guard let pair = try find(entry, split) else { return try loadSample(entry, split, selection) }
    let labels = try IDXReader(path: pair.labels), images = try IDXReader(path: pair.images)
    return try choose(
      Origin(name: entry.name, split: split, path: pair.images, labelsPath: pair.labels, licence: entry.licence),
      images, labels, selection)
  }

  // MARK: Finding

  private var folders: [String] { given.map { [$0] } ?? [environment, cache].compactMap { $0 } }

  private func find(_ entry: CatalogueEntry, _ split: Split) throws -> (images: String, labels: String)? {
    for (folder, whose) in [(given, "--data"), (environment, "BVAE_DATA")] {
      if let folder, !Files.isDirectory(folder) { throw LibraryError.noFolder(folder, whose: whose) }
      if given != nil { break }
    }
    for folder in folders {
      let place = Path.join(folder, entry.folder)
      func first(_ names: [String]) -> String? { names.map { Path.join(place, $0) }.first(where: Files.exists) }
      switch (first(entry.imageFiles(split)), first(entry.labelFiles(split))) {
      case (let images?, let labels?): return (images, labels)
      case (let images?, nil):
        throw LibraryError.incomplete(found: images, missing: "labels", place, entry.labelFiles(split))
      case (nil, let labels?):
        throw LibraryError.incomplete(found: labels, missing: "images", place, entry.imageFiles(split))
      case (nil, nil): continue
      }
    }
    if given == nil && entry.hasSample { return nil }
    throw LibraryError.missing(
      entry.name, split, folders: folders.map { Path.join($0, entry.folder) },
      images: entry.imageFiles(split), labels: entry.labelFiles(split),
      hint: hint(entry, split) ?? "'fetch \(entry.folder)' downloads them")
  }

  /// People name the folder of the files rather than the one above it.
  private func hint(_ entry: CatalogueEntry, _ split: Split) -> String? {
    guard let given, entry.imageFiles(split).contains(where: { Files.exists(Path.join(given, $0)) }) else { return nil }
    return "they are in '\(given)' itself: name the folder that holds a folder '\(entry.folder)' with these files"
  }

  // MARK: Loading

  private func loadSample(_ entry: CatalogueEntry, _ split: Split, _ selection: Selection) throws -> Dataset {
    func reader(_ kind: String) throws -> IDXReader {
      let name = "\(entry.folder)-\(split.rawValue)-\(kind).gz"
      guard let bytes = Sample.bytes(name) else { throw LibraryError.notAvailable(entry.folder) }
      return try IDXReader(path: "embedded \(name)", bytes: bytes)
    }
    let advice =
      "this is the embedded sample; 'fetch \(entry.folder)' downloads all of \(entry.name) into the folder "
      + "'\(Path.join(environment ?? cache, entry.folder))'"
    return try choose(
      Origin(
        name: entry.name, split: split, path: "embedded sample of \(entry.name)", labelsPath: "its labels",
        licence: entry.licence, advice: advice),
      try reader("images"), try reader("labels"), selection)
  }

  private func loadFile(_ path: String, _ selection: Selection) throws -> Dataset {
    let images = try IDXReader(path: path)
    guard case .images = images.content else {
      throw IDXError(path: path, compressed: false, problem: .labelsForImages)
    }
    let candidates = labelFiles(beside: path)
    let labelsPath = candidates.first(where: Files.exists)
    let looked = candidates.map { "'\($0)'" }.joined(separator: " and ")
    let advice =
      candidates.isEmpty
      ? "labels are found beside a file whose name has 'images', as in train-images-idx3-ubyte"
      : "there is no labels file beside them; looked for \(looked)"
    return try choose(
      Origin(
        name: Path.name(path), split: nil, path: path, labelsPath: labelsPath ?? "", licence: "not stated",
        advice: labelsPath == nil ? advice : nil),
      images, try labelsPath.map { try IDXReader(path: $0) }, selection)
  }

  /// What errors and the dataset tell about the files.
  private struct Origin {
    let name: String
    let split: Split?
    let path: String
    let labelsPath: String
    let licence: String
    /// What to do where a selection cannot be had.
    var advice: String?
  }

  private func choose(
    _ origin: Origin, _ images: IDXReader, _ labels: IDXReader?, _ selection: Selection
  ) throws -> Dataset {
    var images = images, labels = labels
    try images.checkSize()
    let digits = try labels?.labels()
    if let digits, digits.count != images.count {
      throw LibraryError.countsDiffer(origin.path, images.count, origin.labelsPath, digits.count)
    }
    let places: [Int]
    do {
      places = try selection.places(among: images.count, labels: digits)
    } catch {
      throw LibraryError.selection(error, origin.path, advice: error.isAboutContent ? origin.advice : nil)
    }
    // The file is read from front to back; a shuffled order is made afterwards from the few that were kept.
    let ascending = places.sorted()
    var chosen = try images.images(at: ascending)
    if places != ascending {
      let position = Dictionary(uniqueKeysWithValues: zip(ascending, ascending.indices))
      chosen = chosen.selecting(places.compactMap { position[$0] })
    }
    return Dataset(
      name: origin.name, split: origin.split, images: chosen, labels: digits.map { all in places.map { all[$0] } },
      origin: origin.path, licence: origin.licence)
  }
}

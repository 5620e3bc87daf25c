import BVAEArrays
import BVAEPlatform

extension DataLibrary {
  /// What errors and the dataset tell about the files.
  struct Origin {
    let name: String
    let split: Split?
    let path: String
    let licence: String
    /// What the labels stand for, and whether they are digits, where the files do not say it.
    var classes: [String]?
    var hasDigits = false
    /// What to do where there are too few images.
    var advice: String?
    /// What to do where there are no labels.
    var labelAdvice: String?
  }

  /// The images of bytes in memory, whatever their format.
  /// - Parameters:
  ///   - bytes: the content of a file of images.
  ///   - name: the name for error messages; nothing of that name is opened.
  /// - Throws: `LibraryError`, or the error of the format: `IDXError`, `MATError`, `NumPyError`, `FileError`,
  ///   `PictureError`.
  public static func load(
    bytes: [UInt8], name: String, split: Split? = nil, selection: Selection = Selection(),
    options: LoadOptions = LoadOptions()
  ) throws -> Dataset {
    try choose(
      Origin(name: name, split: nil, path: name, licence: "not stated"), source(bytes, path: name, split, options),
      selection, options)
  }

  func loadFile(_ path: String, _ split: Split?, _ selection: Selection, _ options: LoadOptions) throws -> Dataset {
    if Files.isDirectory(path) { return try loadFolder(path, split, selection, options) }
    let bytes = try DataLibrary.read(path)
    guard let split else { return try load(path, bytes, nil, selection, options) }
    if try DataLibrary.holdsParts(path, bytes) {
      return try load(path, bytes, inside: split, split, selection, options)
    }
    guard let other = try DataLibrary.part(split, of: path) else {
      return try load(path, bytes, split, selection, options)
    }
    return try load(other, DataLibrary.read(other), split, selection, options)
  }

  /// The path of the part that was asked for, where it is another file or folder; nil where this one is it.
  private static func part(_ split: Split, of path: String) throws -> String? {
    guard let candidates = Companions.part(split, of: path) else { return nil }
    if let found = candidates.first(where: Files.exists) { return found }
    // What is named after no part is what one trains on.
    if split == .train && candidates.isEmpty { return nil }
    throw LibraryError.noPartBeside(path, split, looked: candidates.filter { !$0.hasSuffix(".gz") })
  }

  /// Whether a file has training and test data inside.
  private static func holdsParts(_ path: String, _ bytes: [UInt8]) throws -> Bool {
    let names: [String]
    switch FileFormat(bytes) {
    case .archive?: names = try NumPyArchive(path: path, bytes: unpacked(bytes, path)).names
    case .matlab?:
      // Whether it may be cut off is asked when it is read.
      names = try MATFile(path: path, bytes: unpacked(bytes, path, isPartial: true)).variables.map(\.name)
    default: return false
    }
    return Split.allCases.contains { split in ArrayNames.images(split).contains(where: names.contains) }
  }

  /// A folder of pictures, or of one part's; or the folder of MNIST's files, or torchvision's with `raw` inside.
  private func loadFolder(
    _ path: String, _ split: Split?, _ selection: Selection, _ options: LoadOptions
  ) throws -> Dataset {
    for folder in [path, Path.join(path, "raw")] {
      for names in [CatalogueEntry.Names.mnist, .emnist] {
        let entry = CatalogueEntry(name: "", folder: "", licence: "", hasSample: false, names: names)
        for part in split.map({ [$0] }) ?? [.train, .test] {
          if let file = entry.imageFiles(part).map({ Path.join(folder, $0) }).first(where: Files.exists) {
            return try load(file, DataLibrary.read(file), part, selection, options)
          }
        }
      }
    }
    let (folder, part) = try pictures(path, split, options)
    return try DataLibrary.choose(
      Origin(
        name: Path.name(path), split: part, path: folder.path, licence: "not stated",
        labelAdvice: "labels are the names of folders inside the one loaded"),
      folder, selection, options)
  }

  /// The pictures of a folder, and which part they are: one of the folders inside it, or the folder beside it.
  private func pictures(
    _ path: String, _ split: Split?, _ options: LoadOptions
  ) throws -> (folder: PictureFolder, part: Split?) {
    func folder(_ path: String, _ split: Split?) throws -> PictureFolder {
      try PictureFolder(path, split: split, fitting: options.fitting, readsJPEG: options.readsJPEG)
    }
    do {
      let found = try folder(path, split)
      return (found, found.split)
    } catch let error as PictureError {
      guard case .noParts = error.problem, let split else { throw error }
      // What is named after no part is what one trains on.
      if let candidates = Companions.part(split, of: path), candidates.isEmpty, split != .train { throw error }
      return (try folder(DataLibrary.part(split, of: path) ?? path, nil), split)
    }
  }

  /// - Parameters:
  ///   - inside: the part of a file that has several; nil for all of it.
  ///   - split: what part the images are.
  private func load(
    _ path: String, _ bytes: [UInt8], inside: Split? = nil, _ split: Split?, _ selection: Selection,
    _ options: LoadOptions
  ) throws -> Dataset {
    var source = try DataLibrary.source(bytes, path: path, inside, options)
    var advice: String?
    if !source.hasLabels, FileFormat(bytes) != .picture {
      let candidates = Companions.labels(of: path)
      if let labels = candidates.first(where: Files.exists) {
        source = LabelledImages(source, path: path, labels: try Labels.read(labels), labelsPath: labels)
      }
      let looked = candidates.filter { !$0.hasSuffix(".gz") }.prefix(4).map { "'\($0)'" }.joined(separator: ", ")
      let beside =
        candidates.isEmpty
        ? "labels are found beside a file whose name has 'images', as in train-images-idx3-ubyte"
        : "there is no file of labels beside this one; looked for \(looked)"
      switch FileFormat(bytes) {
      case .matlab?: advice = "the file has no labels, variable y"
      case .archive?:
        advice =
          "the archive has no labels under the names \(ArrayNames.quoted(ArrayNames.labels(inside).prefix(6))); "
          + beside
      default: advice = beside
      }
    }
    return try DataLibrary.choose(
      Origin(name: Path.name(path), split: split, path: path, licence: "not stated", labelAdvice: advice), source,
      selection, options)
  }

  /// The bytes of a file of data.
  /// - Throws: `FileError`; `LibraryError.unrecognised` where it holds something else, such as a web page or a Git LFS
  ///   pointer.
  static func read(_ path: String) throws -> [UInt8] {
    let bytes = try Files.read(path, limit: Limits.memory)
    try check(bytes, path: path)
    return bytes
  }

  private static func check(_ bytes: [UInt8], path: String) throws {
    guard FileFormat(bytes) == nil || foreignContent(bytes.prefix(512)) != nil else { return }
    throw LibraryError.unrecognised(path, beginning: Array(bytes.prefix(512)))
  }

  /// The images in a file's bytes.
  /// - Parameter split: which part of a file that has two.
  private static func source(
    _ bytes: [UInt8], path: String, _ split: Split?, _ options: LoadOptions
  ) throws -> any ImageSource {
    try check(bytes, path: path)
    switch FileFormat(bytes) {
    case .matlab:
      return try MATImages(
        path: path, bytes: unpacked(bytes, path, isPartial: options.isPartial), split: split, options: options)
    case .archive: return try NumPyArchive(path: path, bytes: unpacked(bytes, path)).images(split, options)
    case .picture: return BytePicture(path: path, bytes: try unpacked(bytes, path), fitting: options.fitting)
    case .numPy:
      return try NumPyImages(
        images: NumPyReader(path: path, bytes: bytes, isPartial: options.isPartial), options: options)
    case .idx:
      let isTransposed = isEMNIST(path)
      return try IDXImages(
        images: IDXReader(path: path, bytes: bytes, isPartial: options.isPartial), path: path,
        isTransposed: isTransposed, options: options,
        remarks: isTransposed
          ? [.note("the images are turned upright, for the name says that they are EMNIST's, which lie on their side")]
          : [])
    case nil: throw LibraryError.unrecognised(path, beginning: Array(bytes.prefix(512)))
    }
  }

  /// What gzip data hold, for formats that are not read from front to back.
  /// - Parameter isPartial: whether data that are cut off end there rather than with an error.
  static func unpacked(_ bytes: [UInt8], _ path: String, isPartial: Bool = false) throws -> [UInt8] {
    guard Gzip.recognises(bytes) else { return bytes }
    do {
      return try Gzip.inflate(
        bytes, limit: min(Limits.memory, Limits.inflated(from: bytes.count)), acceptsTruncation: isPartial)
    } catch {
      throw FileError(path: path, reason: "cannot read '\(path)': \(error)")
    }
  }

  /// Nothing in EMNIST's files says that they hold column after column: their name has to.
  private static func isEMNIST(_ path: String) -> Bool {
    let name = Path.name(path).lowercased()
    return name.hasPrefix("emnist-") || name.hasPrefix("emnist_")
  }

  /// The chosen images of a source.
  static func choose(
    _ origin: Origin, _ source: any ImageSource, _ selection: Selection, _ options: LoadOptions
  ) throws -> Dataset {
    var source = source
    try options.fitting.check()
    let labels = try source.labels()
    try check(labels, origin)
    let places: [Int]
    do {
      places = try selection.places(
        among: source.count, labels: labels, factors: source.factors, classes: source.classes ?? origin.classes,
        hasDigits: origin.hasDigits)
    } catch {
      let advice =
        switch error {
        case .tooFew: origin.advice
        case .needsLabels: origin.labelAdvice
        default: nil as String?
        }
      throw LibraryError.selection(error, origin.path, advice: advice)
    }
    // Files are read from front to back; a shuffled order is made afterwards from the few that were kept.
    let ascending = places.sorted()
    let read = try source.images(at: ascending)
    let (scaled, darkness) = try source.isScaled ? (read, nil) : DataLibrary.scaled(read, options, origin.path)
    var chosen = try options.fitting.fitted(scaled)
    if places != ascending {
      // Where each wanted image stands among those that were read.
      var position = places.indices.sorted { places[$0] < places[$1] }
      for (read, wanted) in Array(position.enumerated()) { position[wanted] = read }
      chosen.arrange(position)
    }
    return try Dataset(
      name: origin.name, split: origin.split, images: chosen, labels: labels.map { all in places.map { all[$0] } },
      origin: origin.path, licence: origin.licence, classes: source.classes ?? origin.classes,
      hasDigits: origin.hasDigits, factors: source.factors?.selecting(places), synthetic: source.synthetic,
      remarks: source.remarks + [darkness].compactMap { $0 },
      options: options)
  }

  /// A file under a known dataset's name has that dataset's labels.
  private static func check(_ labels: [UInt8]?, _ origin: Origin) throws {
    guard let classes = origin.classes?.count ?? (origin.hasDigits ? 10 : nil),
      let place = labels?.firstIndex(where: { $0 >= classes }), let label = labels?[place]
    else { return }
    throw FileError(
      path: origin.path,
      reason: "'\(origin.path)' has the label \(label) at image \(place.grouped), but the labels of \(origin.name) are "
        + "0 to \(classes - 1); load it by its path, in quotes, if that is meant")
  }

  /// Images whose bytes are pixels already, on the scale that was asked for.
  private static func scaled(
    _ images: ByteImages, _ options: LoadOptions, _ path: String
  ) throws -> (ByteImages, LoadRemark?) {
    var converter = PixelConverter(BinaryNumber(kind: .unsigned, size: 1), scale: options.scale), bytes: [UInt8] = []
    if options.scale != nil { bytes.reserveCapacity(images.bytes.count) }
    for start in stride(from: 0, to: images.bytes.count, by: 1 << 18) {
      let piece = images.bytes[start..<min(start + 1 << 18, images.bytes.count)]
      if options.scale == nil { bytes.removeAll(keepingCapacity: true) }
      converter.append(piece, to: &bytes, from: start, size: images.shape.count)
    }
    do {
      try converter.check()
    } catch {
      throw FileError(path: path, reason: "cannot read '\(path)': \(error)")
    }
    return (options.scale == nil ? images : ByteImages(shape: images.shape, bytes: bytes), converter.darkness)
  }
}

extension Labels {
  /// The labels of a file of its own: IDX, an array, or an archive that has them under their usual names or alone.
  static func read(_ path: String) throws -> Labels {
    let bytes = try DataLibrary.read(path)
    switch FileFormat(bytes) {
    case .idx:
      var reader = try IDXReader(path: path, bytes: bytes)
      return try reader.labels(upTo: 255)
    case .numPy:
      var reader = try NumPyReader(path: path, bytes: bytes)
      return try reader.labels()
    case .archive:
      let archive = try NumPyArchive(path: path, bytes: DataLibrary.unpacked(bytes, path))
      let names = ArrayNames.labels(nil) + ["arr_0"] + (archive.names.count == 1 ? archive.names : [])
      guard var reader = try archive.first(of: names) else {
        throw NumPyError(
          path: path, member: nil,
          problem: .noMember("labels, as one of \(ArrayNames.quoted(names.prefix(6)))", found: archive.names))
      }
      return try reader.labels()
    case .matlab, .picture, nil: throw LibraryError.unrecognised(path, beginning: Array(bytes.prefix(512)))
    }
  }
}

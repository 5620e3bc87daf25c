import Platform

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
    bytes: [UInt8], name: String, split: Split = .train, selection: Selection = Selection(),
    options: LoadOptions = LoadOptions()
  ) throws -> Dataset {
    try choose(
      Origin(name: name, split: nil, path: name, licence: "not stated"),
      source(bytes, path: name, labels: nil, split, options), selection, options)
  }

  func loadFile(_ path: String, _ split: Split?, _ selection: Selection, _ options: LoadOptions) throws -> Dataset {
    func choose(_ source: any ImageSource, part: Split? = nil, labelAdvice: String? = nil) throws -> Dataset {
      try DataLibrary.choose(
        Origin(name: Path.name(path), split: part, path: path, licence: "not stated", labelAdvice: labelAdvice), source,
        selection, options)
    }
    if Files.isDirectory(path) {
      let folder = try PictureFolder(path, split: split, fitting: options.fitting, readsJPEG: options.readsJPEG)
      return try choose(
        folder, part: folder.split, labelAdvice: "labels are the names of folders inside the one loaded")
    }
    let bytes = try Files.read(path, limit: IDX.largest)
    switch FileFormat(bytes) {
    case .idx, .numPy:
      let candidates = labelFiles(beside: path)
      let labels = candidates.first(where: Files.exists)
      let looked = candidates.map { "'\($0)'" }.joined(separator: " and ")
      let advice =
        candidates.isEmpty
        ? "labels are found beside a file whose name has 'images', as in train-images-idx3-ubyte"
        : "there is no labels file beside them; looked for \(looked)"
      let source = try DataLibrary.source(bytes, path: path, labels: labels, split ?? .train, options)
      return try choose(source, labelAdvice: advice)
    case .matlab:
      return try choose(
        DataLibrary.source(bytes, path: path, labels: nil, split ?? .train, options),
        labelAdvice: "the file has no labels, variable y")
    case .archive:
      let names = NumPyImages.labelNames(split ?? .train).map { "'\($0)'" }.joined(separator: ", ")
      return try choose(
        DataLibrary.source(bytes, path: path, labels: nil, split ?? .train, options),
        labelAdvice: "the archive has no labels under the names \(names)")
    case .picture, nil:
      return try choose(DataLibrary.source(bytes, path: path, labels: nil, split ?? .train, options))
    }
  }

  /// The images in a file's bytes.
  /// - Parameter labels: the path of another file with their labels.
  private static func source(
    _ bytes: [UInt8], path: String, labels: String?, _ split: Split, _ options: LoadOptions
  ) throws -> any ImageSource {
    switch FileFormat(bytes) {
    case .matlab: return try MATImages(path: path, bytes: bytes, isPartial: options.isPartial)
    case .archive: return try NumPyArchive(path: path, bytes: bytes).images(split)
    case .picture: return BytePicture(path: path, bytes: bytes, fitting: options.fitting)
    case .numPy:
      let labelArray = try labels.map { try NumPyReader(path: $0, bytes: Files.read($0, limit: IDX.largest)) }
      return try NumPyImages(
        images: NumPyReader(path: path, bytes: bytes), labels: labelArray, isPartial: options.isPartial)
    case .idx:
      return try IDXImages(
        images: IDXReader(path: path, bytes: bytes, isPartial: options.isPartial), path: path,
        labels: labels.map { try IDXReader(path: $0) }, labelsPath: labels ?? "", largestLabel: 255,
        isTransposed: isEMNIST(path))
    case nil: throw LibraryError.unrecognised(path, beginning: Array(bytes.prefix(8)))
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
    let labels = try source.labels()
    let places: [Int]
    do {
      let noun = source.factors?.labels?.name ?? (origin.hasDigits ? "digit" : "class")
      places = try selection.places(
        among: source.count, labels: labels, names: LabelNames(noun, source.classes ?? origin.classes))
    } catch {
      let advice =
        switch error {
        case .tooFew: origin.advice
        case .needsLabels: origin.labelAdvice
        case .noClass, .noDigits, .digit, .number, .countAndEach: nil as String?
        }
      throw LibraryError.selection(error, origin.path, advice: advice)
    }
    // Files are read from front to back; a shuffled order is made afterwards from the few that were kept.
    let ascending = places.sorted()
    var chosen = try options.fitting.fitted(source.images(at: ascending))
    if places != ascending {
      let position = Dictionary(uniqueKeysWithValues: zip(ascending, ascending.indices))
      chosen = chosen.selecting(places.compactMap { position[$0] })
    }
    return Dataset(
      name: origin.name, split: origin.split, images: chosen, labels: labels.map { all in places.map { all[$0] } },
      origin: origin.path, licence: origin.licence, classes: source.classes ?? origin.classes,
      hasDigits: origin.hasDigits, factors: source.factors?.selecting(places), synthetic: source.synthetic,
      remarks: source.remarks)
  }
}

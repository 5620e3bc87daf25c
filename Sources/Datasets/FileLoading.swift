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
  /// - Throws: `FileProblem`.
  public static func load(
    bytes: [UInt8], name: String, split: Split? = nil, selection: Selection = Selection(),
    options: LoadOptions = LoadOptions()
  ) throws -> Dataset {
    try choose(
      Origin(name: name, split: nil, path: name, licence: "not stated"),
      DataFile(path: name, bytes: bytes).images(part: split, options), selection, options)
  }

  func loadFile(_ path: String, _ split: Split?, _ selection: Selection, _ options: LoadOptions) throws -> Dataset {
    if Files.isDirectory(path) { return try loadFolder(path, split, selection, options) }
    let file = try DataFile(path)
    guard let split else { return try load(file, nil, selection, options) }
    if try file.holdsParts() { return try load(file, inside: split, split, selection, options) }
    let other = try DataLibrary.part(split, of: path).map { try DataFile($0) }
    return try load(other ?? file, split, selection, options)
  }

  /// The path of the part that was asked for, where it is another file or folder; nil where this one is it.
  private static func part(_ split: Split, of path: String) throws -> String? {
    guard let candidates = Companions.part(split, of: path) else { return nil }
    if let found = candidates.first(where: Files.exists) { return found }
    // What is named after no part is what one trains on.
    if split == .train && candidates.isEmpty { return nil }
    throw LibraryError.noPartBeside(path, split, looked: candidates.filter { !$0.hasSuffix(".gz") })
  }

  /// A folder of pictures, or of one part's; or the folder of a known dataset's files, or torchvision's with `raw` inside.
  private func loadFolder(
    _ path: String, _ split: Split?, _ selection: Selection, _ options: LoadOptions
  ) throws -> Dataset {
    for folder in [path, Path.join(path, "raw")] {
      for dataset in KnownDataset.all {
        for part in split.map({ [$0] }) ?? [.train, .test] {
          if let file = dataset.files.images(part).map({ Path.join(folder, $0) }).first(where: Files.exists) {
            return try load(DataFile(file), part, selection, options)
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
    let files = try PictureFiles(path)
    guard let split, !files.hasParts else {
      let found = try PictureFolder(path, files, split: split, options)
      return (found, found.split)
    }
    // What is named after no part is what one trains on.
    if let candidates = Companions.part(split, of: path), candidates.isEmpty, split != .train {
      return (try PictureFolder(path, files, split: split, options), split)
    }
    let other = try DataLibrary.part(split, of: path)
    return (try PictureFolder(other ?? path, other.map { try PictureFiles($0) } ?? files, options), split)
  }

  /// - Parameters:
  ///   - inside: the part of a file that has several; nil for all of it.
  ///   - split: what part the images are.
  private func load(
    _ file: DataFile, inside: Split? = nil, _ split: Split?, _ selection: Selection, _ options: LoadOptions
  ) throws -> Dataset {
    var source = try file.images(part: inside, options)
    var advice: String?
    if !source.hasLabels, file.format.hasLabelsBeside {
      let candidates = Companions.labels(of: file.path)
      if let labels = candidates.first(where: Files.exists) {
        source = LabelledImages(source, path: file.path, labels: try DataFile(labels).labels(), labelsPath: labels)
      }
      let looked = candidates.filter { !$0.hasSuffix(".gz") }.prefix(4).map { "'\($0)'" }.joined(separator: ", ")
      advice = file.format.withoutLabels(
        inside,
        beside: candidates.isEmpty
          ? "labels are found beside a file whose name has 'images', as in train-images-idx3-ubyte"
          : "there is no file of labels beside this one; looked for \(looked)")
    }
    return try DataLibrary.choose(
      Origin(name: Path.name(file.path), split: split, path: file.path, licence: "not stated", labelAdvice: advice),
      source,
      selection, options)
  }

  /// The chosen images of a source.
  /// - Throws: `FileProblem`, also where the selection cannot be had.
  static func choose(
    _ origin: Origin, _ source: any ImageSource, _ selection: Selection, _ options: LoadOptions
  ) throws -> Dataset {
    var source = source
    try options.fitting.check()
    let labels = try FileProblem.naming(origin.path) { try source.labels() }
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
      throw FileProblem("\(error)", of: origin.path, action: "choose from", advice: advice)
    }
    // Files are read from front to back; a shuffled order is made afterwards from the few that were kept.
    let ascending = places.sorted()
    let (scaled, darkness) = try FileProblem.naming(origin.path) {
      let read = try source.images(at: ascending, storage: options.storage)
      return try source.isScaled ? (read, nil) : DataLibrary.scaled(read, options)
    }
    var chosen = try FileProblem.naming(origin.path) { try options.fitting.fitted(scaled, options.storage) }
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
      remarks: source.remarks + [darkness, chosen.keepingRemark].compactMap { $0 },
      options: options)
  }

  /// A file under a known dataset's name has that dataset's labels.
  private static func check(_ labels: [UInt8]?, _ origin: Origin) throws {
    guard let classes = origin.classes?.count ?? (origin.hasDigits ? 10 : nil),
      let place = labels?.firstIndex(where: { $0 >= classes }), let label = labels?[place]
    else { return }
    throw FileProblem(
      "it has the label \(label) at image \(place.grouped), but the labels of \(origin.name) are 0 to \(classes - 1)",
      of: origin.path, advice: "load it by its path, in quotes, if that is meant")
  }

  /// Images whose bytes are pixels already, on the scale that was asked for.
  private static func scaled(
    _ images: ByteImages, _ options: LoadOptions
  ) throws -> (ByteImages, LoadRemark?) {
    var converter = PixelConverter(BinaryNumber(kind: .unsigned, size: 1), scale: options.scale)
    let size = images.shape.count
    guard options.scale != nil else {
      var bytes: [UInt8] = []
      for image in 0..<images.count {
        bytes.removeAll(keepingCapacity: true)
        converter.append(images[image], to: &bytes, from: image * size, size: size)
      }
      return (images, converter.darkness)
    }
    let result = try ByteImages.collecting(images.shape, count: images.count, storage: options.storage) {
      image, bytes in
      converter.append(images[image], to: &bytes, from: image * size, size: size)
    }
    try converter.check()
    return (result, converter.darkness)
  }
}

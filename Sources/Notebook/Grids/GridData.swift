import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BetaVAE

/// What the tasks of a grid are trained on, in files that any worker can read: the images with labels and factors as an
/// archive of NumPy, and beside it what people call them.
enum GridData {
  /// Writes data into a folder, where they are not there yet, and reads them again.
  /// - Parameter name: their `variationFingerprint`, which tasks name them by.
  /// - Returns: the name.
  /// - Throws: `ScriptFailure` where what comes back is not the same.
  static func write(_ data: DatasetValue, named name: String, to folder: String) throws -> String {
    let dataset = data.dataset
    let path = Path.join(folder, "\(name).json")
    guard !Files.exists(path) else { return name }
    try Files.makeDirectory(folder)
    try dataset.writeArchive(to: Path.join(folder, "\(name).npz"))
    var about: [String: JSON] = [
      "name": .text(dataset.name), "origin": .text(dataset.origin), "licence": .text(dataset.licence),
      "hasDigits": .truth(dataset.hasDigits), "marks": .list(data.synthetic.sorted().map { .text($0) }),
      "fingerprint": .text(name),
    ]
    about["split"] = dataset.split.map { .text($0.rawValue) }
    about["synthetic"] = dataset.synthetic.map { .text($0) }
    about["seeds"] = dataset.factors?.seeds.map { .list($0.map { JSON(Int($0)) }) }
    try Files.write(JSON.object(about).bytes + [UInt8(ascii: "\n")], to: path)
    let back: DatasetValue
    do { back = try read(name, in: folder) } catch {
      try? Files.remove(path)
      throw error
    }
    guard back.dataset.variationFingerprint == name else {
      try? Files.remove(path)
      throw ScriptFailure("the images cannot be handed to other processes: they do not come back the same")
    }
    return name
  }

  /// Reads data.
  /// - Throws: `FileProblem` where they are not there, or not what they were.
  static func read(_ name: String, in folder: String) throws -> DatasetValue {
    let path = Path.join(folder, "\(name).json")
    guard let about = JSON(try Files.read(path, limit: 1 << 28)) else {
      throw FileProblem("it is not what a grid has of its data", of: path)
    }
    let archive = Path.join(folder, "\(name).npz")
    let read = try DataLibrary(folder: nil).load(.file(archive), split: nil)
    let seeds = about["seeds"]?.list?.compactMap { $0.whole.flatMap(UInt32.init(exactly:)) }
    let dataset = try Dataset(
      name: about["name"]?.text ?? name, split: about["split"]?.text.flatMap(Split.init(rawValue:)),
      images: read.images, labels: read.labels, origin: about["origin"]?.text ?? archive,
      licence: about["licence"]?.text ?? "", classes: read.classes, hasDigits: about["hasDigits"]?.truth ?? false,
      factors: read.factors.map {
        FactorTable(
          factors: $0.factors, count: $0.count, values: $0.values, seeds: seeds ?? $0.seeds, originals: $0.originals)
      },
      synthetic: about["synthetic"]?.text)
    guard dataset.variationFingerprint == about["fingerprint"]?.text else {
      throw FileProblem("its images are not those that the grid was made for", of: archive)
    }
    var value = DatasetValue(dataset: dataset)
    value.synthetic = Set(about["marks"]?.list?.compactMap(\.text) ?? [])
    return value
  }
}

import BVAECPU
import BVAEDatasets
import BVAEPixels
import BVAEPlatform

extension ReaderUnderTest {
  /// All readers, in the order in which they are reported.
  package static let all: [ReaderUnderTest] = [
    dataset("idx"),
    dataset("gzip", repair: { Repair.packed($0, wrapping: 31) }),
    labels,
    dataset("mat", fixtures: "mat", repair: Repair.matlab),
    dataset("npy", words: python, fixtures: "npy"),
    dataset("npz", words: python + zip, fixtures: "npz", repair: Repair.zip),
    factors,
    dataset("partial", options: LoadOptions(isPartial: true), words: python, fixtures: "mat"),
    pictures,
    ReaderUnderTest(name: "png", read: { bytes, _ in _ = try PNG.decode(bytes) }, fixtures: "png", repair: Repair.png),
    ReaderUnderTest(
      name: "jpeg", read: { bytes, _ in _ = try PictureFile.decode(bytes, limit: 1 << 20) }, fixtures: "jpg"),
    safetensors, model, history, store, times, checkpoint, script, preset, historyFile, keys,
  ]

  private static let python = [
    "{", "}", "(", ")", "'", ",", ": ", "'descr'", "'<f8'", "'|u1'", "'<U9'", "True", "'shape'", "[", "\n",
  ]
  private static let zip = ["PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}"]

  /// Files that 'load' reads, whose kind it tells by their content.
  private static func dataset(
    _ name: String, options: LoadOptions = LoadOptions(), words: [String] = [], fixtures: String? = nil,
    repair: (@Sendable ([UInt8]) -> [UInt8])? = nil
  ) -> ReaderUnderTest {
    ReaderUnderTest(
      name: name,
      read: { bytes, folder in
        let path = Path.join(folder, "file")
        try Files.overwrite(bytes, path)
        _ = try DataLibrary(folder: folder).load(.file(path), selection: Selection(count: 1), options: options)
      }, words: words, fixtures: fixtures, repair: repair)
  }

  /// Archives of drawn images: all that is known about them, and the images drawn again from it.
  private static let factors = ReaderUnderTest(
    name: "factors",
    read: { bytes, folder in
      let path = Path.join(folder, "file")
      try Files.overwrite(bytes, path)
      let library = DataLibrary(folder: folder)
      _ = try library.load(.file(path), selection: Selection(count: 1))
      // dSprites' own archive is loaded, and not drawn again.
      if bytes.contains("imgs.npy".utf8) { return }
      let whole = try DataLibrary.factors(ofFile: path).table
      let table = whole.selecting(0..<min(2, whole.count))
      for data in SyntheticData.all {
        guard Set(data.factors.map(\.name)) == Set(table.factors.map(\.name)) else { continue }
        _ = try data.dataset(of: table, side: 8, workers: oneWorker)
      }
    }, words: python + zip + ["factor_values", "factor_names", "noise_seeds", "imgs"], repair: Repair.zip)

  private static let oneWorker = Workers(count: 1)

  /// A folder with one picture, which is read and made another size.
  private static let pictures = ReaderUnderTest(
    name: "folder",
    read: { bytes, folder in
      let pictures = Path.join(folder, "pictures")
      try Files.makeDirectory(pictures)
      try Files.overwrite(bytes, Path.join(pictures, "1.png"))
      _ = try DataLibrary(folder: folder).load(.file(pictures))
    }, fixtures: "png", repair: Repair.png)

  /// A labels' file beside three images.
  private static let labels = ReaderUnderTest(
    name: "labels",
    read: { bytes, folder in
      let path = Path.join(folder, "images")
      if !Files.exists(path) {
        try Files.overwrite([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6], path)
      }
      try Files.overwrite(bytes, Path.join(folder, "labels"))
      _ = try DataLibrary(folder: folder).load(.file(path), selection: Selection(each: 1))
    })
}

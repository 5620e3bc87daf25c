import BVAEPlatform

/// A NumPy array among the formats of files.
struct NumPyFormat: FileFormat {
  let words = "NumPy arrays (.npy)"

  func recognises(_ beginning: [UInt8]) -> Bool { beginning.starts(with: NumPyHeader.magic) }

  func images(_ file: DataFile, part: Split?, _ options: LoadOptions) throws -> any ImageSource {
    try NumPyImages(images: NumPyReader(file.content, isPartial: options.isPartial), options: options)
  }

  func labels(_ file: DataFile, upTo largest: UInt8) throws -> Labels? {
    var reader = try NumPyReader(file.content)
    return try reader.labels()
  }
}

/// NumPy's archive of arrays among the formats of files.
struct NumPyArchiveFormat: FileFormat {
  let words = "archives of them (.npz)"

  func recognises(_ beginning: [UInt8]) -> Bool { ZipArchive.recognises(beginning) }

  func images(_ file: DataFile, part: Split?, _ options: LoadOptions) throws -> any ImageSource {
    try NumPyArchive(file.unpacked()).images(part, options)
  }

  /// Labels under their usual names, or alone.
  func labels(_ file: DataFile, upTo largest: UInt8) throws -> Labels? {
    let archive = try NumPyArchive(file.unpacked())
    let names = ArrayNames.labels(nil) + ["arr_0"] + (archive.names.count == 1 ? archive.names : [])
    guard var reader = try archive.first(of: names) else {
      throw archive.missing("labels, as one of \(ArrayNames.quoted(names.prefix(6)))")
    }
    return try reader.labels()
  }

  func names(_ file: DataFile) throws -> [String] { try NumPyArchive(file.unpacked()).names }

  func withoutLabels(_ part: Split?, beside: String) -> String {
    "the archive has no labels under the names \(ArrayNames.quoted(ArrayNames.labels(part).prefix(6))); " + beside
  }
}

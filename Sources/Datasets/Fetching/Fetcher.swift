import BVAEPlatform

/// Brings the published files of a dataset into its folder: each from the first address that gives the right bytes,
/// begun where an earlier attempt ended, and under its name only when size and digest are right.
public struct Fetcher {
  /// How many bytes have come.
  public struct Received: Equatable, Sendable {
    /// The file that is being fetched.
    public let file: OriginalFile
    /// How many of its bytes are there.
    public let count: Int
    /// How many bytes of all files of the dataset are there, and how many they have.
    public let done: Int, total: Int
  }

  /// What became of a file.
  public enum Outcome: Equatable, Sendable {
    /// It was there already.
    case present
    /// It was fetched from an address; where another file had its name, that one has a new name.
    case fetched(from: String, replaced: String?)
  }

  /// The folder of the dataset.
  package let folder: String
  package let downloader: Downloader?
  /// How many seconds may pass without a byte.
  package var patience = 60.0
  /// How many times an address is tried as long as each time brings something.
  package var attempts = 5
  /// Seconds between two times.
  package var pause = 1.0

  /// A fetcher into a folder, which is made when it is not there.
  package init(folder: String, downloader: Downloader? = .installed) {
    self.folder = folder
    self.downloader = downloader
  }

  /// Fetches the files that are not there yet.
  /// - Parameters:
  ///   - addresses: where to look instead of the usual places: the file's name is put behind each.
  ///   - watch: told about the progress several times a second; what it throws ends the fetching, and what has come is
  ///     kept.
  /// - Throws: `FetchError`, `FileProblem`, and what `watch` throws.
  package func fetch(
    _ originals: Originals, from addresses: [String]? = nil, watch: (Received) throws -> Void
  ) throws -> [(file: OriginalFile, outcome: Outcome)] {
    let addresses = try (addresses ?? originals.addresses).map(Self.checked)
    // Of the folders that are made for it, those that stay empty are removed again.
    let made = missingFolders
    try Files.makeDirectory(folder)
    defer { for folder in made { Files.removeEmptyDirectory(folder) } }
    let total = originals.files.reduce(0) { $0 + $1.size }
    var done = 0
    var outcomes: [(OriginalFile, Outcome)] = []
    for file in originals.files {
      let outcome = try fetch(file, of: originals, addresses) { count in
        try watch(Received(file: file, count: count, done: done + count, total: total))
      }
      outcomes.append((file, outcome))
      done += file.size
    }
    return outcomes
  }

  /// The folder and those above it that are not there, the innermost first.
  private var missingFolders: [String] {
    var missing: [String] = [], place = folder
    while !place.isEmpty, !Files.exists(place) {
      missing.append(place)
      let parent = Path.parent(place)
      if parent == place { break }
      place = parent
    }
    return missing
  }

  /// An address that ends in a slash.
  private static func checked(_ address: String) throws -> String {
    let scheme = ["http://", "https://"].first { address.lowercased().hasPrefix($0) }
    guard let scheme, address.utf8.count > scheme.utf8.count, address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
    else { throw FetchError.address(address) }
    return address.hasSuffix("/") ? address : address + "/"
  }

  private func fetch(
    _ file: OriginalFile, of originals: Originals, _ addresses: [String], watch: (Int) throws -> Void
  ) throws -> Outcome {
    let target = Path.join(folder, file.name)
    if try isOriginal(target, file) { return .present }
    guard let downloader else {
      throw FetchError.noDownloader(
        dataset: originals.name, files: originals.files.map(\.name), addresses: addresses, folder: folder)
    }
    let partPath = Path.join(folder, ".\(file.name).part")
    let part: PartialFile
    do {
      part = try PartialFile(partPath, limit: file.size)
    } catch is PartialFile.Busy {
      throw FetchError.busy(file: target, part: partPath)
    }
    // Whatever is thrown: an empty beginning is no use to the next run.
    defer { if part.count == 0 { try? Files.remove(partPath) } }
    var failed: [FetchError.Attempt] = []
    for address in addresses.map({ $0 + file.name }) {
      do {
        let transfer = Transfer(
          file: file, address: address, downloader: downloader, patience: patience, attempts: attempts, pause: pause)
        try transfer.run(into: part, watch: watch)
        let replaced = try setAside(target)
        try part.rename(to: target)
        return .fetched(from: address, replaced: replaced)
      } catch let attempt as FetchError.Attempt {
        failed.append(attempt)
      }
    }
    throw FetchError.failed(
      file: file, word: originals.word, attempts: failed, folder: folder, kept: part.count)
  }

  /// Whether a file has the published content, packed by whomever.
  private func isOriginal(_ path: String, _ file: OriginalFile) throws -> Bool {
    // A file of another size than a few times the original's is read by nobody.
    guard Files.exists(path), let bytes = try? Files.read(path, limit: 2 * file.size + 65_536) else { return false }
    if bytes.count == file.size && SHA256.hexadecimal(of: bytes) == file.digest { return true }
    guard let contentDigest = file.contentDigest, let content = try? Gzip.inflate(bytes, limit: 1 << 27) else {
      return false
    }
    return SHA256.hexadecimal(of: content) == contentDigest
  }

  /// Gives a file that is not the original another name.
  private func setAside(_ path: String) throws -> String? {
    guard Files.exists(path) else { return nil }
    for number in 1... {
      let name = path + ".earlier" + (number == 1 ? "" : "-\(number)")
      if !Files.exists(name) {
        try Files.rename(path, to: name)
        return name
      }
    }
    return nil
  }
}

extension DataLibrary {
  /// Fetches the published files of a dataset into the folder that `load` looks in first: the given one, `BVAE_DATA`,
  /// or the user's cache folder. The folder is made when it is not there.
  /// - Parameters:
  ///   - addresses: where to look instead of the usual places.
  ///   - watch: told about the progress several times a second; what it throws ends the fetching.
  /// - Returns: the folder, and what became of each file.
  /// - Throws: `FetchError`, `FileProblem`, and what `watch` throws.
  public func fetch(
    _ originals: Originals, from addresses: [String]? = nil, watch: (Fetcher.Received) throws -> Void
  ) throws -> (folder: String, files: [(file: OriginalFile, outcome: Fetcher.Outcome)]) {
    let folder = Path.join(given ?? environment ?? cache, originals.word)
    return (folder, try Fetcher(folder: folder).fetch(originals, from: addresses, watch: watch))
  }
}

import BVAEPlatform

extension DataLibrary {
  /// Fetches the published files of a dataset into the folder that `load` looks in first: the given one, `BVAE_DATA`,
  /// or the user's cache folder. The folder is made when it is not there.
  /// - Parameters:
  ///   - addresses: where to look instead of the usual places.
  ///   - watch: told about the progress several times a second; what it throws ends the fetching.
  /// - Returns: the folder, and what became of each file.
  /// - Throws: `FetchError`, `FileError`, and what `watch` throws.
  public func fetch(
    _ originals: Originals, from addresses: [String]? = nil, watch: (Fetcher.Progress) throws -> Void
  ) throws -> (folder: String, files: [(file: OriginalFile, outcome: Fetcher.Outcome)]) {
    let folder = Path.join(given ?? environment ?? cache, originals.word)
    return (folder, try Fetcher(folder: folder).fetch(originals, from: addresses, watch: watch))
  }
}

import BVAEPlatform

/// Why a file could not be fetched.
public enum FetchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no program that could fetch it.
  case noDownloader(dataset: String, files: [String], addresses: [String], folder: String)
  /// Another program is fetching the same file.
  case busy(file: String, part: String)
  /// What was given as an address is none.
  case address(String)
  /// It could be had from none of its addresses; how many of its bytes are kept for the next time.
  case failed(file: OriginalFile, word: String, attempts: [Attempt], folder: String, kept: Int)

  /// What came of one address.
  public struct Attempt: Error, Equatable, Sendable {
    /// The whole address of the file.
    public let address: String
    /// What was found there.
    public let problem: Problem
  }

  /// What can be wrong with what an address gives.
  public enum Problem: Equatable, Sendable {
    /// The program that fetches gave up, in its own words.
    case transfer(String)
    /// Nothing came for so many seconds.
    case stalled(seconds: Double)
    /// It ended before all had come.
    case short(found: Int)
    /// More came than the file has.
    case long
    /// It begins otherwise than the file.
    case beginning([UInt8])
    /// The size is right, the content is not.
    case digest(String)
  }

  /// What is wrong.
  public var description: String {
    switch self {
    case .noDownloader(let dataset, let files, _, _):
      "cannot fetch \(dataset): neither 'curl' nor 'wget', which download \(files.joined(separator: ", ")), is on the "
        + "PATH"
    case .busy(let file, let part): "another program is fetching '\(file)' at this moment; it has '\(part)' open"
    case .address(let text):
      "'\(text)' is no address to fetch from; expected http://… or https://… without blanks, the folder of the files"
    case .failed(let file, _, let attempts, _, let kept):
      "cannot fetch '\(file.name)' (\(counted(file.size, "byte"))): "
        + attempts.map { "\($0.address): \($0.problem.text(file))" }.joined(separator: "; ")
        + (kept > 0 ? "; \(counted(kept, "byte")) of it are kept" : "")
    }
  }

  /// What to do.
  public var advice: String? {
    switch self {
    case .noDownloader(_, _, let addresses, let folder):
      "install curl, or download the files by hand from \(addresses.joined(separator: " or ")) into '\(folder)'"
    case .failed(let file, let word, let attempts, let folder, let kept):
      (kept > 0 ? "'fetch \(word)' goes on from there; or " : "") + "download it by hand from "
        + "\(attempts.map(\.address).joined(separator: " or ")) and put it into '\(folder)' as '\(file.name)'"
    case .busy, .address: nil
    }
  }
}

extension FetchError.Problem {
  fileprivate func text(_ file: OriginalFile) -> String {
    switch self {
    case .transfer(let words): words
    case .stalled(let seconds): "nothing came for \(duration(seconds: seconds))"
    case .short(let found): "the transfer ended after \(counted(found, "byte"))"
    case .long: "it gives more than the file's \(counted(file.size, "byte"))"
    case .beginning(let bytes):
      "it gives something else, which begins with \(hexadecimal(bytes))"
        + (bytes.first == UInt8(ascii: "<") ? " (a web page, perhaps)" : "")
    case .digest(let found): "it gives other bytes, whose SHA-256 is \(found) instead of \(file.digest)"
    }
  }
}

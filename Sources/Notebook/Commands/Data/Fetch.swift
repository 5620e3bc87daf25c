import BVAEDatasets
import BVAELanguage
import BVAEPlatform

struct FetchCommand: Command {
  static let about = CommandAbout(
    "fetch", in: .data, "downloads the published files of a dataset, for 'load' to find",
    details: "They go to the data folder: that of --data, else of BVAE_DATA, else the user's cache folder. Each comes "
      + "from the first address that gives the right bytes, by size and SHA-256; a download that was cut off goes on "
      + "where it ended. MNIST has 12 MB, Fashion-MNIST 31 MB, SVHN 246 MB. The work is done by the program curl, or "
      + "wget where there is no curl; they heed http_proxy, https_proxy and no_proxy.",
    example: """
      fetch mnist
      """)

  @Positional(name: "source", "the dataset") var originals: Originals
  @Option(
    name: "from", "the address of a folder with the files, such as a mirror nearby", .text,
    default: .described("the well-known addresses"))
  var address: String?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let host = session.host, start = Machine.seconds
    defer { host.progress(nil) }
    // What was there before is no speed of this download.
    var first: Int?
    do {
      let (folder, files) = try session.workspace.library.fetch(originals, from: address.map { [$0] }) { received in
        if host.interrupted { throw Stop.interrupted }
        let begun = first ?? received.done
        first = begun
        let seconds = Machine.seconds - start
        host.progress(
          Self.progress(received, originals, perSecond: seconds > 1 ? Double(received.done - begun) / seconds : nil))
      }
      host.progress(nil)
      for (file, outcome) in files {
        if let remark = Self.remark(file, outcome, folder) { host.note(remark) }
      }
      host.note(
        "\(originals.name) is complete in '\(folder)': \(counted(files.count, "file")); terms: \(originals.terms)")
    } catch let error as FetchError {
      let place: any DeclaredArgument = Self.isAddress(error) ? $address : $originals
      throw place.failure(error.description, hint: error.advice)
    } catch let error as FileProblem {
      throw $originals.failure(error.description)
    }
    return .nothing
  }

  private static func isAddress(_ error: FetchError) -> Bool { if case .address = error { true } else { false } }

  private static func progress(_ received: Fetcher.Received, _ originals: Originals, perSecond: Double?) -> Progress {
    func megabytes(_ count: Int) -> String { (Double(count) / 1e6).formatted(decimals: 1) }
    var detail = "\(received.file.name): \(megabytes(received.count)) of \(megabytes(received.file.size)) MB"
    if let perSecond { detail += ", \((perSecond / 1e6).formatted(decimals: 1)) MB/s" }
    return Progress(
      "fetching \(originals.name)", fraction: Double(received.done) / Double(max(1, received.total)), detail: detail)
  }

  private static func remark(_ file: OriginalFile, _ outcome: Fetcher.Outcome, _ folder: String) -> String? {
    guard case .fetched(let address, let replaced) = outcome else { return nil }
    let earlier = replaced.map { "; the file of this name was not the original and was renamed to '\($0)'" } ?? ""
    return "fetched \(file.name), \(counted(file.size, "byte")), from \(address)\(earlier)"
  }
}

extension Originals: WordValue {
  package static var choices: [Originals] { all }
}

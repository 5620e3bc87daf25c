import BVAEDatasets
import BVAEPlatform
import Glibc
import HostileServer
import Testing

/// Fetching from a server that behaves badly.
@Suite(.enabled(if: Downloader.installed != nil, "neither curl nor wget is installed"))
struct FetchTests {
  static let content: [UInt8] = [0x1F, 0x8B] + (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
  static let file = OriginalFile(
    "a.gz", size: content.count, digest: SHA256.hexadecimal(of: content), beginning: [0x1F, 0x8B])
  static let originals = Originals(name: "Test", word: "test", files: [file], addresses: [], terms: "none")

  let folder: Folder
  let server: HostileServer

  init() throws {
    folder = try Folder()
    server = try HostileServer(["a.gz": Self.content])
  }

  private func fetcher(_ kind: Downloader.Kind = .curl) throws -> Fetcher {
    let path = try #require(Machine.program(kind.rawValue))
    var fetcher = Fetcher(folder: folder("data"), downloader: Downloader(kind: kind, path: path))
    fetcher.pause = 0.01
    fetcher.patience = 1
    return fetcher
  }

  @discardableResult
  private func fetch(_ behaviours: [String], _ kind: Downloader.Kind = .curl) throws -> [Fetcher.Outcome] {
    try fetcher(kind).fetch(Self.originals, from: behaviours.map(server.address)) { _ in }.map(\.outcome)
  }

  /// The problem of each address, where none gives the file.
  private func problems(_ behaviours: [String], _ kind: Downloader.Kind = .curl) -> [FetchError.Problem] {
    do {
      try fetch(behaviours, kind)
      return []
    } catch FetchError.failed(_, _, let attempts, _, _) {
      return attempts.map(\.problem)
    } catch {
      Issue.record("\(error)")
      return []
    }
  }

  private var names: [String] { (try? Files.list(folder("data"))) ?? [] }
  private var fetched: [UInt8]? { try? Files.read(folder("data/a.gz")) }

  static let kinds = Downloader.Kind.allCases.filter { Machine.program($0.rawValue) != nil }

  @Test(
    "The right bytes arrive in spite of the server",
    arguments: kinds,
    ["whole", "slow", "cut", "short", "promising", "redirect", "rangeless", "stalling"])
  func arrives(_ kind: Downloader.Kind, _ behaviour: String) throws {
    defer { server.stop() }
    #expect(try fetch([behaviour], kind) == [.fetched(from: server.address(behaviour) + "a.gz", replaced: nil)])
    #expect(fetched == Self.content)
    #expect(names == ["a.gz"])
    if ["cut", "short"].contains(behaviour) {
      let half = (Self.content.count * 2 + 4) / 5
      #expect(server.requests.map(\.start) == [nil, half, 2 * half])
    }
  }

  @Test("A server that gives something else is passed over for the next", arguments: kinds)
  func mirrors(_ kind: Downloader.Kind) throws {
    defer { server.stop() }
    let bad = ["404", "500", "loop", "wrong", "page", "empty", "endless", "gibberish", "leap"]
    let outcomes = try fetch(bad + ["whole"], kind)
    #expect(outcomes == [.fetched(from: server.address("whole") + "a.gz", replaced: nil)])
    #expect(fetched == Self.content)
    #expect(names == ["a.gz"])
  }

  @Test("What is wrong with each address is told")
  func reasons() throws {
    defer { server.stop() }
    #expect(problems(["page"]) == [.beginning(Array("<!DOCTYP".utf8))])
    #expect(problems(["empty"]) == [.short(found: 0)])
    #expect(problems(["endless"]) == [.long])
    #expect(problems(["silent"]) == [.stalled(seconds: 1)])
    let wrong = problems(["wrong"])
    guard case .digest(let found) = wrong.first else { throw FetchError.address("\(wrong)") }
    #expect(found.utf8.count == 64 && found != Self.file.digest)
    // The words are those of the program that fetches; servers' codes are in them whatever its version.
    for (behaviour, words) in [("404", "404"), ("500", "500"), ("loop", ""), ("leap", "")] {
      guard case .transfer(let reason) = problems([behaviour]).first else { throw FetchError.address(behaviour) }
      #expect(reason.contains(words) || words.isEmpty && !reason.isEmpty, "\(reason)")
    }
    #expect(names == [])
  }

  @Test("Nobody listening: the error names the file, its addresses and the folder to put it into")
  func nobody() throws {
    server.stop()
    let address = server.address("whole")
    do {
      try fetch(["whole"])
      Issue.record("fetched from nobody")
    } catch let error as FetchError {
      let start = "cannot fetch 'a.gz' (50,002 bytes): \(address)a.gz: "
      #expect(error.description.hasPrefix(start) && error.description.count > start.count)
      #expect(
        error.advice == "download it by hand from \(address)a.gz and put it into '\(folder("data"))' as 'a.gz'")
    }
  }

  @Test("Folders that were made for files that could not be had are removed again, and others are left")
  func noEmptyFolders() throws {
    server.stop()
    #expect(throws: FetchError.self) { try fetch(["whole"]) }
    #expect(!Files.exists(folder("data")))
    try Files.makeDirectory(folder("data"))
    #expect(throws: FetchError.self) { try fetch(["whole"]) }
    #expect(Files.isDirectory(folder("data")) && names == [])
    var fetcher = try fetcher()
    fetcher = Fetcher(folder: folder("a/b/c"), downloader: fetcher.downloader)
    #expect(throws: FetchError.self) { try fetcher.fetch(Self.originals, from: [server.address("whole")]) { _ in } }
    #expect(!Files.exists(folder("a")))
    struct Ended: Error {}
    #expect(throws: Ended.self) {
      try fetcher.fetch(Self.originals, from: [server.address("whole")]) { _ in throw Ended() }
    }
    #expect(!Files.exists(folder("a")))
  }

  @Test("A download that was ended goes on where it ended")
  func resumes() throws {
    defer { server.stop() }
    struct Ended: Error {}
    var seen: [Int] = []
    #expect(throws: Ended.self) {
      try fetcher().fetch(Self.originals, from: [server.address("slow")]) { progress in
        seen.append(progress.count)
        #expect(progress.total == Self.content.count && progress.done == progress.count)
        if progress.count > 20_000 { throw Ended() }
      }
    }
    #expect(seen.first == 0 && seen.count > 2 && seen == seen.sorted())
    #expect(names == [".a.gz.part"])
    let kept = try Files.read(folder("data/.a.gz.part"))
    #expect(kept.count > 20_000 && kept == Array(Self.content.prefix(kept.count)))
    try fetch(["whole"])
    #expect(server.requests.map(\.start) == [nil, kept.count])
    #expect(fetched == Self.content)
  }

  @Test("A server that will not begin in the middle is asked for the whole file", arguments: kinds)
  func unsatisfiable(_ kind: Downloader.Kind) throws {
    defer { server.stop() }
    try Files.makeDirectory(folder("data"))
    try Files.write(Array(Self.content.prefix(20_000)), to: folder("data/.a.gz.part"))
    try fetch(["unsatisfiable"], kind)
    #expect(server.requests.map(\.start) == [20_000, nil])
    #expect(fetched == Self.content)
    #expect(names == ["a.gz"])
  }

  @Test("A beginning of other bytes, or more than the file has, is thrown away")
  func badBeginning() throws {
    defer { server.stop() }
    try Files.makeDirectory(folder("data"))
    let parts: [[UInt8]] = [Array(repeating: 7, count: 1000), Self.content + [1], Self.content.dropLast() + [9], []]
    for part in parts {
      try Files.write(part, to: folder("data/.a.gz.part"))
      try fetch(["whole"])
      #expect(fetched == Self.content)
      try Files.remove(folder("data/a.gz"))
    }
    // Nothing is asked for where all is there.
    let before = server.requests.count
    try Files.write(Self.content, to: folder("data/.a.gz.part"))
    try fetch(["404"])
    #expect(fetched == Self.content && server.requests.count == before)
  }

  @Test("The file that is there is kept, and one that is not the original gets another name")
  func earlier() throws {
    defer { server.stop() }
    try fetch(["whole"])
    #expect(try fetch(["404"]) == [.present])
    for number in 1...2 {
      try Files.write([1, 2, 3] as [UInt8], to: folder("data/a.gz"))
      let name = folder("data/a.gz.earlier") + (number == 1 ? "" : "-2")
      #expect(try fetch(["whole"]) == [.fetched(from: server.address("whole") + "a.gz", replaced: name)])
      #expect(try Files.read(name) == [1, 2, 3])
    }
    try Files.write([1] as [UInt8], to: folder("data/a.gz"))
    #expect(problems(["500"]).count == 1)
    #expect(fetched == [1])
  }

  @Test("A file that somebody else packed counts as the original")
  func repacked() throws {
    defer { server.stop() }
    let content = Array("the same content".utf8)
    let file = OriginalFile(
      "b.gz", size: 999, digest: "", contentDigest: SHA256.hexadecimal(of: content), beginning: [0x1F, 0x8B])
    let originals = Originals(name: "Test", word: "test", files: [file], addresses: [], terms: "none")
    try Files.makeDirectory(folder("data"))
    try Files.write(Make.gzip(content), to: folder("data/b.gz"))
    let outcomes = try fetcher().fetch(originals, from: [server.address("404")]) { _ in }
    #expect(outcomes.map(\.outcome) == [.present])
  }

  @Test("Two programs that fetch the same file do not harm each other")
  func busy() throws {
    defer { server.stop() }
    try Files.makeDirectory(folder("data"))
    let other = try PartialFile(folder("data/.a.gz.part"), limit: 1 << 20)
    try other.append([0x1F])
    #expect(throws: FetchError.busy(file: folder("data/a.gz"), part: folder("data/.a.gz.part"))) {
      try fetch(["whole"])
    }
    #expect(try Files.read(folder("data/.a.gz.part")) == [0x1F])
  }

  @Test("A folder that cannot be written, and a link in the place of the file, are errors")
  func unwritable() throws {
    defer { server.stop() }
    try Files.makeDirectory(folder("data"))
    try Files.write([] as [UInt8], to: folder("elsewhere"))
    #expect(symlink(folder("elsewhere"), folder("data/.a.gz.part")) == 0)
    #expect(throws: FileProblem.self) { try fetch(["whole"]) }
    #expect(try Files.read(folder("elsewhere")) == [])
    var fetcher = try fetcher()
    fetcher = Fetcher(folder: "/dev/null/x", downloader: fetcher.downloader)
    #expect(throws: FileProblem.self) { try fetcher.fetch(Self.originals, from: [server.address("whole")]) { _ in } }
  }

  @Test(
    "What is no address is refused before anything runs",
    arguments: ["", "file:///etc", "http://", "-o/tmp/x", "ftp://a/b", "http://a b/", "http://a/\n", "a/b", "--help"])
  func addresses(address: String) throws {
    defer { server.stop() }
    #expect(throws: FetchError.address(address)) { try fetcher().fetch(Self.originals, from: [address]) { _ in } }
    #expect(!Files.exists(folder("data")))
  }

  @Test("Without curl and wget the error says what to do")
  func noDownloader() throws {
    defer { server.stop() }
    let error = #expect(throws: FetchError.self) {
      try Fetcher(folder: folder("data"), downloader: nil).fetch(Self.originals, from: ["http://a"]) { _ in }
    }
    #expect(error?.description.contains("neither 'curl' nor 'wget'") == true)
    #expect(
      error?.advice == "install curl, or download the files by hand from http://a/ into '\(folder("data"))'")
  }

  @Test("The published files are as they should be")
  func published() {
    for originals in Originals.all {
      #expect(Set(originals.files.map(\.name)).count == originals.files.count)
      #expect(originals.addresses.allSatisfy { $0.hasPrefix("http") && $0.hasSuffix("/") })
      for file in originals.files {
        for digest in [file.digest, file.contentDigest ?? file.digest] {
          #expect(digest.utf8.count == 64 && digest.allSatisfy(\.isHexDigit) && digest == digest.lowercased())
        }
      }
    }
  }
}

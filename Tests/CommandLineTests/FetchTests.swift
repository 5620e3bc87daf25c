import BVAEPlatform
import Glibc
import HostileServer
import Testing

/// `fetch` as its users meet it.
@Suite(.enabled(if: Machine.program("curl") != nil, "curl is not installed"))
struct FetchTests {
  let folder: String
  let server: HostileServer

  init() throws {
    folder = try DocumentTests.folder("fetch-\(UInt64.random(in: 0...UInt64.max))")
    server = try HostileServer(["train-images-idx3-ubyte.gz": [0x1F, 0x8B, 1, 2, 3], "train_32x32.mat": [7]])
  }

  private func run(_ script: String, before: String = "") throws -> Finished {
    try bvaeScript(["--data", Path.join(folder, "data"), "-e", script], shell: "", before: before)
  }

  @Test("Where no address has the file, the error names it, the addresses and the folder to put it into")
  func failure() throws {
    defer { server.stop() }
    let address = server.address("whole")
    let finished = try run("fetch fashion from \"\(address)\"")
    #expect(finished.status == 1 && finished.output == "")
    #expect(
      finished.error.hasPrefix(
        "-e:1:7: error: cannot fetch 'train-images-idx3-ubyte.gz' (26,421,880 bytes): "
          + "\(address)train-images-idx3-ubyte.gz: the transfer ended after 5 bytes; 5 bytes of it are kept\n"),
      "\(finished.error)")
    #expect(finished.error.contains("'fetch fashion' goes on from there; or download it by hand from \(address)train-"))
    #expect(finished.error.contains("put it into '\(folder)/data/fashion' as 'train-images-idx3-ubyte.gz'"))
    #expect(try Files.list(Path.join(folder, "data/fashion")) == [".train-images-idx3-ubyte.gz.part"])
    let other = try run("fetch svhn from \"\(server.address("whole"))\"")
    #expect(other.error.contains("it gives something else, which begins with 07"))
    #expect(!Files.exists(Path.join(folder, "data/svhn")))
  }

  @Test("What is no address, and a dataset that there is none of, are mistakes of the script")
  func mistakes() throws {
    server.stop()
    let address = try run("fetch mnist from \"file:///etc/\"")
    #expect(address.status == 1 && address.error.hasPrefix("-e:1:18: error: 'file:///etc/' is no address"))
    #expect(try run("fetch imagenet").status == 2)
    #expect(!Files.exists(Path.join(folder, "data")))
  }

  @Test("A proxy of the environment is used, unless no_proxy says otherwise")
  func proxy() throws {
    defer { server.stop() }
    let proxy = "export http_proxy=http://127.0.0.1:\(server.port)/ no_proxy=; "
    let through = try run("fetch mnist from \"http://mirror.invalid/page\"", before: proxy)
    #expect(through.error.contains("(a web page, perhaps)"))
    #expect(server.requests.map(\.target) == ["http://mirror.invalid/page/train-images-idx3-ubyte.gz"])
    let around = try run(
      "fetch mnist from \"http://mirror.invalid/page\"", before: proxy + "export no_proxy=mirror.invalid; ")
    #expect(around.status == 1 && server.requests.count == 1)
    #expect(around.error.contains("mirror.invalid"))
  }

  @Test("Without curl and wget the error says what to install or to do by hand")
  func noProgram() throws {
    server.stop()
    let finished = try run("fetch mnist", before: "PATH=/nothing; export PATH; ")
    #expect(finished.status == 1)
    #expect(finished.error.contains("neither 'curl' nor 'wget'"))
    #expect(finished.error.contains("install curl, or download the files by hand from https://"))
    #expect(finished.error.contains("into '\(folder)/data/mnist'"))
  }

  @Test("Ctrl-C ends a download that does not get on, and what has come is kept")
  func interruption() throws {
    defer { server.stop() }
    let error = Path.join(folder, "error")
    let child = try Child(
      ["--data", folder, "-e", "fetch mnist from \"\(server.address("silent"))\""], standardInput: "/dev/null",
      standardOutput: "/dev/null", standardError: error)
    let deadline = Machine.seconds + 30
    while server.requests.isEmpty && Machine.seconds < deadline { usleep(20_000) }
    child.interrupt()
    #expect(child.wait() == 130)
    #expect(try Files.readText(error) == "interrupted\n")
  }

  @Test("Where files are missing, 'load' names 'fetch'")
  func hint() throws {
    server.stop()
    try Files.makeDirectory(Path.join(folder, "data"))
    for name in ["mnist", "fashion"] {
      #expect(try run("x = load \(name)").error.contains("; 'fetch \(name)' downloads all of "))
    }
  }
}

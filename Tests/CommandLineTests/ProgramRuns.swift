import BVAEPlatform
import Glibc
import Testing

/// Runs of the program with stores of their own in the folder of a test.
struct ProgramRuns {
  let folder: Folder

  init(_ folder: Folder) { self.folder = folder }

  /// Starts the program in the folder.
  func start(
    _ arguments: [String], store: String, environment: [String: String?] = [:], launcher: [String] = []
  ) throws -> (child: Child, output: String, error: String) {
    let output = Path.join(folder.path, "out-\(UInt32.random(in: 0...UInt32.max))"), error = output + "-error"
    for path in [output, error] { try Files.write("", to: path) }
    let own: [String: String?] = ["BVAE_STORE": Path.join(folder.path, store), "BVAE_FOLDER_SECONDS": "1"]
    let child = try Child(
      arguments, standardInput: "/dev/null", standardOutput: output, standardError: error, folder: folder.path,
      launcher: launcher, environment: own.merging(environment) { $1 })
    return (child, output, error)
  }

  /// Runs it to its end.
  func run(
    _ arguments: [String], store: String, environment: [String: String?] = [:], launcher: [String] = []
  ) throws -> Finished {
    let (child, output, error) = try start(arguments, store: store, environment: environment, launcher: launcher)
    let status = child.wait()
    return Finished(status: status, output: try Files.readText(output), error: try Files.readText(error))
  }

  /// The stored models by their names.
  func models(_ store: String) throws -> [String: [UInt8]] {
    let place = Path.join(folder.path, store)
    var found: [String: [UInt8]] = [:]
    for name in (try? Files.list(place)) ?? [] where name.hasSuffix(".safetensors") {
      found[name] = try Files.read(Path.join(place, name), limit: 1 << 26)
    }
    return found
  }

  /// The folder of a store's only grid.
  func grid(_ store: String) throws -> String {
    let place = Path.join(folder.path, store + "/grids")
    return Path.join(place, try #require(try Files.list(place).first))
  }

  /// A worker at a task that has written a checkpoint.
  func running(in store: String) throws -> (task: Int, process: Int) {
    let place = Path.join(folder.path, store)
    var found: (Int, Int)?
    let isFound = waits {
      guard let grid = try? grid(store),
        (try? Files.list(place))?.contains(where: { $0.hasSuffix(".checkpoint.safetensors") }) ?? false
      else { return false }
      for name in (try? Files.list(Path.join(grid, "states"))) ?? [] where name.hasSuffix(".running") {
        guard let note = (try? Files.read(Path.join(grid, "states/" + name))).flatMap({ JSON($0) }),
          let process = note["process"]?.whole, let task = Int(name.prefix { $0 != "." })
        else { continue }
        found = (task, process)
        return true
      }
      return false
    }
    try #require(isFound, "no worker is at work")
    return try #require(found)
  }

  /// Sends a worker a signal.
  func kill(_ worker: (task: Int, process: Int), _ signal: Int32) -> Bool {
    Glibc.kill(pid_t(worker.process), signal) == 0
  }
}

import BVAEGrids
import BVAEPlatform
import Glibc

/// A new folder that is removed with everything in it when the test is over.
final class Folder {
  let path: String

  init() throws {
    path = Path.join(
      Machine.environment("TMPDIR") ?? "/tmp", "bvae-grids-\(getpid())-\(UInt64.random(in: 0...UInt64.max))")
    try Files.makeDirectory(path)
  }

  deinit { Folder.removeAll(path) }

  /// The path of a file in the folder.
  func callAsFunction(_ name: String) -> String { Path.join(path, name) }

  /// A grid of trainings of nothing, in a store of this folder.
  func grid(_ count: Int) throws -> Grid {
    let tasks = (1...count).map { number in
      let key = String((String(repeating: "0", count: 16) + String(number * 7919, radix: 16)).suffix(16))
      return GridTask(
        number: number, key: key, title: "β = \(number)", data: "0123456789abcdef", test: "0123456789abcdef",
        results: ["\(key).safetensors"],
        script: "model = vae for data beta \(number) latents 10 seed 1\ntrain model on data epochs 100 seed 1\n")
    }
    return try Grid(tasks, by: GridMaker(version: "1", arithmetic: "fused", training: 1), in: self("store"))
  }

  private static func removeAll(_ path: String) {
    // `remove` unlinks links and files and removes empty folders.
    guard Glibc.remove(path) != 0 else { return }
    for name in (try? Files.list(path)) ?? [] { removeAll(path + "/" + name) }
    _ = Glibc.remove(path)
  }
}

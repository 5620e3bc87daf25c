import BetaVAE
import Datasets
import Numerics
import Pixels
import Platform
import Scripting

extension ReaderUnderTest {
  /// All readers, in the order in which they are reported.
  public static let all: [ReaderUnderTest] = [
    dataset("idx"),
    dataset("gzip", repair: { Repair.packed($0, wrapping: 31) }),
    labels,
    dataset("mat", fixtures: "mat", repair: Repair.matlab),
    dataset("npy", words: python, fixtures: "npy"),
    dataset(
      "npz", words: python + ["PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}"], fixtures: "npz", repair: Repair.zip),
    pictures,
    ReaderUnderTest(name: "png", read: { bytes, _ in _ = try PNG.decode(bytes) }, fixtures: "png", repair: Repair.png),
    ReaderUnderTest(
      name: "safetensors", read: { bytes, _ in _ = try Safetensors(bytes: bytes) }, words: json,
      repair: Repair.safetensors),
    model, store, script, preset,
  ]

  private static let json = ["{", "}", "[", "]", "\"", ",", ":", "null", "true", "F32", "\\u0000", "__metadata__"]

  private static let python = [
    "{", "}", "(", ")", "'", ",", ": ", "'descr'", "'<f8'", "'|u1'", "True", "'shape'", "[", "\n",
  ]

  /// Files that 'load' reads, whose kind it tells by their content.
  private static func dataset(
    _ name: String, words: [String] = [], fixtures: String? = nil,
    repair: (@Sendable ([UInt8]) -> [UInt8])? = nil
  ) -> ReaderUnderTest {
    ReaderUnderTest(
      name: name,
      read: { bytes, folder in
        let path = Path.join(folder, "file")
        try Files.overwrite(bytes, path)
        _ = try DataLibrary(folder: folder).load(.file(path), selection: Selection(count: 1))
      }, words: words, fixtures: fixtures, repair: repair)
  }

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

  /// A network as small as there can be, as that of the corpus.
  private static func network() throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: ImageShape(height: 8, width: 8, planes: 1), channels: 1, latents: 1),
      compute: Compute(threads: 1))
  }

  private static let model = ReaderUnderTest(
    name: "model",
    read: { bytes, folder in
      let path = Path.join(folder, "model.safetensors")
      try Files.overwrite(bytes, path)
      _ = try VariationalAutoencoder.open(path, compute: Compute(threads: 1))
    }, words: json, repair: Repair.safetensors)

  private static let store = ReaderUnderTest(
    name: "store",
    read: { bytes, folder in
      let store = ModelStore(folder: folder)
      try Files.overwrite(bytes, store.path("key"))
      _ = try store.restore("key", into: try network())
    }, words: json, repair: Repair.safetensors)

  /// Parsing and checking; nothing is run.
  private static let script = ReaderUnderTest(
    name: "script",
    read: { bytes, folder in
      let session = Session.full(host: SilentHost())
      let found = session.check(Source(name: "fuzz.bvs", folder: folder, bytes: bytes))
      if !found.isEmpty { throw FileError(path: "", reason: rendered(found, limit: 3)) }
    },
    words: [
      "for k in 0..3\n", "end\n", "if true\n", "else\n", "define f x\n", "(", ")", "[", "]", "\"", "{", "}", "..", "-",
      "load mnist ", "digits ", "=", "\\\n", "| ", "#", "vae for ", "train ", " on ", "sweep ", "1e999", "x", "\u{301}",
      "include \"fuzz\"\n", "🙂", "and ", "not ", ",", ".", "\t", "\r\n", "\0", "time ", "help ", "set seed ",
    ])

  /// The values of --set.
  private static let preset = ReaderUnderTest(
    name: "preset", read: { bytes, _ in _ = try Preset(String(decoding: bytes, as: UTF8.self)) },
    words: ["=", "[", "]", "..", "-", "1e999", "\"", ",", " ", "true", "{"])
}

/// Nobody to talk to.
private final class SilentHost: Host {
  func show(text: String) {}
  func show(picture: Preview) {}
  func note(_ text: String) {}
  func warn(_ text: String) {}
  func progress(_ progress: Progress?) {}
  var interrupted: Bool { false }
}

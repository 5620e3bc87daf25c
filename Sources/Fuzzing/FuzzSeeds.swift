import BVAECPU
import BVAEDatasets
import BVAEPlatform
import BetaVAE

/// Well-formed files that only this program writes, the same ones every time.
package enum FuzzSeeds {
  /// A network as small as there can be.
  static func network(_ kind: NetworkKind = .paper) throws -> VariationalAutoencoder {
    // Network ign begins at 16×16.
    let side = kind == .ign ? 16 : 8
    return VariationalAutoencoder(
      try Architecture(
        image: ImageShape(height: side, width: side, planes: 1), network: kind, channels: kind.channels.map { _ in 1 },
        hidden: kind.hidden.map { _ in 1 }, latents: 1),
      compute: Compute(threads: 1))
  }

  private static let images = ByteImages(
    shape: ImageShape(height: 8, width: 8, planes: 1),
    bytes: (0..<320).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) })

  /// A training of five images in batches of two.
  static func trainer(_ network: VariationalAutoencoder? = nil) throws -> Trainer {
    try Trainer(
      network ?? self.network(), images: images, options: TrainingOptions(epochs: 1000, batch: 2, seed: 3))
  }

  /// A training's arrays and metadata after so many steps.
  static func checkpoint(steps: Int) throws -> [UInt8] {
    let scratch = try ScratchFolder()
    let checkpoints = Checkpoints(ModelStore(folder: scratch.path), key: "key", interval: 1e9)
    var left = steps
    // It is written when a training is stopped.
    try trainer().run(checkpoints: checkpoints) { _ in
      left -= 1
      return left > 0
    }
    return try Files.read(checkpoints.path)
  }

  /// A network that was trained for two epochs.
  private static func trained() throws -> VariationalAutoencoder {
    let network = try self.network()
    try Trainer(
      network, images: images, validation: images, options: TrainingOptions(epochs: 2, batch: 2, seed: 3)
    ).run()
    return network
  }

  /// What the store keeps of it.
  static func stored(key: String) throws -> [UInt8] {
    let scratch = try ScratchFolder()
    let store = ModelStore(folder: scratch.path)
    try store.store(try trained(), key)
    return try Files.read(store.path(key))
  }

  /// The weights of a fresh network with other metadata.
  static func weights(metadata: [String: String]) throws -> [UInt8] {
    var file = try fresh.get()
    file.metadata = metadata
    return try file.encoded()
  }

  private static let fresh = Result<Safetensors, any Error> {
    let scratch = try ScratchFolder()
    let path = Path.join(scratch.path, "fresh.safetensors")
    try network().save(to: path)
    return try Safetensors(bytes: try Files.read(path))
  }

  /// Lines of a name, a blank and a text.
  static func metadata(_ bytes: [UInt8]) -> [String: String] {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let pairs = lines.map { line in
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
    return Dictionary(pairs) { _, last in last }
  }

  /// Writes the seeds into the corpus.
  /// - Parameter tests: the folder of the tests.
  package static func write(_ tests: String) throws {
    func put(_ reader: String, _ name: String, _ bytes: [UInt8]) throws {
      let folder = Path.join(tests, "FuzzingTests/Corpus/\(reader)")
      try Files.makeDirectory(folder)
      try Files.write(bytes, to: Path.join(folder, "seed-\(name)"))
    }
    // Two epochs of three steps, and two steps of the next.
    try put("checkpoint", "inside", checkpoint(steps: 8))
    try put("times", "two", Array("[0.25,1.5]".utf8))
    for kind in NetworkKind.all where kind != .paper {
      let scratch = try ScratchFolder(), path = Path.join(scratch.path, "fresh.safetensors")
      try network(kind).save(to: path)
      try put("model", kind.name, try Files.read(path))
    }
    let texts = try Safetensors(bytes: stored(key: "key")).metadata.sorted { $0.key < $1.key }
    try put("history", "trained", Array(texts.map { "\($0.key) \($0.value)\n" }.joined().utf8))
    for data in SyntheticData.all {
      let table = try data.factors(SyntheticWish(selection: Selection(count: 2), split: .train), side: 8)
      let drawn = try data.dataset(of: table, split: .train, side: 8, workers: Workers(count: 1))
      try put("factors", data.rawValue, try NumPyArchiveFile.encoded(drawn.arrays))
    }
  }
}

import BVAEPlatform

/// What the store keeps under a key, as far as its files tell without their weights being read.
public struct StoredModel: Sendable {
  /// What is kept.
  public enum Kind: Int, Sendable {
    /// A trained model.
    case model
    /// A training that has not come to its end, and goes on from here.
    case checkpoint
    /// What a training was before it diverged.
    case lastGood
  }

  /// The key of the training.
  public let key: String
  /// What is kept.
  public let kind: Kind
  /// Its files, and the bytes of them all.
  public let files: [String], bytes: Int
  /// When it was written last, in seconds since the beginning of 1970.
  public let modified: Int
  /// What the file says of the network, the objective and the training, by name; of a checkpoint without the training.
  public let facts: [String: String]
  /// How it was trained.
  public let training: TrainingRecord?

  /// The objective by the command that makes it: `vae, beta 4`, `autoencoder`, `tcvae`.
  public var objective: String {
    if let name = facts[Objective.metadataName] { return name }
    guard let beta = facts["beta"] else { return "" }
    guard let number = Float(beta) else { return "autoencoder" }
    return "vae, beta \(Double(number).formatted())"
  }
}

extension ModelStore {
  /// The folder within a store where what was measured of models is kept, in files that begin with their keys.
  package static let numbersFolder = "numbers"

  /// All that is stored, what was written last first. Files that are none of the store's are passed over.
  public var contents: [StoredModel] {
    var files: [String: [String]] = [:]
    for name in (try? Files.list(folder)) ?? [] {
      let key = String(name.prefix { $0 != "." })
      guard key.count == 16, key.allSatisfy({ $0.isHexDigit && $0.isASCII }) else { continue }
      files[key, default: []].append(name)
    }
    let found = files.flatMap { key, names in
      Self.endings.compactMap { kind, main, others -> StoredModel? in
        guard names.contains(key + main) || others.contains(where: { names.contains(key + $0) && kind == .checkpoint })
        else { return nil }
        return stored(key, kind, ([main] + others).map { key + $0 }.filter(names.contains))
      }
    }
    return found.sorted { ($1.modified, $0.key, $0.kind.rawValue) < ($0.modified, $1.key, $1.kind.rawValue) }
  }

  /// The file of each kind and those that belong to it.
  private static let endings: [(kind: StoredModel.Kind, main: String, others: [String])] = [
    (.model, ".safetensors", [".times.json"]),
    (.checkpoint, ".checkpoint.safetensors", [".checkpoint-before.safetensors"]),
    (.lastGood, ".last-good.safetensors", []),
  ]

  private func stored(_ key: String, _ kind: StoredModel.Kind, _ names: [String]) -> StoredModel {
    let paths = names.map { Path.join(folder, $0) }
    let texts = (try? Safetensors.metadata(ofFile: paths[0])) ?? [:], prefix = Checkpoint.modelPrefix
    let facts =
      kind != .checkpoint
      ? texts
      : Dictionary(
        uniqueKeysWithValues: texts.filter { $0.key.hasPrefix(prefix) }.map {
          (String($0.key.dropFirst(prefix.count)), $0.value)
        })
    return StoredModel(
      key: key, kind: kind, files: paths, bytes: paths.reduce(0) { $0 + Files.size($1) },
      modified: paths.compactMap { Files.state($0)?.seconds }.max() ?? 0, facts: facts,
      training: TrainingRecord(facts))
  }

  /// Removes what is stored; a training of it that is running is left alone.
  /// - Returns: whether it was removed; not where a training holds it.
  /// - Throws: `FileProblem` when a file cannot be removed.
  public func remove(_ stored: StoredModel) throws -> Bool {
    guard case .taken(let lock) = try claim(stored.key) else { return false }
    for file in stored.files { try Files.remove(file) }
    if stored.kind == .model {
      let numbers = Path.join(folder, Self.numbersFolder)
      for name in (try? Files.list(numbers)) ?? [] where name.hasPrefix(stored.key) {
        try Files.remove(Path.join(numbers, name))
      }
    }
    withExtendedLifetime(lock) {}
    return true
  }
}

extension Safetensors {
  /// The texts in a file's header, without the arrays being read.
  /// - Throws: `FileProblem`.
  static func metadata(ofFile path: String) throws -> [String: String] {
    let file = try ReadableFile(path)
    let length = try file.read(0..<min(8, file.count)).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard file.count >= 8, length <= UInt64(headerLimit), length <= UInt64(file.count - 8) else {
      throw FileProblem("its header is cut off", of: path)
    }
    return try SafetensorsHeader(try file.read(8..<8 + Int(length))).metadata
  }
}

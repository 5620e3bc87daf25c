import BVAEPlatform

/// A training half-way, in a file: everything that the rest of it depends on. A .safetensors file of the weights, Adam's
/// moments and, in the metadata, the place, the history and the sums of the epoch that has begun.
public struct Checkpoint: Sendable {
  /// Where it was read from.
  public let path: String
  /// When it was written, in seconds since the beginning of 1970.
  public let saved: Int
  /// Adam's steps.
  let steps: Int
  let position: TrainingPosition
  private let file: Safetensors

  /// The epoch that it lies in, or with whose end the next begins, counted from 1.
  public var epoch: Int { position.epoch + 1 }

  private static let format = "bvae-script checkpoint 1"
  /// The largest that is read: four arrays of each weight of the largest network, and the header.
  private static let fileLimit = 16 * Architecture.largestWeightCount + Safetensors.headerLimit

  /// Writes the state of a training.
  /// - Parameter beforeNaming: what is done when it is on the disk, before it takes its name.
  /// - Throws: `FileProblem`; an earlier file of that name is untouched.
  static func write(
    _ trainer: Trainer, key: String, to path: String, beforeNaming: () throws -> Void
  ) throws {
    let arrays = trainer.arrays(at: trainer.position).all
    // The sum is known when everything is written: its place is kept free.
    let unknown = String(repeating: "?", count: 16)
    var metadata = [
      "format": format, "key": key, "saved": String(Machine.secondsSince1970),
      "steps": String(trainer.system.steps), "position": try JSONText.encoded(trainer.position),
    ]
    var checksum = Checksum()
    checksum.add(metadata)
    metadata["checksum"] = unknown
    let header = try Safetensors.header(arrays.map { ($0.name, $0.shape) }, metadata: metadata)
    guard let place = header.firstRange(of: Array(unknown.utf8))?.lowerBound else {
      throw FileProblem("its header has no room for the checksum", of: path, action: "write")
    }
    try Files.write(to: path, beforeNaming: beforeNaming) { sink in
      try sink.write(header)
      for array in arrays {
        let values = array.values(in: array.buffer)
        checksum.add(values)
        try sink.write(floats: values)
      }
      try sink.overwrite(Array(checksum.text.utf8), at: place)
    }
  }

  /// Reads a checkpoint and looks whether it is whole and of the training that the key stands for.
  /// - Throws: `FileProblem` when it cannot be read or is something else.
  init(path: String, key: String) throws {
    func fail(_ reason: String) -> FileProblem { FileProblem(reason, of: path) }
    let bytes = try Files.read(path, limit: Self.fileLimit)
    file = try FileProblem.naming(path) { try Safetensors(bytes: bytes) }
    guard file.metadata["format"] == Self.format else { throw fail("it is not a checkpoint of this version") }
    guard file.metadata["key"] == key else { throw fail("it belongs to another training") }
    guard file.metadata["checksum"] == Checksum(file).text else {
      throw fail("its values are damaged: their checksum does not match")
    }
    guard let position = JSONText.decoded(TrainingPosition.self, file.metadata["position"]),
      let steps = file.metadata["steps"].flatMap(Int.init), steps >= 0
    else { throw fail("it does not say how far the training was") }
    self.path = path
    self.position = position
    self.steps = steps
    saved = file.metadata["saved"].flatMap(Int.init) ?? 0
  }

  /// Gives a training's arrays the values; either all or, where something does not fit, none.
  /// - Throws: `FileProblem`.
  func restore(_ arrays: TrainingArrays, in fault: String?) throws {
    func fail(_ reason: String) -> FileProblem { FileProblem(reason, of: path) }
    if let fault { throw fail(fault) }
    guard arrays.all.count == file.tensors.count else {
      throw fail("expected \(counted(arrays.all.count, "array")), found \(file.tensors.count)")
    }
    for array in arrays.all {
      guard let tensor = file.tensors[array.name] else { throw fail("'\(array.name)' is missing") }
      guard tensor.shape == array.shape else {
        throw fail("'\(array.name)' has the shape \(tensor.shape); expected \(array.shape)")
      }
    }
    for array in arrays.all { array.set(file.tensors[array.name]!.values) }
  }
}

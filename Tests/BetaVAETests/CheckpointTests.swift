import BVAECPU
import BVAEPlatform
import BetaVAE
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  let store: ModelStore
  let options = TrainingOptions(
    epochs: 4, batch: 8, seed: 3, warmup: 2, decay: .cosine, rateWarmup: 1, clip: 20)
  /// Two whole batches and a part of one.
  let images = TrainingTests.bars(20)

  init() throws {
    let folder = Path.join(temporaryFolder(), "checkpoints-\(CheckpointTests.counter.next())")
    try Files.makeDirectory(folder)
    for name in try Files.list(folder) { try Files.remove(Path.join(folder, name)) }
    store = ModelStore(folder: folder)
  }

  private static let counter = Counter()

  func fresh(threads: Int = 2, _ objective: Objective? = nil) throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 5, latents: 3),
      objective: try objective ?? .variational(beta: 2), seed: 9,
      compute: Compute(threads: threads))
  }

  func trainer(_ model: VariationalAutoencoder) throws -> Trainer {
    try Trainer(
      model, images: images, validation: TrainingTests.bars(7), varied: ShiftedImages(images), options: options)
  }

  func key(_ model: VariationalAutoencoder) -> String {
    ModelStore.key(of: model, data: "bars", validation: "seven bars", options: options)
  }

  /// The stored file of a training, the first parts of which end after so many steps each.
  func file(
    stops: [Int], _ objective: Objective? = nil, warnings: Warnings = Warnings(),
    between: (Checkpoints) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    for (part, limit) in (stops + [Int.max]).enumerated() {
      let model = try fresh(threads: 1 + part % 2, objective), key = key(model)
      let trainer = try trainer(model)
      let checkpoints = Checkpoints(store, key: key, warn: { warnings.texts.append($0) })
      _ = checkpoints.resume(trainer)
      var steps = 0
      let history = try trainer.run(checkpoints: checkpoints) { _ in
        steps += 1
        return steps < limit
      }
      #expect(history.wasInterrupted == (limit != Int.max))
      if history.wasInterrupted {
        #expect(checkpoints.exist)
        try between(checkpoints)
      } else {
        try store.store(model, key)
        checkpoints.remove()
        return try Files.read(store.path(key))
      }
    }
    return []
  }

  final class Warnings {
    var texts: [String] = []
  }

  /// A critic whose largest layers take their steps as their gradients are computed.
  static let objectives = [
    try? Objective.variational(beta: 2), try? .factor(gamma: 3, critic: 260),
    try? .inverseGraphics(factors: ShiftedImages.names),
  ]

  @Test(
    "A training gone on with after any step ends with the same file as one that nothing interrupted",
    arguments: objectives)
  func anyStep(objective: Objective?) throws {
    let whole = try file(stops: [], objective)
    // Three steps an epoch: inside the first, at an epoch's last step, at the next one's first, twice in one epoch.
    for stops in [[1], [3], [4], [5, 1], [2, 2, 2, 2, 2], [11]] {
      #expect(try file(stops: stops, objective) == whole, "\(stops)")
    }
    #expect(try Files.list(store.folder).allSatisfy { !$0.contains("checkpoint") })
  }

  @Test("Between epochs and inside them a checkpoint is written when it is due")
  func due() throws {
    let model = try fresh()
    let always = Checkpoints(store, key: key(model), interval: 0)
    _ = try trainer(model).run(checkpoints: always)
    // Twelve steps; after the last there is nothing to go on with.
    #expect(always.count == 11)
    let usual = Checkpoints(store, key: key(model))
    _ = try trainer(try fresh()).run(checkpoints: usual)
    #expect(usual.count == 0)
  }

  @Test("A damaged checkpoint is told with the reason, and the one before it or the beginning is taken")
  func damaged() throws {
    let whole = try file(stops: [])
    let damages: [(String, ([UInt8]) -> [UInt8])] = [
      ("not a safetensors file", { _ in Array("nothing of the kind".utf8) }), ("truncated", { Array($0.dropLast(7)) }),
      ("it has 0 bytes", { _ in [] }), ("checksum", { $0.changed(at: $0.count - 3) }),
      ("checksum", { $0.changed(at: $0.count / 2) }),
      (
        "to another training",
        { $0.withKeyThatBeginsWithZero() }
      ),
    ]
    for (part, damage) in damages {
      let warnings = Warnings()
      let found = try file(stops: [4, 2], warnings: warnings) { checkpoints in
        guard Files.exists(checkpoints.previousPath) else { return }
        try Files.write(damage(try Files.read(checkpoints.path)), to: checkpoints.path)
      }
      #expect(found.elementsEqual(whole))
      #expect(warnings.texts.count == 1 && warnings.texts[0].contains(part), "\(warnings.texts)")
      #expect(warnings.texts.first?.contains("trying the one before it") == true)
      let both = Warnings()
      let anew = try file(stops: [4, 2], warnings: both) { checkpoints in
        for path in [checkpoints.path, checkpoints.previousPath] where Files.exists(checkpoints.previousPath) {
          try Files.write(damage(try Files.read(path)), to: path)
        }
      }
      #expect(anew.elementsEqual(whole))
      #expect(both.texts.count == 2 && both.texts.last?.contains("starts over") == true, "\(both.texts)")
    }
  }

  @Test("With a byte of the header changed a checkpoint is refused, or nothing that matters was changed")
  func headerBytes() throws {
    let whole = try file(stops: [])
    var path = "", bytes: [UInt8] = []
    _ = try file(stops: [4]) {
      path = $0.path
      bytes = try Files.read(path)
    }
    let length = 8 + bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    var taken = 0
    for place in stride(from: 3, to: length, by: 131) {
      try Files.write(bytes.changed(at: place), to: path)
      let model = try fresh(), key = key(model), trainer = try trainer(model)
      guard Checkpoints(store, key: key).resume(trainer) != nil else { continue }
      taken += 1
      _ = try trainer.run()
      try store.store(model, key)
      #expect(try Files.read(store.path(key)) == whole, "byte \(place)")
    }
    #expect(taken < 3)
    try Files.write(bytes, to: path)
    let trainer = try trainer(try fresh())
    #expect(Checkpoints(store, key: key(try fresh())).resume(trainer)?.epoch == 2)
  }

  @Test("Where no checkpoint can be written the training goes on, with one warning")
  func unwritable() throws {
    let model = try fresh(), warnings = Warnings()
    let path = Path.join(store.folder, "a file")
    try Files.write("", to: path)
    let checkpoints = Checkpoints(
      ModelStore(folder: path), key: key(model), interval: 0, warn: { warnings.texts.append($0) })
    let history = try trainer(model).run(checkpoints: checkpoints)
    #expect(history.epochs.count == 4 && checkpoints.count == 0)
    #expect(warnings.texts.count == 1 && warnings.texts[0].contains("the training continues"))
  }

  @Test("The half-trained model itself goes on with its training, and its epochs are counted once")
  func sameModel() throws {
    let whole = try file(stops: [])
    let model = try fresh(), key = key(model)
    let earlier = Checkpoints(store, key: key)
    var steps = 0
    _ = try trainer(model).run(checkpoints: earlier) { _ in
      steps += 1
      return steps < 7
    }
    let unfinished = try #require(model.unfinished)
    #expect(model.history.epochs.count == 2 && model.lineage != unfinished.lineage)
    #expect(
      ModelStore.key(
        of: model, data: "bars", validation: "seven bars", options: options, lineage: unfinished.lineage) == key)
    let trainer = try trainer(model)
    #expect(Checkpoints(store, key: key).resume(trainer, goingOnWith: unfinished)?.epoch == 3)
    _ = try trainer.run()
    #expect(model.history.epochs.count == 4 && model.unfinished == nil)
    try store.store(model, key)
    #expect(try Files.read(store.path(key)) == whole)
  }

  @Test(
    "A key depends on every number of the training and of the objective, and not on which kernels give the same bits")
  func keys() throws {
    func key(
      _ objective: Objective, _ options: TrainingOptions, seed: UInt64 = 9, kernels: Kernels = .portable,
      latents: Int = 3, data: String = "d", validation: String? = nil
    ) throws -> String {
      ModelStore.key(
        of: VariationalAutoencoder(
          try Architecture(image: .mnist, channels: 5, latents: latents), objective: objective, seed: seed,
          compute: Compute(threads: 1, kernels: kernels)), data: data, validation: validation, options: options)
    }
    let usual = TrainingOptions(epochs: 5)
    var keys = [
      try key(.paper, usual), try key(.variational(beta: 4.000001), usual), try key(.autoencoder(), usual),
      try key(.variational(likelihood: .bernoulli), usual), try key(.autoencoder(likelihood: .bernoulli), usual),
      try key(.variational(beta: 0), usual), try key(.paper, usual, seed: 10), try key(.paper, usual, latents: 4),
      try key(.paper, usual, data: "e"), try key(.paper, usual, validation: "d"),
    ]
    for other in [
      TrainingOptions(epochs: 6), TrainingOptions(epochs: 5, batch: 63), TrainingOptions(epochs: 5, rate: 6e-4),
      TrainingOptions(epochs: 5, seed: 2), TrainingOptions(epochs: 5, warmup: 1), TrainingOptions(epochs: 5, warmup: 2),
      TrainingOptions(epochs: 5, decay: .linear), TrainingOptions(epochs: 5, decay: .cosine),
      TrainingOptions(epochs: 5, rateWarmup: 1), TrainingOptions(epochs: 5, rateWarmup: 2),
      TrainingOptions(epochs: 5, clip: 1), TrainingOptions(epochs: 5, clip: 2),
    ] {
      keys.append(try key(.paper, other))
    }
    #expect(Set(keys).count == keys.count)
    let fused = try Kernels.all.filter { $0.name != "portable" }.map { try key(.paper, usual, kernels: $0) }
    #expect(Set(fused).count <= 1 && !fused.contains(keys[0]))
  }

  /// The key that version 0.1.0 made, written down from its source.
  private func formerKey(_ lineage: String, _ kernels: String, _ options: TrainingOptions) -> String {
    var fingerprint = Fingerprint()
    for text in [
      "training 3", lineage, "28×28×1, 5 channels, 3 latents", "β-VAE, β = 2", "bars", "none", kernels, "filtered",
    ] {
      fingerprint.add(text)
    }
    for number in [
      options.epochs, options.batch, Int(options.rate.bitPattern), Int(options.seed), Int(Float(2).bitPattern),
    ] {
      fingerprint.add(number)
    }
    if options.warmup > 0 { fingerprint.add("warm-up \(options.warmup)") }
    return fingerprint.description
  }

  @Test("What version 0.1.0 has stored is found once and moved, a second training of the model too")
  func formerKeys() throws {
    let compute = Compute(threads: 2)
    let build = compute.kernels.arithmetic == "portable" ? "portable" : "AVX-512"
    func model() throws -> VariationalAutoencoder {
      VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 5, latents: 3), objective: try .variational(beta: 2), seed: 9,
        compute: compute)
    }
    let second = TrainingOptions(epochs: 1, batch: 8, seed: 4)
    var fresh = Fingerprint()
    fresh.add("fresh weights 1, 28×28×1, 5 channels, 3 latents, seed 9")
    let first = formerKey(fresh.description, build, options)
    let trained = try model()
    _ = try Trainer(trained, images: images, options: options).run()
    try store.store(trained, first)
    let afterFirst = trained.weightsFingerprint
    _ = try Trainer(trained, images: images, options: second).run()
    try store.store(trained, formerKey(first, build, second))

    let found = try model()
    for options in [options, second] {
      let key = ModelStore.key(of: found, data: "bars", validation: nil, options: options)
      #expect(try !store.restore(key, into: found))
      #expect(
        try store.restoreFormer(
          key, into: found, images: images, data: "bars", validation: nil, options: options))
      #expect(found.lineage == key && found.storeEntry?.key == key)
      #expect((found.weightsFingerprint == afterFirst) == (options == self.options))
    }
    #expect(found.weightsFingerprint == trained.weightsFingerprint)
    #expect(found.history.epochs.count == trained.history.epochs.count)
    // Moved: the new keys are found at once, the old files are gone.
    #expect(try Files.list(store.folder).count { $0.hasSuffix(".safetensors") } == 2)
    let again = try model(), key = ModelStore.key(of: again, data: "bars", validation: nil, options: options)
    #expect(try store.restore(key, into: again) && again.weightsFingerprint == afterFirst)
    #expect(
      try !store.restoreFormer(
        key, into: try model(), images: images, data: "bars", validation: nil, options: options))
  }
}

extension [UInt8] {
  func changed(at place: Int) -> [UInt8] {
    var bytes = self
    bytes[place] ^= 0x11
    return bytes
  }

  /// A checkpoint of another key of the same length.
  func withKeyThatBeginsWithZero() -> [UInt8] {
    var bytes = self
    let name = Array("\"key\":\"".utf8)
    let place = bytes.indices.first { bytes[$0...].starts(with: name) }
    if let place {
      bytes[place + name.count] = UInt8(ascii: bytes[place + name.count] == UInt8(ascii: "0") ? "1" : "0")
    }
    return bytes
  }
}

import BVAECPU
import BVAENetworks
import BVAEPlatform
import BetaVAE
import Testing

@Suite("Weights files")
struct ModelFileTests {
  func small() throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 3, latents: 2), objective: try .variational(beta: 7), seed: 11)
  }

  @Test("A saved model comes back with the same bits, objective, history and ranges")
  func roundTrip() throws {
    let model = try small()
    _ = try Trainer(model, images: TrainingTests.bars(20), options: TrainingOptions(epochs: 2, batch: 8)).run()
    let path = Path.join(temporaryFolder(), "round-trip.safetensors")
    try model.save(to: path)
    let other = try VariationalAutoencoder.open(path)
    #expect(other.architecture == model.architecture && other.objective == model.objective && other.seed == 11)
    #expect(other.weightsFingerprint == model.weightsFingerprint)
    #expect(other.history == model.history.withoutTimes)
    #expect(other.latentStatistics == model.latentStatistics)
  }

  @Test("A file keeps how its model was trained, and what other programs have written")
  func record() throws {
    let path = Path.join(temporaryFolder(), "record.safetensors"), model = try small()
    let options = [
      TrainingOptions(epochs: 3, batch: 5, rate: 1.5e-4, seed: 7),
      TrainingOptions(epochs: 30, warmup: 4, decay: .cosine, rateWarmup: 2, clip: 0.5),
    ]
    for (options, synthetic) in zip(options, [[], ["shapes", "streets"]]) {
      model.trainingRecord = TrainingRecord(
        program: "0.2.0", data: "MNIST train", subject: "MNIST, digit 1", dataFingerprint: "0123", synthetic: synthetic,
        images: synthetic.isEmpty ? nil : 40, options: options)
      try model.save(to: path)
      #expect(try VariationalAutoencoder.open(path).trainingRecord == model.trainingRecord)
    }
    // What only a part of a record is stays what it was: a text of somebody else's.
    var file = try Safetensors(bytes: Files.read(path))
    var texts = file.metadata.filter { $0.key != "training_seed" }
    texts["note"] = "by hand"
    file = Safetensors(tensors: file.tensors, metadata: texts)
    try Files.write(try file.encoded(), to: path)
    let opened = try VariationalAutoencoder.open(path)
    #expect(opened.trainingRecord == nil)
    try opened.save(to: path)
    let again = try Safetensors(bytes: Files.read(path)).metadata
    #expect(again["note"] == "by hand" && again["epochs"] == "30" && again["data_fingerprint"] == "0123")
  }

  @Test("Broken files are refused with what was found")
  func broken() throws {
    let path = Path.join(temporaryFolder(), "whole.safetensors")
    try small().save(to: path)
    let whole = try Files.read(path)
    func reason(_ bytes: [UInt8]) throws -> String {
      let path = Path.join(temporaryFolder(), "broken.safetensors")
      try Files.write(bytes, to: path)
      do {
        _ = try VariationalAutoencoder.open(path)
        return "opened"
      } catch { return "\(error)" }
    }
    #expect(try reason([]).contains("it has 0 bytes"))
    #expect(try reason(Array(whole.prefix(100))).contains("truncated"))
    #expect(try reason(Array(whole.dropLast(5))).contains("its arrays claim"))
    #expect(
      try reason(Array("not weights, but some text of a reasonable length".utf8)).contains("not a safetensors file"))
    var length = whole
    length[7] = 0xff
    #expect(try reason(length).contains("the header claims"))
    // Every byte of the header changed in turn: refused or opened, never a crash.
    let header = 8 + whole[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    for place in stride(from: 8, to: header, by: 41) {
      var changed = whole
      changed[place] ^= 0x15
      #expect(try !reason(changed).isEmpty)
    }
  }

  @Test("Arrays that share their bytes are refused before they fill the memory")
  func bomb() throws {
    let path = Path.join(temporaryFolder(), "bomb.safetensors")
    try small().save(to: path)
    let whole = try Files.read(path)
    let length = 8 + whole[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let values = whole.count - length
    var header = String(decoding: whole[8..<length], as: UTF8.self).split(separator: "}}")[0] + "}"
    for i in 0..<200 {
      header += ",\"t\(i)\":{\"dtype\":\"F32\",\"shape\":[\(values / 4)],\"data_offsets\":[0,\(values)]}"
    }
    header += "}"
    let size = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    #expect {
      _ = try Safetensors(bytes: size + Array(header.utf8) + whole[length...])
    } throws: { "\($0)".contains("its arrays claim") }
  }

  @Test("Arrays of another network are refused by name and shape")
  func otherNetwork() throws {
    let path = Path.join(temporaryFolder(), "other.safetensors")
    try small().save(to: path)
    let whole = try Safetensors(bytes: Files.read(path))
    func reason(_ change: (inout Safetensors) -> Void) throws -> String {
      var file = whole
      change(&file)
      try Files.write(try file.encoded(), to: path)
      do {
        _ = try VariationalAutoencoder.open(path)
        return "opened"
      } catch { return "\(error)" }
    }
    #expect(
      try reason { $0.tensors["decoder.dense1.bias"] = nil }.contains("'decoder.dense1.bias' of shape [4] is missing"))
    #expect(
      try reason { $0.tensors["decoder.dense1.bias"] = Tensor(shape: [5]) }
        .contains("'decoder.dense1.bias' has the shape [5]; expected [4]"))
    #expect(try reason { $0.tensors["extra"] = Tensor(shape: [1]) }.contains("'extra'"))
    #expect(try reason { $0.tensors["decoder.dense1.bias"]!.values[0] = .nan }.contains("not finite"))
    #expect(try reason { $0.metadata["image"] = "99999999999x99999999999x1" }.contains("no image of"))
    #expect(try reason { $0.metadata = [:] } == "opened")
    #expect(
      try reason { $0.metadata["likelihood"] = "poisson" }
        .contains("'poisson' as likelihood; gaussian, bernoulli and laplace"))
    #expect(try reason { $0.metadata["image"] = "28 by 28" }.contains("'28 by 28' as image"))
    #expect(try reason { $0.metadata["beta"] = "inf" }.contains("'inf' as beta"))
    #expect(try reason { $0.metadata["beta"] = "-1" }.contains("'-1' as beta"))
  }

  /// A model of some size whose file has no metadata, as PyTorch writes it.
  private func foreign(
    _ name: String, height: Int = 28, width: Int = 28, _ change: (inout Safetensors) -> Void = { _ in }
  ) throws -> (VariationalAutoencoder, String) {
    let model = VariationalAutoencoder(
      try Architecture(image: ImageShape(height: height, width: width, planes: 1), channels: 3, latents: 2), seed: 4)
    let path = Path.join(temporaryFolder(), "\(name).safetensors")
    try model.save(to: path)
    var file = try Safetensors(bytes: Files.read(path))
    file.metadata = [:]
    change(&file)
    try Files.write(try file.encoded(), to: path)
    return (model, path)
  }

  @Test("What a file does not say is unknown to the model, unless it is given; what was assumed is told")
  func unknown() throws {
    let (model, path) = try foreign("unknown")
    let plain = try VariationalAutoencoder.open(path)
    #expect(plain.unknown == [.beta, .likelihood, .seed] && plain.openingNotes.count == 2)
    #expect(plain.weightsFingerprint == model.weightsFingerprint)
    #expect {
      try Trainer(plain, images: TrainingTests.bars(2), options: TrainingOptions())
    } throws: { "\($0)".contains("does not state its β or its likelihood") }
    let given = try VariationalAutoencoder.open(
      path, given: GivenFacts(kind: .variational(beta: 2), likelihood: .bernoulli))
    #expect(given.objective == (try .variational(beta: 2, likelihood: .bernoulli)))
    #expect(given.unknown == .seed && given.openingNotes.isEmpty)
    let auto = try VariationalAutoencoder.open(path, given: GivenFacts(kind: .autoencoder, likelihood: .gaussian))
    #expect(auto.objective == .autoencoder())
    // Saved again, it knows no more than before.
    let again = Path.join(temporaryFolder(), "unknown-again.safetensors")
    try plain.save(to: again)
    #expect(try VariationalAutoencoder.open(again).unknown == plain.unknown)
    try given.save(to: again)
    #expect(try VariationalAutoencoder.open(again).objective == given.objective)
    // What contradicts the file is refused.
    for facts in [
      GivenFacts(kind: .autoencoder), GivenFacts(kind: .variational(beta: 4)), GivenFacts(likelihood: .gaussian),
      GivenFacts(height: 14, width: 56),
    ] {
      #expect(throws: FileProblem.self) { try VariationalAutoencoder.open(again, given: facts) }
    }
  }

  @Test("Weights that fit images of several sizes are refused until the size is given")
  func sizes() throws {
    let (model, path) = try foreign("sizes", height: 8, width: 32)
    func shape(_ height: Int, _ width: Int) -> ImageShape { ImageShape(height: height, width: width, planes: 1) }
    #expect(throws: ModelError.severalSizes([shape(8, 32), shape(16, 16), shape(32, 8)])) {
      try VariationalAutoencoder.open(path)
    }
    let opened = try VariationalAutoencoder.open(path, given: GivenFacts(height: 8, width: 32))
    #expect(opened.architecture == model.architecture && opened.weightsFingerprint == model.weightsFingerprint)
    #expect(throws: FileProblem.self) {
      try VariationalAutoencoder.open(path, given: GivenFacts(height: 16, width: 12))
    }
    // 784 is a multiple of 4 by a multiple of 4 only as 28×28.
    let (only, square) = try foreign("square")
    #expect(try VariationalAutoencoder.open(square).architecture == only.architecture)
  }

  @Test("The network's kind and sizes are read off the arrays, and what contradicts them is refused")
  func kinds() throws {
    for (network, channels, hidden) in [(NetworkKind.burgess, 3 as Int?, 10), (.mlp, nil, 11)] {
      let image = ImageShape(height: 32, width: 32, planes: 3)
      let model = VariationalAutoencoder(
        try Architecture(image: image, network: network, channels: channels, hidden: hidden, latents: 2), seed: 4)
      let path = Path.join(temporaryFolder(), "kind-\(network.name).safetensors")
      try model.save(to: path)
      #expect(try VariationalAutoencoder.open(path).architecture == model.architecture)
      var file = try Safetensors(bytes: Files.read(path))
      #expect(file.metadata["network"] == network.name && file.metadata["hidden"] == String(hidden))
      file.metadata["network"] = "paper"
      try Files.write(try file.encoded(), to: path)
      #expect {
        try VariationalAutoencoder.open(path)
      } throws: { "\($0)".contains("but its arrays belong to \(network.name)") }
      // Another program's word for something else is kept.
      file.metadata = ["network": "resnet"]
      try Files.write(try file.encoded(), to: path)
      let opened = try VariationalAutoencoder.open(path, given: GivenFacts(height: 32, width: 32))
      #expect(opened.architecture == model.architecture && opened.weightsFingerprint == model.weightsFingerprint)
      // 3072 numbers are images of many sizes; a network of convolutions fits one.
      if network == .mlp {
        #expect(throws: ModelError.self) { try VariationalAutoencoder.open(path) }
      } else {
        #expect(try VariationalAutoencoder.open(path).architecture == model.architecture)
      }
      file.tensors["encoder.fc2.bias"] = nil
      try Files.write(try file.encoded(), to: path)
      #expect {
        try VariationalAutoencoder.open(path, given: GivenFacts(height: 32, width: 32))
      } throws: { "\($0)".contains("'encoder.fc2.bias' of shape [\(hidden)] is missing") }
    }
    for (network, image) in [
      (NetworkKind.burgess, ImageShape(height: 29, width: 28, planes: 1)),
      (.paper, ImageShape(height: 30, width: 28, planes: 1)),
    ] { #expect(throws: ModelError.self) { try Architecture(image: image, network: network) } }
    #expect(throws: ModelError.unsupported("network mlp has no 'channels'")) {
      try Architecture(image: .mnist, network: .mlp, channels: 3)
    }
  }

  @Test(
    "Burgess' network halves images of any even sides as far as it can, and its files give the size back",
    arguments: [(28, 28, 7, 7), (48, 48, 6, 6), (64, 96, 4, 6), (10, 200, 5, 100), (256, 256, 4, 4), (8, 8, 4, 4)])
  func halving(height: Int, width: Int, rows: Int, columns: Int) throws {
    let image = ImageShape(height: height, width: width, planes: 1)
    let architecture = try Architecture(image: image, network: .burgess, channels: 2, hidden: 3, latents: 2)
    #expect(architecture.encoder.shapes.contains(.map(height: rows, width: columns, channels: 2)))
    #expect(architecture.decoder.output == .map(height: height, width: width, channels: 1))
    let path = Path.join(temporaryFolder(), "halving-\(height)-\(width).safetensors")
    let model = VariationalAutoencoder(architecture, seed: 2)
    try model.save(to: path)
    #expect(try VariationalAutoencoder.open(path).architecture == architecture)
    var file = try Safetensors(bytes: Files.read(path))
    file.metadata = [:]
    try Files.write(try file.encoded(), to: path)
    let given = GivenFacts(height: height, width: width)
    #expect(try VariationalAutoencoder.open(path, given: given).architecture == architecture)
    if rows == columns, rows != 6 { #expect(try VariationalAutoencoder.open(path).architecture == architecture) }
    let code = try model.encode(ByteImages(shape: image, bytes: Array(repeating: 9, count: 3 * image.count)))
    #expect(try model.decode(code.mean).shape == [3, height, width, 1])
  }

  @Test(
    "DC-IGN's network comes back to 16·a − 90 pixels without padding, to 16·a with it; files give size and maps back",
    arguments: [
      (150, 150, 15, 15, 15, [96, 48, 24]), (38, 54, 1, 8, 9, [4, 2, 1]), (246, 38, 27, 21, 8, [4, 2, 1]),
      (64, 64, 8, 4, 4, [4, 3, 2]), (16, 48, 2, 1, 3, [1, 1, 1]), (256, 32, 32, 16, 2, [2, 5, 3]),
    ])
  func inverseGraphics(height: Int, width: Int, encoded: Int, rows: Int, columns: Int, maps: [Int]) throws {
    let image = ImageShape(height: height, width: width, planes: 1), isUsual = maps[0] == 96 || maps == [4, 2, 1]
    let sizes = NetworkSizes(channels: maps[0], maps: isUsual || maps == [1, 1, 1] ? nil : maps, latents: 2)
    let architecture = try Architecture(image: image, network: .ign, sizes: sizes)
    #expect(
      architecture.encoder.shapes.contains {
        if case .map(encoded, _, maps[2]) = $0 { true } else { false }
      })
    #expect(architecture.decoder.shapes.contains(.map(height: rows, width: columns, channels: maps[2])))
    #expect(architecture.decoder.output == .map(height: height, width: width, channels: 1))
    #expect(try Architecture(image: image, network: .ign, channels: maps[0], latents: 2) == architecture || !isUsual)
    guard maps[0] < 96 else { return }
    let model = VariationalAutoencoder(architecture, seed: 2)
    let path = Path.join(temporaryFolder(), "ign-\(height)-\(width).safetensors")
    try model.save(to: path)
    #expect(try VariationalAutoencoder.open(path).architecture == architecture)
    var file = try Safetensors(bytes: Files.read(path))
    file.metadata = [:]
    try Files.write(try file.encoded(), to: path)
    let opened = try VariationalAutoencoder.open(path, given: GivenFacts(height: height, width: width))
    #expect(opened.architecture == architecture && opened.weightsFingerprint == model.weightsFingerprint)
    let code = try model.encode(ByteImages(shape: image, bytes: Array(repeating: 9, count: 2 * image.count)))
    #expect(try model.decode(code.mean).shape == [2, height, width, 1])
  }

  @Test(
    "DC-IGN's network says which sides it takes",
    arguments: [(28, 28), (64, 150), (150, 64), (22, 22), (32, 40), (8, 8)])
  func inverseGraphicsRefused(height: Int, width: Int) {
    #expect {
      try Architecture(image: ImageShape(height: height, width: width, planes: 1), network: .ign)
    } throws: { "\($0)".contains("multiples of 16, or both of 38, 54, 70") }
  }

  @Test("Extents that no network has are refused in words", arguments: [Int.max / 2, 2, 0])
  func hostileExtents(planes: Int) throws {
    let path = Path.join(temporaryFolder(), "hostile-\(planes).safetensors")
    let arrays: [String: [Int]] = [
      "encoder.conv1.weight": [0, planes, 4, 4], "encoder.mean.weight": [2, 0], "decoder.output.bias": [64],
    ]
    let file = Safetensors(tensors: arrays.mapValues { Tensor(shape: $0) }, metadata: [:])
    try Files.write(try file.encoded(), to: path)
    #expect(throws: FileProblem.self) { try VariationalAutoencoder.open(path) }
  }

  @Test(
    "Names that a wrapper has changed are read",
    arguments: ["module.", "_orig_mod.", "model.", "module._orig_mod.", "model.vae.module."])
  func wrapped(prefix: String) throws {
    let (model, path) = try foreign("wrapped-\(prefix)") { file in
      file.tensors = Dictionary(uniqueKeysWithValues: file.tensors.map { (prefix + $0.key, $0.value) })
    }
    let opened = try VariationalAutoencoder.open(path)
    #expect(opened.weightsFingerprint == model.weightsFingerprint)
    #expect(opened.openingNotes[0].contains("'\(prefix)decoder.deconv1.bias' was read as 'decoder.deconv1.bias'"))
  }

  @Test("Parts that were wrapped by themselves are read, and what is not of this network is refused")
  func wrappedInside() throws {
    let (model, path) = try foreign("inside") { file in
      file.tensors = Dictionary(
        uniqueKeysWithValues: file.tensors.map {
          ($0.key.replacing("encoder.", with: "encoder._orig_mod."), $0.value)
        })
    }
    #expect(try VariationalAutoencoder.open(path).weightsFingerprint == model.weightsFingerprint)
    let (_, other) = try foreign("other-prefix") { file in
      file.tensors = Dictionary(uniqueKeysWithValues: file.tensors.map { ("net." + $0.key, $0.value) })
      file.tensors["optimizer.state"] = Tensor(shape: [1])
    }
    #expect { try VariationalAutoencoder.open(other) } throws: { "\($0)".contains("'optimizer.state'") }
  }

  @Test("Weights of float16, bfloat16 and float64 are read; other types are refused by name")
  func types() throws {
    // NumPy's bytes of 1, −2.5, 65504, 2⁻²⁴ as float16, of 1, −2.5, 3.140625 as bfloat16, of 0.1, −1e300 as float64.
    func file(_ type: String, _ count: Int, _ bytes: [UInt8]) throws -> Safetensors {
      let header = #"{"a":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(bytes.count)]}}"#
      return try Safetensors(
        bytes: (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + header.utf8 + bytes)
    }
    let half = try file("F16", 4, [0x00, 0x3C, 0x00, 0xC1, 0xFF, 0x7B, 0x01, 0x00])
    #expect(half.tensors["a"]?.values == [1, -2.5, 65504, 0x1p-24] && half.types == ["F16"])
    #expect(try file("BF16", 3, [0x80, 0x3F, 0x20, 0xC0, 0x49, 0x40]).tensors["a"]?.values == [1, -2.5, 3.140625])
    let double = try file(
      "F64", 2, [0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F, 0x9C, 0x75, 0, 0x88, 0x3C, 0xE4, 0x37, 0xFE])
    #expect(double.tensors["a"]?.values == [0.1, -.infinity])
    #expect { try file("I64", 1, [UInt8](repeating: 0, count: 8)) } throws: {
      "\($0)".contains("of type I64; expected F32, F16, BF16 or F64")
    }
    #expect { try file("F16", 4, [0, 0, 0, 0]) } throws: { "\($0)".contains("takes 8 bytes, but has 4") }
  }

  @Test(
    "A file of another kind under this name is called what it is",
    arguments: [
      ([0x50, 0x4B, 3, 4, 0, 0, 8, 8, 0], "torch.save"), ([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9], "pickle"),
      ([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10, 0], "HDF5"), (Array("<!DOCTYPE html><html></html>".utf8), "a web page"),
      (
        Array("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 123456\n".utf8),
        "a Git LFS pointer, which stands for a file of 123,456 bytes that was not downloaded"
      ),
    ] as [([UInt8], String)])
  func otherKind(bytes: [UInt8], words: String) throws {
    let path = Path.join(temporaryFolder(), "kind-\(bytes.count)-\(bytes[1]).safetensors")
    try Files.write(bytes, to: path)
    #expect { try VariationalAutoencoder.open(path) } throws: { "\($0)".contains(words) }
  }
}

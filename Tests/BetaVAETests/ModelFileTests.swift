import BetaVAE
import Numerics
import Platform
import Testing

@Suite("Weights files")
struct ModelFileTests {
  func small() throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 3, latents: 2), objective: .variational(beta: 7), seed: 11)
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
    #expect(try reason(Array("not weights, but some text of a reasonable length".utf8)).contains("no safetensors"))
    var length = whole
    length[7] = 0xff
    #expect(try reason(length).contains("the header's length is given as"))
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
        .contains("'decoder.dense1.bias' has the shape [5] where [4] is expected"))
    #expect(try reason { $0.tensors["extra"] = Tensor(shape: [1]) }.contains("'extra'"))
    #expect(try reason { $0.tensors["decoder.dense1.bias"]!.values[0] = .nan }.contains("not finite"))
    #expect(try reason { $0.metadata["image"] = "99999999999x99999999999x1" }.contains("no image of"))
    #expect(try reason { $0.metadata = [:] } == "opened")
    #expect(try reason { $0.metadata["beta"] = "inf" }.contains("'inf' as beta"))
    #expect(try reason { $0.metadata["beta"] = "-1" }.contains("'-1' as beta"))
  }
}

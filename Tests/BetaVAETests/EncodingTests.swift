import BVAECPU
import BVAEPlatform
import BetaVAE
import TestSupport
import Testing

/// Encoding at full width, where it takes filterings that training does not.
@Suite("Encoding")
struct EncodingTests {
  /// The codes of more images than one batch holds, by a network whose weights are the same every time.
  private func encode(_ compute: Compute) throws -> Code {
    let model = VariationalAutoencoder(try Architecture(image: .mnist, latents: 12), seed: 3, compute: compute)
    return try model.encode(TrainingTests.bars(250))
  }

  @Test("Codes agree with those of the direct sums within one part in ten thousand of the largest")
  func direct() throws {
    let filtered = try encode(Compute(threads: 2)), summed = try encode(Compute(threads: 2, usesWinograd: false))
    for (filtered, summed) in [(filtered.mean, summed.mean), (filtered.logVariance, summed.logVariance)] {
      let off = difference(filtered, from: summed)
      #expect(off > 0 && off < 1e-4)
    }
  }

  @Test("Codes have the same bits on any number of threads and with the kernels for AVX2 and for AVX-512")
  func sameBits() throws {
    for kernels in Kernels.all {
      let one = try encode(Compute(threads: 1, kernels: kernels))
      for threads in 2...4 { #expect(try encode(Compute(threads: threads, kernels: kernels)) == one) }
      if kernels.name != "portable" { #expect(try encode(Compute()) == one) }
    }
  }

  @Test("An image has the code, and a code the image, that it has alone, in whatever batch it stands")
  func batches() throws {
    let model = VariationalAutoencoder(try Architecture(image: .mnist, channels: 4, latents: 3), seed: 3)
    // Images that all differ: more than two batches of 192.
    let count = 400
    let images = ByteImages(
      shape: .mnist, bytes: (0..<count).flatMap { image in (0..<784).map { UInt8(($0 * 7 + image * 37) % 256) } })
    let code = try model.encode(images)
    #expect(code.mean.shape == [count, 3] && code.logVariance.shape == [count, 3])
    let decoded = try model.decode(code.mean)
    #expect(decoded.shape == [count, 28, 28, 1])
    for image in [0, 1, 191, 192, 193, 383, 384, 399] {
      let alone = try model.encode(images.selecting([image]))
      #expect(difference(code.mean[image], from: alone.mean[0]) < 1e-5, "image \(image)")
      #expect(difference(code.logVariance[image], from: alone.logVariance[0]) < 1e-5, "image \(image)")
      #expect(difference(decoded[image], from: try model.decode(alone.mean)[0]) < 1e-5, "image \(image)")
    }
    // So that none of it holds because all are the same.
    #expect(difference(code.mean[192], from: code.mean[0]) > 1e-3)
    #expect(difference(decoded[192], from: decoded[0]) > 1e-5)
  }

  @Test("After a training, codes and images are those of the trained weights")
  func afterTraining() throws {
    let model = VariationalAutoencoder(try Architecture(image: .mnist, latents: 3), seed: 3)
    let images = TrainingTests.bars(6), codes = Tensor(shape: [2, 3], values: [1, 0, -1, 0.5, 2, 0])
    let before = (try model.encode(images), try model.decode(codes))
    try Trainer(model, images: images, options: TrainingOptions(epochs: 1, batch: 2)).run()
    let after = (try model.encode(images), try model.decode(codes))
    let path = Path.join(temporaryFolder(), "after-training.safetensors")
    try model.save(to: path)
    let opened = try VariationalAutoencoder.open(path)
    #expect(try opened.encode(images) == after.0 && opened.decode(codes) == after.1)
    #expect(after.0 != before.0 && after.1 != before.1)
  }
}

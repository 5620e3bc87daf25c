import BetaVAE
import Numerics
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
      let largest = summed.values.reduce(0) { max($0, abs($1)) }
      let worst = zip(filtered.values, summed.values).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(worst > 0 && worst < 1e-4 * largest)
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
}

import BVAECPU
import BVAEInterpretation
import BVAEPlatform
import BetaVAE
import Testing

/// Images in the order of a factorial grid against the same images in a random order.
@Suite("The order of the images")
struct OrderTests {
  private let shape = ImageShape(height: 16, width: 16, planes: 1)
  /// Bright rectangles: ten heights, ten brightnesses, eight places across and eight down, the last running fastest.
  private let grid: ByteImages
  private let shuffled: ByteImages

  init() {
    var bytes: [UInt8] = []
    for image in 0..<6400 {
      let height = 3 + image / 640, brightness = 100 + 15 * (image / 64 % 10), x = 2 + image / 8 % 8, y = 1 + image % 8
      for row in 0..<16 {
        for column in 0..<16 {
          let inside = (x..<x + 4).contains(column) && (y..<min(15, y + height)).contains(row)
          bytes.append(inside ? UInt8(brightness) : 0)
        }
      }
    }
    grid = ByteImages(shape: shape, bytes: bytes)
    var generator = RandomGenerator(seed: 6, stream: .sample)
    shuffled = grid.selecting(generator.permutation(6400))
  }

  @Test("Means, spreads and correlations of the measures are those of all images within sampling, in either order")
  func statistics() {
    let found = [grid, shuffled].map { MeasureStatistics(of: $0, workers: Workers(count: 2)) }
    for (k, measure) in found[0].measures.enumerated() {
      // Five standard errors of two means of 2000.
      let error = 5 * found[0].spread[k] * (2.0 / 2000).squareRoot()
      guard found[0].mean[k].isFinite || found[1].mean[k].isFinite else { continue }
      #expect(abs(found[0].mean[k] - found[1].mean[k]) < error, "\(measure)")
      #expect(abs(found[0].spread[k] / found[1].spread[k] - 1) < 0.15, "\(measure)")
      for j in found[0].measures.indices {
        #expect(
          abs(found[0].correlation[k][j] - found[1].correlation[k][j]) < 0.16, "\(measure), \(found[0].measures[j])")
      }
    }
    // The places down are all there: the brightness' centre is the mean of the grid's.
    let vertical = found[0].measures.firstIndex(of: .centreY)!
    #expect(found[0].spread[vertical] > 1.3)
  }

  @Test("Latents have the same names, ranges and directions in either order")
  func names() throws {
    var generator = RandomGenerator(seed: 2, stream: .sample)
    let training = grid.selecting(generator.subset(of: 6400, atMost: 800))
    let model = VariationalAutoencoder(
      try Architecture(image: shape, channels: 8, latents: 3),
      objective: try .variational(beta: 4, likelihood: .bernoulli), seed: 3, compute: Compute(threads: 2))
    _ = try Trainer(
      model, images: training, options: TrainingOptions(epochs: 30, batch: 32, rate: 2e-3, seed: 3)
    ).run()
    let options = InterpretationOptions(images: 48, steps: 7)
    let found = try [grid, shuffled].map { try model.interpret(on: $0, options: options) }
    #expect(found[0].contains { $0.isDominated })
    for (ordered, random) in zip(found[0], found[1]) {
      #expect(ordered.isActive == random.isActive)
      #expect(abs(ordered.meanVariance - random.meanVariance) < 1e-3)
      // What explains most of the change does not depend on which images were taken.
      guard ordered.isDominated, random.isDominated, let first = ordered.named, let second = random.named else {
        continue
      }
      #expect(first.measure == second.measure, "Z\(ordered.latent)")
      #expect((first.pearson > 0) == (second.pearson > 0))
    }
  }

  @Test("Another seed takes other images, the same seed the same")
  func seeds() {
    let workers = Workers(count: 2)
    let first = MeasureStatistics(of: grid, workers: workers), again = MeasureStatistics(of: grid, workers: workers)
    let other = MeasureStatistics(of: grid, workers: workers, seed: 2)
    #expect(first.spread == again.spread && first.spread != other.spread)
  }

  @Test("Factors of another number of images than there are are refused")
  func factors() throws {
    let model = VariationalAutoencoder(try Architecture(image: shape, channels: 4, latents: 2), seed: 3)
    let factors = KnownFactors([KnownFactors.Factor(name: "x", isCategorical: false, values: [1, 2, 3])])
    #expect {
      try model.interpret(on: grid.selecting(0..<4), factors: factors)
    } throws: { "\($0)".contains("factors describe 3 images, but there are 4") }
  }
}

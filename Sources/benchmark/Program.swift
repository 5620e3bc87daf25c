import ArgumentParser
import BetaVAE
import Numerics
import Platform

@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Times a training step of the paper's network.")

  @Option(help: "Threads; by default one for each processor.")
  var threads: Int?

  @Option(help: "Images a step.")
  var batch = 64

  @Option(help: "Latents.")
  var latents = 12

  @Option(help: "Steps that are timed.")
  var steps = 15

  @Argument(help: "mnist or svhn")
  var shape = "mnist"

  func run() throws {
    let image: ImageShape = shape == "svhn" ? .svhn : .mnist
    let model = VariationalAutoencoder(
      try Architecture(image: image, latents: latents), compute: Compute(threads: threads))
    let probe = StepProbe(model, batch: batch)
    var generator = RandomGenerator(seed: 1, stream: .sample)
    let images = Tensor(
      shape: [batch, image.height, image.width, image.planes],
      values: (0..<batch * image.count).map { _ in Float(generator.uniform()) })
    let noise = Tensor(shape: [batch, latents], values: (0..<batch * latents).map { _ in Float(generator.uniform()) })
    var times: [Double] = []
    for _ in 0..<steps + 3 {
      let start = Machine.seconds
      _ = probe.train(images: images, noise: noise)
      times.append(Machine.seconds - start)
    }
    let sorted = times.dropFirst(3).sorted()
    let median = sorted[sorted.count / 2]
    print(
      "\(shape): \((median * 1e3).formatted(decimals: 1)) ms per step of \(batch), "
        + "fastest \((sorted[0] * 1e3).formatted(decimals: 1)), "
        + "\(Int(Double(batch) / median)) images/s (median of \(steps), \(model.compute.workers.count) threads, "
        + "\(model.compute.kernels.name))")
  }
}

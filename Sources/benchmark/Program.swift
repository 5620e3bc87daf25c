import ArgumentParser
import BVAECPU
import BVAEPlatform
import BetaVAE

@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Times training and encoding with the paper's network, beside PyTorch where it is asked for.",
    discussion: """
      With --pytorch both programs work in turn, round by round, so that a change in the machine's speed meets both.
      The ratio is the median of the rounds' ratios; above 1 this program is faster.
      """)

  @Option(help: "Threads for both programs; by default one for each processor.")
  var threads: Int?

  @Option(help: "Image shapes, mnist or svhn.")
  var shape: [String] = ["mnist"]

  @Option(help: "Images a step.")
  var batch: [Int] = [64]

  @Option(help: "Latents.")
  var latents: [Int] = [12]

  @Option(help: "Rounds, in each of which every program does 5 steps and encodes 10,000 images.")
  var rounds = 5

  @Option(help: "What is timed, train or encode; by default both.")
  var work: [Timing.Work] = [.train, .encode]

  @Option(help: "A Python with torch, which runs the reference network in turn with this program.")
  var pytorch: String?

  @Option(help: "The reference program.")
  var reference = "Scripts/reference/bench_server.py"

  @Flag(help: "Time every layer by itself too.")
  var layers = false

  func run() throws {
    let compute = Compute(threads: threads)
    let other = try pytorch.map { try Coprocess($0, [reference]) }
    print("\(Machine.processorName), \(counted(compute.workers.count, "thread")), \(compute.kernels.name) kernels")
    for shape in shape {
      for batch in batch {
        if layers {
          LayerTable(compute: compute, batch: batch).show(try Architecture(image: shape == "svhn" ? .svhn : .mnist))
        }
        for latents in latents {
          let timing = try Timing(shape: shape, batch: batch, latents: latents, compute: compute)
          for work in work {
            print(try timing.compare(work, rounds: rounds, with: other))
          }
        }
      }
    }
  }
}

import ArgumentParser
import BVAECPU
import BVAEGPU
import BVAENetworks
import BVAEPlatform
import BetaVAE

@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Times training and encoding, beside PyTorch where it is asked for.",
    discussion: """
      With --pytorch both programs work in turn, round by round, so that a change in the machine's speed meets both.
      The ratio is the median of the rounds' ratios; above 1 this program is faster.
      """)

  @Option(help: "Threads for both programs; by default one for each processor.")
  var threads: Int?

  @Option(help: "Systems, \(Timing.System.allCases.map(\.rawValue).listed("or")).")
  var system: [Timing.System] = [.vae]

  @Option(help: "Networks, \(NetworkKind.all.map(\.name).listed("or")).")
  var network: [String] = [NetworkKind.paper.name]

  @Option(help: "Image shapes, mnist (28x28x1), svhn (32x32x3), or rows x columns x planes.")
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

  @Option(help: "Where models are computed: \(DeviceChoice.words).")
  var device = "cpu"

  @Flag(help: "Check the graphics processor of --device and time what models do on it; see Scripts/gpu.")
  var graphics = false

  @Option(help: "With --graphics: seconds that each timing may take.")
  var seconds = 2.0

  func validate() throws {
    guard let choice = DeviceChoice(device) else { throw ValidationError("--device takes \(DeviceChoice.words)") }
    if graphics && choice == .cpu { throw ValidationError("--graphics needs --device gpu") }
    for shape in shape {
      let shape = try image(shape)
      guard pytorch == nil || shape.height == shape.width else {
        throw ValidationError("the reference networks take squares, not \(shape)")
      }
    }
    for name in network where NetworkKind.named(name) == nil { throw ValidationError("there is no network '\(name)'") }
  }

  func run() throws {
    let graphics = try DeviceChoice(device)?.device()
    if self.graphics, let graphics {
      return try GraphicsBench(device: graphics, batches: batch == [64] ? [64, 256] : batch, seconds: seconds).run()
    }
    let compute = Compute(threads: threads).with(graphics)
    let other = try pytorch.map { try Coprocess($0, [reference]) }
    print("\(Machine.processorName), \(counted(compute.workers.count, "thread")), \(compute.kernels.name) kernels")
    for (network, shape) in network.flatMap({ network in shape.map { (network, $0) } }) {
      let kind = NetworkKind.named(network) ?? .paper
      for batch in batch {
        if layers {
          print("\(shape), network \(network)")
          LayerTable(compute: compute, batch: batch).show(try Architecture(image: image(shape), network: kind))
        }
        for (system, latents) in system.flatMap({ system in latents.map { (system, $0) } }) {
          let timing = try Timing(
            system, image(shape), kind, latents: latents, name: shape, batch: batch, compute: compute)
          for work in work {
            print(try timing.compare(work, rounds: rounds, with: other))
          }
        }
      }
    }
  }

  private func image(_ text: String) throws -> ImageShape {
    if text == "mnist" { return .mnist }
    if text == "svhn" { return .svhn }
    let extents = text.split(separator: "x").map { Int($0) ?? 0 }
    guard extents.count == 3 else { throw ValidationError("'\(text)' is no image shape: write 64x64x1") }
    return try ImageShape(rows: extents[0], columns: extents[1], planes: extents[2])
  }
}

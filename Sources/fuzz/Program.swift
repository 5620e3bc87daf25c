import ArgumentParser
import BVAEFuzzing
import BVAEPlatform
import Glibc

@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Gives mutated files to the program's readers and reports crashes, hangs and large allocations.",
    discussion: "The inputs follow from the seed, the corpus and their numbers: the same ones come every time. What is "
      + "found is written into the folder of --save; put it into the corpus when it is mended.")

  @Option(help: ArgumentHelp("A reader; all unless said. Repeatable.", valueName: "name"))
  var reader: [String] = []

  @Option(help: ArgumentHelp("How many inputs each reader is given.", valueName: "n"))
  var count = 10_000

  @Option(help: ArgumentHelp("The number of the first input.", valueName: "n"))
  var from = 0

  @Option(help: ArgumentHelp("Another seed gives other inputs.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The most seconds that each reader is given.", valueName: "s"))
  var seconds = Double.infinity

  @Option(help: ArgumentHelp("The seconds from which on reading an input counts as a hang.", valueName: "s"))
  var hang = 2.0

  @Option(help: ArgumentHelp("The folder of the tests, with the corpus and the fixtures.", valueName: "folder"))
  var corpus = Path.absolute(Path.join(Path.parent(#filePath), "../../Tests"))

  @Option(help: ArgumentHelp("Where inputs go that were too much.", valueName: "folder"))
  var save = "fuzz-findings"

  @Flag(help: "Show the readers' names.")
  var list = false

  @Flag(help: "Write those seeds of the corpus that only this program makes.")
  var seeds = false

  @Flag(help: "Read each of the files that are made to take much memory and time, once.")
  var bombs = false

  @Option(help: .hidden)
  var worker: String?

  private static let known = ReaderUnderTest.all + ReaderUnderTest.bombs + ReaderUnderTest.trials

  func validate() throws {
    if let wrong = reader.first(where: { name in !Self.known.contains { $0.name == name } }) {
      throw ValidationError("There is no reader '\(wrong)'; --list shows them.")
    }
    if count < 1 || from < 0 || from > Int.max - count { throw ValidationError("--count takes 1 or more, --from 0.") }
  }

  func run() throws {
    let readers =
      bombs
      ? ReaderUnderTest.bombs : reader.isEmpty ? ReaderUnderTest.all : Self.known.filter { reader.contains($0.name) }
    if seeds { return try FuzzSeeds.write(corpus) }
    if list { return tell(readers.map(\.name).joined(separator: "\n")) }
    if let worker, let reader = readers.first {
      let seeds = try reader.corpus(corpus).map(\.bytes)
      return try Worker(
        reader: reader, seed: seed, inputs: from..<from + count, seeds: seeds, status: try Status(worker),
        timeLimit: hang
      ).run()
    }
    let scratch = try ScratchFolder()
    var found = 0, done = 0
    for reader in readers {
      let start = Machine.seconds
      var campaign = try Campaign(reader: reader, seed: seed, corpus: corpus, scratch: scratch.path, timeLimit: hang)
      try campaign.run(from..<from + (bombs ? 1 : count), until: start + seconds)
      let rate = Double(campaign.done) / max(0.001, Machine.seconds - start)
      tell(
        "\(reader.name): \(counted(campaign.done, "input")), \(campaign.accepted.grouped) accepted, "
          + "\(counted(campaign.findings.count, "finding")), \(Int(rate).grouped) a second, "
          + "at most \((campaign.memory >> 20).grouped) MB")
      for finding in campaign.findings { try report(finding, reader, campaign.seeds) }
      found += campaign.findings.count
      done += campaign.done
    }
    tell("\(counted(done, "input")) in all, \(counted(found, "finding"))")
    if found > 0 { throw ExitCode(1) }
  }

  private func report(_ finding: Campaign.Finding, _ reader: ReaderUnderTest, _ seeds: [[UInt8]]) throws {
    let path = Path.join(save, "\(reader.name)-\(finding.seed)-\(finding.index)")
    try Files.makeDirectory(save)
    try Files.write(reader.input(finding.index, seed: finding.seed, seeds: seeds), to: path)
    tell("  \(path): \(finding.what)")
  }
}

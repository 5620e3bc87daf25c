import BVAEPlatform

/// A training of a grid.
public struct GridTask: Sendable, Equatable {
  /// Counted from 1.
  public let number: Int
  /// The key that its result is stored under.
  public let key: String
  /// What is trained, for people: `β-VAE, β = 4, seed 2`.
  public let title: String
  /// What it is trained on, and what it is measured on, by their fingerprints.
  public let data: String, test: String
  /// The files of the store that are there when it is done.
  public let results: [String]
  /// What a worker runs: lines of a script in which `data` is what it is trained on.
  public let script: String

  /// A task.
  public init(
    number: Int, key: String, title: String, data: String, test: String, results: [String], script: String
  ) {
    (self.number, self.key, self.title, self.data, self.test) = (number, key, title, data, test)
    (self.results, self.script) = (results, script)
  }
}

/// What the keys of a grid's trainings stand for, beside what is trained: only what agrees in all of it gives their bits.
public struct GridMaker: Sendable, Equatable {
  /// The version of the program.
  public let version: String
  /// The arithmetic of the kernels.
  public let arithmetic: String
  /// Raised with every change of the training that changes its bits.
  public let training: Int

  /// A maker.
  public init(version: String, arithmetic: String, training: Int) {
    (self.version, self.arithmetic, self.training) = (version, arithmetic, training)
  }
}

/// Trainings in a folder that processes share.
public struct Grid: Sendable {
  /// The folder, `STORE/grids/NAME`.
  public let folder: String
  /// What has made it.
  public let maker: GridMaker
  /// How many trainings it has.
  public let count: Int
  /// The trainings, by their number; where only one was asked for, that one.
  public let tasks: [GridTask]

  /// The name stands for the results of its trainings.
  public var name: String { Path.name(folder) }
  /// The folder of the stored models.
  public var store: String { Path.parent(Path.parent(folder)) }
  /// Where the data of tasks lie, those of all grids of a store: each once.
  public var dataFolder: String { Self.dataFolder(in: store) }

  /// The same of the grids of a store.
  public static func dataFolder(in store: String) -> String { Path.join(Path.absolute(store), "grid-data") }

  private static let tableName = "grid.jsonl"
  private static let format = "bvae-script grid 1"

  /// The folder of a grid of trainings with these results in a store.
  static func folder(of results: [[String]], in store: String) -> String {
    var fingerprint = Fingerprint()
    for names in results.map({ $0.joined(separator: " ") }).sorted() { fingerprint.add(names) }
    return Path.join(Path.join(Path.absolute(store), "grids"), fingerprint.description)
  }

  /// Writes a grid, where it is not there already; its data are to lie there before.
  /// - Throws: `FileProblem`.
  public init(_ tasks: [GridTask], by maker: GridMaker, in store: String) throws {
    folder = Self.folder(of: tasks.map(\.results), in: store)
    (self.tasks, self.maker, count) = (tasks, maker, tasks.count)
    let head: JSON = [
      "format": .text(Self.format), "version": .text(maker.version), "arithmetic": .text(maker.arithmetic),
      "training": JSON(maker.training), "tasks": JSON(tasks.count),
    ]
    let lines = [head] + tasks.map(\.json)
    try Files.makeDirectory(folder)
    try Files.write(
      lines.flatMap { $0.bytes + [UInt8(ascii: "\n")] }, to: Path.join(folder, Self.tableName))
  }

  /// Reads a grid.
  /// - Parameters:
  ///   - folder: its folder, or its name in a store.
  ///   - number: the only task that is wanted; nil for all. Each of many thousand workers reads one.
  /// - Throws: `FileProblem` where there is none, it is of another format, or has no such task.
  public init(_ folder: String, in store: String, only number: Int? = nil) throws {
    let place = Self.place(folder, in: store), path = Path.join(place, Self.tableName)
    let lines = try Files.read(path, limit: 1 << 30).split(separator: UInt8(ascii: "\n"))
    guard let head = lines.first.flatMap({ JSON(Array($0)) }), head["format"]?.text == Self.format,
      let version = head["version"]?.text, let arithmetic = head["arithmetic"]?.text,
      let training = head["training"]?.whole, let count = head["tasks"]?.whole
    else { throw FileProblem("it is no grid of this version of the program", of: path) }
    if let number, !(1...max(1, count)).contains(number) {
      throw FileProblem("it has tasks 1 to \(count.grouped), not \(number)", of: place)
    }
    let numbers = number.map { [$0] } ?? Array(1..<max(1, count + 1))
    guard lines.count == count + 1 else { throw FileProblem("its tasks are not whole", of: path) }
    let tasks = numbers.compactMap { JSON(Array(lines[$0])).flatMap(GridTask.init) }
    guard tasks.map(\.number) == numbers else { throw FileProblem("its tasks are not whole", of: path) }
    self.folder = place
    (self.maker, self.count, self.tasks) = (
      GridMaker(version: version, arithmetic: arithmetic, training: training), count, tasks
    )
  }

  /// Where a grid is that is named by its folder, or by its name in a store.
  static func place(_ folder: String, in store: String) -> String {
    folder.contains("/") || Files.isDirectory(folder)
      ? Path.absolute(folder) : Path.join(Path.join(Path.absolute(store), "grids"), folder)
  }
}

extension GridTask {
  /// A line of the table.
  var json: JSON {
    [
      "task": JSON(number), "key": .text(key), "title": .text(title), "data": .text(data), "test": .text(test),
      "results": .list(results.map { .text($0) }), "script": .text(script),
    ]
  }

  init?(_ line: JSON) {
    guard let number = line["task"]?.whole, let key = line["key"]?.text, let title = line["title"]?.text,
      let data = line["data"]?.text, let test = line["test"]?.text, let script = line["script"]?.text,
      let results = line["results"]?.list?.compactMap(\.text), !results.isEmpty,
      [key, data, test].allSatisfy(Self.isHash)
    else { return nil }
    self.init(
      number: number, key: key, title: title, data: data, test: test, results: results, script: script)
  }

  /// Sixteen digits, which make a name of a file and nothing else.
  private static func isHash(_ text: String) -> Bool {
    text.utf8.count == 16 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

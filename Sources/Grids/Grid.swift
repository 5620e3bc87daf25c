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

/// Trainings in a folder that processes share.
public struct Grid: Sendable {
  /// The folder, `STORE/grids/NAME`.
  public let folder: String
  /// The version of the program that made it.
  public let version: String
  /// The trainings, by their number.
  public let tasks: [GridTask]

  /// The name stands for the results of its trainings.
  public var name: String { Path.name(folder) }
  /// The folder of the stored models.
  public var store: String { Path.parent(Path.parent(folder)) }
  /// Where the data of tasks lie.
  public var dataFolder: String { Path.join(folder, "data") }

  private static let tableName = "grid.jsonl"
  private static let format = "bvae-script grid 1"

  /// The folder of a grid of trainings with these results in a store.
  public static func folder(of results: [[String]], in store: String) -> String {
    var fingerprint = Fingerprint()
    for names in results.map({ $0.joined(separator: " ") }).sorted() { fingerprint.add(names) }
    return Path.join(Path.join(Path.absolute(store), "grids"), fingerprint.description)
  }

  /// Writes a grid, where it is not there already; its data are to lie there before.
  /// - Throws: `FileProblem`.
  public init(_ tasks: [GridTask], version: String, in store: String) throws {
    folder = Self.folder(of: tasks.map(\.results), in: store)
    (self.tasks, self.version) = (tasks, version)
    let head: JSON = ["format": .text(Self.format), "version": .text(version), "tasks": JSON(tasks.count)]
    let lines = [head] + tasks.map(\.json)
    try Files.makeDirectory(folder)
    try Files.write(
      lines.flatMap { $0.bytes + [UInt8(ascii: "\n")] }, to: Path.join(folder, Self.tableName))
  }

  /// Reads a grid.
  /// - Parameter folder: its folder, or its name in a store.
  /// - Throws: `FileProblem` where there is none, or it is of another format.
  public init(_ folder: String, in store: String) throws {
    let place = Files.isDirectory(folder) ? Path.absolute(folder) : Path.join(Path.join(store, "grids"), folder)
    let path = Path.join(place, Self.tableName)
    let lines = try Files.read(path, limit: 1 << 30).split(separator: UInt8(ascii: "\n")).map { JSON(Array($0)) }
    guard let head = lines.first ?? nil, head["format"]?.text == Self.format, let version = head["version"]?.text else {
      throw FileProblem("it is no grid of this version of the program", of: path)
    }
    let tasks = lines.dropFirst().compactMap { $0.flatMap(GridTask.init) }
    let isInOrder = tasks.enumerated().allSatisfy { $0.offset + 1 == $0.element.number }
    guard tasks.count == head["tasks"]?.whole, isInOrder else {
      throw FileProblem("its tasks are not whole", of: path)
    }
    (self.folder, self.version, self.tasks) = (place, version, tasks)
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

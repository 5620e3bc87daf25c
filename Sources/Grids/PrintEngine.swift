import BVAEPlatform

/// Only says what is to be run, in a form that some other scheduler takes.
public struct PrintEngine: Engine {
  /// `print`
  public static let word = "print"
  /// What it does, in a few words.
  public static let summary = "only prints what is to be run"

  /// The forms: a line each; the first is the usual one.
  public static var formats: [any TaskList.Type] {
    [PlainLines.self, CondorFile.self, KubernetesJob.self, Snakefile.self]
  }

  /// Their words.
  public static var words: [String] { formats.map { $0.word } }

  private let program: String
  private let options: [String]
  private let jobs: Int?, threads: Int?

  /// - Parameters:
  ///   - program: the program's own file.
  ///   - options: the form's word; nothing for the usual one.
  ///   - jobs: how many tasks may run at once; nil for as many as there are.
  ///   - threads: the threads of each; nil where that is left to the worker, or is one.
  public init(program: String, options: [String] = [], jobs: Int? = nil, threads: Int? = nil) {
    (self.program, self.options, self.jobs, self.threads) = (program, options, jobs, threads)
  }

  /// See `Engine`.
  public func run(
    _ grid: Grid, _ tasks: [GridTask], progress: ([TaskState]) throws -> Void
  ) throws -> EngineOutcome {
    let word = options.joined(separator: " ")
    guard let format = Self.formats.first(where: { $0.word == word || word.isEmpty }) else {
      throw FileProblem(
        "there is no such form; there are \(Self.words.joined(separator: ", "))", of: word,
        action: "print")
    }
    // Where some of the forms have the workers' words go.
    try Files.makeDirectory(Path.join(grid.folder, "logs"))
    return .printed(format.lines(TaskListing(grid: grid, tasks: tasks, program: program, jobs: jobs, threads: threads)))
  }
}

/// What is to be run.
public struct TaskListing {
  let grid: Grid
  let tasks: [GridTask]
  let program: String
  let jobs: Int?, threads: Int?
}

/// A form in which tasks can be written down: a file in `Print`, and a line in `PrintEngine.formats`.
public protocol TaskList {
  /// Its word.
  static var word: String { get }
  /// The lines.
  static func lines(_ listing: TaskListing) -> [String]
}

extension String {
  /// The lines of a text, without the last break.
  var lines: [String] { split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
  /// In quotes, with what JSON escapes: YAML and Python read the same text.
  var jsonQuoted: String { String(decoding: JSON.text(self).bytes, as: UTF8.self) }
}

import BVAELanguage
import BVAEPlatform

struct ChangeFolderCommand: Command {
  static let about = CommandAbout(
    "cd", in: .prompt, "goes to another folder, from which the paths of later commands are seen",
    details: "Without a path it goes to the home folder. The data, the stored models, the history and the report of "
      + "--report stay where they are. 'save session' writes paths so that the script finds the same files when it is "
      + "run in the folder in which the session began.",
    trace: .none,
    example: """
      cd "/tmp"
      """)

  @Positional("the folder; without one, the home folder", .folder) var path: String?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    guard let target = path ?? Machine.homeDirectory else { throw ScriptFailure("there is no home folder") }
    session.workspace.prepareToLeave(Path.workingDirectory)
    if path == nil { try Files.enter(target) } else { try $path.blaming { try Files.enter(target) } }
    session.host.note(Path.workingDirectory)
    return .nothing
  }
}

struct CurrentFolderCommand: Command {
  static let about = CommandAbout(
    "pwd", in: .prompt, "shows the folder from which paths are seen", trace: .none,
    example: """
      pwd
      """)

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    try session.host.show(text: Path.workingDirectory)
    return .nothing
  }
}

struct ListFolderCommand: Command {
  static let about = CommandAbout(
    "ls", in: .prompt, "lists the files and folders of a folder",
    details: "Folders end in /. Names that begin with a dot are left out.", trace: .none,
    example: """
      ls "/tmp"
      """)

  @Positional("the folder; without one, that of 'pwd'", .folder) var path: String?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let folder = path ?? "."
    let found = try path == nil ? Files.list(folder) : $path.blaming { try Files.list(folder) }
    let names = found.filter { !$0.hasPrefix(".") }.sorted().map {
      Files.isDirectory(Path.join(folder, $0)) ? $0 + "/" : $0
    }
    if !names.isEmpty { try session.host.show(text: Self.columns(names, width: session.host.columns)) }
    return .nothing
  }

  /// Names one below the other, in as many columns as fit; one without a terminal.
  private static func columns(_ names: [String], width: Int?) -> String {
    let widest = names.map(\.displayWidth).max() ?? 0
    let count = min(names.count, max(1, ((width ?? 0) + 2) / (widest + 2)))
    let rows = (names.count + count - 1) / count
    return (0..<rows).map { row in
      let line = stride(from: row, to: names.count, by: rows).map { names[$0] }
      return line.dropLast().map { $0 + String(repeating: " ", count: widest + 2 - $0.displayWidth) }.joined()
        + (line.last ?? "")
    }.joined(separator: "\n")
  }
}

import BVAEArrays
import BVAEPlatform

/// Why a dataset could not be found or made, whatever its files hold; what is wrong with those is a `FileProblem`.
public enum LibraryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A name that this version has no reader for.
  case notAvailable(String)
  /// The data folder itself is not there; `whose` is where it was named.
  case noFolder(String, whose: String)
  /// A path of which another part was asked for than there is, and where that was looked for.
  case noPartBeside(String, Split, looked: [String])
  /// None of a dataset's files are in any of the folders.
  case missing(String, Split, folders: [String], images: [String], labels: [String], hint: String?)
  /// A part that a dataset does not have.
  case noPart(String, Split)
  /// Images without labels, or labels without images.
  case incomplete(found: String, missing: String, String, [String])
  /// A number of planes that images cannot be given.
  case planes(Int)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .notAvailable(let name):
      "'\(name)' is not available in this version; expected \(DataLibrary.Location.words.joined(separator: ", ")), or the "
        + "path of a file or folder of images"
    case .noFolder(let folder, let whose): "there is no folder '\(folder)', which \(whose) names as the data folder"
    case .noPartBeside(let path, let split, let looked):
      "'\(path)' has no \(split.adjective) part, nor is there one beside it"
        + (looked.isEmpty ? "" : "; looked for \(LibraryError.alternatives(looked))")
    case .missing(let name, let split, let folders, let images, let labels, let hint):
      "the \(split.adjective) files of \(name) are not in \(LibraryError.alternatives(folders)): "
        + "looked for "
        + (labels.isEmpty
          ? images.joined(separator: ", ")
          : "images as \(images.joined(separator: ", ")) and labels as \(labels.joined(separator: ", "))")
        + (hint.map { "; \($0)" } ?? "")
    case .noPart(let name, let split):
      "\(name) has no \(split.adjective) images; expected 'split train' or 'split test'"
    case .incomplete(let found, let missing, let folder, let names):
      "there is '\(found)' but not its \(missing); looked in '\(folder)' for \(names.joined(separator: ", "))"
    case .planes(let planes): "images cannot be given \(counted(planes, "plane")); expected 1 (grey) or 3 (colour)"
    }
  }

  private static func alternatives(_ folders: [String]) -> String {
    folders.map { "'\($0)'" }.joined(separator: " or ")
  }
}

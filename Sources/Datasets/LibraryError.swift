import Numerics
import Platform

/// Why a dataset could not be loaded although no file is damaged.
public enum LibraryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A name that this version has no reader for.
  case notAvailable(String)
  /// The data folder itself is not there; `whose` is where it was named.
  case noFolder(String, whose: String)
  /// None of a dataset's files are in any of the folders.
  case missing(String, Split, folders: [String], images: [String], labels: [String], hint: String?)
  /// A part that a dataset does not have.
  case noPart(String, Split)
  /// Images without labels, or labels without images.
  case incomplete(found: String, missing: String, String, [String])
  /// The images' path and number, the labels' path and number.
  case countsDiffer(String, Int, String, Int)
  /// A file of another format than those that are read, and how it begins.
  case unrecognised(String, beginning: [UInt8])
  /// Images of a size that together take too much memory.
  case tooLarge(Int, ImageShape, limit: Int)
  /// A selection that cannot be had, of what, and what to do.
  case selection(SelectionError, String, advice: String?)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .notAvailable(let name):
      "'\(name)' is not available in this version; expected mnist, fashion, emnist, svhn, or the path of a file or folder "
        + "of images"
    case .noFolder(let folder, let whose): "there is no folder '\(folder)', which \(whose) names as the data folder"
    case .missing(let name, let split, let folders, let images, let labels, let hint):
      "\(name)'s \(split.adjective) files are not in \(LibraryError.alternatives(folders)): "
        + "looked for "
        + (labels.isEmpty
          ? images.joined(separator: ", ")
          : "images as \(images.joined(separator: ", ")) and labels as \(labels.joined(separator: ", "))")
        + (hint.map { "; \($0)" } ?? "")
    case .noPart(let name, let split):
      "\(name) has no \(split.adjective) images; expected 'split train' or 'split test'"
    case .incomplete(let found, let missing, let folder, let names):
      "there is '\(found)' but not its \(missing); looked in '\(folder)' for \(names.joined(separator: ", "))"
    case .countsDiffer(let images, let imageCount, let labels, let labelCount):
      "'\(images)' has \(counted(imageCount, "image")) but '\(labels)' has \(counted(labelCount, "label")); "
        + "they do not belong together"
    case .unrecognised(let path, []):
      "cannot read '\(path)': it is empty; expected \(LibraryError.formats)"
    case .unrecognised(let path, let beginning):
      "cannot read '\(path)': it begins with \(signature(of: beginning)), which is no format of images that is understood: "
        + LibraryError.formats
        + (signature(of: beginning).contains(" image")
          ? "; ImageMagick turns it into PNG: convert '\(Path.name(path))' '\(Path.name(path)).png'" : "")
    case .tooLarge(let count, let shape, let limit):
      "\(counted(count, "image")) of \(shape) take more than the \(limit.grouped) bytes that are accepted; say 'count' or a "
        + "smaller 'size'"
    case .selection(let error, let origin, let advice):
      "cannot choose from '\(origin)': \(error)" + (advice.map { "; \($0)" } ?? "")
    }
  }

  private static var formats: String { FileFormat.allCases.map(\.words).joined(separator: "; ") }

  private static func alternatives(_ folders: [String]) -> String {
    folders.map { "'\($0)'" }.joined(separator: " or ")
  }
}

import BVAEArrays
import BVAEPlatform

/// Why a folder of pictures could not be read as images.
public struct PictureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder or the picture, as the user gave it or found within it.
  public let path: String
  /// What is wrong with it.
  public let problem: Problem

  /// What can be wrong with pictures.
  public enum Problem: Equatable, Sendable {
    /// There is no picture that is read; those of other kinds, and other files.
    case noPictures(unread: [String], others: [String])
    /// Folders for parts, but none for the part that is wanted.
    case noPart(Split, found: [String])
    /// No folders for parts, though one is wanted.
    case noParts(Split)
    /// Pictures beside folders of pictures; an example of each.
    case mixed(picture: String, folder: String)
    /// A folder within a label's folder.
    case nested(String)
    /// More labels than a byte can tell apart.
    case tooManyLabels(Int)
    /// More pictures than are read.
    case tooMany(limit: Int)
    /// A picture of another size than the first.
    case sizesDiffer(ImageShape, first: ImageShape, firstPath: String)
    /// A picture with other planes than the first.
    case planesDiffer(ImageShape, first: ImageShape, firstPath: String)
    /// A picture that is larger than images may be.
    case largePicture(width: Int, height: Int)
    /// The images together take more memory than is accepted.
    case tooLarge(images: Int, ImageShape, limit: Int)
  }

  /// `cannot read 'folder': …`
  public var description: String { "cannot read '\(path)': \(reason)" }

  private var reason: String {
    switch problem {
    case .noPictures(let unread, let others):
      "there is no picture in this folder or the folders inside it that is read (.png, .jpg)"
        + unread.map { "; left out: \($0)" }.joined()
        + (others.isEmpty
          ? ""
          : "; there \(others.count == 1 ? "is" : "are") \(counted(others.count, "other file")) (\(PictureError.endings(others)))")
    case .noPart(let part, let found):
      "it has no folder for \(part.adjective) images; there is \(LeftOut.list(found)): say "
        + Set(found.compactMap { Split(folder: $0)?.rawValue }).sorted().map { "'split \($0)'" }.joined(
          separator: " or ")
    case .noParts(let part):
      "it has no parts: 'split \(part.rawValue)' is for folders that hold folders called train, test or val"
    case .mixed(let picture, let folder):
      "it has both pictures ('\(picture)') and folders of pictures ('\(folder)'); expected either pictures without labels or "
        + "one folder for each class"
    case .nested(let folder):
      "it has folders inside folders ('\(folder)'); expected one folder for each class with the pictures in it, or such "
        + "folders inside folders called train, test or val; load one of the folders inside"
    case .tooManyLabels(let count): "it has \(count.grouped) folders of pictures; at most 256 classes are told apart"
    case .tooMany(let limit): "it has more than the \(limit.grouped) pictures that are read"
    case .sizesDiffer(let found, let first, let firstPath):
      "it has \(found.height)×\(found.width) pixels, '\(firstPath)' has \(first.height)×\(first.width); say 'size "
        + "\(first.height == first.width ? "\(first.height)" : "[\(first.height), \(first.width)]")' to give all one size"
    case .planesDiffer(let found, let first, let firstPath):
      "it is \(found.planes == 1 ? "grey" : "in colour"), '\(firstPath)' is \(first.planes == 1 ? "grey" : "in colour"); "
        + "say 'planes 1' to make all grey or 'planes 3' to make all colour"
    case .largePicture(let width, let height):
      "it has \(height.grouped)×\(width.grouped) pixels, more than images may have (4,096×4,096); say 'size 32' or another"
    case .tooLarge(let images, let shape, let limit):
      "\(counted(images, "image")) of \(shape) take more than the \(limit.grouped) bytes that are accepted from such files; say "
        + "'count' or a smaller 'size'"
    }
  }

  /// The first few endings of some names: `.txt`; the name itself where it has none.
  private static func endings(_ names: [String]) -> String {
    let all = Set(
      names.map { Path.fileExtension($0).isEmpty ? Path.name($0) : "." + Path.fileExtension($0) })
    return all.sorted().prefix(4).joined(separator: ", ")
  }
}

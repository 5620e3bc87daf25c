import Numerics
import Platform

/// Why a folder of pictures could not be read as images.
public struct PictureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder or the picture, as the user gave it or found within it.
  public let path: String
  /// What is wrong with it.
  public let problem: Problem

  /// What can be wrong with pictures.
  public enum Problem: Equatable, Sendable {
    /// There is no picture; how many other files, with the endings of some, and whether there were folders in folders.
    case noPictures(others: Int, endings: [String])
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
    case .noPictures(let others, let endings):
      "there is no PNG picture in this folder, nor in folders directly inside"
        + (others == 0
          ? ""
          : "; there \(others == 1 ? "is" : "are") \(counted(others, "other file")) (\(endings.joined(separator: ", ")))")
    case .mixed(let picture, let folder):
      "it has both pictures ('\(picture)') and folders of pictures ('\(folder)'); expected pictures without labels, or one "
        + "folder a label"
    case .nested(let folder):
      "it has folders inside the folders that are taken for labels ('\(folder)'); expected one folder a label: name one "
        + "that holds such folders"
    case .tooManyLabels(let count): "it has \(count.grouped) folders of pictures; at most 256 labels are told apart"
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
}

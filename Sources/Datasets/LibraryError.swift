import BVAEArrays
import BVAEPlatform

/// Why a dataset could not be loaded although no file is damaged.
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
  /// The images' path and number, the labels' path and number.
  case countsDiffer(String, Int, String, Int)
  /// A file of another format than those that are read, and how it begins.
  case unrecognised(String, beginning: [UInt8])
  /// A number of planes that images cannot be given.
  case planes(Int)
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
    case .countsDiffer(let images, let imageCount, let labels, let labelCount):
      "'\(images)' has \(counted(imageCount, "image")) but '\(labels)' has \(counted(labelCount, "label")); "
        + "they do not belong together"
    case .unrecognised(let path, []):
      "cannot read '\(path)': it is empty; expected \(LibraryError.formats)"
    case .unrecognised(let path, let beginning) where LibraryError.known(beginning) != nil:
      "cannot read '\(path)': it is \(LibraryError.known(beginning) ?? "")"
    case .unrecognised(let path, let beginning):
      "cannot read '\(path)': it begins with \(signature(of: beginning)), which is no format of images that is understood: "
        + LibraryError.formats
        + (signature(of: beginning).contains(" image")
          ? "; ImageMagick turns it into PNG: convert '\(Path.name(path))' '\(Path.name(path)).png'" : "")
    case .planes(let planes): "images cannot be given \(counted(planes, "plane")); expected 1 (grey) or 3 (colour)"
    case .tooLarge(let count, let shape, let limit):
      Limits.memoryWords("\(counted(count, "image")) of \(shape)", count * shape.count, limit) + ", or a smaller 'size'"
    case .selection(let error, let origin, let advice):
      "cannot choose from '\(origin)': \(error)" + (advice.map { "; \($0)" } ?? "")
    }
  }

  /// What a file is instead, where its beginning shows it, and what to do.
  private static func known(_ beginning: [UInt8]) -> String? {
    if let foreign = foreignContent(beginning) { return foreign }
    if let variable = MATLAB4.firstVariable(beginning) {
      return
        "a MATLAB 4 file, which begins with the variable \(variable); such files hold flat matrices and no stacks of "
        + "images: in MATLAB, save with the option -v7; in Python, with numpy.savez"
    }
    if beginning.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      return
        "an HDF5 file, as MATLAB 7.3 and h5py write; in MATLAB, save with the option -v7; in Python, read it with h5py "
        + "and write it with numpy.savez"
    }
    if beginning.starts(with: [0x80]), beginning.count > 1, (2...5).contains(beginning[1]) {
      return "a Python pickle, which is a program rather than data and is not read; in Python, write its arrays with "
        + "numpy.savez"
    }
    return table(beginning)
  }

  /// A table of numbers as text, as Kaggle has MNIST: a label and the values of an image in each line.
  private static func table(_ beginning: [UInt8]) -> String? {
    let text = String(decoding: beginning, as: UTF8.self), line = text.prefix { !$0.isNewline }
    guard line.utf8.count < text.utf8.count || beginning.count >= 512,
      let separator = [",", ";", "\t"].first(where: { line.split(separator: $0).count >= 8 }),
      line.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\t" })
    else { return nil }
    let kind = separator == "\t" ? "TSV" : "CSV", written = separator == "\t" ? "\\t" : String(separator)
    return "a table as text (\(kind)), which is not read as images; in Python, where each line is a label and 28×28 "
      + "values below a line of names: import numpy; t = numpy.loadtxt(\"IN\", delimiter=\"\(written)\", skiprows=1, "
      + "dtype=\"uint8\"); numpy.savez(\"OUT.npz\", images=t[:, 1:].reshape(-1, 28, 28), labels=t[:, 0])"
  }

  private static var formats: String { FileFormat.allCases.map(\.words).joined(separator: "; ") }

  private static func alternatives(_ folders: [String]) -> String {
    folders.map { "'\($0)'" }.joined(separator: " or ")
  }
}

import BVAEArrays
import BVAEPlatform

/// Why a file could not be read as IDX images or labels.
public struct IDXError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, as the user gave it.
  public let path: String
  /// Whether byte positions count in the inflated data rather than in the file itself.
  public let compressed: Bool
  /// What is wrong with it.
  public let problem: Problem

  /// What can be wrong with an IDX file.
  public enum Problem: Equatable, Sendable {
    /// It begins with other bytes than an IDX file.
    case unrecognised(beginning: [UInt8])
    /// It has this many dimensions; labels have 1 or 2, images 3, or 4 with colour planes.
    case dimensions(Int)
    /// It ends within its header.
    case shortHeader(found: Int, needed: Int)
    /// A dimension is outside what is accepted.
    case dimension(name: String, byte: Int, found: Int, accepted: String)
    /// The header promises more data than the compressed bytes can stand for.
    case overpromised(promise: String, bytes: Int, packed: Int)
    /// The images that are wanted take more memory than there is.
    case memory(bytes: Int, limit: Int)
    /// Values that are none of images.
    case pixels(PixelMistake)
    /// Fewer bytes than promised follow the header.
    case tooFew(promise: String, bytes: Int, found: Int)
    /// More bytes than promised follow the header; how many in all, where known.
    case tooMany(promise: String, bytes: Int, found: Int?)
    /// The file is cut off before its first image ends.
    case noWholeImage(promise: String)
    /// A label is not among those that are accepted; it stands at byte `byte`.
    case label(String, item: Int, byte: Int, largest: Int)
    /// Labels, of so many columns, were found where images were wanted.
    case labelsForImages(columns: Int)
    /// Images were found where labels were wanted.
    case imagesForLabels
    /// The compression around it is damaged.
    case gzip(GzipError)
  }

  /// `cannot read 'labels.gz': label 11 at item 5 (byte 13 of the inflated data); expected 0 to 9`
  public var description: String { "cannot read '\(path)': \(reason)" }

  private var reason: String {
    switch problem {
    case .unrecognised([]): "it is empty; expected an IDX file"
    case .unrecognised(let beginning):
      "it is not an IDX file: it begins with \(signature(of: beginning)); expected 00 00 08 03 or 00 00 08 04 "
        + "(images) or 00 00 08 01 (labels), with 09 or 0B to 0E in place of 08 where its values are no unsigned bytes"
    case .dimensions(let count):
      "\(place(3)) says that it has \(counted(count, "dimension")); expected 1 or 2 (labels), 3 or 4 (images)"
    case .shortHeader(let found, let needed):
      "it ends within the header, after \(counted(found, "byte")); expected \(needed)"
    case .dimension(let name, let byte, let found, let accepted):
      "\(place(byte)) says \(found.grouped) \(name); expected \(accepted)"
    case .overpromised(let promise, let bytes, let packed):
      "its header promises \(promise), \(counted(bytes, "byte")), more than its \(packed.grouped) compressed bytes can stand for"
    case .memory(let bytes, let limit): Limits.memoryWords("its images", bytes, limit)
    case .pixels(let mistake): mistake.description
    case .tooFew(let promise, let bytes, let found):
      "its header promises \(promise), \(counted(bytes, "byte")), but only \(found.grouped) follow; "
        + "the file is incomplete, fetch it again"
    case .tooMany(let promise, let bytes, let found):
      "its header promises \(promise), \(counted(bytes, "byte")), but \(found.map(\.grouped) ?? "more") follow"
    case .noWholeImage(let promise):
      "its header promises \(promise), but it ends before the first one does; fetch it again"
    case .label(let label, let item, let byte, let largest):
      "label \(label) at item \(item) (\(place(byte))); expected 0 to \(largest)"
    case .labelsForImages(1): "it holds labels; expected images"
    case .labelsForImages(let columns):
      "its 2 dimensions are those of labels in \(counted(columns, "column")); expected images, which have 3 or 4"
    case .imagesForLabels: "it holds images; expected labels"
    case .gzip(let error): error.description
    }
  }

  private func place(_ byte: Int) -> String { "byte \(byte.grouped)\(compressed ? " of the inflated data" : "")" }
}

import BVAEArrays
import BVAEPlatform

/// Why a NumPy array, or an archive of them, could not be read.
public struct NumPyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, as the user gave it.
  public let path: String
  /// The array within an archive; nil for a file of one array.
  public let member: String?
  /// What is wrong.
  public let problem: Problem

  /// What can be wrong with an array.
  public enum Problem: Equatable, Sendable {
    /// It begins otherwise than an array.
    case notNumPy(beginning: [UInt8])
    /// A version of the format that is not known.
    case version(Int, Int)
    /// It ends within its header.
    case shortHeader(found: Int, needed: Int)
    /// The header is longer than is accepted.
    case longHeader(Int, limit: Int)
    /// The header is not the dictionary that the format asks for; where, and what was expected.
    case header(at: Int, expected: String)
    /// The elements are of a type that is not read here.
    case elementType(String, expected: String)
    /// The array has another shape than is read.
    case shape([Int], expected: String)
    /// There is a dimension of 0.
    case noImages([Int])
    /// Values that are none of images.
    case pixels(PixelMistake)
    /// The images that are wanted take more memory than there is.
    case memory(bytes: Int, limit: Int)
    /// The gzip data around it are damaged.
    case gzip(GzipError)
    /// The shape promises more than is accepted.
    case tooLarge(promise: String, limit: Int)
    /// Fewer bytes than the shape asks for; how many images are whole, where they are images.
    case tooFew(shape: [Int], bytes: Int, found: Int)
    /// More bytes than the shape asks for; how many, where known.
    case tooMany(shape: [Int], bytes: Int, found: Int?)
    /// A value outside of what images or labels may have.
    case value(String, item: Int, what: String, expected: String)
    /// An archive without a member that is needed.
    case noMember(String, found: [String])
    /// Another number of labels, or factors, than of images.
    case countsDiffer(images: Int, other: String, count: Int)
    /// The archive around it is damaged.
    case zip(ZipError)
  }

  /// `cannot read 'x.npz': in 'images': …`
  public var description: String { "cannot read '\(path)': " + (member.map { "in '\($0)': " } ?? "") + reason }

  private var reason: String {
    switch problem {
    case .notNumPy([]): "it is empty; expected a NumPy array"
    case .notNumPy(let beginning):
      "it is no NumPy array: it begins with \(signature(of: beginning)); expected 93 4E 55 4D 50 59"
    case .version(let major, let minor): "the array's format has version \(major).\(minor); expected 1.0, 2.0 or 3.0"
    case .shortHeader(let found, let needed):
      "the array ends within its header, after \(counted(found, "byte")); expected \(needed.grouped)"
    case .longHeader(let count, let limit):
      "the array's header is said to have \(counted(count, "byte")); at most \(limit.grouped) are read"
    case .header(let place, let expected):
      "the array's header is damaged at byte \(place.grouped): expected \(expected)"
    case .elementType(let found, let expected): "its values are of type '\(found)'; expected \(expected)"
    case .shape(let found, let expected): "the array is \(NumPyError.words(found)); expected \(expected)"
    case .noImages(let shape): "it has no images: the array is \(NumPyError.words(shape))"
    case .pixels(let mistake): mistake.description
    case .memory(let bytes, let limit): Limits.memoryWords("its images", bytes, limit)
    case .gzip(let error): error.description
    case .tooLarge(let promise, let limit): "its header promises \(promise); at most \(limit.grouped) are read"
    case .tooFew(let shape, let bytes, let found):
      "an array of \(NumPyError.words(shape)) takes \(counted(bytes, "byte")), but only \(found.grouped) follow its header; "
        + "the file is incomplete"
    case .tooMany(let shape, let bytes, let found):
      "an array of \(NumPyError.words(shape)) takes \(counted(bytes, "byte")), but \(found.map(\.grouped) ?? "more") follow "
        + "its header"
    case .value(let value, let item, let what, let expected):
      "the value \(value) in \(what) \(item.grouped) is none of \(what == "label" ? "a label" : "an image"); expected \(expected)"
    case .noMember(let wanted, let found):
      "the archive has no \(wanted); it has "
        + (found.isEmpty ? "nothing" : found.prefix(12).map { "'\($0)'" }.joined(separator: ", "))
    case .countsDiffer(let images, let other, let count):
      "it has \(counted(images, "image")) but \(count.grouped) \(other); they do not belong together"
    case .zip(let error): error.description
    }
  }

  private static func words(_ shape: [Int]) -> String {
    switch shape.count {
    case 0: "a single value"
    case 1: "\(shape[0].grouped) long"
    default: shape.map(\.grouped).joined(separator: "×")
    }
  }
}

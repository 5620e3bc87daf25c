import BVAEArrays
import BVAEPlatform

/// Why a MATLAB file could not be read.
public struct MATError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, as the user gave it.
  public let path: String
  /// What is wrong with it.
  public let problem: Problem

  /// A place in a MATLAB file.
  public struct Place: Equatable, Sendable, CustomStringConvertible {
    /// Where the element of the outermost level begins in the file.
    public let element: Int
    /// Bytes from the beginning of the file, or of that element's inflated content.
    public let offset: Int
    /// Whether the element is compressed.
    public let isCompressed: Bool

    /// `byte 136`, `byte 48 of the inflated element at byte 128`
    public var description: String {
      "byte \(offset.grouped)" + (isCompressed ? " of the inflated element at byte \(element.grouped)" : "")
    }
  }

  /// What is there of a file that was cut off.
  public struct Remainder: Equatable, Sendable {
    /// The number of images promised, and their size.
    public let promised: Int, shape: ImageShape
    /// The bytes that the file should have at least, and those that it has.
    public let expectedBytes: Int, foundBytes: Int
    /// How many images are whole.
    public let wholeImages: Int
    /// Whether there are labels of them.
    public let hasLabels: Bool
  }

  /// What can be wrong with a MATLAB file.
  public enum Problem: Equatable, Sendable {
    /// It is too short for the header, or begins otherwise.
    case notMATLAB(beginning: [UInt8], count: Int)
    /// Another version of the format, by its number.
    case version(Int)
    /// The file ends within the tag of an element.
    case cutTag(Place, count: Int)
    /// An element is of another type than belongs there.
    case elementType(Place, part: String, found: Int, expected: String)
    /// An element has another size than belongs there.
    case elementSize(Place, part: String, found: Int, expected: String)
    /// An element ends before its content does; in the middle of what.
    case endsEarly(Place, part: String)
    /// More variables than are accepted.
    case tooManyVariables(limit: Int)
    /// A variable that is needed is not there.
    case noVariable(String, found: [String])
    /// A variable is there twice.
    case twice(String)
    /// A variable is of another class than is read.
    case variableClass(String, found: String, expected: String)
    /// A variable has other dimensions than are read.
    case dimensions(String, found: [Int], expected: String)
    /// The variable's values take another number of bytes than its dimensions ask for.
    case valueBytes(Place, String, found: Int, expected: Int)
    /// A variable of images has none.
    case noImages(String, found: [Int])
    /// Values that are none of images.
    case pixels(PixelMistake)
    /// The images that are wanted take more memory than there is.
    case memory(bytes: Int, limit: Int)
    /// More images are promised than are accepted.
    case tooLarge(promise: String, limit: Int)
    /// A variable's dimensions promise more than its compressed bytes can hold.
    case overpromised(String, promise: Int, compressed: Int)
    /// Another number of labels than of images.
    case countsDiffer(images: Int, labels: Int)
    /// A label that is none.
    case label(String, item: Int, classes: Int?)
    /// The file was cut off.
    case incomplete(Remainder)
    /// The file was cut off before its first image ends; the bytes that it should have at least, and those that it has.
    case noWholeImage(expected: Int, found: Int)
    /// A compressed element is damaged.
    case compression(GzipError, element: Int)
  }

  /// `cannot read 'x.mat': byte 136 says …; expected …`
  public var description: String { "cannot read '\(path)': \(reason)" }

  private var reason: String {
    switch problem {
    case .notMATLAB([], _): "it is empty; expected a MATLAB 5 file"
    case .notMATLAB(let beginning, let count) where count < 128:
      "it is no whole MATLAB 5 file: it has only \(counted(count, "byte")), beginning with \(signature(of: beginning)), and "
        + "the header alone takes 128; fetch it again"
    case .notMATLAB(let beginning, _):
      "it is no MATLAB 5 file: it begins with \(signature(of: beginning)), and bytes 126 and 127 are neither IM nor MI"
    case .version(0x0200):
      "it is a MATLAB 7.3 file, which is HDF5 inside; expected version 5: in MATLAB, save it with the option -v7; in Python, "
        + "read it with h5py and write it with numpy.savez"
    case .version(let found):
      "byte 124 says version \(hexadecimal([UInt8(truncatingIfNeeded: found >> 8), UInt8(truncatingIfNeeded: found)])); "
        + "expected 01 00, MATLAB 5"
    case .cutTag(let place, let count):
      "the file ends at \(place), \(counted(count, "byte")) into an element's tag of 8; it is incomplete, fetch it again"
    case .elementType(let place, let part, let found, let expected):
      "\(place) gives \(part) the type \(found); expected \(expected)"
    case .elementSize(let place, let part, let found, let expected):
      "\(place) gives \(part) a size of \(counted(found, "byte")); expected \(expected)"
    case .endsEarly(let place, let part): "the element ends at \(place), in the middle of \(part)"
    case .tooManyVariables(let limit): "it has more than the \(limit.grouped) variables that are accepted"
    case .noVariable(let name, let found):
      "it has no variable '\(name)'"
        + (found.isEmpty ? " nor any other" : "; it has \(found.prefix(12).joined(separator: ", "))")
        + "; expected X (the images, rows × columns × 3 × images) and y (the labels)"
    case .twice(let name): "it has two variables '\(name)'"
    case .variableClass(let name, let found, let expected):
      "the variable '\(name)' is of class \(found); expected \(expected)"
    case .dimensions(let name, let found, let expected):
      "the variable '\(name)' is \(found.map(\.grouped).joined(separator: "×")); expected \(expected)"
    case .valueBytes(let place, let name, let found, let expected):
      "\(place) says that the values of '\(name)' take \(counted(found, "byte")); its dimensions ask for \(expected.grouped)"
    case .tooLarge(let promise, let limit):
      "its header promises \(promise); at most \(limit.grouped) images are read"
    case .overpromised(let name, let promise, let compressed):
      "the variable '\(name)' promises \(counted(promise, "byte")), more than its \(compressed.grouped) compressed bytes "
        + "can stand for"
    case .noImages(let name, let found):
      "it has no images: the variable '\(name)' is \(found.map(\.grouped).joined(separator: "×"))"
    case .pixels(let mistake): mistake.description
    case .memory(let bytes, let limit): Limits.memoryWords("its images", bytes, limit)
    case .countsDiffer(let images, let labels):
      "X has \(counted(images, "image")) but y has \(counted(labels, "label")); they do not belong together"
    case .label(let label, let item, nil):
      "label \(label) at item \(item) of y; expected whole numbers 0 to 255"
    case .label(let label, let item, let classes?):
      "label \(label) at item \(item) of y; expected 1 to \(classes), the places of 'classes'"
    case .incomplete(let remainder): MATError.words(remainder)
    case .noWholeImage(let expected, let found):
      "it is incomplete, as an interrupted download is: it promises at least \(counted(expected, "byte")), but ends after "
        + "\(found.grouped), before the first image does; fetch it again ('fetch svhn' gets SVHN's files)"
    case .compression(let error, let element): "the element at byte \(element.grouped): \(error.words("compressed"))"
    }
  }

  private static func words(_ remainder: Remainder) -> String {
    let isSVHN = remainder.shape == .svhn
    let whole =
      remainder.wholeImages == remainder.promised ? "all images" : counted(remainder.wholeImages, "whole image")
    return "it is incomplete, as an interrupted download is: it promises \(counted(remainder.promised, "image")) of "
      + "\(remainder.shape) in at least \(counted(remainder.expectedBytes, "byte")), but ends after "
      + "\(remainder.foundBytes.grouped) with \(whole) and \(remainder.hasLabels ? "their" : "no") labels; "
      + (isSVHN ? "'fetch svhn' gets the whole file" : "fetch it again")
      + ", or say 'partial' to take the images that are whole"
  }
}

/// Why a dataset could not be written as a MATLAB file.
public enum MATWritingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A label that is no digit, and which image has it.
  case label(Int, item: Int)
  /// More bytes than a variable may take.
  case tooLarge(bytes: Int)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .label(let label, let item):
      "a .mat file as SVHN's has digits for labels, and image \(item.grouped) has the label \(label); save it as .npz"
    case .tooLarge(let bytes):
      "\(counted(bytes, "byte")) of images are more than the 2 GB that a .mat file takes; save them in parts"
    }
  }
}

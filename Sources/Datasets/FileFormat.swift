import BVAEPixels

/// The kinds of files that hold images, told by their first bytes.
enum FileFormat: CaseIterable {
  case idx
  case matlab
  case numPy
  case archive
  case picture

  /// The format of a file that begins so, or whose content does, where it is in gzip; nil where it is none of them.
  init?(_ bytes: [UInt8]) {
    if MATFile.recognises(bytes) || bytes.starts(with: "MATLAB 5.0 MAT-file".utf8) {
      self = .matlab
    } else if bytes.starts(with: NumPyHeader.magic) {
      self = .numPy
    } else if ZipArchive.recognises(bytes) {
      self = .archive
    } else if PictureFile.Format(bytes) != nil {
      self = .picture
    } else if Gzip.recognises(bytes) {
      // What is inside tells; data that are damaged at once are told by the reader of what usually comes so.
      let inner = FileFormat.beginning(inflated: bytes)
      self = Gzip.recognises(inner) ? .idx : FileFormat(inner) ?? .idx
    } else if bytes.starts(with: [0, 0]), MATLAB4.firstVariable(bytes) == nil {
      self = .idx
    } else {
      return nil
    }
  }

  /// The first bytes of what gzip data hold, as far as they are intact.
  private static func beginning(inflated bytes: [UInt8]) -> [UInt8] {
    guard let inflater = try? Inflater(bytes, acceptsTruncation: true) else { return [] }
    var inner: [UInt8] = []
    while inner.count < 512, let piece = try? inflater.read(8), !piece.isEmpty { inner += piece }
    return inner
  }

  /// What people call it, and how such a file begins.
  var words: String {
    switch self {
    case .idx: "IDX, plain or in gzip, as MNIST's files"
    case .matlab: "MATLAB 5 (.mat), as SVHN's"
    case .numPy: "NumPy arrays (.npy)"
    case .archive: "archives of them (.npz)"
    case .picture: "PNG and JPEG pictures, and folders of them"
    }
  }
}

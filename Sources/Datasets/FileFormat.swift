import Pixels

/// The kinds of files that hold images, told by their first bytes.
enum FileFormat: CaseIterable {
  case idx
  case matlab
  case numPy
  case archive
  case picture

  /// The format of a file that begins so; nil where it is none of them. Gzip data are taken for IDX, which comes so.
  init?(_ bytes: [UInt8]) {
    if MATFile.recognises(bytes) {
      self = .matlab
    } else if bytes.starts(with: NumPyHeader.magic) {
      self = .numPy
    } else if ZipArchive.recognises(bytes) {
      self = .archive
    } else if PictureFile.Format(bytes) != nil {
      self = .picture
    } else if Gzip.recognises(bytes) || bytes.starts(with: [0, 0]) {
      self = .idx
    } else {
      return nil
    }
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

import Pixels

/// The kinds of files that hold images, told by their first bytes.
enum FileFormat: CaseIterable {
  case idx
  case matlab
  case numPy
  case archive
  case picture

  /// The format of a file that begins so, or whose content does, where it is in gzip; nil where it is none of them.
  init?(_ bytes: [UInt8]) {
    if MATFile.recognises(bytes) {
      self = .matlab
    } else if bytes.starts(with: NumPyHeader.magic) {
      self = .numPy
    } else if ZipArchive.recognises(bytes) {
      self = .archive
    } else if PictureFile.Format(bytes) != nil {
      self = .picture
    } else if Gzip.recognises(bytes) {
      // What is inside tells; data that are damaged at once are told by the reader of what usually comes so.
      guard let inflater = try? Inflater(bytes), let inner = try? inflater.read(512), !Gzip.recognises(inner),
        let format = FileFormat(inner)
      else {
        self = .idx
        return
      }
      self = format
    } else if bytes.starts(with: [0, 0]), MATLAB4.firstVariable(bytes) == nil {
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

import BVAEPlatform

/// Files that are not read: what they are, as far as their first bytes show it, and what to do.
enum ForeignFiles {
  /// A kind of file, by how it begins.
  private struct Kind {
    let start: [UInt8]
    let name: String
    var isPicture = false

    init(_ start: String, _ name: String, isPicture: Bool = false) {
      // The signatures are Latin-1: one scalar a byte.
      self.start = start.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
      (self.name, self.isPicture) = (name, isPicture)
    }
  }

  private static let kinds = [
    Kind("\u{89}PNG", "a PNG image", isPicture: true), Kind("MATLAB 5", "a MATLAB file"),
    Kind("MATLAB 7", "a MATLAB file"), Kind("PK", "a zip archive, as .npz files are"),
    Kind("\u{89}HDF", "an HDF5 file"), Kind("\u{93}NUMPY", "a NumPy array"), Kind("<", "a web page, perhaps"),
    Kind("BZh", "bzip2 data"), Kind("\u{FD}7zXZ", "xz data"), Kind("\u{28}\u{B5}\u{2F}\u{FD}", "zstd data"),
    Kind("\u{FF}\u{D8}\u{FF}", "a JPEG image", isPicture: true), Kind("GIF8", "a GIF image", isPicture: true),
    Kind("BM", "a BMP image", isPicture: true), Kind("II*\0", "a TIFF image", isPicture: true),
    Kind("MM\0*", "a TIFF image", isPicture: true), Kind("RIFF", "a WebP image, perhaps", isPicture: true),
    Kind("%PDF", "a PDF document"), Kind("\u{1F}\u{8B}", "gzip data"),
  ]

  private static func kind(_ beginning: [UInt8]) -> Kind? { kinds.first { beginning.starts(with: $0.start) } }

  /// The first bytes of a file, and what sort of file begins so: `89 50 4E 47 (a PNG image)`.
  static func signature(_ beginning: [UInt8]) -> String {
    hexadecimal(beginning.prefix(4)) + (kind(beginning).map { " (\($0.name))" } ?? "")
  }

  /// The problem with a file that is of none of the formats.
  static func problem(_ path: String, _ beginning: [UInt8]) -> FileProblem {
    if beginning.isEmpty { return FileProblem("it is empty", of: path, expected: FileFormats.words) }
    if let foreign = foreignContent(beginning) { return FileProblem("it is \(foreign)", of: path) }
    for known in [version4, hdf5, pickle, table] {
      if let found = known(beginning) { return found.of(path) }
    }
    let isPicture = kind(beginning)?.isPicture ?? false, name = Path.name(path)
    return FileProblem(
      "it begins with \(signature(beginning)), which is no format of images that is understood: \(FileFormats.words)",
      of: path,
      advice: isPicture ? "ImageMagick turns it into PNG: convert '\(name)' '\(name).png'" : nil)
  }

  private static func version4(_ beginning: [UInt8]) -> FileProblem? {
    MATLAB4.firstVariable(beginning).map { variable in
      FileProblem(
        "it is a MATLAB 4 file, which begins with the variable \(variable)",
        advice:
          "such files hold flat matrices and no stacks of images: in MATLAB, save with the option -v7; in Python, "
          + "with numpy.savez")
    }
  }

  private static func hdf5(_ beginning: [UInt8]) -> FileProblem? {
    guard beginning.starts(with: [0x89, 0x48, 0x44, 0x46]) else { return nil }
    return FileProblem(
      "it is an HDF5 file, as MATLAB 7.3 and h5py write",
      advice: "in MATLAB, save with the option -v7; in Python, read it with h5py and write it with numpy.savez")
  }

  private static func pickle(_ beginning: [UInt8]) -> FileProblem? {
    guard beginning.starts(with: [0x80]), beginning.count > 1, (2...5).contains(beginning[1]) else { return nil }
    return FileProblem(
      "it is a Python pickle, which is a program rather than data and is not read",
      advice: "in Python, write its arrays with numpy.savez")
  }

  /// A table of numbers as text, as Kaggle has MNIST: a label and the values of an image in each line.
  private static func table(_ beginning: [UInt8]) -> FileProblem? {
    let text = String(decoding: beginning, as: UTF8.self), line = text.prefix { !$0.isNewline }
    guard line.utf8.count < text.utf8.count || beginning.count >= 512,
      let separator = [",", ";", "\t"].first(where: { line.split(separator: $0).count >= 8 }),
      line.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\t" })
    else { return nil }
    let kind = separator == "\t" ? "TSV" : "CSV", written = separator == "\t" ? "\\t" : String(separator)
    return FileProblem(
      "it is a table as text (\(kind)), which is not read as images",
      advice: "in Python, where each line is a label and 28×28 values below a line of names: import numpy; t = "
        + "numpy.loadtxt(\"IN\", delimiter=\"\(written)\", skiprows=1, dtype=\"uint8\"); numpy.savez(\"OUT.npz\", "
        + "images=t[:, 1:].reshape(-1, 28, 28), labels=t[:, 0])")
  }
}

/// What is known of a MATLAB 4 file, which holds flat matrices only and therefore no stack of images: enough to name it.
enum MATLAB4 {
  /// What the first variable is, `y (1×2)`; nil where the bytes do not begin as such a file does: the type, rows, columns,
  /// whether there are imaginary parts, and the length of the name, each a number of four bytes; then the name.
  static func firstVariable(_ bytes: [UInt8]) -> String? {
    for order in [ByteOrder.little, .big] {
      guard bytes.count >= 20 else { return nil }
      let fields = stride(from: 0, to: 20, by: 4).map { order.integer(bytes[$0..<$0 + 4]) }
      let (type, rows, columns, imaginary, length) = (fields[0], fields[1], fields[2], fields[3], fields[4])
      // The digits of the type: the machine's order, 0, the kind of number, and the kind of matrix.
      guard type == 1000 * (order == .little ? 0 : 1) + type % 100, type % 10 <= 2, type / 10 % 10 <= 5,
        (0...1).contains(imaginary), (2...64).contains(length), bytes.count >= 20 + length,
        (0...1 << 24).contains(rows), (0...1 << 24).contains(columns)
      else { continue }
      let name = bytes[20..<20 + length - 1]
      guard bytes[20 + length - 1] == 0,
        name.allSatisfy({
          $0 == 0x5F || $0 < 0x80 && Character(Unicode.Scalar($0)).isLetter
            || (0x30...0x39).contains($0)
        })
      else { continue }
      return "\(String(decoding: name, as: UTF8.self)) (\(rows)×\(columns))"
    }
    return nil
  }
}

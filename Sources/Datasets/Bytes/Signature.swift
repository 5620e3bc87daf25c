/// The first bytes of a file, and what sort of file begins so: `89 50 4E 47 (a PNG image)`.
func signature(of beginning: [UInt8]) -> String {
  let known: [(start: String, name: String)] = [
    ("\u{89}PNG", "a PNG image"), ("MATLAB 5", "a MATLAB file"), ("MATLAB 7", "a MATLAB file"),
    ("PK", "a zip archive, as .npz files are"), ("\u{89}HDF", "an HDF5 file"), ("\u{93}NUMPY", "a NumPy array"),
    ("<", "a web page, perhaps"), ("BZh", "bzip2 data"), ("\u{FD}7zXZ", "xz data"),
    ("\u{28}\u{B5}\u{2F}\u{FD}", "zstd data"),
    ("\u{FF}\u{D8}\u{FF}", "a JPEG image"), ("GIF8", "a GIF image"), ("BM", "a BMP image"), ("II*\0", "a TIFF image"),
    ("MM\0*", "a TIFF image"), ("RIFF", "a WebP image, perhaps"), ("%PDF", "a PDF document"),
    ("\u{1F}\u{8B}", "gzip data"),
  ]
  // The signatures are Latin-1: one scalar a byte.
  let name = known.first { beginning.starts(with: $0.start.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }) }
  return hexadecimal(Array(beginning.prefix(4))) + (name.map { " (\($0.name))" } ?? "")
}

/// `00 0D FF`
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
}

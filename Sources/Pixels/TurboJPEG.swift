import BVAEPlatform
import Glibc

/// The functions of the library TurboJPEG, version 2.0 or later, looked up when the program runs: it is needed neither
/// to build the program nor to start it.
struct TurboJPEG: Sendable {
  /// The library of this machine, nil where it has none.
  static let shared = TurboJPEG(["libturbojpeg.so.0", "libturbojpeg.so"])

  private typealias Begin = @convention(c) () -> OpaquePointer?
  private typealias Decompress =
    @convention(c) (
      OpaquePointer?, UnsafePointer<UInt8>?, CUnsignedLong, UnsafeMutablePointer<UInt8>?, CInt, CInt, CInt, CInt, CInt
    ) -> CInt
  private typealias Reason = @convention(c) (OpaquePointer?) -> UnsafePointer<CChar>?
  private typealias Number = @convention(c) (OpaquePointer?) -> CInt

  private let begin: Begin, decompress: Decompress, reason: Reason, severity: Number, end: Number

  // The layouts of pixels that it writes, and the option not to go over the picture for ever (TJPF_…, TJFLAG_…).
  private static let colors: CInt = 0, grey: CInt = 6, print: CInt = 11
  private static let limitScans: CInt = 32_768
  /// What TJERR_WARNING is, where the picture has been written all the same.
  private static let isWarning: CInt = 0

  private init?(_ names: [String]) {
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
      let begin = dlsym(library, "tjInitDecompress"), let decompress = dlsym(library, "tjDecompress2"),
      let reason = dlsym(library, "tjGetErrorStr2"), let severity = dlsym(library, "tjGetErrorCode"),
      let end = dlsym(library, "tjDestroy")
    else { return nil }
    self.begin = unsafeBitCast(begin, to: Begin.self)
    self.decompress = unsafeBitCast(decompress, to: Decompress.self)
    self.reason = unsafeBitCast(reason, to: Reason.self)
    self.severity = unsafeBitCast(severity, to: Number.self)
    self.end = unsafeBitCast(end, to: Number.self)
  }

  /// The pixels of a picture whose header was read: grey, or red, green and blue.
  func pixels(_ bytes: [UInt8], _ header: JPEGHeader) throws(FileProblem) -> [UInt8] {
    guard let handle = begin() else { throw .damagedJPEG("TurboJPEG could not begin") }
    defer { _ = end(handle) }
    let (format, planes) =
      switch header.components {
      case 1: (Self.grey, 1)
      case 4: (Self.print, 4)
      default: (Self.colors, 3)
      }
    var pixels = [UInt8](repeating: 0, count: header.width * header.height * planes)
    let status = decompress(
      handle, bytes, CUnsignedLong(bytes.count), &pixels, CInt(header.width), CInt(header.width * planes),
      CInt(header.height), format, Self.limitScans)
    if status != 0 {
      let text = reason(handle).map { String(cString: $0) } ?? "TurboJPEG gives no reason"
      let isHarmless = severity(handle) == Self.isWarning && Self.harmless.contains { text.contains($0) }
      if !isHarmless { throw .damagedJPEG(text) }
    }
    return planes == 4 ? JPEG.colors(ofInvertedCMYK: pixels) : pixels
  }

  /// Complaints about what does not touch the picture.
  private static let harmless = [
    "extraneous bytes before marker", "Invalid SOS parameters", "Unknown Adobe color transform", "Unknown APP",
  ]
}

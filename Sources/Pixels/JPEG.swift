import BVAEPlatform

/// JPEG files, by the library TurboJPEG where the machine has it. The values are those of Pillow, which uses the same
/// library: exact integer transform, smooth enlargement of colours that are stored at half the size.
public enum JPEG {
  /// What to do where the library is missing.
  public static let remedy = "install libturbojpeg ('apt install libturbojpeg0' on Debian and Ubuntu)"

  /// Whether JPEG pictures can be read on this machine.
  public static var isAvailable: Bool { TurboJPEG.shared != nil }

  /// The picture in a JPEG file: one plane where it is grey, else three. It is not turned, whatever the camera noted.
  /// - Parameters:
  ///   - limit: the most pixels; a larger picture is refused before anything is allocated.
  ///   - isAvailable: false stands for a machine without the library.
  /// - Throws: `FileProblem`.
  public static func decode(
    _ bytes: [UInt8], limit: Int = PNG.defaultLimit, isAvailable: Bool = JPEG.isAvailable
  ) throws(FileProblem) -> PictureFile {
    let header = try JPEGHeader(bytes)
    guard header.width * header.height <= limit else {  // each is below 2¹⁶
      throw .largePicture("JPEG", width: header.width, height: header.height, limit: limit)
    }
    guard isAvailable, let library = TurboJPEG.shared else {
      throw FileProblem(
        "JPEG pictures need a library that is not here", advice: "\(remedy), or save the picture as PNG")
    }
    // Every scan goes over all blocks again: many scans of a large picture are made to take long.
    guard header.scans * header.width * header.height <= max(mostWork, limit) else {
      throw .damagedJPEG("it goes over its \(header.width) × \(header.height) pixels \(header.scans) times")
    }
    let pixels = try library.pixels(bytes, header)
    return PictureFile(
      Bitmap(width: header.width, height: header.height, planes: header.components == 1 ? 1 : 3, bytes: pixels),
      orientation: header.orientation)
  }

  /// Pixels times scans.
  private static let mostWork = 1 << 30

  /// Colours of print, stored inverted as Adobe does, as Pillow makes RGB of them.
  static func colors(ofInvertedCMYK bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: bytes.count / 4 * 3) { colors, count in
      for pixel in 0..<bytes.count / 4 {
        let light = Int(bytes[pixel * 4 + 3])
        for plane in 0..<3 {
          let product = (255 - Int(bytes[pixel * 4 + plane])) * light + 128
          colors[pixel * 3 + plane] = UInt8(light - (((product >> 8) + product) >> 8))
        }
      }
      count = bytes.count / 4 * 3
    }
  }
}

extension PictureKind {
  /// JPEG, where the library is.
  public static let jpeg = PictureKind(
    "JPEG", endings: ["jpg", "jpeg", "jpe", "jfif"], start: [0xFF, 0xD8, 0xFF], remedy: JPEG.remedy,
    isAvailable: { JPEG.isAvailable }
  ) { (bytes, limit, _) throws(FileProblem) in try JPEG.decode(bytes, limit: limit) }
}

extension FileProblem {
  /// Something in a JPEG contradicts the format, or is missing.
  static func damagedJPEG(_ what: String) -> FileProblem { FileProblem("the JPEG picture is damaged: \(what)") }

  /// A kind of JPEG that is not read.
  static func unusualJPEG(_ kind: String) -> FileProblem {
    FileProblem("the JPEG picture is \(kind), which is not read", advice: "save it as PNG")
  }

  /// A header announces more pixels than the caller accepts.
  static func largePicture(_ kind: String, width: Int, height: Int, limit: Int) -> FileProblem {
    FileProblem(
      "the \(kind) picture is too large: \(width) × \(height) pixels, more than the \(limit) that are accepted")
  }
}

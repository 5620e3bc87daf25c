import BVAEPlatform

/// What the markers of a JPEG file (ITU-T T.81) say of the picture before it is decoded.
struct JPEGHeader {
  private(set) var width = 0
  private(set) var height = 0
  /// 1 grey, 3 colour, 4 colours of print.
  private(set) var components = 0
  /// How often the data go over the picture.
  private(set) var scans = 0
  /// The orientation that EXIF notes, 1…8.
  private(set) var orientation: Int?

  /// - Throws: `FileProblem`.
  init(_ bytes: [UInt8]) throws(FileProblem) {
    guard bytes.starts(with: [0xFF, 0xD8, 0xFF]) else {
      throw FileProblem("it is not a JPEG picture: it does not begin with FF D8 FF")
    }
    var place = 2
    while let marker = Self.nextMarker(bytes, &place), marker != 0xD9 {
      // Markers that stand alone: restarts, and the start again.
      if (0xD0...0xD8).contains(marker) || marker == 0x01 { continue }
      guard place + 2 <= bytes.count else { break }
      let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
      guard length >= 2, length <= bytes.count - place else { break }
      let segment = bytes[place + 2..<place + length]
      switch marker {
      case 0xC4, 0xC8, 0xCC: break
      case 0xC0...0xCF where components == 0: try readFrame(marker, segment)
      case 0xDA: scans += 1
      case 0xE1 where orientation == nil: orientation = Self.orientation(segment)
      default: break
      }
      place += length
    }
    guard components > 0 else { throw .damagedJPEG("it ends before it says how large the picture is") }
    guard scans > 0 else { throw .damagedJPEG("it ends before the picture begins") }
  }

  /// The next marker from a place on; the place goes behind it. Between markers there are the picture's data.
  private static func nextMarker(_ bytes: [UInt8], _ place: inout Int) -> UInt8? {
    while place + 1 < bytes.count {
      if bytes[place] == 0xFF, bytes[place + 1] != 0, bytes[place + 1] != 0xFF {
        place += 2
        return bytes[place - 1]
      }
      place += 1
    }
    return nil
  }

  private mutating func readFrame(_ marker: UInt8, _ segment: ArraySlice<UInt8>) throws(FileProblem) {
    let bytes = Array(segment)
    guard bytes.count >= 6 else { throw .damagedJPEG("the header of the picture is cut off") }
    switch marker {
    case 0xC0, 0xC1, 0xC2, 0xC9, 0xCA: break
    case 0xC3, 0xC7, 0xCB, 0xCF: throw .unusualJPEG("a lossless one")
    default: throw .unusualJPEG("a hierarchical one")
    }
    guard bytes[0] == 8 else { throw .unusualJPEG("one of \(bytes[0]) bits") }
    height = Int(bytes[1]) << 8 | Int(bytes[2])
    width = Int(bytes[3]) << 8 | Int(bytes[4])
    guard width > 0, height > 0 else { throw .damagedJPEG("its header states a size of \(width) × \(height) pixels") }
    guard [1, 3, 4].contains(bytes[5]) else { throw .unusualJPEG("one of \(bytes[5]) planes") }
    components = Int(bytes[5])
  }

  /// The orientation among the first tags of EXIF (a TIFF header and a directory of 12 bytes a tag).
  private static func orientation(_ segment: ArraySlice<UInt8>) -> Int? {
    guard segment.starts(with: Array("Exif\0\0".utf8)) else { return nil }
    let tiff = Array(segment.dropFirst(6))
    guard tiff.count >= 14 else { return nil }
    let isLittle = tiff[0] == UInt8(ascii: "I")
    func number(_ place: Int, _ count: Int) -> Int {
      guard place + count <= tiff.count else { return 0 }
      let bytes = tiff[place..<place + count]
      return (isLittle ? bytes.reversed() : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
    }
    let directory = number(4, 4)
    for tag in 0..<min(number(directory, 2), 256) {
      let place = directory + 2 + 12 * tag
      guard number(place, 2) == 0x0112 else { continue }
      let value = number(place + 8, 2)
      return (1...8).contains(value) ? value : nil
    }
    return nil
  }
}

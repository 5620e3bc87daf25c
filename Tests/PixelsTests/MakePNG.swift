import BVAEPixels
import CBVAEZlib

/// PNG files of every kind, written as the specification says (W3C PNG, third edition), for libpng to read.
struct MakePNG {
  static let width = 11, height = 9

  /// 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha.
  var kind: Int
  /// 1, 2, 4, 8 or 16.
  var depth: Int
  var isInterlaced = false
  /// The transparent colour, in numbers of the file, or the alpha of the palette's first colours.
  var transparent: [Int] = []
  /// Chunks between the header and the palette.
  var more: [(String, [UInt8])] = []

  /// Values a pixel as they are stored.
  var samples: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][kind] ?? 0 }

  /// The stored value of a sample, spread over all that there are.
  func sample(_ x: Int, _ y: Int, _ index: Int) -> Int {
    let place: Int = x * 4099 + y * 9973 + index * 20_011
    let number: Int = (place + x * y * 301) & 0xFFFF
    return number >> (16 - depth)
  }

  /// A palette's colour.
  static func color(_ index: Int) -> [UInt8] {
    let parts: [Int] = [index * 53, index * 101 + 40, 255 - index * 7]
    return parts.map { UInt8($0 & 255) }
  }

  /// What a pixel has to become: its grey or colour, and its alpha, 0…255.
  func pixel(_ x: Int, _ y: Int) -> (color: [UInt8], alpha: UInt8) {
    let most = 1 << depth - 1
    let stored = (0..<samples).map { sample(x, y, $0) }
    // The nearest of 256 levels.
    let bytes = stored.map { UInt8((Double($0) * 255 / Double(most)).rounded()) }
    switch kind {
    case 3: return (Self.color(stored[0]), stored[0] < transparent.count ? UInt8(transparent[stored[0]]) : 255)
    case 4, 6: return (bytes.dropLast(), bytes[samples - 1])
    default: return (bytes, stored == transparent ? 0 : 255)
    }
  }

  /// The pixels over a background, mixed in stored values.
  func expected(_ background: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    for y in 0..<Self.height {
      for x in 0..<Self.width {
        let (color, alpha) = pixel(x, y)
        let share = Double(alpha) / 255
        for (value, under) in zip(color, background) {
          let mixed: Double = Double(under) + (Double(value) - Double(under)) * share
          bytes.append(UInt8(mixed.rounded()))
        }
      }
    }
    return bytes
  }

  var bytes: [UInt8] {
    var data: [UInt8] = []
    // Where each pass of Adam7 begins, and its steps.
    let interlaced: [[Int]] = [
      [0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2],
    ]
    for pass in isInterlaced ? interlaced : [[0, 0, 1, 1]] {
      let (left, top, across, down) = (pass[0], pass[1], pass[2], pass[3])
      let columns = Array(stride(from: left, to: Self.width, by: across))
      if columns.isEmpty { continue }
      for y in stride(from: top, to: Self.height, by: down) {
        data.append(0)
        var bits = 0, count = 0
        for x in columns {
          for index in 0..<samples {
            bits = bits << depth | sample(x, y, index)
            count += depth
            while count >= 8 {
              data.append(UInt8(bits >> (count - 8) & 255))
              count -= 8
            }
            bits &= 1 << count - 1
          }
        }
        if count > 0 { data.append(UInt8(bits << (8 - count) & 255)) }
      }
    }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let form: [UInt8] = [UInt8(depth), UInt8(kind), 0, 0, isInterlaced ? 1 : 0]
    file += Self.chunk("IHDR", Self.four(Self.width) + Self.four(Self.height) + form)
    for (name, content) in more { file += Self.chunk(name, content) }
    if kind == 3 { file += Self.chunk("PLTE", (0..<1 << depth).flatMap(Self.color)) }
    if !transparent.isEmpty {
      let size = kind == 3 ? 1 : 2
      let content = transparent.flatMap { Self.four($0).suffix(size) }
      file += Self.chunk("tRNS", content)
    }
    return file + Self.chunk("IDAT", Self.packed(data)) + Self.chunk("IEND", [])
  }

  static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body: [UInt8] = Array(name.utf8) + content
    let sum = body.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    let length: [UInt8] = four(content.count)
    return length + body + four(Int(sum))
  }

  static func four(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }

  static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(length))
    guard compress(&packed, &length, bytes, uLong(bytes.count)) == Z_OK else { return [] }
    return Array(packed.prefix(Int(length)))
  }
}

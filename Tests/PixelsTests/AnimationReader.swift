import CBVAEZlib

/// What an animation's file says, read by its format's description alone: each frame as it is seen, three bytes a pixel.
struct ReadAnimation {
  var width = 0, height = 0
  var frames: [[UInt8]] = []
  /// Hundredths of a second.
  var delays: [Int] = []
  /// How often it plays; 0 is for ever.
  var plays: Int?
  var comments: [String] = []
  /// The pixels that are stored for each frame.
  var sizes: [Int] = []

  private var screen: [UInt8] = []

  private mutating func put(_ pixels: [UInt8], x: Int, y: Int, width: Int) {
    for (place, start) in stride(from: 0, to: pixels.count, by: 3).enumerated() {
      let target = ((y + place / width) * self.width + x + place % width) * 3
      for plane in 0..<3 { screen[target + plane] = pixels[start + plane] }
    }
    frames.append(screen)
    sizes.append(pixels.count / 3)
  }

  // MARK: GIF

  init?(gif file: [UInt8]) {
    guard file.starts(with: "GIF89a".utf8) else { return nil }
    func number(_ place: Int) -> Int { Int(file[place]) | Int(file[place + 1]) << 8 }
    (width, height) = (number(6), number(8))
    screen = [UInt8](repeating: 0, count: width * height * 3)
    guard file[10] & 0x80 != 0 else { return nil }
    let colors = 2 << Int(file[10] & 7), palette = 13
    var place = palette + 3 * colors
    func blocks() -> [UInt8] {
      var bytes: [UInt8] = []
      while file[place] != 0 {
        bytes += file[place + 1...place + Int(file[place])]
        place += 1 + Int(file[place])
      }
      place += 1
      return bytes
    }
    while file[place] != 0x3B {
      if file[place] == 0x21 {
        let kind = file[place + 1]
        place += 2
        let content = blocks()
        switch kind {
        case 0xF9: delays.append(Int(content[1]) | Int(content[2]) << 8)
        case 0xFE: comments.append(String(decoding: content, as: UTF8.self))
        case 0xFF where content.starts(with: "NETSCAPE2.0".utf8): plays = Int(content[12]) | Int(content[13]) << 8
        default: return nil
        }
        continue
      }
      guard file[place] == 0x2C, file[place + 9] == 0 else { return nil }
      let x = number(place + 1), y = number(place + 3), width = number(place + 5), height = number(place + 7)
      let bits = Int(file[place + 10])
      place += 11
      guard let indices = Self.decompressed(blocks(), bits: bits), indices.count == width * height,
        indices.allSatisfy({ Int($0) < colors })
      else { return nil }
      put(indices.flatMap { file[palette + 3 * Int($0)..<palette + 3 * Int($0) + 3] }, x: x, y: y, width: width)
    }
    guard place == file.count - 1 else { return nil }
  }

  /// Welch's decompression, as the format describes it; nil where the codes are none.
  private static func decompressed(_ bytes: [UInt8], bits: Int) -> [UInt8]? {
    let clear = 1 << bits
    var strings: [[UInt8]] = [], width = bits + 1, last: [UInt8]?
    func fresh() -> [[UInt8]] { (0..<clear).map { [UInt8($0)] } + [[], []] }
    var output: [UInt8] = [], bit = 0
    while bit + width <= bytes.count * 8 {
      var code = 0
      for i in 0..<width where bytes[(bit + i) / 8] >> ((bit + i) % 8) & 1 == 1 { code |= 1 << i }
      bit += width
      if code == clear {
        (strings, width, last) = (fresh(), bits + 1, nil)
        continue
      }
      // Nothing but the bits that fill a byte follows the end.
      if code == clear + 1 { return bytes.count * 8 - bit < 8 ? output : nil }
      if let before = last, strings.count < 4096 {
        guard code <= strings.count else { return nil }
        strings.append(before + [code < strings.count ? strings[code][0] : before[0]])
        if strings.count == 1 << width, width < 12 { width += 1 }
      }
      guard code < strings.count else { return nil }
      output += strings[code]
      last = strings[code]
    }
    return nil
  }

  // MARK: APNG

  init?(png file: [UInt8]) {
    func number(_ place: Int, _ count: Int = 4) -> Int { file[place..<place + count].reduce(0) { $0 << 8 | Int($1) } }
    var place = 8, planes = 0, sequence = 0, announced = 0
    var frame: (x: Int, y: Int, width: Int, height: Int)?, packed: [UInt8] = []
    func finish(_ animation: inout ReadAnimation) -> Bool {
      guard let frame else { return packed.isEmpty }
      guard let pixels = Self.inflated(packed, frame.width * planes, frame.height, planes) else { return false }
      let colored = planes == 3 ? pixels : pixels.flatMap { [$0, $0, $0] }
      animation.put(colored, x: frame.x, y: frame.y, width: frame.width)
      packed = []
      return true
    }
    while place < file.count {
      let data = place + 8, length = number(place)
      let type = String(decoding: file[place + 4..<data], as: UTF8.self)
      let sum = file[place + 4..<data + length].withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
      guard Int(sum) == number(data + length) else { return nil }
      switch type {
      case "IHDR":
        (width, height) = (number(data), number(data + 4))
        guard file[data + 8] == 8, [0, 2].contains(file[data + 9]), file[data + 12] == 0 else { return nil }
        planes = file[data + 9] == 0 ? 1 : 3
        screen = [UInt8](repeating: 0, count: width * height * 3)
      case "acTL": (announced, plays) = (number(data), number(data + 4))
      case "fcTL":
        guard number(data) == sequence, finish(&self), file[data + 24] == 0, file[data + 25] == 0 else { return nil }
        frame = (number(data + 12), number(data + 16), number(data + 4), number(data + 8))
        guard number(data + 22, 2) == 100 else { return nil }
        delays.append(number(data + 20, 2))
        sequence += 1
      case "IDAT":
        guard frames.isEmpty else { return nil }
        packed += file[data..<data + length]
      case "fdAT":
        guard number(data) == sequence, delays.count > 1 else { return nil }
        packed += file[data + 4..<data + length]
        sequence += 1
      case "tEXt":
        comments.append(String(decoding: file[data..<data + length].map { $0 == 0 ? 58 : $0 }, as: UTF8.self))
      case "IEND": guard finish(&self), announced == frames.count else { return nil }
      default: break
      }
      place = data + length + 4
    }
  }

  /// The rows of a zlib stream without their filters.
  private static func inflated(_ packed: [UInt8], _ stride: Int, _ rows: Int, _ planes: Int) -> [UInt8]? {
    var raw = [UInt8](repeating: 0, count: (stride + 1) * rows), length = uLong(raw.count)
    guard uncompress(&raw, &length, packed, uLong(packed.count)) == Z_OK, Int(length) == raw.count else { return nil }
    var pixels = [UInt8](repeating: 0, count: stride * rows)
    for row in 0..<rows {
      let filter = raw[row * (stride + 1)]
      for i in 0..<stride {
        let left = i >= planes ? Int(pixels[row * stride + i - planes]) : 0
        let up = row > 0 ? Int(pixels[(row - 1) * stride + i]) : 0
        let corner = row > 0 && i >= planes ? Int(pixels[(row - 1) * stride + i - planes]) : 0
        let guess: Int
        switch filter {
        case 0: guess = 0
        case 1: guess = left
        case 2: guess = up
        case 3: guess = (left + up) / 2
        case 4:
          let p = left + up - corner
          let (a, b, c) = (abs(p - left), abs(p - up), abs(p - corner))
          guess = a <= b && a <= c ? left : b <= c ? up : corner
        default: return nil
        }
        pixels[row * stride + i] = raw[row * (stride + 1) + 1 + i] &+ UInt8(truncatingIfNeeded: guess)
      }
    }
    return pixels
  }
}

/// At most 256 colours that stand for those of some pictures.
///
/// Pictures of at most 256 colours have exactly theirs. For others the commonest colours, such as the paper's, are kept as
/// they are, and the rest are made by dividing the colours (Heckbert 1982, "Color image quantization for frame buffer
/// display"): the set with the largest squared error is divided at its mean along its widest plane, until there are enough
/// sets, each of which stands for its mean. Between these, pixels are dithered by an ordered pattern (Bayer 1973), which
/// stays the same from frame to frame where a picture does; errors that are handed on from pixel to pixel would flicker.
struct Palette {
  /// The colours.
  let colors: [Color]
  /// Whether they are all that there are.
  let isExact: Bool
  /// The place of each colour among them.
  private let places: [UInt32: UInt8]
  /// How far apart colours lie in a plane, about.
  private let spread: Float
  /// The place of the colour that is nearest to each, once it has been looked for; none without dithering.
  private var nearest: [UInt16]

  private static let most = 256, commonest = 32

  /// The colours of some pictures, all of one plane or all of three.
  init(for pictures: [Bitmap]) {
    let counted = Self.counted(pictures)
    isExact = counted.count <= Self.most
    let keys: [UInt32]
    if isExact {
      keys = counted.map(\.key)
    } else {
      let byCount = counted.sorted { ($1.count, $0.key) < ($0.count, $1.key) }
      let kept = byCount.prefix(Self.commonest).map(\.key)
      var found = Set(kept)
      keys =
        kept
        + Self.divided(Array(byCount.dropFirst(Self.commonest)), into: Self.most - kept.count)
        .filter { found.insert($0).inserted }
    }
    colors = keys.map { Color($0) }
    places = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, UInt8($0)) })
    spread = isExact ? 0 : Self.spread(colors)
    nearest = isExact ? [] : [UInt16](repeating: .max, count: 1 << 24)
  }

  /// The places of the colours that stand for a part of a picture.
  mutating func indices(of change: (x: Int, y: Int, part: Bitmap)) -> [UInt8] {
    let part = change.part
    var indices: [UInt8] = []
    indices.reserveCapacity(part.width * part.height)
    var last: (key: UInt32, place: UInt8?) = (.max, nil)
    for y in 0..<part.height {
      for x in 0..<part.width {
        let key = part.key((y * part.width + x) * part.planes)
        if key != last.key { last = (key, places[key]) }
        if let place = last.place {
          indices.append(place)
          continue
        }
        let shift = spread * Self.pattern[((change.y + y) % 8) * 8 + (change.x + x) % 8]
        let moved = Int(Self.moved(key, by: shift))
        if nearest[moved] == .max { nearest[moved] = UInt16(place(nearestTo: UInt32(moved))) }
        indices.append(UInt8(truncatingIfNeeded: nearest[moved]))
      }
    }
    return indices
  }

  // MARK: Dithering

  /// Bayer's pattern of 8 × 8 thresholds, from −½ to ½.
  private static let pattern: [Float] = (0..<64).map { place in
    // The bits of the row and of row ⊕ column, interleaved from the least significant up.
    let y = place / 8, x = place % 8
    var threshold = 0
    for bit in 0..<3 {
      threshold = threshold << 2 | ((x ^ y) >> bit & 1) << 1 | (y >> bit & 1)
    }
    return (Float(threshold) + 0.5) / 64 - 0.5
  }

  private static func moved(_ key: UInt32, by shift: Float) -> UInt32 {
    func plane(_ bits: UInt32) -> UInt32 {
      UInt32(max(0, min(255, Float(key >> bits & 0xFF) + shift)).rounded()) << bits
    }
    return plane(16) | plane(8) | plane(0)
  }

  private func place(nearestTo key: UInt32) -> Int {
    let color = Color(key)
    var best = (place: 0, distance: Int.max)
    for (place, other) in colors.enumerated() {
      let distance = color.squaredDistance(to: other)
      if distance < best.distance { best = (place, distance) }
    }
    return best.place
  }

  /// The mean distance of a colour from the nearest other one, in a plane.
  private static func spread(_ colors: [Color]) -> Float {
    let distances = colors.indices.map { i in
      Float(colors.indices.lazy.filter { $0 != i }.map { colors[i].squaredDistance(to: colors[$0]) }.min() ?? 0)
        .squareRoot()
    }
    return distances.reduce(0, +) / Float(max(1, distances.count)) / Float(3).squareRoot()
  }

  // MARK: Colours

  private typealias Entry = (key: UInt32, count: Int)

  /// Each colour and how many pixels have it, in the order of the colours.
  private static func counted(_ pictures: [Bitmap]) -> [Entry] {
    var counts: [UInt32: Int] = [:]
    for picture in pictures {
      var run: Entry = (0, 0)
      for pixel in 0..<picture.width * picture.height {
        let key = picture.key(pixel * picture.planes)
        if key == run.key {
          run.count += 1
        } else {
          if run.count > 0 { counts[run.key, default: 0] += run.count }
          run = (key, 1)
        }
      }
      counts[run.key, default: 0] += run.count
    }
    return counts.map { ($0.key, $0.value) }.sorted { $0.key < $1.key }
  }

  /// Some of the colours: where they part, and how large the error is if they do not.
  private struct Division {
    let entries: [Entry]
    let mean: [Double]
    /// The plane in which they differ most, as the place of its lowest bit, and the sum of squares in it.
    let plane: UInt32, error: Double

    init(_ entries: [Entry]) {
      self.entries = entries
      let planes: [UInt32] = [16, 8, 0]
      let total = Double(entries.reduce(0) { $0 + $1.count })
      let mean = planes.map { bits in
        entries.reduce(0.0) { $0 + Double($1.count) * Double($1.key >> bits & 0xFF) } / total
      }
      let errors = zip(planes, mean).map { bits, mean in
        entries.reduce(0.0) {
          let difference = Double($1.key >> bits & 0xFF) - mean
          return $0 + Double($1.count) * difference * difference
        }
      }
      self.mean = mean
      error = errors.max() ?? 0
      plane = planes[errors.firstIndex(of: error) ?? 0]
    }

    var halves: (Division, Division) {
      let middle = mean[plane == 16 ? 0 : plane == 8 ? 1 : 2]
      return (
        Division(entries.filter { Double($0.key >> plane & 0xFF) <= middle }),
        Division(entries.filter { Double($0.key >> plane & 0xFF) > middle })
      )
    }

    var color: UInt32 { mean.reduce(0) { $0 << 8 | UInt32($1.rounded()) } }
  }

  private static func divided(_ entries: [Entry], into count: Int) -> [UInt32] {
    var parts = [Division(entries)]
    while parts.count < count,
      let widest = parts.indices.max(by: { parts[$0].error < parts[$1].error }), parts[widest].error > 0
    {
      let (first, second) = parts[widest].halves
      parts[widest] = first
      parts.append(second)
    }
    return parts.map(\.color)
  }
}

extension Bitmap {
  /// The colour of the pixel that begins at a byte, as `Color` takes it.
  fileprivate func key(_ place: Int) -> UInt32 {
    planes == 1
      ? UInt32(bytes[place]) * 0x010101
      : UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
  }
}

extension Color {
  fileprivate func squaredDistance(to other: Color) -> Int {
    let red = Int(self.red) - Int(other.red), green = Int(self.green) - Int(other.green)
    let blue = Int(self.blue) - Int(other.blue)
    return red * red + green * green + blue * blue
  }
}

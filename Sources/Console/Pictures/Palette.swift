import BVAEPixels

/// A picture in few colours: which they are, and which of them each pixel has.
package struct Palette {
  /// At most as many as were allowed.
  package private(set) var colors: [Color] = []
  /// The colour of each pixel, row after row.
  package private(set) var indices: [UInt8] = []

  /// The colours of a picture: its own where they are few enough, else those of median cut: the box of colours with the
  /// most error is halved at its median until there are enough (Heckbert 1982).
  /// - Parameter limit: the most colours, 1…256.
  package init(_ picture: Bitmap, limit: Int = 256) {
    let bytes = picture.colored.bytes
    if let exact = Self.exact(bytes, limit: limit) {
      self = exact
      return
    }
    // Five bits a plane tell colours apart well enough to sort them.
    var bins = [Bin?](repeating: nil, count: 1 << 15)
    for place in stride(from: 0, to: bytes.count, by: 3) {
      bins[Self.key(bytes, place), default: Bin()].add(bytes[place], bytes[place + 1], bytes[place + 2])
    }
    var boxes = [Box(members: bins.indices.filter { bins[$0] != nil }, bins)]
    while boxes.count < limit, let worst = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }),
      boxes[worst].error > 0
    {
      let (first, second) = boxes[worst].halves(bins)
      boxes[worst] = first
      boxes.append(second)
    }
    var lookup = [UInt8](repeating: 0, count: 1 << 15)
    for (index, box) in boxes.enumerated() {
      colors.append(box.mean)
      for member in box.members { lookup[member] = UInt8(index) }
    }
    indices = stride(from: 0, to: bytes.count, by: 3).map { lookup[Self.key(bytes, $0)] }
  }

  private init() {}

  private static func exact(_ bytes: [UInt8], limit: Int) -> Palette? {
    var palette = Palette(), known: [Int: UInt8] = [:]
    palette.indices.reserveCapacity(bytes.count / 3)
    for place in stride(from: 0, to: bytes.count, by: 3) {
      let key = Int(bytes[place]) << 16 | Int(bytes[place + 1]) << 8 | Int(bytes[place + 2])
      if let index = known[key] {
        palette.indices.append(index)
        continue
      }
      guard palette.colors.count < limit else { return nil }
      let index = UInt8(palette.colors.count)
      known[key] = index
      palette.colors.append(Color(red: bytes[place], green: bytes[place + 1], blue: bytes[place + 2]))
      palette.indices.append(index)
    }
    return palette
  }

  private static func key(_ bytes: [UInt8], _ place: Int) -> Int {
    Int(bytes[place] >> 3) << 10 | Int(bytes[place + 1] >> 3) << 5 | Int(bytes[place + 2] >> 3)
  }

  /// The pixels of nearly one colour.
  private struct Bin {
    var count = 0
    var sums = SIMD3<Int>()

    mutating func add(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      count += 1
      sums &+= SIMD3(Int(red), Int(green), Int(blue))
    }

    var mean: SIMD3<Int> { sums / max(1, count) }
  }

  /// Bins that shall share a colour.
  private struct Box {
    let members: [Int]
    let mean: Color
    /// Pixels times the square of the longest side; 0 where it cannot be halved.
    let error: Int
    private let plane: Int

    init(members: [Int], _ bins: [Bin?]) {
      self.members = members
      let own = members.map { bins[$0] ?? Bin() }
      let count = own.reduce(0) { $0 + $1.count }
      let sums = own.reduce(SIMD3<Int>()) { $0 &+ $1.sums }
      let mean = sums / max(1, count)
      self.mean = Color(red: UInt8(mean.x), green: UInt8(mean.y), blue: UInt8(mean.z))
      var lower = SIMD3<Int>(repeating: 255), upper = SIMD3<Int>()
      for bin in own {
        lower = pointwiseMin(lower, bin.mean)
        upper = pointwiseMax(upper, bin.mean)
      }
      let sides = upper &- lower
      plane = (0..<3).max { sides[$0] < sides[$1] } ?? 0
      error = members.count > 1 ? count * max(1, sides[plane]) * max(1, sides[plane]) : 0
    }

    func halves(_ bins: [Bin?]) -> (Box, Box) {
      let sorted = members.sorted { (bins[$0]?.mean[plane] ?? 0, $0) < (bins[$1]?.mean[plane] ?? 0, $1) }
      let total = sorted.reduce(0) { $0 + (bins[$1]?.count ?? 0) }
      var passed = 0, cut = 0
      while cut < sorted.count - 1, passed < total / 2 || cut == 0 {
        passed += bins[sorted[cut]]?.count ?? 0
        cut += 1
      }
      return (Box(members: Array(sorted[..<cut]), bins), Box(members: Array(sorted[cut...]), bins))
    }
  }
}

extension Array {
  /// The element of an optional place, made where there is none.
  fileprivate subscript<Wrapped>(index: Int, default make: @autoclosure () -> Wrapped) -> Wrapped
  where Element == Wrapped? {
    get { self[index] ?? make() }
    set { self[index] = newValue }
  }
}

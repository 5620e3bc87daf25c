import BVAEArrays
import BVAEPlatform
import Synchronization

/// Images that the program draws, so that what varies in them is known. A seed gives the same bits on every machine and
/// any number of threads: only +, −, ×, ÷ and square roots are used, which IEEE 754 fixes to the last bit.
public enum SyntheticData: String, CaseIterable, Sendable {
  /// Shapes after dSprites, [side, side, 1].
  case sprites
  /// House numbers in the manner of SVHN, [side, side, 3].
  case streets

  /// What people call it; every title made of it thereby says what it is.
  public var name: String { "Synthetic \(rawValue)" }

  /// The factors, of which the first is the label.
  public var factors: [Factor] { distributions.map(\.factor) }

  /// Pixels along each side of an image unless said otherwise: those of dSprites and of SVHN.
  public var usualSide: Int { self == .sprites ? 64 : 32 }

  /// What a dataset of it says about its origin.
  public var origin: String {
    switch self {
    case .sprites: "drawn by bvae-script after dSprites (Matthey et al. 2017)"
    case .streets: "drawn by bvae-script in the manner of SVHN (Netzer et al. 2011)"
    }
  }

  /// The licence of all drawn images.
  public static let licence = "synthetic, made by this program; no rights reserved"

  /// What labels stand for, where they are more than digits.
  public var classes: [String]? {
    guard self == .sprites, case .categorical(let names) = factors[0].kind else { return nil }
    return names
  }

  var distributions: [Distribution] {
    switch self {
    case .sprites: Sprites.distributions
    case .streets: Streets.distributions
    }
  }

  func shape(side: Int) -> ImageShape { ImageShape(height: side, width: side, planes: self == .sprites ? 1 : 3) }

  /// The most bytes of images that are drawn at once.
  public static let largest = 1 << 31
  /// The sides of drawn images, multiples of 4, which every network takes.
  public static let sides = 8...128

  /// Draws the images of a table.
  /// - Parameters:
  ///   - table: the factors, those of `factors` in any order, and the seeds.
  ///   - side: pixels along each side; nil for `usualSide`.
  ///   - planes: 1 for grey, 3 for colour; nil for what the data have.
  ///   - goOn: called now and then; what it throws ends the drawing.
  /// - Throws: `SyntheticError` where the table is not of this kind of data or the images would be too many.
  public func dataset(
    of table: FactorTable, split: Split? = nil, side: Int? = nil, planes: Int? = nil, workers: Workers,
    goOn: () throws -> Void = {}
  ) throws -> Dataset {
    try Fitting(planes: planes).check()
    let side = side ?? usualSide
    try check(count: table.count, side: side)
    let table = try arranged(table)
    let images = try Fitting(planes: planes).fitted(draw(table, side: side, workers: workers, goOn: goOn))
    return try Dataset(
      name: name, split: split, images: images, labels: (0..<table.count).map { UInt8(table[$0].first ?? 0) },
      origin: origin, licence: Self.licence, classes: classes, factors: table, synthetic: "synthetic \(rawValue)")
  }

  /// Checks how much would be drawn, before it is.
  func check(count: Int, side: Int) throws(SyntheticError) {
    guard Self.sides.contains(side), side % 4 == 0 else { throw .side(side) }
    let most = Self.largest / shape(side: side).count
    guard count <= most else { throw .tooMany(self, count: count, side: side, most: most) }
  }

  private func draw(
    _ table: FactorTable, side: Int, workers: Workers, goOn: () throws -> Void
  ) rethrows -> ByteImages {
    let shape = shape(side: side)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(table.count * shape.count)
    let part = 32, group = part * workers.count * 4
    for start in stride(from: 0, to: table.count, by: group) {
      try goOn()
      let images = start..<min(start + group, table.count), units = (images.count + part - 1) / part
      let drawn = Mutex([[UInt8]](repeating: [], count: units))
      workers.run(units: units) { unit in
        let first = start + unit * part
        var own: [UInt8] = []
        own.reserveCapacity(part * shape.count)
        for image in first..<min(first + part, images.upperBound) {
          switch self {
          case .sprites: Sprites.draw(table[image], side: side, into: &own)
          case .streets: Streets.draw(table[image], seed: table.seeds?[image] ?? 0, side: side, into: &own)
          }
        }
        drawn.withLock { [own] in $0[unit] = own }
      }
      for own in drawn.withLock({ $0 }) { bytes += own }
    }
    return ByteImages(shape: shape, bytes: bytes)
  }
}

import BVAEArrays

extension SyntheticData {
  /// Shapes after dSprites, [side, side, 1].
  public static let sprites = SyntheticData(
    "sprites", side: 64, planes: 1, origin: "drawn by bvae-script after dSprites (Matthey et al. 2017)",
    distributions: Sprites.distributions, namesClasses: true, hasGrid: true, choose: Sprites.factors,
    draw: { values, _, side, bytes in Sprites.draw(values, side: side, into: &bytes) },
    part: { Sprites.split(at: Sprites.place(of: $0)) })
}

/// Synthetic sprites with the factors of dSprites (Matthey, Higgins, Hassabis, Lerchner 2017): shape, scale,
/// orientation, horizontal and vertical position, 737,280 combinations in all.
///
/// Two things differ from dSprites: edges are smooth (see `SpriteDrawing`), and the 40 orientations divide the circle
/// evenly, where dSprites has both 0 and 2π, which look the same.
enum Sprites {
  static let distributions: [Distribution] = [
    Distribution("shape", "the kind of shape", oneOf: ["square", "ellipse", "heart"]),
    Distribution("scale", "the size, 1 for the largest", [0.5, 1]),
    Distribution("orientation", "the angle clockwise, in turns", [0, 39.0 / 40], isCircular: true),
    Distribution("x", "the horizontal position, from 0 at the left to 1 at the right", [0, 1]),
    Distribution("y", "the vertical position, from 0 at the top to 1 at the bottom", [0, 1]),
  ]

  /// How many values of each factor there are, the last one varying fastest.
  static let extents = [3, 6, 40, 32, 32]
  /// How many images there are.
  static let total = extents.reduce(1, *)

  /// The factors of an image by its place in dSprites' order.
  static func values(at place: Int) -> [Float] {
    var rest = place
    var indices: [Int] = []
    for extent in extents.reversed() {
      indices.insert(rest % extent, at: 0)
      rest /= extent
    }
    return [
      Float(indices[0]), 0.5 + Float(indices[1]) / 10, Float(indices[2]) / 40, Float(indices[3]) / 31,
      Float(indices[4]) / 31,
    ]
  }

  /// The place in dSprites' order of the image with these factors, or with the next ones that it has.
  static func place(of values: ArraySlice<Float>) -> Int {
    let scales: [(from: Float, steps: Float)] = [(0, 1), (0.5, 10), (0, 40), (0, 31), (0, 31)]
    return zip(zip(values, scales), extents).reduce(0) { place, column in
      let ((value, scale), extent) = column
      return place * extent + min(max(Int(((value - scale.from) * scale.steps).rounded()), 0), extent - 1)
    }
  }

  /// Draws an image, [side, side, 1].
  static func draw(_ values: ArraySlice<Float>, side: Int, into bytes: inout [UInt8]) {
    let values = values.map(Double.init)
    SpriteDrawing(
      shape: SpriteDrawing.Shape(rawValue: Int(values[0])) ?? .square, scale: values[1], turns: values[2], x: values[3],
      y: values[4], side: side
    ).draw(side: side, into: &bytes)
  }

  /// The factors of the images wanted.
  static func factors(_ wish: SyntheticWish, side: Int) throws -> FactorTable {
    let places = (0..<total).filter { split(at: $0) == wish.split ?? split(at: $0) }
    let labels = places.map { UInt8($0 / (total / extents[0])) }
    var selection = wish.selection
    if selection.count == nil && selection.each == nil && selection.shuffle != nil {
      selection.count = SyntheticData.usualCount
    }
    let chosen = try selection.places(among: places.count, labels: labels, classes: SyntheticData.sprites.classes)
    try SyntheticData.sprites.check(count: chosen.count, side: side)
    return FactorTable(
      factors: SyntheticData.sprites.factors, count: chosen.count, values: chosen.flatMap { values(at: places[$0]) })
  }

  /// The part that a place of the grid belongs to: one of ten, the same ones always, is for testing.
  static func split(at place: Int) -> Split {
    RandomGenerator(seed: 0, stream: .testDraw).block(at: UInt64(place)).x % 10 == 0 ? .test : .train
  }
}

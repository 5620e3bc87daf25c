import BVAECPU

/// Images over two latents, each with every value of the other: the manifold that a model has learned (Kingma and Welling
/// 2014, figure 4).
public struct LatentGrid: Sendable {
  /// The latent that changes along a row of images, and the one that changes from row to row.
  public let columnLatent: Int, rowLatent: Int
  /// Their values: one for each column, and one for each row.
  public let columnValues: [Float], rowValues: [Float]
  /// The code that gives all other latents.
  public let code: [Float]
  /// The decoded images, [rows, columns, height, width, planes] in 0…1.
  public let frames: Tensor

  /// The most images of a grid.
  public static let mostImages = 4096

  /// The same with some of its rows.
  package subscript(range: Range<Int>) -> LatentGrid {
    LatentGrid(
      columnLatent: columnLatent, rowLatent: rowLatent, columnValues: columnValues, rowValues: Array(rowValues[range]),
      code: code, frames: frames.rows(range))
  }
}

extension Model {
  /// Decodes every pair of values of two latents. A category takes all of its values, whatever range and steps are.
  /// - Parameters:
  ///   - latents: the one along the columns and the one along the rows, two different ones.
  ///   - start: what gives the other latents; nil for the origin: zeros, of categories the first.
  ///   - steps: values of each latent, at least 2.
  /// - Throws: `ModelError` when the image or code does not fit, a latent does not exist, or there would be too many images.
  public func grid(
    of latents: (columns: Int, rows: Int), from start: SweepStart? = nil, range: SweepRange = .automatic,
    steps: Int = 12
  ) throws -> LatentGrid {
    guard (2...64).contains(steps) else { throw ModelError.unsupported("steps must be from 2 to 64, not \(steps)") }
    guard latents.columns != latents.rows else {
      throw ModelError.unsupported("a grid needs two different latents; Z\(latents.columns) is there twice")
    }
    let values = try values(of: [latents.columns, latents.rows], over: range, steps: steps)
    let count = values[0].count * values[1].count
    guard count <= LatentGrid.mostImages else {
      throw ModelError.unsupported(
        "a grid of \(values[0].count) × \(values[1].count) images has more than \(LatentGrid.mostImages)")
    }
    let origin = try origin(of: start ?? .code([Float](repeating: 0, count: self.latents)))
    var codes: [Float] = []
    for row in values[1] {
      for column in values[0] {
        var code = origin.code
        (code[latents.columns], code[latents.rows]) = (column, row)
        codes += code
      }
    }
    let images = try decode(Tensor(shape: [count, self.latents], values: codes), draw: { _ in origin.draw })
    return LatentGrid(
      columnLatent: latents.columns, rowLatent: latents.rows, columnValues: values[0], rowValues: values[1],
      code: origin.code,
      frames: Tensor(shape: [values[1].count, values[0].count] + images.shape.dropFirst(), values: images.values))
  }
}

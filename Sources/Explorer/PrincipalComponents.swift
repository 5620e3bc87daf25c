import BVAEArrays
import BVAECPU
import BVAENetworks

/// The directions in which rows of numbers vary most, the most important first.
struct PrincipalComponents {
  /// The mean of the rows.
  let mean: [Float]
  /// Orthonormal directions, of the numbers times their weights.
  let directions: [[Float]]
  /// How much each number of a row counts.
  let weights: [Float]

  /// By simultaneous iteration (Bauer 1957) over the rows' inner products, which needs no more memory than rows × rows.
  /// - Parameters:
  ///   - rows: at least one.
  ///   - weights: how much each number of a row counts, above 0.
  ///   - most: the most directions.
  init(_ rows: [[Float]], weights: [Float], most: Int) {
    let size = rows[0].count, count = rows.count
    var mean = [Float](repeating: 0, count: size)
    for row in rows { for i in 0..<size { mean[i] += row[i] / Float(count) } }
    let centred = rows.map { row in row.indices.map { (row[$0] - mean[$0]) * weights[$0] } }
    var products = [[Float]](repeating: [Float](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0...i {
        products[i][j] = Self.product(centred[i], centred[j])
        products[j][i] = products[i][j]
      }
    }
    var random = RandomGenerator(seed: 1, stream: .subset, index: 20)
    var vectors = (0..<min(most, count, size)).map { _ in
      (0..<count).map { _ in Float(2 * random.uniform() - 1) }
    }
    for _ in 0..<Self.iterations {
      vectors = Self.orthonormal(vectors.map { vector in products.map { Self.product($0, vector) } })
    }
    let found = vectors.map { vector in
      var direction = [Float](repeating: 0, count: size)
      for (share, row) in zip(vector, centred) { for i in 0..<size { direction[i] += share * row[i] } }
      return direction
    }
    (self.mean, self.weights) = (mean, weights)
    directions = Self.orthonormal(found)
  }

  private static let iterations = 8

  private static func product(_ a: [Float], _ b: [Float]) -> Float {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        // Sixteen sums at a time, which the compiler keeps in registers.
        var sums = SIMD16<Float>(), place = 0
        while place + 16 <= a.count {
          let left = UnsafeRawPointer(a.baseAddress! + place).loadUnaligned(as: SIMD16<Float>.self)
          let right = UnsafeRawPointer(b.baseAddress! + place).loadUnaligned(as: SIMD16<Float>.self)
          sums += left * right
          place += 16
        }
        var sum = sums.sum()
        for i in place..<a.count { sum += a[i] * b[i] }
        return sum
      }
    }
  }

  /// The vectors made orthonormal one after the other (Gram and Schmidt, twice); those that depend on earlier ones are left
  /// out.
  private static func orthonormal(_ vectors: [[Float]]) -> [[Float]] {
    var found: [[Float]] = []
    for var vector in vectors {
      let before = product(vector, vector).squareRoot()
      for _ in 0..<2 {
        for other in found {
          let share = product(vector, other)
          for i in vector.indices { vector[i] -= share * other[i] }
        }
      }
      let length = product(vector, vector).squareRoot()
      guard length > 1e-6 * before, length > 0 else { continue }
      found.append(vector.map { $0 / length })
    }
    return found
  }

  /// A dense layer of these outputs, W h + b, as two narrow ones over the first `count` directions U, with the weights S:
  /// Uᵀ S W h, and S⁻¹ U times that, plus m + S⁻¹ U Uᵀ S (b − m).
  func factors(_ count: Int, weight: [Float], bias: [Float]) -> (inner: [Float], outer: [Float], bias: [Float]) {
    let chosen = directions.prefix(count), size = mean.count, inputs = weight.count / size
    var inner: [Float] = []
    for direction in chosen {
      var row = [Float](repeating: 0, count: inputs)
      row.withUnsafeMutableBufferPointer { row in
        weight.withUnsafeBufferPointer { weight in
          for output in 0..<size {
            let share = direction[output] * weights[output]
            for i in 0..<inputs { row[i] += share * weight[output * inputs + i] }
          }
        }
      }
      inner += row
    }
    var outer = [Float](repeating: 0, count: size * chosen.count), shift = mean
    for (place, direction) in chosen.enumerated() {
      for output in 0..<size { outer[output * chosen.count + place] = direction[output] / weights[output] }
      let share = (0..<size).reduce(Float(0)) { $0 + direction[$1] * weights[$1] * (bias[$1] - mean[$1]) }
      for output in 0..<size { shift[output] += share * direction[output] / weights[output] }
    }
    return (inner, outer, shift)
  }
}

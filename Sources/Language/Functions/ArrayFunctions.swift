import BVAEPlatform
import Glibc

/// What gives lists other shapes and orders, and linear algebra.
extension FunctionDeclaration {
  static let arrays: [FunctionDeclaration] = [
    FunctionDeclaration(
      name: "shape", syntax: "shape(x)", summary: "how many numbers a list has in each dimension",
      example: "print shape([[1, 2, 3], [4, 5, 6]])", arity: 1...1, parameters: [listed], result: { _ in .list },
      apply: { try .numbers(array($0[0]).shape.map(Double.init)) }),
    FunctionDeclaration(
      name: "reshape", syntax: "reshape(x, shape)", summary: "the same numbers in another shape",
      example: "print reshape(1..6, [2, 3])", arity: 2...2, parameters: [listed, listed], result: { _ in .list },
      apply: { arguments in
        let array = try array(arguments[0])
        let shape = try vector(arguments[1]).map { try count(.number($0), "an extent") }
        guard !shape.isEmpty, shape.reduce(1.0, { $0 * Double($1) }) == Double(array.count) else {
          throw ScriptFailure("\(array.count) numbers do not have the shape \(shape)")
        }
        return .list(ScriptList(array.reshaped(shape)))
      }),
    FunctionDeclaration(
      name: "transpose", syntax: "transpose(x)", summary: "rows as columns and columns as rows",
      example: "print transpose([[1, 2, 3], [4, 5, 6]])", arity: 1...1, parameters: [listed], result: { _ in .list },
      apply: {
        let (rows, columns, values) = try matrix($0[0])
        return try .numbers(
          (0..<columns).flatMap { k in (0..<rows).map { values[$0 * columns + k] } }, shape: [columns, rows])
      }),
    FunctionDeclaration(
      name: "dot", syntax: "dot(a, b)",
      summary: "Σ a b of two lists; of lists of lists the matrix product, of one and a list its product with a vector",
      example: "print dot([1, 2], [3, 4]), dot([[1, 2], [3, 4]], [[1, 0], [0, 1]])", arity: 2...2,
      parameters: [listed, listed], result: { _ in .any }, apply: { try product(array($0[0]), array($0[1])) }),
    FunctionDeclaration(
      name: "norm", syntax: "norm(x)", summary: "√ Σ x², the length of a vector", example: "print norm([3, 4])",
      arity: 1...1, parameters: [listed], result: { _ in .number },
      apply: { .number(try array($0[0]).withValues { $0.reduce(0) { $0 + $1 * $1 } }.squareRoot()) }),
    FunctionDeclaration(
      name: "distance", syntax: "distance(a, b)",
      summary: "√ Σ (a − b)², the distance of two vectors of as many numbers",
      example: "print distance([0, 0], [3, 4])", arity: 2...2, parameters: [listed, listed], result: { _ in .number },
      apply: {
        let a = try vector($0[0]), b = try vector($0[1])
        guard a.count == b.count else {
          throw ScriptFailure("vectors of \(a.count) and \(b.count) numbers have no distance")
        }
        return .number(zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot())
      }),
    along("argmin", "the place of the smallest number", example: "print argmin([3, 1, 2])") { values in
      Double(values.indices.reduce(0) { values[$1] < values[$0] ? $1 : $0 })
    },
    along("argmax", "the place of the largest number", example: "print argmax([3, 1, 2])") { values in
      Double(values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 })
    },
    ofVector("cumsum", "the sums of the first, the first two, … numbers", example: "print cumsum([1, 2, 3])") {
      values in
      var total = 0.0
      return values.map {
        total += $0
        return total
      }
    },
    ofVector("order", "the places of the numbers from the smallest to the largest", example: "print order([3, 1, 2])") {
      values in
      values.indices.sorted { one, other in
        Samples.precedes(values[one], values[other]) || !Samples.precedes(values[other], values[one]) && one < other
      }.map(Double.init)
    },
    ofVector("unique", "each number once, rising", example: "print unique([3, 1, 3])") {
      Samples.distinct($0).map(\.value)
    },
    ofVector("counts", "how often each number of 'unique' is there", example: "print counts([3, 1, 3])") {
      Samples.distinct($0).map(\.count)
    },
    FunctionDeclaration(
      name: "reverse", syntax: "reverse(list)", summary: "the values from the last to the first",
      example: "print reverse([1, 2, 3])", arity: 1...1, parameters: [listed], result: { _ in .list },
      apply: {
        let list = try $0[0].listed()
        if let array = list.numbers { return .list(array.picked([.places((0..<list.count).reversed())])) }
        return .list(try ScriptList(list.elements.reversed()))
      }),
    FunctionDeclaration(
      name: "linspace", syntax: "linspace(a, b, n)", summary: "n numbers from a to b, equally far apart",
      example: "print linspace(0, 1, 5)", arity: 3...3, parameters: [[.number]], result: { _ in .list },
      apply: {
        guard case .number(let a) = $0[0], case .number(let b) = $0[1] else { return .nothing }
        let n = try count($0[2], "n")
        return try .numbers((0..<n).map { $0 == n - 1 && n > 1 ? b : a + (b - a) * Double($0) / Double(max(1, n - 1)) })
      }),
    truths("all", "whether all of some truth values are true", example: "print all([1, 2] > 0)") { !$0.contains(0) },
    truths("any", "whether one of some truth values is true", example: "print any([1, 2] > 1)") { $0.contains(1) },
    FunctionDeclaration(
      name: "pca", syntax: "pca(x, k)",
      summary:
        "the k (2) principal components of the rows of a list of lists: their places along the directions in which they "
        + "vary most, each direction's largest entry positive", example: "print pca([[1, 1], [2, 2.1], [3, 2.9]], 1)",
      arity: 1...2, parameters: [listed, [.number]], result: { _ in .list },
      apply: { arguments in
        let (rows, columns, values) = try matrix(arguments[0])
        let k = arguments.count > 1 ? try count(arguments[1], "the number of components") : 2
        guard rows > 1, k <= columns else {
          throw ScriptFailure("\(rows) rows of \(columns) numbers have no \(k) components")
        }
        try checkColumns(columns)
        return try .numbers(PrincipalComponents(rows, columns, values).places(k), shape: [rows, k])
      }),
  ]

  private static func truths(
    _ name: String, _ summary: String, example: String,
    _ body: @escaping @Sendable (UnsafeBufferPointer<Double>) -> Bool
  ) -> FunctionDeclaration {
    FunctionDeclaration(
      name: name, syntax: "\(name)(x)", summary: summary, example: example, arity: 1...1, parameters: [[.list]],
      result: { _ in .truth },
      apply: {
        guard case .list(let list) = $0[0], list.count > 0 else { return .truth(name == "all") }
        guard let array = list.numbers, array.areTruths else {
          throw ScriptFailure("'\(name)' takes truth values, such as x > 0")
        }
        return .truth(array.withValues(body))
      })
  }

  private static func product(_ a: NumberArray, _ b: NumberArray) throws -> Value {
    let rows = a.shape.count == 1 ? 1 : a.shape[0], inner = a.shape[a.shape.count - 1]
    let columns = b.shape.count == 1 ? 1 : b.shape[1]
    guard a.shape.count <= 2, b.shape.count <= 2, b.shape[0] == inner else {
      throw ScriptFailure("lists of the shapes \(a.shape) and \(b.shape) have no product")
    }
    guard Double(rows) * Double(columns) <= Double(NumberArray.largest) else {
      throw ScriptFailure("this product would have more than \(NumberArray.largest.grouped) numbers")
    }
    var result = [Double](repeating: 0, count: rows * columns)
    a.withValues { a in
      b.withValues { b in
        for row in 0..<rows {
          for i in 0..<inner {
            let factor = a[row * inner + i]
            for column in 0..<columns { result[row * columns + column] += factor * b[i * columns + column] }
          }
        }
      }
    }
    let shape = (a.shape.count == 1 ? [] : [rows]) + (b.shape.count == 1 ? [] : [columns])
    return shape.isEmpty ? .number(result[0]) : try .numbers(result, shape: shape)
  }
}

/// The directions in which points vary most: the eigenvectors of their covariance, by Jacobi's rotations (1846).
private struct PrincipalComponents {
  private let rows: Int, columns: Int
  private var centred: [Double]
  /// The directions as columns, that of most variance first.
  private let directions: [[Double]]

  init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    (self.rows, self.columns, centred) = (rows, columns, values)
    for k in 0..<columns {
      let mean = (0..<rows).reduce(0.0) { $0 + values[$1 * columns + k] } / Double(rows)
      for row in 0..<rows { centred[row * columns + k] -= mean }
    }
    var matrix = [[Double]](repeating: Array(repeating: 0, count: columns), count: columns)
    for row in 0..<rows {
      for i in 0..<columns {
        for j in 0...i { matrix[i][j] += centred[row * columns + i] * centred[row * columns + j] }
      }
    }
    for i in 0..<columns { for j in 0..<i { matrix[j][i] = matrix[i][j] } }
    var vectors = (0..<columns).map { i in (0..<columns).map { $0 == i ? 1.0 : 0 } }
    for _ in 0..<100 {
      var off = 0.0
      for p in 0..<columns {
        for q in 0..<p {
          off += matrix[p][q] * matrix[p][q]
          guard abs(matrix[p][q]) > 1e-300 else { continue }
          let theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot(), s = t * c
          for k in 0..<columns {
            (matrix[k][p], matrix[k][q]) = (c * matrix[k][p] - s * matrix[k][q], s * matrix[k][p] + c * matrix[k][q])
          }
          for k in 0..<columns {
            (matrix[p][k], matrix[q][k]) = (c * matrix[p][k] - s * matrix[q][k], s * matrix[p][k] + c * matrix[q][k])
            (vectors[k][p], vectors[k][q]) = (
              c * vectors[k][p] - s * vectors[k][q], s * vectors[k][p] + c * vectors[k][q]
            )
          }
        }
      }
      let scale = (0..<columns).reduce(0.0) { $0 + matrix[$1][$1] * matrix[$1][$1] }
      if off <= 1e-30 * scale { break }
    }
    directions = (0..<columns).sorted { matrix[$0][$0] > matrix[$1][$1] }.map { k in
      let vector = (0..<columns).map { vectors[$0][k] }
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? vector.map(-) : vector
    }
  }

  func places(_ count: Int) -> [Double] {
    (0..<rows).flatMap { row in
      (0..<count).map { k in (0..<columns).reduce(0.0) { $0 + centred[row * columns + $1] * directions[k][$1] } }
    }
  }
}

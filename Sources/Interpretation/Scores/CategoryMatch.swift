import BetaVAE

/// Which label each of an InfoGAN's categories stands for, and how often it is wrong when it is read that way (Chen et al.
/// 2016, section 7.2: "each category is matched to a digit").
public struct CategoryMatch: Sendable, Equatable {
  /// Of each category, how many images it is given.
  public let images: [Int]
  /// Of each category the label that it stands for, where each label is taken by one category at most, so that most images
  /// are right; nil for categories that are left over.
  public let matched: [Int?]
  /// Of each category the commonest label of its images, the smallest of several; nil for one that is given none.
  public let commonest: [Int?]
  /// Of each category, how many of its images have its matched, and its commonest, label.
  public let right: [Int], rightByCommonest: [Int]

  /// - Parameters:
  ///   - categories: of each image, 0 up to `count`.
  ///   - labels: of each image.
  public init(categories: [Int], count: Int, labels: [UInt8]) {
    let labelCount = Int(labels.max() ?? 0) + 1
    var table = [[Int]](repeating: Array(repeating: 0, count: labelCount), count: count)
    for (category, label) in zip(categories, labels) { table[category][Int(label)] += 1 }
    images = table.map { $0.reduce(0, +) }
    let best = Assignment(gains: table).columns
    matched = zip(table, best).map { row, column in column.flatMap { row[$0] > 0 ? $0 : nil } }
    commonest = table.map { row in row.max() ?? 0 > 0 ? row.firstIndex(of: row.max() ?? 0) : nil }
    right = zip(table, matched).map { row, label in label.map { row[$0] } ?? 0 }
    rightByCommonest = table.map { $0.max() ?? 0 }
  }

  private func error(_ right: [Int]) -> Double {
    1 - Double(right.reduce(0, +)) / Double(max(1, images.reduce(0, +)))
  }

  /// The share of images whose category stands for another label, each label taken once.
  public var error: Double { error(right) }

  /// The same where each category stands for its commonest label.
  public var errorByCommonest: Double { error(rightByCommonest) }
}

/// Rows and columns matched one to one, so that the sum of the gains is largest: the Hungarian method in the form that adds
/// a row at a time along the cheapest path (Kuhn 1955; Jonker and Volgenant 1987).
package struct Assignment {
  /// Of each row its column; nil for rows that are left over where there are fewer columns.
  package let columns: [Int?]

  package init(gains: [[Int]]) {
    let rows = gains.count, width = gains.first?.count ?? 0, size = max(rows, width)
    // A square of costs; what is beyond the table costs nothing.
    func cost(_ row: Int, _ column: Int) -> Int {
      row < rows && column < width ? -gains[row][column] : 0
    }
    // Row 0 and column 0 stand for "none".
    var rowPrice = [Int](repeating: 0, count: size + 1), columnPrice = rowPrice, rowOf = rowPrice, before = rowPrice
    for row in stride(from: 1, through: size, by: 1) {
      rowOf[0] = row
      var column = 0
      var least = [Int](repeating: .max, count: size + 1), isUsed = [Bool](repeating: false, count: size + 1)
      repeat {
        isUsed[column] = true
        let current = rowOf[column]
        var step = Int.max, next = 0
        for other in 1...size where !isUsed[other] {
          let reduced = cost(current - 1, other - 1) - rowPrice[current] - columnPrice[other]
          if reduced < least[other] { (least[other], before[other]) = (reduced, column) }
          if least[other] < step { (step, next) = (least[other], other) }
        }
        for other in 0...size {
          if isUsed[other] {
            rowPrice[rowOf[other]] += step
            columnPrice[other] -= step
          } else if least[other] < .max {
            least[other] -= step
          }
        }
        column = next
      } while rowOf[column] != 0
      repeat {
        rowOf[column] = rowOf[before[column]]
        column = before[column]
      } while column != 0
    }
    var columns = [Int?](repeating: nil, count: rows)
    for column in stride(from: 1, through: size, by: 1) where rowOf[column] <= rows && column <= width {
      columns[rowOf[column] - 1] = column - 1
    }
    self.columns = columns
  }
}

extension Code {
  /// Which label each category of a categorical latent stands for.
  public func match(_ latent: Int, to labels: [UInt8]) -> CategoryMatch {
    CategoryMatch(
      categories: (0..<count).map { Int(mean.values[$0 * latents + latent]) }, count: probabilities[latent].shape[1],
      labels: labels)
  }
}

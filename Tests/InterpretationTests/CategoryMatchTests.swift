import BVAEArrays
import BVAEInterpretation
import BetaVAE
import Testing

@Suite("Categories and labels")
struct CategoryMatchTests {
  /// The largest sum of gains over all ways to give each row a column of its own, by trying all of them.
  private func best(_ gains: [[Int]]) -> Int {
    let columns = gains.first?.count ?? 0
    func most(_ row: Int, _ free: Set<Int>) -> Int {
      guard row < gains.count else { return 0 }
      var best = gains.count - row > free.count ? most(row + 1, free) : Int.min
      for column in free { best = max(best, gains[row][column] + most(row + 1, free.subtracting([column]))) }
      return best == .min ? 0 : best
    }
    return most(0, Set(0..<columns))
  }

  @Test("The matching is the best of all, for squares and for tables with more rows or more columns")
  func assignment() {
    var random = RandomGenerator(seed: 3, stream: .scores)
    for (rows, columns) in [(1, 1), (2, 2), (5, 5), (6, 6), (4, 7), (7, 4), (1, 6), (6, 1)] {
      for _ in 0..<40 {
        let gains = (0..<rows).map { _ in (0..<columns).map { _ in random.index(below: 12) } }
        let found = Assignment(gains: gains).columns, chosen = found.compactMap { $0 }
        #expect(chosen.count == min(rows, columns) && Set(chosen).count == chosen.count)
        let sum = zip(gains, found).reduce(0) { sum, row in sum + (row.1.map { row.0[$0] } ?? 0) }
        #expect(sum == best(gains), "\(gains)")
      }
    }
    #expect(Assignment(gains: []).columns == [])
  }

  @Test("Errors by one-to-one labels and by the commonest label")
  func errors() {
    // Category 0: 6 ones, 1 two. Category 1: 4 ones, 3 twos. Category 2: nothing. Category 3: 2 zeros.
    let categories = Array(repeating: 0, count: 7) + Array(repeating: 1, count: 7) + [3, 3]
    let labels: [UInt8] = [1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2, 2, 2, 0, 0]
    let match = CategoryMatch(categories: categories, count: 4, labels: labels)
    #expect(match.images == [7, 7, 0, 2])
    #expect(match.matched == [1, 2, nil, 0] && match.right == [6, 3, 0, 2])
    #expect(match.commonest == [1, 1, nil, 0] && match.rightByCommonest == [6, 4, 0, 2])
    #expect(abs(match.error - 5.0 / 16) < 1e-12 && abs(match.errorByCommonest - 4.0 / 16) < 1e-12)
    let swapped = CategoryMatch(categories: labels.map { 2 - Int($0) }, count: 3, labels: labels)
    #expect(swapped.error == 0 && swapped.errorByCommonest == 0 && swapped.matched == [2, 1, 0])
  }
}

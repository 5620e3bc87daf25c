/// Linear support vector machines on one number, one class against the rest, squared hinge loss, the intercept
/// regularised too (Fan et al. 2008, LIBLINEAR; scikit-learn's `LinearSVC` with balanced classes): they minimise
/// `½ (w² + b²) + Σ Cᵢ max(0, 1 − yᵢ (w xᵢ + b))²`.
///
/// The examples within a machine's margin are a range of the sorted numbers, so sums over them are differences of running
/// sums and a step of Newton's method takes O(log n).
struct LinearSupportVectors {
  private let planes: [(w: Double, b: Double)]
  private let classes: [Int]

  /// Machines trained on numbers and their classes. A class's own examples weigh `C · count / (classes · its count)`, the
  /// rest's C; of two classes one machine tells them apart, both weighed so.
  init(_ x: [Double], _ labels: [Int], cost: Double = 0.01) {
    let classes = Set(labels).sorted()
    self.classes = classes
    let all = SortedSums(x)
    var own = Dictionary(classes.map { ($0, [Double]()) }) { first, _ in first }
    for (value, label) in zip(x, labels) { own[label]?.append(value) }
    func weight(_ count: Int) -> Double { cost * Double(labels.count) / Double(classes.count * max(1, count)) }
    // Of two classes one plane is enough.
    planes = (classes.count == 2 ? [classes[1]] : classes).map { label in
      let sums = SortedSums(own[label] ?? [])
      let rest = classes.count == 2 ? weight(x.count - sums.count) : cost
      return Self.train(all, sums, weight(sums.count), rest)
    }
  }

  /// The class of a number.
  func predict(_ x: Double) -> Int {
    guard classes.count > 1 else { return classes.first ?? 0 }
    if classes.count == 2 { return classes[planes[0].w * x + planes[0].b > 0 ? 1 : 0] }
    var best = 0, highest = -Double.infinity
    for (index, plane) in planes.enumerated() {
      let value = plane.w * x + plane.b
      if value > highest { (best, highest) = (index, value) }
    }
    return classes[best]
  }

  /// Newton's method with halved steps; the loss is convex and piecewise quadratic, so a few steps reach the minimum.
  private static func train(_ all: SortedSums, _ own: SortedSums, _ ownCost: Double, _ restCost: Double)
    -> (w: Double, b: Double)
  {
    /// The moments of the examples within the margin: those of the class with w x + b < 1, the rest with w x + b > −1.
    func moments(_ w: Double, _ b: Double) -> (own: Moments, rest: Moments) {
      (own.moments(w, b - 1), all.moments(-w, -b - 1) - own.moments(-w, -b - 1))
    }
    func loss(_ w: Double, _ b: Double) -> Double {
      let (own, rest) = moments(w, b)
      let missed = (1 - b) * (1 - b) * own.count - 2 * (1 - b) * w * own.sum + w * w * own.squares
      let entered = (1 + b) * (1 + b) * rest.count + 2 * (1 + b) * w * rest.sum + w * w * rest.squares
      return 0.5 * (w * w + b * b) + ownCost * missed + restCost * entered
    }
    var w = 0.0, b = 0.0, current = loss(0, 0)
    for _ in 0..<100 {
      let (own, rest) = moments(w, b)
      let gw =
        w + 2 * ownCost * (w * own.squares - (1 - b) * own.sum) + 2 * restCost * (w * rest.squares + (1 + b) * rest.sum)
      let gb =
        b + 2 * ownCost * (w * own.sum - (1 - b) * own.count) + 2 * restCost * (w * rest.sum + (1 + b) * rest.count)
      let hww = 1 + 2 * ownCost * own.squares + 2 * restCost * rest.squares
      let hwb = 2 * ownCost * own.sum + 2 * restCost * rest.sum
      let hbb = 1 + 2 * ownCost * own.count + 2 * restCost * rest.count
      let determinant = hww * hbb - hwb * hwb
      guard determinant > 0, gw * gw + gb * gb > 1e-20 else { break }
      let dw = (hbb * gw - hwb * gb) / determinant, db = (hww * gb - hwb * gw) / determinant
      var step = 1.0
      while step > 1e-6 && loss(w - step * dw, b - step * db) > current { step *= 0.5 }
      guard step > 1e-6 else { break }
      w -= step * dw
      b -= step * db
      current = loss(w, b)
    }
    return (w, b)
  }
}

/// The number of some values, their sum and that of their squares.
private struct Moments {
  var count = 0.0, sum = 0.0, squares = 0.0

  static func - (a: Moments, b: Moments) -> Moments {
    Moments(count: a.count - b.count, sum: a.sum - b.sum, squares: a.squares - b.squares)
  }
}

/// Numbers in order, and the moments of those up to each.
private struct SortedSums {
  private let sorted: [Double]
  private let sums: [Moments]

  init(_ values: [Double]) {
    sorted = values.sorted()
    var sums = [Moments()]
    sums.reserveCapacity(values.count + 1)
    var now = Moments()
    for value in sorted {
      now.count += 1
      now.sum += value
      now.squares += value * value
      sums.append(now)
    }
    self.sums = sums
  }

  var count: Int { sorted.count }

  /// The moments of the values x for which `w x + b < 0`.
  func moments(_ w: Double, _ b: Double) -> Moments {
    let whole = sums[sorted.count]
    // Along the order `w x + b` rises, falls or stays.
    func place(where isBeyond: (Double) -> Bool) -> Int {
      var low = 0, high = sorted.count
      while low < high {
        let middle = (low + high) / 2
        if isBeyond(sorted[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    if w > 0 { return sums[place { w * $0 + b >= 0 }] }
    if w < 0 { return whole - sums[place { w * $0 + b < 0 }] }
    return b < 0 ? whole : Moments()
  }
}

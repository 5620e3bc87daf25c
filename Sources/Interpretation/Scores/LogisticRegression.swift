import Glibc

/// Multinomial logistic regression with `½ ‖W‖²` beside the sum of the losses, intercepts free: scikit-learn's at its
/// defaults. Minimised by L-BFGS (Nocedal 1980) with ten pairs and halved steps.
struct LogisticRegression {
  private let classes: Int, features: Int
  private var weights: [Double]

  /// Trains on points and their classes `0..<classes`.
  init(_ x: [[Double]], _ y: [Int], classes: Int, iterations: Int = 100) {
    self.classes = classes
    features = x.first?.count ?? 0
    weights = [Double](repeating: 0, count: classes * (features + 1))
    let inputs = x.flatMap { $0 }
    var (value, gradient) = loss(weights, inputs, y)
    var steps: [[Double]] = [], changes: [[Double]] = []
    for _ in 0..<iterations {
      guard gradient.contains(where: { abs($0) > 1e-4 * Double(max(1, y.count)) * 1e-2 }) else { break }
      let direction = Self.direction(gradient, steps, changes)
      let slope = Self.dot(direction, gradient)
      guard slope < 0 else { break }
      var length = steps.isEmpty ? min(1, 1 / Self.dot(gradient, gradient).squareRoot()) : 1
      var next = weights, result = (value, gradient)
      while true {
        next = zip(weights, direction).map { $0 + length * $1 }
        result = loss(next, inputs, y)
        if result.0 <= value + 1e-4 * length * slope || length < 1e-10 { break }
        length *= 0.5
      }
      let step = zip(next, weights).map(-), change = zip(result.1, gradient).map(-)
      if Self.dot(step, change) > 1e-12 {
        steps.append(step)
        changes.append(change)
        if steps.count > 10 {
          steps.removeFirst()
          changes.removeFirst()
        }
      }
      let gain = value - result.0
      weights = next
      (value, gradient) = result
      if gain < 1e-9 * max(1, abs(value)) { break }
    }
  }

  /// The most likely class of a point.
  func predict(_ x: [Double]) -> Int {
    var best = 0, highest = -Double.infinity
    for k in 0..<classes {
      var score = weights[k * (features + 1) + features]
      for j in 0..<features { score += weights[k * (features + 1) + j] * x[j] }
      if score > highest { (best, highest) = (k, score) }
    }
    return best
  }

  /// The probability of each class at a point.
  func probabilities(_ x: [Double]) -> [Double] {
    let scores = (0..<classes).map { k in
      (0..<features).reduce(weights[k * (features + 1) + features]) { $0 + weights[k * (features + 1) + $1] * x[$1] }
    }
    let highest = scores.max() ?? 0, powers = scores.map { exp($0 - highest) }, sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  private func loss(_ weights: [Double], _ x: [Double], _ y: [Int]) -> (Double, [Double]) {
    let width = features + 1
    var value = 0.0
    var gradient = weights
    for k in 0..<classes {
      for j in 0..<features { value += 0.5 * weights[k * width + j] * weights[k * width + j] }
      gradient[k * width + features] = 0
    }
    var scores = [Double](repeating: 0, count: classes)
    x.withUnsafeBufferPointer { x in
      weights.withUnsafeBufferPointer { weights in
        gradient.withUnsafeMutableBufferPointer { gradient in
          for i in y.indices {
            var highest = -Double.infinity
            for k in 0..<classes {
              var score = weights[k * width + features]
              for j in 0..<features { score += weights[k * width + j] * x[i * features + j] }
              scores[k] = score
              highest = max(highest, score)
            }
            var sum = 0.0
            for k in 0..<classes { sum += exp(scores[k] - highest) }
            let logSum = highest + log(sum)
            value += logSum - scores[y[i]]
            for k in 0..<classes {
              let error = exp(scores[k] - logSum) - (k == y[i] ? 1 : 0)
              for j in 0..<features { gradient[k * width + j] += error * x[i * features + j] }
              gradient[k * width + features] += error
            }
          }
        }
      }
    }
    return (value, gradient)
  }

  /// The two loops of L-BFGS.
  private static func direction(_ gradient: [Double], _ steps: [[Double]], _ changes: [[Double]]) -> [Double] {
    var q = gradient
    var alphas = [Double](repeating: 0, count: steps.count)
    for i in steps.indices.reversed() {
      alphas[i] = dot(steps[i], q) / dot(steps[i], changes[i])
      for j in q.indices { q[j] -= alphas[i] * changes[i][j] }
    }
    if let step = steps.last, let change = changes.last {
      let scale = dot(step, change) / dot(change, change)
      for j in q.indices { q[j] *= scale }
    }
    for i in steps.indices {
      let beta = dot(changes[i], q) / dot(steps[i], changes[i])
      for j in q.indices { q[j] += (alphas[i] - beta) * steps[i][j] }
    }
    return q.map(-)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}

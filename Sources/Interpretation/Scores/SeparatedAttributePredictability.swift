extension ScoredCodes {
  /// The SAP score (Kumar, Sattigeri, Balakrishnan 2018, section 3): for each factor the difference of the scores of the
  /// two latents that predict it best on their own; the mean over the factors. A latent's score is the squared
  /// correlation for continuous factors, and for categories the accuracy of a linear support vector machine on a test third
  /// (C = 0.01, balanced classes: disentanglement_lib). The bootstrap draws images; it does not train the machines anew.
  public func separatedAttributePredictability() -> Score {
    let training = (0..<count).filter { !Discretization.isTest($0) }
    let predictions = factors.factors.map { factor -> [[Bool]]? in
      guard factor.isCategorical else { return nil }
      let levels = Discretization.levels(factor)
      return codes.map { code in
        let machine = LinearSupportVectors(training.map { code[$0] }, training.map { levels[$0] })
        return (0..<count).map { machine.predict(code[$0]) == levels[$0] }
      }
    }
    func gap(_ weights: [Int]?) -> Double {
      var sum = 0.0
      for (factor, isRight) in zip(factors.factors, predictions) {
        let scores = codes.indices.map { k in
          isRight.map { Self.accuracy($0[k], weights) } ?? Self.squaredCorrelation(codes[k], factor.values, weights)
        }.sorted(by: >)
        sum += scores[0] - (scores.count > 1 ? scores[1] : 0)
      }
      return sum / Double(factors.factors.count)
    }
    return Bootstrap.score("SAP", count, generator(3), gap)
  }

  private static func accuracy(_ isRight: [Bool], _ weights: [Int]?) -> Double {
    var right = 0, all = 0
    for image in isRight.indices where Discretization.isTest(image) {
      let weight = weights?[image] ?? 1
      all += weight
      right += isRight[image] ? weight : 0
    }
    return all > 0 ? Double(right) / Double(all) : 0
  }

  private static func squaredCorrelation(_ x: [Double], _ y: [Double], _ weights: [Int]?) -> Double {
    var count = 0.0, meanX = 0.0, meanY = 0.0
    for i in x.indices {
      let weight = Double(weights?[i] ?? 1)
      count += weight
      meanX += weight * x[i]
      meanY += weight * y[i]
    }
    meanX /= count
    meanY /= count
    var xx = 0.0, xy = 0.0, yy = 0.0
    for i in x.indices {
      let weight = Double(weights?[i] ?? 1)
      xx += weight * (x[i] - meanX) * (x[i] - meanX)
      xy += weight * (x[i] - meanX) * (y[i] - meanY)
      yy += weight * (y[i] - meanY) * (y[i] - meanY)
    }
    return xx / max(1, count - 1) > 1e-12 && yy > 0 ? xy * xy / (xx * yy) : 0
  }
}

/// Linear support vector machines on one number, one class against the rest, squared hinge loss, the intercept
/// regularised too (Fan et al. 2008, LIBLINEAR): minimises `½ (w² + b²) + Σ Cᵢ max(0, 1 − yᵢ (w xᵢ + b))²`.
struct LinearSupportVectors {
  private let planes: [(w: Double, b: Double)]
  private let classes: [Int]

  /// Machines trained on numbers and their classes. A class's own examples weigh `C · count / (classes · its count)`, the
  /// rest's C, as scikit-learn has it for balanced classes; of two classes one machine tells them apart.
  init(_ x: [Double], _ labels: [Int], cost: Double = 0.01) {
    let classes = Set(labels).sorted()
    self.classes = classes
    func weight(_ label: Int) -> Double {
      cost * Double(labels.count) / Double(classes.count * labels.count { $0 == label })
    }
    let weights = Dictionary(classes.map { ($0, weight($0)) }) { first, _ in first }
    if classes.count == 2 {
      let positive = classes[1]
      planes = [
        Self.train(x, labels.map { $0 == positive ? 1 : -1 }, labels.map { weights[$0] ?? cost })
      ]
    } else {
      planes = classes.map { label in
        let own = weights[label] ?? cost
        return Self.train(x, labels.map { $0 == label ? 1 : -1 }, labels.map { $0 == label ? own : cost })
      }
    }
  }

  /// The class of a number.
  func predict(_ x: Double) -> Int {
    guard classes.count > 1 else { return classes.first ?? 0 }
    let values = planes.map { $0.w * x + $0.b }
    if classes.count == 2 { return values[0] > 0 ? classes[1] : classes[0] }
    var best = 0
    for index in values.indices where values[index] > values[best] { best = index }
    return classes[best]
  }

  /// Newton's method with halved steps; the loss is convex and piecewise quadratic, so a few steps reach the minimum.
  private static func train(_ x: [Double], _ y: [Double], _ cost: [Double]) -> (w: Double, b: Double) {
    var w = 0.0, b = 0.0
    func loss(_ w: Double, _ b: Double) -> Double {
      var sum = 0.5 * (w * w + b * b)
      for i in x.indices {
        let slack = max(0, 1 - y[i] * (w * x[i] + b))
        sum += cost[i] * slack * slack
      }
      return sum
    }
    var current = loss(w, b)
    for _ in 0..<100 {
      var gw = w, gb = b, hww = 1.0, hwb = 0.0, hbb = 1.0
      for i in x.indices {
        let slack = 1 - y[i] * (w * x[i] + b)
        guard slack > 0 else { continue }
        gw -= 2 * cost[i] * y[i] * slack * x[i]
        gb -= 2 * cost[i] * y[i] * slack
        hww += 2 * cost[i] * x[i] * x[i]
        hwb += 2 * cost[i] * x[i]
        hbb += 2 * cost[i]
      }
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

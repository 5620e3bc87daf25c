import BVAEInterpretation
import Testing

/// Statistics against SciPy's values, which `Scripts/reference/check_quality.py` prints.
@Suite("Statistics")
struct StatisticsTests {
  private let x = [1, 2, 2, 3, 5, 5, 5, 8, 9, 10.5], y = [2, 1, 4, 4, 3, 7, 7, 6, 6, -9.0]

  @Test("Pearson's and Spearman's correlation are SciPy's, with ties and with their signs")
  func correlations() {
    #expect(abs(Association.pearson(x, y) - -0.2926485361146275) < 1e-12)
    #expect(abs(Association.spearman(x, y) - 0.20807854790623043) < 1e-12)
    #expect(abs(Association.spearman(x, y.map { -$0 }) + 0.20807854790623043) < 1e-12)
    #expect(Association.ranks(x) == [1, 2.5, 2.5, 4, 6, 6, 6, 8, 9, 10])
    #expect(Association.pearson([1, 1, 1], [1, 2, 3]).isNaN)
  }

  @Test("Angles begin again after their period; their mean is SciPy's circmean")
  func angles() {
    #expect(Periodic.wrapped(190, 360) == -170 && Periodic.wrapped(-100, 180) == 80)
    #expect(Periodic.wrapped(190, nil) == 190)
    #expect(Periodic.unwrapped([170, -175, -160, 150], 360) == [170, 185, 200, 150])
    #expect(Periodic.unwrapped([80, -85, 80], 180) == [80, 95, 80])
    #expect(abs(Periodic.mean([10, 350, 20], 360) - 6.70495327058324) < 1e-9)
    #expect(abs(Periodic.mean([85, -80, 70], 180) - 85) < 1e-9)
    #expect(abs(Periodic.mean([170, -170, 175], 360) - 178.3167434401916) < 1e-9)
    #expect(Periodic.mean([10, 350, 30], nil) == 130)
  }

  @Test(
    "Student's quantiles are SciPy's, for whole and other degrees of freedom",
    arguments: [
      (1, 12.706204736174694), (1.5, 6.016663104427929), (2, 4.302652729749462), (3.7, 2.8675207071911895),
      (10, 2.228138851986274), (200, 1.9718962236339088),
    ])
  func student(freedom: Double, expected: Double) {
    #expect(abs(Student.quantile(0.975, freedom: freedom) - expected) < 1e-9 * expected)
  }

  @Test("Two means differ where SciPy's Welch test gives less than 5 %")
  func welch() {
    let first = Sample([20.1, 20.5, 19.8])
    #expect(first.differs(from: Sample([21.2, 21.9, 21.0])))  // p = 0.025
    #expect(!first.differs(from: Sample([20.9, 21.6, 20.2])))  // p = 0.19
    #expect(!Sample([0.073, 0.121, 0.039]).differs(from: Sample([0.05, 0.06, 0.055])))  // p = 0.44
    #expect(!Sample([1, 1.1]).differs(from: Sample([2, 2.3])))  // p = 0.063
    // One value tells nothing; values without any spread tell all.
    #expect(!Sample([1]).differs(from: Sample([2])) && Sample([1, 1]).differs(from: Sample([2, 2])))
    #expect(abs(first.mean - 20.133333333333333) < 1e-12 && abs(first.deviation - 0.3511884584284244) < 1e-12)
  }
}

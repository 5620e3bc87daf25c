import BVAECPU
import TestSurroundings

/// How far numbers are from those that were expected: the largest difference, in units of the largest expected one.
/// Where there are not as many, none are expected, or one of them is no finite number, it is infinite, so that no such
/// thing passes a comparison with a tolerance.
public func difference(_ found: some Collection<Float>, from expected: some Collection<Float>) -> Double {
  guard found.count == expected.count, !expected.isEmpty, found.allSatisfy(\.isFinite),
    expected.allSatisfy(\.isFinite)
  else { return .infinity }
  let largest = expected.lazy.map { abs(Double($0)) }.max() ?? 0
  let worst = zip(found, expected).lazy.map { abs(Double($0) - Double($1)) }.max() ?? 0
  return worst == 0 ? 0 : worst / largest
}

/// The same for tensors, which must also have the same shape.
public func difference(_ found: Tensor, from expected: Tensor) -> Double {
  found.shape == expected.shape ? difference(found.values, from: expected.values) : .infinity
}

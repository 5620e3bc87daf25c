import Synchronization

/// Hands out 0, 1, 2, … to any thread.
public final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  /// A counter that starts at 0.
  public init() {}

  /// The next number, and one more afterwards.
  public func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

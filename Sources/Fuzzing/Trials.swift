import Glibc

extension ReaderUnderTest {
  /// Readers that are too much on purpose: whether the driver notices is tested with them.
  package static let trials: [ReaderUnderTest] = [
    trial("trial-crash") { abort() },
    trial("trial-loop") {
      let end = clock() + clock_t(0.5 * Double(CLOCKS_PER_SEC))
      while clock() < end {}
    },
    trial("trial-sleep") { usleep(500_000) },
    trial("trial-memory") {
      // Shown to the system, or the compiler leaves it out.
      let block = malloc(5 << 28)
      _ = write(-1, block, 1)
      free(block)
    },
    trial("trial-pieces") {
      let pieces = (0..<1100).map { _ in malloc(1 << 20) }
      for piece in pieces { free(piece) }
    },
  ]

  private static func trial(_ name: String, _ act: @escaping @Sendable () -> Void) -> ReaderUnderTest {
    ReaderUnderTest(name: name, read: { _, _ in act() }, corpusName: "preset")
  }
}

import Glibc
import Synchronization

/// A fixed team of threads that share out the units of a loop.
///
/// Which thread computes a unit is left to chance; what a unit computes is not: the units are cut by the shape of
/// the problem alone, so a result has the same bits on any number of threads. A team does one loop at a time: a loop that
/// is begun while the team is busy, by another thread or inside a loop, is run by its caller alone, with the same
/// result.
public final class Workers: Sendable {
  /// The number of threads, the caller's among them.
  public let count: Int
  private let team: Team?
  private let isBusy = Atomic<Bool>(false)

  /// A team of `count` threads; by default one for each processor, at most 64.
  public init(count: Int = Machine.processors) {
    self.count = max(1, min(count, 64))
    team = self.count > 1 ? Team(helpers: self.count - 1) : nil
  }

  deinit { team?.stop() }

  /// Calls `body` once with each of `0..<units`, on all threads, and returns when all calls have returned.
  public func run(units: Int, _ body: @Sendable (Int) -> Void) {
    run(units: units) { unit, _ in body(unit) }
  }

  /// The results of `body` for each of `0..<count`, in this order, computed on all threads.
  public func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    Array(unsafeUninitializedCapacity: max(0, count)) { results, filled in
      // Each call has a place of its own.
      nonisolated(unsafe) let places = results.baseAddress
      run(units: count) { unit in
        if let places { (places + unit).initialize(to: body(unit)) }
      }
      filled = max(0, count)
    }
  }

  /// The same as `run`, with the number of the thread, `0..<count`, beside the unit's: for scratch memory, never for results.
  public func run(units: Int, _ body: @Sendable (_ unit: Int, _ worker: Int) -> Void) {
    guard let team, units > 1, !isBusy.exchange(true, ordering: .acquiring) else {
      for unit in 0..<max(0, units) { body(unit, 0) }
      return
    }
    defer { isBusy.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { team.run(units: units, $0) }
  }
}

/// The threads that help the caller. They spin for a moment after each loop, because the next one of a training
/// step follows within microseconds, and then sleep.
///
/// Unchecked: `job` is written by the caller only while every helper waits for the next generation.
private final class Team: @unchecked Sendable {
  private var job: (units: Int, body: @Sendable (Int, Int) -> Void)?
  private let generation = Atomic<Int>(0)
  private let nextUnit = Atomic<Int>(0)
  private let helpersAtWork = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private var helpers = 0
  private let started = Counter()
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(helpers: Int) {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    for _ in 0..<helpers {
      var thread = pthread_t()
      let context = Unmanaged.passRetained(self).toOpaque()
      // Where the system allows no more threads, the loops run on those that there are.
      guard pthread_create(&thread, nil, helperMain, context) == 0 else {
        Unmanaged<Team>.fromOpaque(context).release()
        break
      }
      pthread_detach(thread)
      self.helpers += 1
    }
  }

  deinit {
    pthread_cond_destroy(wake)
    pthread_mutex_destroy(mutex)
    wake.deallocate()
    mutex.deallocate()
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    announce()
  }

  func run(units: Int, _ body: @escaping @Sendable (Int, Int) -> Void) {
    job = (units, body)
    nextUnit.store(0, ordering: .relaxed)
    helpersAtWork.store(helpers, ordering: .relaxed)
    announce()
    work(units, 0, body)
    _ = spin { helpersAtWork.load(ordering: .acquiring) == 0 }
    job = nil
  }

  private func announce() {
    generation.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(mutex)
    }
  }

  private func work(_ units: Int, _ worker: Int, _ body: (Int, Int) -> Void) {
    while true {
      let unit = nextUnit.add(1, ordering: .relaxed).oldValue
      if unit >= units { return }
      body(unit, worker)
    }
  }

  fileprivate func help() {
    let worker = started.next() + 1
    var seen = 0
    while true {
      waitForGeneration(after: seen)
      seen += 1
      if stopping.load(ordering: .acquiring) { return }
      if let job { work(job.units, worker, job.body) }
      helpersAtWork.subtract(1, ordering: .releasing)
    }
  }

  private func waitForGeneration(after seen: Int) {
    if spin(limit: 20_000, until: { generation.load(ordering: .acquiring) > seen }) { return }
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) <= seen { pthread_cond_wait(wake, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  /// Waits for a condition, giving the processor away now and then, so that more threads than processors do not
  /// stand in each other's way.
  /// - Returns: whether the condition came true within `limit` looks at it.
  @inline(__always)
  private func spin(limit: Int = .max, until condition: () -> Bool) -> Bool {
    var looks = 0
    while !condition() {
      looks += 1
      if looks >= limit { return false }
      if looks & 255 == 255 { sched_yield() }
    }
    return true
  }
}

private func helperMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let team = Unmanaged<Team>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue()
  team.help()
  return nil
}

/// Hands out 0, 1, 2, … to any thread.
public final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  /// A counter that starts at 0.
  public init() {}

  /// The next number, and one more afterwards.
  public func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

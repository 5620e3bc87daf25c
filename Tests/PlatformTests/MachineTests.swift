import BVAEPlatform
import Testing

struct MachineTests {
  @Test("processors are those that the process is bound to, or fewer by quota")
  func processors() {
    #expect(Machine.processors >= 1)
    #expect(Machine.processors(inQuota: "max 100000\n") == nil)
    #expect(Machine.processors(inQuota: "200000 100000\n") == 2)
    #expect(Machine.processors(inQuota: "150000 100000") == 2)
    #expect(Machine.processors(inQuota: "1000 100000") == 1)
    for text in ["", "5", "0 0", "-1 100000", "1 2 3", "x 100000"] {
      #expect(Machine.processors(inQuota: text) == nil)
    }
    #expect(Machine.processors(inStatus: "Name:\tx\nCpus_allowed:\tff,0000000f\nCpus_allowed_list:\t0-3\n") == 12)
    #expect(Machine.processors(inStatus: "Name:\tx\n") == nil)
  }

  @Test("the cache folder follows the desktop's rules")
  func cache() {
    #expect(Machine.cacheDirectory(cacheHome: "/c", home: "/h") == "/c/bvae-script")
    #expect(Machine.cacheDirectory(cacheHome: "relative", home: "/h") == "/h/.cache/bvae-script")
    #expect(Machine.cacheDirectory(cacheHome: nil, home: "/h") == "/h/.cache/bvae-script")
    #expect(Machine.cacheDirectory(cacheHome: nil, home: nil).hasPrefix("/tmp/bvae-script-"))
  }

  @Test("the moment and the machine are told")
  func telling() {
    #expect(Machine.timestamp.wholeMatch(of: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/) != nil)
    #expect(!Machine.processorName.isEmpty)
    #expect(Machine.peakMemory > 1 << 20)
    let start = Machine.seconds
    #expect(Machine.seconds >= start)
    #expect(Machine.environment("BVAE_SURELY_NOT_SET") == nil)
  }

  @Test("a counter gives every number once, to any number of tasks")
  func counter() async {
    let counter = Counter()
    let numbers = await withTaskGroup(of: [Int].self) { group in
      for _ in 0..<8 { group.addTask { (0..<1000).map { _ in counter.next() } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(numbers.sorted() == Array(0..<8000))
  }
}

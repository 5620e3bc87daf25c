import Glibc
import Synchronization

/// The machine and the moment.
public enum Machine {
  /// The number of processors that this process may keep busy: those it is bound to, or fewer where a container's
  /// quota says so.
  public static var processors: Int {
    let quota = (try? Files.readText("/sys/fs/cgroup/cpu.max", limit: 4096)).flatMap(processors(inQuota:))
    let bound = (try? Files.readText("/proc/self/status", limit: 1 << 20)).flatMap(processors(inStatus:))
    return max(1, min(bound ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), quota ?? .max))
  }

  /// Processors by a control group's `cpu.max`: `200000 100000`, microseconds of work in each period, is 2 of them;
  /// nil where there is no quota (`max 100000`).
  package static func processors(inQuota text: String) -> Int? {
    let numbers = text.split(whereSeparator: \.isWhitespace).map { Int($0) }
    guard numbers.count == 2, let work = numbers[0], let period = numbers[1], work > 0, period > 0 else { return nil }
    return work / period + (work % period > 0 ? 1 : 0)
  }

  /// Processors by the process's `status`: the bits of `Cpus_allowed:   ff,ffffffff`.
  package static func processors(inStatus text: String) -> Int? {
    let key = "Cpus_allowed:"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    return line.dropFirst(key.count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
  }

  /// The processor's name as the kernel tells it, or the architecture where it does not.
  public static var processorName: String {
    let text = (try? Files.readText("/proc/cpuinfo", limit: 1 << 24)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      if let colon = line.firstIndex(of: ":") {
        return String(line[line.index(after: colon)...].drop { $0 == " " })
      }
    }
    return architecture
  }

  /// The machine's name in its network.
  public static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unknown" }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Seconds on a clock that only runs forward.
  public static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Waits; a signal may end the waiting early.
  public static func sleep(seconds: Double) {
    usleep(UInt32(max(0, min(seconds, 3600)) * 1_000_000))
  }

  /// Now as `2025-01-31 17:05:09 UTC`.
  public static var timestamp: String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ n: Int32) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) UTC"
  }

  /// Seconds since the beginning of 1970 (UTC).
  public static var secondsSince1970: Int { Int(time(nil)) }

  /// A moment as the clock on the wall shows it: `10:32` on the day of `now`, else `2025-01-31 10:32`.
  /// - Parameters:
  ///   - moment: seconds since the beginning of 1970 (UTC).
  ///   - now: likewise.
  public static func clock(_ moment: Int, now: Int = secondsSince1970) -> String {
    func parts(_ seconds: Int) -> tm {
      var time = time_t(seconds), parts = tm()
      localtime_r(&time, &parts)
      return parts
    }
    func two(_ n: Int32) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let then = parts(moment), today = parts(now)
    let hour = "\(two(then.tm_hour)):\(two(then.tm_min))"
    if then.tm_year == today.tm_year && then.tm_yday == today.tm_yday { return hour }
    return "\(Int(then.tm_year) + 1900)-\(two(then.tm_mon + 1))-\(two(then.tm_mday)) \(hour)"
  }

  /// The most memory that this process has held, in bytes.
  public static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// The most memory that is called available, for a process that may not take all there is; nil for no such bound.
  package static let memoryCeiling = Mutex<Int?>(nil)

  /// The memory that this process can still take without anything being moved to the disk, in bytes: what the system
  /// says is available, what is left of its control group's limit, or `memoryCeiling`, whichever is least; nil where none
  /// is known.
  public static var availableMemory: Int? {
    func number(_ path: String) -> Int? {
      guard let bytes = try? Files.read(path, limit: 1 << 16) else { return nil }
      return Int(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
    }
    var limits: [Int] = []
    if let text = try? Files.readText("/proc/meminfo"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    {
      limits.append(kilobytes * 1024)
    }
    for (limit, used) in [
      ("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ] {
      if let limit = number("/sys/fs/cgroup/" + limit), let used = number("/sys/fs/cgroup/" + used) {
        limits.append(max(0, limit - used))
      }
    }
    if let ceiling = memoryCeiling.withLock({ $0 }) { limits.append(ceiling) }
    return limits.min()
  }

  /// An environment variable that is set and not empty.
  public static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// An environment variable that holds a path, a leading `~` in it expanded.
  public static func environmentPath(_ name: String) -> String? { environment(name).map(Path.expandingHome) }

  /// The folder for this program's cached files: `$XDG_CACHE_HOME/bvae-script` (where that is an absolute path, as its
  /// specification asks), else `~/.cache/bvae-script`.
  public static var cacheDirectory: String {
    cacheDirectory(cacheHome: environment("XDG_CACHE_HOME"), home: homeDirectory)
  }

  package static func cacheDirectory(cacheHome: String?, home: String?) -> String {
    let base = cacheHome.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home.map { Path.join($0, ".cache") }
    return base.map { Path.join($0, "bvae-script") } ?? "/tmp/bvae-script-\(getuid())"
  }

  /// The folder for what this program remembers from run to run: `$XDG_STATE_HOME/bvae-script` (where that is an
  /// absolute path), else `~/.local/state/bvae-script`; nil where there is no home folder.
  public static var stateDirectory: String? {
    let base =
      environment("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (homeDirectory).map { Path.join($0, ".local/state") }
    return base.map { Path.join($0, "bvae-script") }
  }

  /// The user's home folder: `$HOME`, else that in the system's list of accounts; nil where there is neither.
  public static var homeDirectory: String? { environment("HOME") ?? home(getpwuid(getuid())) }

  /// The home folder of a user by name; nil where there is no such user.
  static func homeDirectory(of user: String) -> String? { home(getpwnam(user)) }

  private static func home(_ account: UnsafeMutablePointer<passwd>?) -> String? {
    guard let folder = account?.pointee.pw_dir, folder.pointee != 0 else { return nil }
    return String(cString: folder)
  }

  static var architecture: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }
}

import Glibc

/// The machine and the moment.
public enum Machine {
  /// The number of processors that this process may run on.
  public static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

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

  /// Seconds on a clock that only runs forward.
  public static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
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

  /// The most memory that this process has held, in bytes.
  public static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// An environment variable that is set and not empty.
  public static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The folder for this program's cached files: `$XDG_CACHE_HOME/bvae-script`, else `~/.cache/bvae-script`.
  public static var cacheDirectory: String {
    let base = environment("XDG_CACHE_HOME") ?? Path.join(environment("HOME") ?? "/tmp", ".cache")
    return Path.join(base, "bvae-script")
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

import BVAEPlatform

/// The program that speaks HTTP and HTTPS: curl, or wget where there is no curl. They know proxies (`http_proxy`,
/// `https_proxy`, `no_proxy`), certificates and redirects; what they bring is checked here.
package struct Downloader: Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case curl, wget
  }

  package let kind: Kind
  /// The program's file.
  package let path: String

  package init(kind: Kind, path: String) {
    self.kind = kind
    self.path = path
  }

  /// The one that is installed, if any.
  package static var installed: Downloader? {
    Kind.allCases.lazy.compactMap { kind in
      Machine.program(kind.rawValue).map { Downloader(kind: kind, path: $0) }
    }.first
  }

  /// Starts bringing the bytes of an address from `start` on to standard output.
  func begin(_ address: String, from start: Int) throws -> ChildProcess {
    try ChildProcess(path, arguments(address, from: start))
  }

  /// Nothing in them is read by a shell; addresses begin with `http`, so that none is taken for an option.
  func arguments(_ address: String, from start: Int) -> [String] {
    switch kind {
    case .curl:
      [
        "--silent", "--show-error", "--fail", "--location", "--max-redirs", "10", "--proto", "=http,https",
        "--proto-redir", "=http,https", "--globoff", "--connect-timeout", "30", "--output", "-",
      ] + (start > 0 ? ["--continue-at", String(start)] : []) + ["--url", address]
    case .wget:
      // It would keep a list of hosts in the home folder.
      ["--no-verbose", "--no-hsts", "--tries=1", "--timeout=60", "--max-redirect=10", "--output-document=-"]
        + (start > 0 ? ["--start-pos=\(start)"] : []) + ["--", address]
    }
  }

  /// Whether it ended because the server cannot begin in the middle of a file, where it was asked to and gave nothing.
  func cannotResume(_ ending: ChildProcess.Ending, _ complaint: String) -> Bool {
    switch kind {
    // 0: both take 416 for word that nothing is missing; 33: no ranges; 22: the server's code is in the words.
    case .curl: [.exited(0), .exited(33)].contains(ending) || (ending == .exited(22) && complaint.contains("416"))
    case .wget: ending == .exited(0) || (ending == .exited(8) && complaint.contains("416"))
    }
  }

  /// Whether it ended as it does when all went well.
  func isDone(_ ending: ChildProcess.Ending) -> Bool { ending == .exited(0) }

  /// Why it ended otherwise, in its own words without its name.
  func reason(_ ending: ChildProcess.Ending, _ complaint: String) -> String {
    let lines = complaint.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }
    if let line = lines.last(where: { !$0.isEmpty && !$0.hasPrefix("More details here") }) {
      return String(line.trimmingPrefix("\(kind.rawValue): "))
    }
    return switch ending {
    case .exited(let code): "\(kind.rawValue) ended with code \(code)"
    case .killed(let signal): "\(kind.rawValue) was ended by signal \(signal)"
    }
  }
}

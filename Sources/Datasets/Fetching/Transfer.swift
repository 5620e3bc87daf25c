import BVAEPlatform

/// Fetching one file from one address.
struct Transfer {
  let file: OriginalFile
  let address: String
  let downloader: Downloader
  let patience: Double
  let attempts: Int
  let pause: Double

  /// Fetches what is not there yet and checks it all.
  /// - Throws: `FetchError.Attempt` where this address does not give the file; what may be the beginning of the file is
  ///   kept in `part`, all else is not.
  func run(into part: PartialFile, watch: (Int) throws -> Void) throws {
    var left = attempts
    // The beginning may have come from another address, or be that of something else.
    var isAllFromHere = part.count == 0
    while true {
      let start = part.count
      if let problem = try attempt(into: part, watch: watch) {
        if part.count == 0 { isAllFromHere = true }
        left -= 1
        // It is worth another time where this one brought something, or threw away a beginning that was in the way.
        guard left > 0, part.count != start else { throw FetchError.Attempt(address: address, problem: problem) }
        try wait(part.count, watch)
      } else {
        let found = part.digest.hexadecimal
        if found == file.digest { return }
        try part.restart()
        if isAllFromHere { throw FetchError.Attempt(address: address, problem: .digest(found)) }
        isAllFromHere = true
      }
    }
  }

  private func wait(_ count: Int, _ watch: (Int) throws -> Void) throws {
    let end = Machine.seconds + pause
    while Machine.seconds < end {
      try watch(count)
      Machine.sleep(seconds: min(0.1, pause))
    }
  }

  /// One run of the downloader: what went wrong, nil where the file is complete.
  private func attempt(into part: PartialFile, watch: (Int) throws -> Void) throws -> FetchError.Problem? {
    if part.count == file.size { return nil }
    let start = part.count
    let process = try downloader.begin(address, from: start)
    // Whatever is thrown, the process ends with this function.
    defer { _ = process.stop() }
    var lastByte = Machine.seconds
    while true {
      try watch(part.count)
      switch process.read(waiting: 0.2) {
      case .nothing:
        if Machine.seconds - lastByte > patience { return .stalled(seconds: patience) }
      case .end:
        return try conclude(process, part, start: start)
      case .bytes(let bytes):
        lastByte = Machine.seconds
        guard bytes.count <= file.size - part.count else {
          try part.restart()
          return .long
        }
        try part.append(bytes)
        let beginning = part.beginning.prefix(file.beginning.count)
        guard file.beginning.starts(with: beginning) else {
          let found = Array(part.beginning.prefix(8))
          try part.restart()
          return .beginning(found)
        }
      }
    }
  }

  private func conclude(
    _ process: ChildProcess, _ part: PartialFile, start: Int
  ) throws -> FetchError.Problem? {
    let ending = process.wait()
    if part.count == file.size { return nil }
    let complaint = process.complaint
    if start > 0, part.count == start, downloader.cannotResume(ending, complaint) { try part.restart() }
    return downloader.isDone(ending)
      ? .short(found: part.count) : .transfer(downloader.reason(ending, complaint))
  }
}

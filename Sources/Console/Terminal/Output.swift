import Glibc

/// Writing to standard output and standard error, and what is known about the terminals behind them.
package enum Output {
  /// The descriptor of standard output.
  package static let standard: Int32 = 1
  /// The descriptor of standard error.
  package static let error: Int32 = 2

  /// Opens /dev/null in place of standard streams that the program was started without, so that no other file takes
  /// their numbers: such an input is empty, writing to such an output fails.
  package static func reserveStandardStreams() {
    for descriptor in [0, standard, error] where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is the one that is missing. Reading only: writing gives EBADF.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Writes text, whole.
  /// - Returns: 0, or the error's code; `EPIPE` when nobody reads it any more.
  @discardableResult
  package static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0 && errno == EINTR {
          // A terminal that was stopped by Ctrl-S may never go on.
          if Interruption.endingSignal != nil { return EINTR }
          continue
        }
        if count < 0 && errno == EAGAIN {
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&ready, 1, 1000)
          continue
        }
        guard count >= 0 else { return errno }
        done += count
      }
      return 0
    }
  }

  /// Whether a terminal is behind a descriptor.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The rows of the terminal behind a descriptor, 24 where there is none.
  package static func rows(of descriptor: Int32) -> Int { size(of: descriptor, \.ws_row) ?? 24 }

  /// The columns of the terminal behind a descriptor, 80 where there is none.
  package static func columns(of descriptor: Int32) -> Int { size(of: descriptor, \.ws_col) ?? 80 }

  private static func size(of descriptor: Int32, _ side: KeyPath<winsize, UInt16>) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size[keyPath: side] > 0 else { return nil }
    return Int(size[keyPath: side])
  }
}

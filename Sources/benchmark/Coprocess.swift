import Glibc

/// Another program that answers each line with a line.
final class Coprocess {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let input: UnsafeMutablePointer<FILE>
  private let output: UnsafeMutablePointer<FILE>
  private var process = pid_t()

  /// Starts a program with arguments; its standard error stays this program's.
  init(_ program: String, _ arguments: [String]) throws {
    var toChild: [Int32] = [0, 0], fromChild: [Int32] = [0, 0]
    guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw Failure(description: "cannot make a pipe") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    for descriptor in toChild + fromChild { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let code = posix_spawnp(&process, program, &actions, nil, &words, environ)
    close(toChild[0])
    close(fromChild[1])
    guard code == 0, let input = fdopen(toChild[1], "w"), let output = fdopen(fromChild[0], "r") else {
      throw Failure(description: "cannot start '\(program)': \(String(cString: strerror(code)))")
    }
    self.input = input
    self.output = output
  }

  deinit {
    fclose(input)
    fclose(output)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }

  /// Sends a line and waits for the answer.
  func ask(_ line: String) throws -> String {
    fputs(line + "\n", input)
    fflush(input)
    var buffer = [CChar](repeating: 0, count: 1024)
    guard fgets(&buffer, Int32(buffer.count), output) != nil else {
      throw Failure(description: "the other program ended without an answer to '\(line)'")
    }
    return String(decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

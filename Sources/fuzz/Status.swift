import BVAEPlatform
import Glibc

/// Numbers that a worker leaves in memory shared with whoever watches it, where they outlive its crash.
final class Status {
  enum Field: Int, CaseIterable {
    /// The number of the input that is being read.
    case index
    /// When its reading began, in milliseconds of the monotonic clock.
    case start
    /// How many were read, and how many of these were accepted.
    case done, accepted
    /// The most bytes that one of them had in use.
    case memory
  }

  private let numbers: UnsafeMutablePointer<Int>

  /// The numbers in a file, which is made where it is not there.
  init(_ path: String) throws {
    let size = Field.allCases.count * MemoryLayout<Int>.stride
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, size) == 0,
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED
    else { throw FileProblem("memory cannot be shared by it", of: path, action: "write") }
    close(descriptor)
    numbers = memory.bindMemory(to: Int.self, capacity: Field.allCases.count)
  }

  deinit { munmap(numbers, Field.allCases.count * MemoryLayout<Int>.stride) }

  subscript(field: Field) -> Int {
    get { numbers[field.rawValue] }
    set { numbers[field.rawValue] = newValue }
  }

  static var milliseconds: Int { Int(Machine.seconds * 1000) }
}

import BVAEOpenCL
import BVAEPlatform
import Synchronization

/// Which device is asked for, in the words of the command line and of scripts: `cpu`, `gpu`, or `gpu:2`, the second that
/// `bvae-script doctor` lists.
package enum DeviceChoice: Hashable, Sendable, CustomStringConvertible {
  /// The processor.
  case cpu
  /// The first graphics processor, or OpenCL's device of a number, counted from 1.
  case gpu(Int?)

  /// What a word means; nil for one that means nothing.
  package init?(_ word: String) {
    if word == "cpu" {
      self = .cpu
    } else if word == "gpu" {
      self = .gpu(nil)
    } else if word.hasPrefix("gpu:"), let number = Int(word.dropFirst(4)), number > 0,
      word.dropFirst(4).allSatisfy(\.isNumber)
    {
      self = .gpu(number)
    } else {
      return nil
    }
  }

  /// What may be asked for.
  package static let words = "cpu, gpu, or gpu:N for the device of that number that 'bvae-script doctor' lists"

  package var description: String {
    switch self {
    case .cpu: "cpu"
    case .gpu(nil): "gpu"
    case .gpu(let number?): "gpu:\(number)"
    }
  }

  /// The devices that were made ready, by their places: 'gpu' and 'gpu:1' may be one.
  private static let opened = Mutex<[Int: GPUDevice]>([:])

  /// The device; nil for the processor. It is made ready when it is first asked for, and kept.
  /// - Throws: `OpenCLError` where there is none, or it cannot be used.
  package func device() throws(OpenCLError) -> GPUDevice? {
    guard case .gpu(let number) = self else { return nil }
    let result = Self.opened.withLock { opened in
      Result { () throws(OpenCLError) -> GPUDevice in
        // What is open already needs no further look.
        if let number, let device = opened[number] { return device }
        let all = try OpenCLDevice.all(), hardware = try Self.hardware(number, of: all)
        let place = number ?? (all.firstIndex(where: \.isGPU) ?? 0) + 1
        if let device = opened[place] { return device }
        let device = try GPUDevice(hardware)
        opened[place] = device
        return device
      }
    }
    return try result.get()
  }

  /// One of the devices that there are.
  package static func hardware(_ number: Int?, of all: [OpenCLDevice]) throws(OpenCLError) -> OpenCLDevice {
    guard !all.isEmpty else {
      throw .noDevice("OpenCL is installed, but no driver of it has a device; 'bvae-script doctor' says what was found")
    }
    guard let number else {
      guard let first = all.first(where: \.isGPU) else {
        throw .noDevice(
          "there is no graphics processor here; OpenCL offers only \(all[0].name), which 'gpu:1' would use, far more "
            + "slowly than the program's own kernels")
      }
      return first
    }
    guard number <= all.count else {
      throw .noDevice(
        "there is no device gpu:\(number); OpenCL knows "
          + all.enumerated().map { "gpu:\($0 + 1), \($1.name)" }.joined(separator: "; "))
    }
    return all[number - 1]
  }
}

import BVAEDevice
import BVAEOpenCL

/// Floats in a graphics processor's memory. The host sees copies of parts of them.
final class GPUBuffer: Buffer {
  let count: Int
  private let device: GPUDevice
  /// nil where there was no room: then nothing is computed with it, and the device tells.
  let memory: OpenCLBuffer?

  /// Zeros.
  init(_ device: GPUDevice, count: Int) {
    (self.device, self.count) = (device, count)
    memory = device.makeMemory(bytes: 4 * count, isCleared: true)
  }

  func withValues<Result>(
    _ range: Range<Int>, _ access: BufferAccess, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let block = device.staging(bytes: 4 * range.count)
    let values = UnsafeMutableBufferPointer(
      start: block.pointer.bindMemory(to: Float.self, capacity: range.count), count: range.count)
    if access != .write { device.read(memory, from: 4 * range.lowerBound, bytes: 4 * range.count, into: block) }
    // What the body throws leaves the device's values as they are.
    let result: Result
    do {
      result = try body(values)
    } catch {
      device.release(block)
      throw error
    }
    if access == .read {
      device.release(block)
    } else {
      device.write(block, bytes: 4 * range.count, to: memory, from: 4 * range.lowerBound)
    }
    return result
  }
}

/// Memory of the host for what goes across, used again and again.
///
/// Unchecked: it belongs to whoever took it, or to the queue until that has done with it.
final class StagingBlock: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let bytes: Int

  init(bytes: Int) {
    self.bytes = bytes
    pointer = .allocate(byteCount: max(64, bytes), alignment: 4096)
    // What stands in it is never used before it is written, but might be where the device has failed.
    pointer.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  }

  deinit { pointer.deallocate() }
}

/// Images as bytes in a graphics processor's memory.
final class GPUImages: DeviceImages {
  let memory: OpenCLBuffer
  let size: Int

  init(_ memory: OpenCLBuffer, size: Int) { (self.memory, self.size) = (memory, size) }
}

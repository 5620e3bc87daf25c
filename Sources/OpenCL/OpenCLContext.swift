import BVAEPlatform
import COpenCL

/// A device at work: its memory, its programs, and one queue that does what it is told in its order. Nothing waits but
/// `read` and `finish`.
///
/// Unchecked: drivers take calls from any thread; of a kernel's arguments and its launch only one thread at a time may
/// take care.
package final class OpenCLContext: @unchecked Sendable {
  package let device: OpenCLDevice
  let functions: opencl_functions
  let handle: OpaquePointer
  private let queue: OpaquePointer

  /// - Throws: `OpenCLError` where the driver gives none.
  package init(_ device: OpenCLDevice) throws(OpenCLError) {
    self.device = device
    let functions = device.library.functions
    var code: Int32 = 0
    var handles: [OpaquePointer?] = [device.handle]
    let context = functions.create_context(nil, 1, &handles, nil, nil, &code)
    try check("clCreateContext", code)
    let queue = functions.create_queue(context, device.handle, 0, &code)
    if code != OPENCL_SUCCESS { _ = functions.release_context(context) }
    try check("clCreateCommandQueue", code)
    guard let context, let queue else { throw .failed(call: "clCreateContext", code: 0) }
    (self.functions, handle, self.queue) = (functions, context, queue)
  }

  deinit {
    _ = functions.finish(queue)
    _ = functions.release_queue(queue)
    _ = functions.release_context(handle)
  }

  /// A block of the device's memory, whose contents are not known.
  /// - Throws: `OpenCLError.outOfMemory`.
  package func makeBuffer(bytes: Int) throws(OpenCLError) -> OpenCLBuffer {
    let size = max(4, bytes)
    if device.largestBuffer > 0, size > device.largestBuffer { throw .outOfMemory(bytes: size) }
    var code: Int32 = 0
    let buffer = functions.create_buffer(handle, UInt64(OPENCL_READ_WRITE), size, nil, &code)
    try check("clCreateBuffer", code, bytes: size)
    guard let buffer else { throw .outOfMemory(bytes: size) }
    return OpenCLBuffer(self, buffer, bytes: bytes)
  }

  /// Reads a part of a block; waits for everything before it.
  package func read(
    _ buffer: OpenCLBuffer, from start: Int = 0, into target: UnsafeMutableRawBufferPointer
  ) throws(OpenCLError) {
    precondition(start >= 0 && start + target.count <= buffer.bytes)
    guard target.count > 0 else { return }
    try check(
      "clEnqueueReadBuffer",
      functions.read_buffer(queue, buffer.handle, 1, start, target.count, target.baseAddress, 0, nil, nil))
  }

  /// Writes a part of a block. The source must stay as it is until the queue has done it: until a `read` or `finish`
  /// behind it has returned.
  package func write(
    _ source: UnsafeRawBufferPointer, to buffer: OpenCLBuffer, from start: Int = 0
  ) throws(OpenCLError) {
    precondition(start >= 0 && start + source.count <= buffer.bytes)
    guard source.count > 0 else { return }
    try check(
      "clEnqueueWriteBuffer",
      functions.write_buffer(queue, buffer.handle, 0, start, source.count, source.baseAddress, 0, nil, nil))
  }

  /// Copies the beginning of one block to that of another.
  package func copy(_ source: OpenCLBuffer, to target: OpenCLBuffer, bytes: Int) throws(OpenCLError) {
    precondition(bytes >= 0 && bytes <= source.bytes && bytes <= target.bytes)
    guard bytes > 0 else { return }
    try check(
      "clEnqueueCopyBuffer", functions.copy_buffer(queue, source.handle, target.handle, 0, 0, bytes, 0, nil, nil))
  }

  /// Sets a whole block to zero.
  package func clear(_ buffer: OpenCLBuffer) throws(OpenCLError) {
    guard buffer.bytes > 0 else { return }
    var zero: UInt32 = 0
    try check(
      "clEnqueueFillBuffer", functions.fill_buffer(queue, buffer.handle, &zero, 4, 0, buffer.bytes, 0, nil, nil),
      bytes: buffer.bytes)
  }

  /// Runs a kernel: `groups` groups of `items` work items, in up to three dimensions.
  package func launch(
    _ kernel: OpenCLKernel, groups: (Int, Int, Int), items: Int, _ arguments: [OpenCLArgument]
  ) throws(OpenCLError) {
    guard groups.0 > 0, groups.1 > 0, groups.2 > 0 else { return }
    for (place, argument) in arguments.enumerated() {
      try check("clSetKernelArg \(kernel.name) \(place)", kernel.set(UInt32(place), argument))
    }
    var global = [groups.0 * items, groups.1, groups.2], local = [items, 1, 1]
    try check(
      "clEnqueueNDRangeKernel \(kernel.name)",
      functions.launch(queue, kernel.handle, 3, nil, &global, &local, 0, nil, nil))
  }

  /// Has the device begin with what is queued.
  package func flush() { _ = functions.flush(queue) }

  /// Waits until everything is done.
  package func finish() throws(OpenCLError) { try check("clFinish", functions.finish(queue)) }
}

/// A block of a device's memory.
///
/// Unchecked: a handle; what is in it, the queue's order decides.
package final class OpenCLBuffer: @unchecked Sendable {
  private let context: OpenCLContext
  let handle: OpaquePointer
  /// Its size.
  package let bytes: Int

  init(_ context: OpenCLContext, _ handle: OpaquePointer, bytes: Int) {
    (self.context, self.handle, self.bytes) = (context, handle, bytes)
  }

  deinit { _ = context.functions.release_buffer(handle) }
}

/// What a kernel is given.
package enum OpenCLArgument {
  /// A block of memory.
  case buffer(OpenCLBuffer)
  /// An `int`.
  case whole(Int)
  /// A `float`.
  case number(Float)
  /// A structure of `int`s and `float`s, as their bits.
  case block([UInt32])
}

/// A kernel of a program.
///
/// Unchecked: see `OpenCLContext`.
package final class OpenCLKernel: @unchecked Sendable {
  private let program: OpenCLProgram
  let handle: OpaquePointer
  package let name: String

  init(_ program: OpenCLProgram, _ handle: OpaquePointer, _ name: String) {
    (self.program, self.handle, self.name) = (program, handle, name)
  }

  deinit { _ = program.context.functions.release_kernel(handle) }

  /// The most work items of a group that the device can run it with.
  package var groupSize: Int {
    var size = 0
    let context = program.context
    _ = context.functions.get_kernel_group_info(
      handle, context.device.handle, UInt32(OPENCL_KERNEL_GROUP_SIZE), MemoryLayout<Int>.size, &size, nil)
    return size
  }

  fileprivate func set(_ place: UInt32, _ argument: OpenCLArgument) -> Int32 {
    let functions = program.context.functions
    switch argument {
    case .buffer(let buffer):
      var handle: OpaquePointer? = buffer.handle
      return functions.set_argument(self.handle, place, MemoryLayout<OpaquePointer?>.size, &handle)
    case .whole(let number):
      var value = Int32(truncatingIfNeeded: number)
      return functions.set_argument(handle, place, 4, &value)
    case .number(var value): return functions.set_argument(handle, place, 4, &value)
    case .block(let words):
      return words.withUnsafeBytes { functions.set_argument(handle, place, $0.count, $0.baseAddress) }
    }
  }
}

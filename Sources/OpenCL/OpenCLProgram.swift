import BVAEPlatform
import COpenCL

/// Kernels, compiled by the driver for a device.
///
/// Unchecked: a handle.
package final class OpenCLProgram: @unchecked Sendable {
  let context: OpenCLContext
  private let handle: OpaquePointer

  /// Compiles kernels, or takes what an earlier run has compiled of the very same.
  /// - Parameters:
  ///   - options: the compiler's: `-D TILE=64`.
  ///   - cache: the folder of what was compiled; nil for none. A file there that is damaged, or that the driver does not
  ///     take, is compiled and written again; a folder that cannot be written to is none.
  /// - Throws: `OpenCLError.notCompiled` with what the compiler says.
  package init(
    _ source: String, options: String = "", in context: OpenCLContext, cache: String? = nil
  ) throws(OpenCLError) {
    self.context = context
    let options = options + " -cl-std=CL1.2"
    let file = cache.map { Path.join($0, Self.name(source, options, context.device)) }
    if let file, let binary = Self.read(file), let handle = Self.load(binary, options, context) {
      self.handle = handle
      return
    }
    handle = try Self.compile(source, options, context)
    if let cache, let file, let binary = Self.binary(handle, context) {
      var sum = Fingerprint()
      sum.add(binary)
      try? Files.makeDirectory(cache)
      try? Files.write(Array("\(Self.format) \(sum)\n".utf8) + binary, to: file)
    }
  }

  deinit { _ = context.functions.release_program(handle) }

  /// A kernel by its name.
  /// - Throws: `OpenCLError` where there is none.
  package func kernel(_ name: String) throws(OpenCLError) -> OpenCLKernel {
    var code: Int32 = 0
    let kernel = name.withCString { context.functions.create_kernel(handle, $0, &code) }
    try check("clCreateKernel \(name)", code)
    guard let kernel else { throw .failed(call: "clCreateKernel \(name)", code: Int(code)) }
    return OpenCLKernel(self, kernel, name)
  }

  private static let format = "bvae-script kernels 1"

  /// The file of a program: everything that what the driver makes of it depends on.
  package static func name(_ source: String, _ options: String, _ device: OpenCLDevice) -> String {
    var sum = Fingerprint()
    for text in [source, options, device.platform, device.name, device.driver, device.version] { sum.add(text) }
    return "\(sum).kernels"
  }

  /// What stands in a file, if it is whole.
  private static func read(_ file: String) -> [UInt8]? {
    guard Files.exists(file), let bytes = try? Files.read(file, limit: 1 << 28),
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    let binary = Array(bytes[(end + 1)...])
    var sum = Fingerprint()
    sum.add(binary)
    return String(decoding: bytes[..<end], as: UTF8.self) == "\(format) \(sum)" && !binary.isEmpty ? binary : nil
  }

  private static func load(_ binary: [UInt8], _ options: String, _ context: OpenCLContext) -> OpaquePointer? {
    let functions = context.functions
    var code: Int32 = 0, status: Int32 = 0, device: OpaquePointer? = context.device.handle, size = binary.count
    let program = binary.withUnsafeBufferPointer { bytes in
      var start = bytes.baseAddress
      return functions.create_program_with_binary(context.handle, 1, &device, &size, &start, &status, &code)
    }
    guard code == OPENCL_SUCCESS, let program else { return nil }
    guard status == OPENCL_SUCCESS, functions.build_program(program, 1, &device, options, nil, nil) == OPENCL_SUCCESS
    else {
      _ = functions.release_program(program)
      return nil
    }
    return program
  }

  private static func compile(
    _ source: String, _ options: String, _ context: OpenCLContext
  ) throws(OpenCLError) -> OpaquePointer {
    let functions = context.functions
    var code: Int32 = 0, device: OpaquePointer? = context.device.handle
    let created = source.withCString { text in
      var start: UnsafePointer<CChar>? = text
      return functions.create_program(context.handle, 1, &start, nil, &code)
    }
    try check("clCreateProgramWithSource", code)
    guard let program = created else { throw .failed(call: "clCreateProgramWithSource", code: 0) }
    let result = functions.build_program(program, 1, &device, options, nil, nil)
    guard result != OPENCL_SUCCESS else { return program }
    let log = asked {
      functions.get_build_info(program, context.device.handle, UInt32(OPENCL_PROGRAM_BUILD_LOG), $0, $1, $2)
    }
    _ = functions.release_program(program)
    if Int(result) == Int(OPENCL_BUILD_PROGRAM_FAILURE) {
      throw .notCompiled(log: log.isEmpty ? "it does not say why" : log)
    }
    try check("clBuildProgram", result)
    throw .notCompiled(log: log)
  }

  private static func binary(_ program: OpaquePointer, _ context: OpenCLContext) -> [UInt8]? {
    let functions = context.functions
    var size = 0
    guard
      functions.get_program_info(program, UInt32(OPENCL_PROGRAM_BINARY_SIZES), MemoryLayout<Int>.size, &size, nil)
        == OPENCL_SUCCESS, size > 0
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let code = bytes.withUnsafeMutableBufferPointer { bytes in
      var start = bytes.baseAddress
      return functions.get_program_info(
        program, UInt32(OPENCL_PROGRAM_BINARIES), MemoryLayout<UnsafeMutablePointer<UInt8>?>.size, &start, nil)
    }
    return code == OPENCL_SUCCESS ? bytes : nil
  }
}

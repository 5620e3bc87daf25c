import BVAEPlatform
import COpenCL

/// A library that speaks OpenCL: a loader, which knows all drivers that are registered with it, or one driver.
struct OpenCLLibrary: Sendable {
  let functions: opencl_functions
  private static let loaderName = "libOpenCL.so.1"
  /// NVIDIA's driver, which containers often have without its registration (/etc/OpenCL/vendors/nvidia.icd).
  private static let driverName = "libnvidia-opencl.so.1"

  /// Opens a library, by path or by name.
  /// - Throws: `OpenCLError.noLibrary`.
  init(_ path: String) throws(OpenCLError) {
    var functions = opencl_functions()
    if let reason = opencl_open(path, &functions) { throw .noLibrary(String(cString: reason)) }
    self.functions = functions
  }

  /// All that this machine has, opened when first asked for.
  /// - Throws: `OpenCLError.noLibrary` where there is none.
  static func all() throws(OpenCLError) -> [OpenCLLibrary] { try found.get() }

  private static let found: Result<[OpenCLLibrary], OpenCLError> = {
    () -> Result<[OpenCLLibrary], OpenCLError> in
    if let path = Machine.environmentPath("BVAE_OPENCL") {
      return Result { () throws(OpenCLError) in [try OpenCLLibrary(path)] }
    }
    let loader = Result { () throws(OpenCLError) in try OpenCLLibrary(loaderName) }
    let known = (try? loader.get()).map { $0.platforms.map { $0.text(OPENCL_PLATFORM_VENDOR) } } ?? []
    let driver = known.contains { $0.hasPrefix("NVIDIA") } ? nil : try? OpenCLLibrary(driverName)
    guard let driver else { return loader.map { [$0] } }
    return .success([driver] + ((try? loader.get()).map { [$0] } ?? []))
  }()

  /// The platforms, one a driver; none where the loader knows no driver.
  var platforms: [Platform] {
    var count: UInt32 = 0
    guard functions.get_platforms(0, nil, &count) == OPENCL_SUCCESS, count > 0 else { return [] }
    var handles = [OpaquePointer?](repeating: nil, count: Int(count))
    guard functions.get_platforms(count, &handles, nil) == OPENCL_SUCCESS else { return [] }
    return handles.compactMap { $0.map { Platform(library: self, handle: $0) } }
  }

  /// A driver's platform.
  struct Platform {
    let library: OpenCLLibrary, handle: OpaquePointer

    func text(_ name: some BinaryInteger) -> String {
      asked { library.functions.get_platform_info(handle, UInt32(name), $0, $1, $2) }
    }

    var devices: [OpaquePointer] {
      var count: UInt32 = 0
      let type = UInt64(OPENCL_ALL_DEVICES)
      guard library.functions.get_devices(handle, type, 0, nil, &count) == OPENCL_SUCCESS, count > 0 else { return [] }
      var handles = [OpaquePointer?](repeating: nil, count: Int(count))
      guard library.functions.get_devices(handle, type, count, &handles, nil) == OPENCL_SUCCESS else { return [] }
      return handles.compactMap { $0 }
    }
  }
}

/// A text that OpenCL gives: first its size, then the bytes, of which the last is zero. Empty where it gives none.
func asked(_ call: (_ size: Int, _ value: UnsafeMutableRawPointer?, _ needed: UnsafeMutablePointer<Int>?) -> Int32)
  -> String
{
  var size = 0
  guard call(0, nil, &size) == OPENCL_SUCCESS, size > 0 else { return "" }
  var bytes = [UInt8](repeating: 0, count: size)
  guard call(size, &bytes, nil) == OPENCL_SUCCESS else { return "" }
  let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  return text.split(whereSeparator: \.isWhitespace).isEmpty ? "" : text
}

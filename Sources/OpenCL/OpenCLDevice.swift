import COpenCL

/// A device that OpenCL knows, and what it can do.
///
/// Unchecked: the handle is the driver's, which takes calls from any thread.
package struct OpenCLDevice: @unchecked Sendable {
  let library: OpenCLLibrary
  let handle: OpaquePointer
  /// What it is called, and the driver's platform, version and the version of OpenCL.
  package let name: String, platform: String, driver: String, version: String
  /// Whether it is a graphics processor; whether it is the processor itself.
  package let isGPU: Bool, isCPU: Bool
  /// Groups of work items that run at once.
  package let units: Int
  /// The most work items of a group, and the bytes of the memory that they share.
  package let groupSize: Int, localMemory: Int
  /// Bytes of its memory, and of the largest block of it.
  package let memory: Int, largestBuffer: Int

  /// Whether it is there, can compile, and knows OpenCL 1.2.
  private let isUsable: Bool

  private init(_ library: OpenCLLibrary, _ platform: OpenCLLibrary.Platform, _ handle: OpaquePointer) {
    (self.library, self.handle) = (library, handle)
    func text(_ name: some BinaryInteger) -> String {
      asked { library.functions.get_device_info(handle, UInt32(name), $0, $1, $2) }
    }
    func number<Value: FixedWidthInteger>(_ name: some BinaryInteger, _ type: Value.Type) -> Int {
      var value: Value = 0
      let code = library.functions.get_device_info(handle, UInt32(name), MemoryLayout<Value>.size, &value, nil)
      return code == OPENCL_SUCCESS ? Int(clamping: value) : 0
    }
    let given = text(OPENCL_DEVICE_VERSION), isOld = ["OpenCL 1.0", "OpenCL 1.1"].contains { given.hasPrefix($0) }
    isUsable =
      !isOld && number(OPENCL_DEVICE_AVAILABLE, UInt32.self) != 0
      && number(OPENCL_DEVICE_COMPILER_AVAILABLE, UInt32.self) != 0
    version = given
    name = text(OPENCL_DEVICE_NAME)
    self.platform = platform.text(OPENCL_PLATFORM_NAME)
    driver = text(OPENCL_DEVICE_DRIVER)
    let type = number(OPENCL_DEVICE_TYPE, UInt64.self)
    isGPU = type & Int(OPENCL_TYPE_GPU) != 0
    isCPU = type & Int(OPENCL_TYPE_CPU) != 0
    units = max(1, number(OPENCL_DEVICE_UNITS, UInt32.self))
    groupSize = number(OPENCL_DEVICE_GROUP_SIZE, UInt.self)
    localMemory = number(OPENCL_DEVICE_LOCAL_MEMORY, UInt64.self)
    memory = number(OPENCL_DEVICE_MEMORY, UInt64.self)
    largestBuffer = number(OPENCL_DEVICE_LARGEST_BUFFER, UInt64.self)
  }

  /// All devices, graphics processors first, the processor itself last.
  /// - Throws: `OpenCLError.noLibrary` where there is no OpenCL.
  package static func all() throws(OpenCLError) -> [OpenCLDevice] { devices(of: try OpenCLLibrary.all()) }

  /// The devices of one loader or driver, by the path of its library.
  /// - Throws: `OpenCLError.noLibrary` where it is none.
  package static func all(ofLibrary path: String) throws(OpenCLError) -> [OpenCLDevice] {
    devices(of: [try OpenCLLibrary(path)])
  }

  private static func devices(of libraries: [OpenCLLibrary]) -> [OpenCLDevice] {
    let all = libraries.flatMap { library in
      library.platforms.flatMap { platform in platform.devices.map { OpenCLDevice(library, platform, $0) } }
    }.filter(\.isUsable)
    func rank(_ device: OpenCLDevice) -> Int { device.isGPU ? 0 : device.isCPU ? 2 : 1 }
    return (0...2).flatMap { wanted in all.filter { rank($0) == wanted } }
  }
}

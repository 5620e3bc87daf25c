import COpenCL

/// What can go wrong with a device of OpenCL, in words for the person at the keyboard.
package enum OpenCLError: Error, Equatable, CustomStringConvertible {
  /// There is no OpenCL here, and why.
  case noLibrary(String)
  /// OpenCL is here, and no device of the wanted sort.
  case noDevice(String)
  /// The device, or the machine on its behalf, has not so much memory.
  case outOfMemory(bytes: Int?)
  /// The driver's compiler takes a program for wrong; what it says.
  case notCompiled(log: String)
  /// Another call failed, with OpenCL's number for the reason.
  case failed(call: String, code: Int)

  package var description: String {
    switch self {
    case .noLibrary(let reason):
      "there is no OpenCL on this machine (\(reason)); the driver of a graphics processor brings it, or set BVAE_OPENCL "
        + "to the path of its library"
    case .noDevice(let reason): reason
    case .outOfMemory(let bytes?):
      "the graphics processor cannot give \(Self.size(bytes)) of memory; a smaller batch or network needs less"
    case .outOfMemory(nil): "the graphics processor's memory is full; a smaller batch or network needs less"
    case .notCompiled(let log): "the graphics processor's driver cannot compile the kernels:\n\(log)"
    case .failed(let call, let code): "the graphics processor's driver failed: \(call) gave error \(code)"
    }
  }

  private static func size(_ bytes: Int) -> String {
    bytes >> 20 == 0 ? "\((bytes + 1023) >> 10) KB" : "\(bytes >> 20) MB"
  }

  /// What a call's result means; nil for success.
  init?(_ call: String, _ code: Int32, bytes: Int? = nil) {
    switch Int(code) {
    case Int(OPENCL_SUCCESS): return nil
    case Int(OPENCL_OBJECT_ALLOCATION_FAILURE), Int(OPENCL_OUT_OF_HOST_MEMORY), Int(OPENCL_INVALID_BUFFER_SIZE):
      self = .outOfMemory(bytes: bytes)
    // Of a launch it may mean anything.
    case Int(OPENCL_OUT_OF_RESOURCES) where bytes != nil: self = .outOfMemory(bytes: bytes)
    default: self = .failed(call: call, code: Int(code))
    }
  }
}

/// Throws what a call's result means.
func check(_ call: String, _ code: Int32, bytes: Int? = nil) throws(OpenCLError) {
  if let error = OpenCLError(call, code, bytes: bytes) { throw error }
}

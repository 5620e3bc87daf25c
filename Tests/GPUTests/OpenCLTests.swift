import BVAEDevice
import BVAEGPU
import BVAEOpenCL
import BVAEPlatform
import TestSupport
import Testing

/// The layer over OpenCL: what it finds, what it says where something is missing, and what it keeps.
@Suite("OpenCL")
struct OpenCLTests {
  private static let doubling = """
    __kernel void twice(__global float *values, int count, float factor) {
      int i = get_global_id(0);
      if (i < count) values[i] *= factor;
    }
    """

  /// 1, 2, 3 doubled by a program.
  private func doubled(cache: String?) throws -> [Float] {
    let context = try OpenCLContext(try #require(TestGPU.hardware))
    let kernel = try OpenCLProgram(Self.doubling, in: context, cache: cache).kernel("twice")
    let buffer = try context.makeBuffer(bytes: 16)
    try context.clear(buffer)
    var values: [Float] = [1, 2, 3]
    try values.withUnsafeBytes { try context.write($0, to: buffer) }
    try context.launch(kernel, groups: (2, 1, 1), items: 2, [.buffer(buffer), .whole(3), .number(2)])
    values.append(7)
    try values.withUnsafeMutableBytes { try context.read(buffer, into: $0) }
    return values
  }

  @Test("A kernel is compiled, run and read back", .needsOpenCL)
  func runs() throws {
    let hardware = try #require(TestGPU.hardware)
    #expect(!hardware.name.isEmpty && hardware.groupSize > 0 && hardware.memory > 0 && hardware.units > 0)
    #expect(hardware.isCPU || hardware.isGPU)
    #expect(try doubled(cache: nil) == [2, 4, 6, 0])
  }

  @Test("Compiled kernels are kept; a damaged file only means compiling again", .needsOpenCL)
  func cached() throws {
    let folder = "/tmp/bvae-kernels-\(Machine.secondsSince1970)-\(UInt32.random(in: 0 ... .max))"
    defer {
      for name in (try? Files.list(folder)) ?? [] { try? Files.remove(Path.join(folder, name)) }
      Files.removeEmptyDirectory(folder)
    }
    #expect(try doubled(cache: folder) == [2, 4, 6, 0])
    let names = try Files.list(folder)
    #expect(names.count == 1 && names[0].hasSuffix(".kernels"))
    let path = Path.join(folder, names[0]), whole = try Files.read(path)
    #expect(try doubled(cache: folder) == [2, 4, 6, 0])
    #expect(try Files.read(path) == whole)
    var flipped = whole
    flipped[whole.count / 2] ^= 0x55
    for damaged in [[], Array(whole.prefix(10)), Array(whole.dropLast(100)), flipped] {
      try Files.write(damaged, to: path)
      #expect(try doubled(cache: folder) == [2, 4, 6, 0])
      // It was written again, whole.
      #expect(try Files.read(path).count > damaged.count || Files.read(path) != damaged)
    }
    // A folder that cannot be made is none.
    #expect(try doubled(cache: "/proc/nowhere") == [2, 4, 6, 0])
  }

  @Test("A program that is wrong is told with what the compiler says", .needsOpenCL)
  func wrong() throws {
    let context = try OpenCLContext(try #require(TestGPU.hardware))
    #expect {
      _ = try OpenCLProgram("__kernel void broken(__global float *x) { x[0] = undeclared_name; }", in: context)
    } throws: { error in
      guard case OpenCLError.notCompiled(let log) = error else { return false }
      return log.contains("undeclared_name") && "\(error)".contains("undeclared_name")
    }
    let program = try OpenCLProgram(Self.doubling, in: context)
    #expect(throws: OpenCLError.self) { _ = try program.kernel("thrice") }
  }

  @Test("A block that is larger than the memory is refused", .needsOpenCL)
  func tooLarge() throws {
    let hardware = try #require(TestGPU.hardware), context = try OpenCLContext(hardware)
    let bytes = hardware.largestBuffer + 4096
    #expect(throws: OpenCLError.outOfMemory(bytes: bytes)) { _ = try context.makeBuffer(bytes: bytes) }
  }

  @Test("A device whose memory is full computes nothing, tells it once, and goes on", .needsOpenCL)
  func full() throws {
    let device = try #require(TestGPU.make(nil)), hardware = device.hardware
    let small = device.makeBuffer(count: 4)
    small.withValues { for i in $0.indices { $0[i] = Float(i) } }
    try device.check()
    let large = device.makeBuffer(count: hardware.largestBuffer / 4 + 1024)
    #expect(small.values == [0, 0, 0, 0])
    #expect {
      try device.check()
    } throws: { "\($0)".contains("memory") && "\($0)".contains("smaller batch") }
    try device.check()
    #expect(small.values == [0, 1, 2, 3])
    device.scale(large, by: 2)
    #expect(throws: DeviceProblem.self) { try device.check() }
  }

  @Test("Without a library of OpenCL the reason is told")
  func missing() {
    #expect {
      _ = try OpenCLDevice.all(ofLibrary: "/nowhere/libOpenCL.so.1")
    } throws: { error in
      guard case OpenCLError.noLibrary(let reason) = error else { return false }
      return reason.contains("/nowhere/libOpenCL.so.1") && "\(error)".contains("BVAE_OPENCL")
    }
    // A library of something else.
    #expect {
      _ = try OpenCLDevice.all(ofLibrary: "libz.so.1")
    } throws: { error in
      guard case OpenCLError.noLibrary(let reason) = error else { return false }
      return reason.contains("neither a loader nor a driver")
    }
  }

  @Test(
    "A driver can be opened without a loader", .needsOpenCL,
    .enabled(if: (try? OpenCLDevice.all(ofLibrary: "libpocl.so.2")) != nil, "libpocl.so.2 is not here"))
  func driver() throws {
    let devices = try OpenCLDevice.all(ofLibrary: "libpocl.so.2"), first = try #require(devices.first)
    #expect(first.isCPU && first.platform == "Portable Computing Language")
    let context = try OpenCLContext(first), buffer = try context.makeBuffer(bytes: 8)
    try context.clear(buffer)
    var values: [Float] = [1, 2]
    try values.withUnsafeMutableBytes { try context.read(buffer, into: $0) }
    #expect(values == [0, 0])
  }

  @Test("Words for devices")
  func words() {
    #expect(DeviceChoice("cpu") == .cpu && DeviceChoice("gpu") == .gpu(nil) && DeviceChoice("gpu:2") == .gpu(2))
    for word in ["", "GPU", "gpu:", "gpu:0", "gpu:-1", "gpu:+1", "gpu: 1", "gpu:x", "gpu:99999999999999999999", "tpu"] {
      #expect(DeviceChoice(word) == nil, "\(word)")
    }
    for choice in [DeviceChoice.cpu, .gpu(nil), .gpu(7)] { #expect(DeviceChoice("\(choice)") == choice) }
  }

  @Test("A device that is not there is told, with those that are", .needsOpenCL)
  func absent() throws {
    let all = try OpenCLDevice.all()
    #expect {
      _ = try DeviceChoice.hardware(99, of: all)
    } throws: { "\($0)".contains("gpu:99") && "\($0)".contains(all[0].name) }
    #expect(throws: OpenCLError.self) { _ = try DeviceChoice.hardware(nil, of: []) }
    #expect(try DeviceChoice.hardware(1, of: all).name == all[0].name)
    let processors = all.filter { !$0.isGPU }
    if !processors.isEmpty {
      #expect {
        _ = try DeviceChoice.hardware(nil, of: processors)
      } throws: { "\($0)".contains("no graphics processor") && "\($0)".contains("gpu:1") }
    }
  }
}

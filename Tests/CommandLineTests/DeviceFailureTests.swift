import BVAEPlatform
import Glibc
import TestSupport
import Testing

/// A graphics processor that fails in the middle of a training, played by a library that stands before OpenCL's loader.
@Suite("A device that fails")
struct DeviceFailureTests {
  private let folder: Folder
  private let runs: ProgramRuns

  init() throws {
    folder = try Folder()
    runs = ProgramRuns(folder)
  }

  private static let compiler = ["clang", "cc", "gcc"].lazy.compactMap(Machine.program).first

  /// Lets one read of the weights fail, which one says `FAIL_AT`; all else is the loader's.
  private static let shim = """
    #include <dlfcn.h>
    #include <stdint.h>
    #include <stdlib.h>
    typedef int32_t (*Read)(void *, void *, uint32_t, size_t, size_t, void *, uint32_t, const void *, void *);
    static int reads = 0;
    int32_t clEnqueueReadBuffer(void *queue, void *buffer, uint32_t waits, size_t start, size_t size, void *target,
                                uint32_t count, const void *list, void *event) {
      static Read real;
      if (!real) real = (Read)dlsym(dlopen("libOpenCL.so.1", RTLD_NOW), "clEnqueueReadBuffer");
      const char *at = getenv("FAIL_AT");
      if (at && size == 50176 && ++reads == atoi(at)) return -36;
      return real(queue, buffer, waits, start, size, target, count, list, event);
    }

    """

  @Test(
    "whatever read of the weights fails, no file of wrong weights is left: the same script comes to the same bits",
    .needsOpenCL, .enabled(if: compiler != nil, "there is no C compiler"))
  func failingReads() throws {
    let source = try folder.write("shim.c", Self.shim), shim = Path.join(folder.path, "shim.so")
    let call = try ChildProcess(
      try #require(Self.compiler),
      ["-shared", "-fPIC", "-o", shim, source, "-ldl", "-Wl,--no-as-needed", "-l:libOpenCL.so.1"])
    while case .bytes = call.read(waiting: patience) {}
    try #require(call.wait() == .exited(0), "\(call.complaint)")
    let script = try folder.write(
      "s.bvs",
      """
      x = load mnist each 2
      m = vae for x latents 2 network mlp hidden 16
      train m on x epochs 6
      save m "m.safetensors"

      """)
    let saved = Path.join(folder.path, "m.safetensors")
    func run(_ store: String, failing read: Int?) throws -> Finished {
      var environment: [String: String?] = ["BVAE_OPENCL": shim, "BVAE_CHECKPOINT_SECONDS": "0"]
      environment["FAIL_AT"] = read.map { String($0) }
      return try runs.run(["--device", "gpu:1", script], store: store, environment: environment)
    }
    let good = try run("good", failing: nil)
    try #require(good.status == 0, "\(good.error)")
    let models = try runs.models("good"), file = try Files.read(saved, limit: 1 << 24)
    try #require(models.count == 1)
    var failures = 0
    for read in 1...9 {
      let store = "store-\(read)"
      try Files.remove(saved)
      let first = try run(store, failing: read)
      failures += first.error.contains("gave error -36") ? 1 : 0
      if Files.exists(saved) { #expect(try Files.read(saved, limit: 1 << 24) == file, "read \(read): \(first.error)") }
      let second = try run(store, failing: nil)
      #expect(second.status == 0, "read \(read): \(second.error)")
      let found = try runs.models(store).filter { !$0.key.contains("last-good") }
      #expect(found == models, "read \(read): \(first.error)\(second.error)")
    }
    #expect(failures > 5)
  }
}

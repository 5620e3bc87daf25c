import BVAEOpenCL
import BVAEPlatform
import TestSupport
import Testing

/// That models are computed where --device and set device say, and that nobody else looks for a graphics processor.
@Suite("Devices on the command line")
struct DeviceOptionTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// Runs the program with compiled kernels kept between runs, and trained models in the test's own folder.
  private func run(_ arguments: [String], _ environment: String = "") throws -> Finished {
    try bvaeScript(
      arguments, shell: "",
      before: "BVAE_STORE='\(folder.path)/store' XDG_CACHE_HOME='\(TestGPU.folder)' \(environment); "
        + "export BVAE_STORE XDG_CACHE_HOME BVAE_OPENCL LD_DEBUG; ")
  }

  @Test("Words that name no device are refused", arguments: ["tpu", "gpu:0", "gpu:x", "", "CPU"])
  func words(word: String) throws {
    let finished = try run(["--device", word, "-e", "print 1"])
    #expect(finished.status == 2 && finished.output == "")
    #expect(finished.error.contains("--device takes cpu, gpu, or gpu:N") && finished.error.contains("not '\(word)'"))
    let script = try run(["-e", "set device \"\(word)\"\nprint 1"])
    #expect(script.status != 0 && script.error.contains(word.isEmpty ? "device" : "'\(word)'"), "\(script)")
  }

  @Test("Without OpenCL --device gpu is refused with the reason, and all else is as ever")
  func missing() throws {
    let nowhere = "BVAE_OPENCL=/nowhere/libOpenCL.so"
    let asked = try run(["--device", "gpu", "-e", "print 1"], nowhere)
    #expect(asked.status == 2 && asked.output == "")
    #expect(asked.error.contains("there is no OpenCL on this machine (/nowhere/libOpenCL.so"))
    let script = try run(["-e", "set device gpu\nprint 1"], nowhere)
    #expect(script.status == 1 && script.output == "" && script.error.contains("there is no OpenCL on this machine"))
    let other = try run(["-e", "set device cpu\nprint 1"], nowhere)
    #expect(other.status == 0 && other.output == "1\n" && other.error == "")
    #expect(try run(["doctor"], nowhere).output.contains("none found"))
  }

  @Test("The library is not looked for unless a graphics processor is asked for")
  func quiet() throws {
    let finished = try run(
      ["--device", "cpu", "-e", "x = load mnist count 2\nm = vae for x\nprint 1"], "LD_DEBUG=files")
    #expect(finished.status == 0 && finished.output == "1\n")
    #expect(finished.error.contains("libc.so") && !finished.error.contains("OpenCL"))
  }

  @Test("A device that is not there is refused, with those that are", .needsOpenCL)
  func absent() throws {
    let finished = try run(["--device", "gpu:7", "-e", "print 1"])
    #expect(finished.status == 2 && finished.error.contains("there is no device gpu:7; OpenCL knows gpu:1"))
    #expect(try run(["doctor"]).output.contains("gpu:1 "))
    for option in [["--engine", "local"], ["--jobs", "2"], ["--work", "grid"]] {
      let both = try run(option + ["--device", "gpu:1"])
      #expect(
        both.status == 2 && both.error.contains("--device gpu:1 does not go with --engine, --jobs, --detach and --work")
      )
    }
  }

  @Test("A training on OpenCL is kept, under another key than the processor's", .needsOpenCL)
  func training() throws {
    let script = """
      x = load mnist digits 4 count 20
      m = vae for x network mlp hidden 12 latents 2 seed 5
      h = train m on x epochs 2 batch 10 seed 5
      print m.fingerprint
      print h.loss
      """
    let device = ["--device", "gpu:1", "-e", script]
    let first = try run(device), second = try run(device), fresh = try run(["--fresh"] + device)
    #expect(first.status == 0 && first.error.contains("trained 2 epochs"), "\(first)")
    #expect(second.error.contains("taken from the store") && first.output == second.output)
    #expect(fresh.error.contains("trained 2 epochs") && first.output == fresh.output)
    let set = try run(["-e", "set device \"gpu:1\"\n" + script])
    #expect(set.error.contains("taken from the store") && set.output == first.output)
    let processor = try run(["-e", script])
    #expect(processor.status == 0 && processor.error.contains("trained 2 epochs"))
    #expect(processor.output != first.output)
    // The report says where its models were, whatever device came later.
    let report = Path.join(folder.path, "report.md"), name = try #require(TestGPU.hardware?.name)
    #expect(try run(["--device", "gpu:1", "--report", report, "-e", script + "\nset device cpu"]).status == 0)
    #expect(try Files.readText(report).contains("models on \(name)"))
    #expect(try run(["--report", report, "-e", script + "\nset device \"gpu:1\""]).status == 0)
    #expect(try !Files.readText(report).contains("models on"))
  }
}

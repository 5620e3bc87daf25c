import BVAEPlatform
import Glibc
import Testing

/// Workers in folders as clusters have them: without locks, seen late, full, not to be written to.
@Suite("Workers in shared folders")
struct SharedFolderTests {
  private let folder: Folder
  private let runs: ProgramRuns

  init() throws {
    folder = try Folder()
    runs = ProgramRuns(folder)
  }

  private func script(epochs: Int = 1) throws -> String {
    try folder.write(
      "s.bvs",
      """
      x = load mnist each 2
      found = search beta [1, 2] latents 2 channels 4 on x epochs \(epochs)
      print found.runs

      """)
  }

  /// A grid whose trainings nobody has begun.
  private func waitingGrid(_ store: String) throws -> String {
    _ = try runs.run(["--engine", "print", try script()], store: store)
    return try runs.grid(store)
  }

  private static let compiler = ["clang", "cc", "gcc"].lazy.compactMap(Machine.program).first

  /// A library that stands before the system's, and the environment that has it.
  private func library(_ text: String) throws -> [String: String?] {
    let source = try folder.write("calls.c", "#define _GNU_SOURCE\n" + text), made = Path.join(folder.path, "calls.so")
    let compiler = try #require(Self.compiler)
    let call = try ChildProcess(compiler, ["-shared", "-fPIC", "-o", made, source, "-ldl"])
    while case .bytes = call.read(waiting: patience) {}
    try #require(call.wait() == .exited(0), "\(call.complaint)")
    return ["LD_PRELOAD": made]
  }

  /// Where locks hold on one machine only, every machine gets them: 0.
  @Test(
    "where the file system knows no locks, or gives them to everyone, engines go on to the same bits",
    .enabled(if: compiler != nil, "there is no C compiler"), arguments: ["ENOLCK", "ENOSYS", "EOPNOTSUPP", "0"])
  func lockless(_ code: String) throws {
    let script = try script(), alone = try runs.run([script], store: "alone")
    let calls = "#include <errno.h>\nint flock(int f, int o) { errno = \(code); return errno ? -1 : 0; }\n"
    let environment = try library(calls)
    let result = try runs.run(["--jobs", "2", script], store: "lockless", environment: environment)
    #expect(result.status == 0 && result.output == alone.output, "\(result.error)")
    #expect(try runs.models("lockless") == runs.models("alone"))
  }

  @Test(
    "what is seen late is read again, for as long as is said",
    .enabled(if: compiler != nil, "there is no C compiler"), arguments: ["ESTALE", "ENOENT"])
  func late(_ code: String) throws {
    let grid = try waitingGrid("late")
    let calls = """
      #include <dlfcn.h>
      #include <errno.h>
      #include <fcntl.h>
      #include <stdarg.h>
      #include <string.h>
      static int table = 2, data = 2;
      static int late(const char *path) {
        const char *end = strlen(path) > 4 ? path + strlen(path) - 4 : path;
        if (strstr(path, "grid.jsonl") && table-- > 0 || !strcmp(end, ".npz") && data-- > 0) {
          errno = \(code);
          return 1;
        }
        return 0;
      }
      #define CALL(name) int name(const char *path, int flags, ...) { \\
        va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \\
        return late(path) ? -1 : ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name))(path, flags, mode); }
      CALL(open)
      CALL(open64)

      """
    var environment = try library(calls)
    environment["BVAE_FOLDER_SECONDS"] = "0"
    let hasty = try runs.run(["--work", grid, "--task", "1"], store: "late", environment: environment)
    #expect(hasty.status == 2 && hasty.error.contains("cannot read '\(grid)/grid.jsonl'"), "\(hasty.error)")
    environment["BVAE_FOLDER_SECONDS"] = "60"
    let patient = try runs.run(["--work", grid, "--task", "1"], store: "late", environment: environment)
    #expect(patient.status == 0 && patient.error.contains("other machines may see it late"), "\(patient.error)")
    #expect(try runs.models("late").count == 1)
  }

  @Test("a checkpoint that another machine has just written is waited for, and gone on from")
  func lateCheckpoint() throws {
    let script = try script(epochs: 60), alone = try runs.run([script], store: "alone")
    _ = try runs.run(["--engine", "print", script], store: "late")
    let grid = try runs.grid("late"), often: [String: String?] = ["BVAE_CHECKPOINT_SECONDS": "0"]
    let first = try runs.start(["--work", grid, "--task", "1"], store: "late", environment: often)
    let worker = try runs.running(in: "late")
    #expect(runs.kill(worker, SIGUSR1) && first.child.wait() == 75)
    let store = Path.join(folder.path, "late"), hidden = Path.join(folder.path, "hidden")
    let names = try Files.list(store).filter { $0.contains("checkpoint") }
    try Files.makeDirectory(hidden)
    for name in names { try Files.rename(Path.join(store, name), to: Path.join(hidden, name)) }
    let patient: [String: String?] = ["BVAE_FOLDER_SECONDS": "60"]
    let second = try runs.start(["--work", grid, "--task", "1"], store: "late", environment: patient)
    #expect(waits { (try? Files.readText(second.error))?.contains("task 1 of 2") ?? false })
    for name in names { try Files.rename(Path.join(hidden, name), to: Path.join(store, name)) }
    #expect(second.child.wait() == 0)
    #expect(try Files.readText(second.error).contains("resumed from epoch"))
    #expect(try runs.run(["--work", grid], store: "late").status == 0)
    #expect(try runs.models("late") == runs.models("alone") && alone.status == 0)
  }

  @Test("a model that cannot be stored is told with the reason, leaves nothing half written, and is trained later")
  func full() throws {
    let grid = try waitingGrid("full")
    let launcher = ["/bin/sh", "-c", "ulimit -f 8; exec \"$0\" \"$@\""]
    let result = try runs.run(["--work", grid], store: "full", launcher: launcher)
    #expect(result.status == 1 && result.error.contains("File too large"), "\(result.error)")
    #expect(try runs.models("full").isEmpty)
    #expect(try Files.list(Path.join(folder.path, "full")) == ["grid-data", "grids"])
    let shown = try runs.run(["--grid", grid], store: "full").output
    #expect(shown.contains("1 stopped, 1 waiting") && shown.contains("File too large"), "\(shown)")
    #expect(try runs.run(["--work", grid], store: "full").status == 0)
  }

  @Test("a folder that cannot be written is told before anything is trained")
  func readOnly() throws {
    let grid = try waitingGrid("read"), place = Path.join(folder.path, "read")
    // Nothing keeps root from writing but a file system that is not to be written to.
    let mounted = [
      "/usr/bin/unshare", "--mount", "/bin/sh", "-c",
      "mount --bind '\(place)' '\(place)' && mount -o remount,bind,ro '\(place)' && exec \"$0\" \"$@\"",
    ]
    if getuid() != 0 { for path in [place, grid, Path.join(grid, "states")] { chmod(path, 0o555) } }
    defer { for path in [place, grid, Path.join(grid, "states")] { chmod(path, 0o755) } }
    let result = try runs.run(["--work", grid], store: "read", launcher: getuid() == 0 ? mounted : [])
    // Where a container lets nobody mount, the program has not begun.
    if result.error.contains("unshare: ") || result.error.contains("mount: ") { return }
    let reason = getuid() == 0 ? "Read-only file system" : "Permission denied"
    #expect(result.status == 1 && result.error.contains("cannot write") && result.error.contains(reason))
    #expect(!result.error.contains("trained") && result.error.contains(reason), "\(result.error)")
    #expect(try runs.models("read").isEmpty)
  }

  @Test("a machine whose processor gives other bits does not train, and says what to do")
  func arithmetic() throws {
    let portable: [String: String?] = ["BVAE_KERNELS": "portable"]
    let grid = try waitingGrid("fast")
    let isFused = try Files.readText(Path.join(grid, "grid.jsonl")).contains("\"arithmetic\":\"fused\"")
    if isFused {
      let refused = try runs.run(["--work", grid, "--task", "2"], store: "fast", environment: portable)
      #expect(refused.status == 2 && refused.error.contains("it was made on a processor with AVX2 and FMA"))
      #expect(refused.error.contains("--constraint=avx2") && refused.error.contains("BVAE_KERNELS=portable"))
      let shown = try runs.run(["--grid", grid], store: "fast").output
      #expect(shown.contains("1 stopped, 1 waiting") && shown.contains("AVX2"), "\(shown)")
    }
    // A grid made without them is done with the same kernels wherever it is.
    let script = try script(), alone = try runs.run([script], store: "alone", environment: portable)
    _ = try runs.run(["--engine", "print", script], store: "portable", environment: portable)
    #expect(try runs.run(["--work", try runs.grid("portable")], store: "portable").status == 0)
    #expect(try runs.models("portable") == runs.models("alone") && runs.models("alone").count == 2)
    #expect(try runs.run([script], store: "portable", environment: portable).output == alone.output)
  }
}

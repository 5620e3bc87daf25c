import BVAEPlatform
import Glibc
import Testing

/// Trainings on other machines, which are this one under other names: by a server of SSH that the test starts, with keys,
/// a port and settings of its own.
@Suite("Grids over ssh", .enabled(if: SSHServer.obstacle == nil, "\(SSHServer.obstacle ?? "")"), .serialized)
struct SSHTests {
  private let folder: Folder
  private let server: SSHServer
  private let runs: ProgramRuns

  init() throws {
    folder = try Folder()
    server = try SSHServer(folder)
    runs = ProgramRuns(folder)
  }

  private func script(epochs: Int) throws -> String {
    try folder.write(
      "s.bvs",
      """
      x = load mnist each 2
      found = search beta [1, 2] latents 2 channels 4 on x epochs \(epochs) seeds 2
      print found.runs

      """)
  }

  private func words(_ hosts: String, _ script: String) -> [String] {
    ["--engine", "ssh", "--engine-options", "-F \(server.clientSettings) \(hosts)", script]
  }

  @Test("a grid is done over two machines, one that refuses is left out and named")
  func machines() throws {
    let script = try script(epochs: 1), alone = try runs.run([script], store: "alone")
    let result = try runs.run(words("127.0.0.1 127.0.0.2 localhost", script), store: "ssh")
    #expect(result.status == 0 && result.output == alone.output, "\(result.error)")
    #expect(try runs.models("ssh") == runs.models("alone"))
    let refused = try runs.run(words("127.0.0.2", script), store: "refused")
    #expect(refused.status == 1 && refused.error.contains("127.0.0.2: ssh: connect to host 127.0.0.2 port"))
    #expect(refused.error.contains("Connection refused"), "\(refused.error)")
    #expect(try runs.models("refused").isEmpty)
  }

  @Test("a worker that is killed is tried again")
  func killed() throws {
    let script = try script(epochs: 60)
    #expect(try runs.run([script], store: "alone").status == 0)
    let run = try runs.start(words("localhost", script), store: "ssh")
    #expect(try runs.kill(runs.running(in: "ssh"), SIGKILL))
    #expect(run.child.wait() == 0)
    #expect(try runs.models("ssh") == runs.models("alone"))
  }

  @Test("Ctrl-C ends the workers with their checkpoints")
  func interrupted() throws {
    let script = try script(epochs: 60)
    let run = try runs.start(words("localhost 127.0.0.1", script), store: "ssh")
    let worker = try runs.running(in: "ssh")
    run.child.interrupt()
    #expect(run.child.wait() == 130)
    #expect(waits { Glibc.kill(pid_t(worker.process), 0) != 0 })
    let told = try runs.run(["--grid", try runs.grid("ssh")], store: "ssh").output
    #expect(told.contains("stopped with a checkpoint"), "\(told)")
  }

  @Test("what the worker says last is told where it does not fit, and its machine is left out")
  func lastWords() throws {
    let script = try script(epochs: 1)
    _ = try runs.run(["--engine", "print", script], store: "ssh")
    let table = Path.join(Path.parent(Path.parent(try runs.grid("ssh"))), "grid-data")
    for name in try Files.list(table) { try Files.write("nonsense", to: Path.join(table, name)) }
    let result = try runs.run(words("localhost", script), store: "ssh")
    #expect(result.status == 1 && result.error.contains("localhost: bvae-script: cannot read '"), "\(result.error)")
  }
}

/// A server of SSH on this machine, for as long as the test takes.
final class SSHServer {
  /// The file with which `ssh` finds it under any name.
  let clientSettings: String
  private let process: ChildProcess

  /// Why none can be used here; nil where one can. It is found out once.
  static let obstacle: String? = {
    guard Files.exists(path) else { return "no sshd is installed" }
    do {
      let folder = try Folder(), server = try SSHServer(folder)
      guard let ssh = Machine.program("ssh") else { return "no ssh is installed" }
      let settings = ["-F", server.clientSettings, "-o", "BatchMode=yes"]
      let call = try ChildProcess(ssh, ["-tt"] + settings + ["localhost", "true"])
      let deadline = Machine.seconds + 20
      while case .bytes = call.read(waiting: max(0, deadline - Machine.seconds)) {}
      return call.wait() == .exited(0) ? nil : "sshd lets nobody in here: \(call.complaint)"
    } catch {
      return "sshd cannot be started here: \(error)"
    }
  }()

  private static let path = "/usr/sbin/sshd"

  init(_ folder: Folder) throws {
    let place = Path.join(folder.path, "server")
    try Files.makeDirectory(place)
    for name in ["host", "user"] {
      guard let keygen = Machine.program("ssh-keygen") else { throw FileProblem("it is not there", of: "ssh-keygen") }
      let call = try ChildProcess(keygen, ["-q", "-t", "ed25519", "-N", "", "-f", Path.join(place, name)])
      while case .bytes = call.read(waiting: 20) {}
      guard call.wait() == .exited(0) else { throw FileProblem(call.complaint, of: place, action: "make keys in") }
    }
    try Files.write(Files.read(Path.join(place, "user.pub")), to: Path.join(place, "authorized"))
    // As root it wants this folder, as everybody else nothing.
    if getuid() == 0 { try Files.makeDirectory("/run/sshd") }
    let port = try Self.freePort()
    let settings = try folder.write(
      "server/sshd_config",
      """
      ListenAddress 127.0.0.1:\(port)
      HostKey \(place)/host
      AuthorizedKeysFile \(place)/authorized
      PidFile none
      UsePAM no
      StrictModes no
      PasswordAuthentication no
      PermitRootLogin prohibit-password
      SetEnv BVAE_CHECKPOINT_SECONDS=0 BVAE_FOLDER_SECONDS=5

      """)
    clientSettings = try folder.write(
      "server/ssh_config",
      """
      Host *
        Port \(port)
        IdentityFile \(place)/user
        IdentitiesOnly yes
        StrictHostKeyChecking no
        UserKnownHostsFile \(place)/known
        LogLevel ERROR
        AddressFamily inet

      """)
    process = try ChildProcess(Self.path, ["-D", "-e", "-f", settings])
    guard waits(until: { Self.isListening(port) || Self.hasEnded(process) }), Self.isListening(port) else {
      throw FileProblem(process.complaint, of: Self.path, action: "start")
    }
  }

  deinit { _ = process.stop() }

  private static func hasEnded(_ process: ChildProcess) -> Bool { process.read(waiting: 0) == .end }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func withSocket<Result>(
    _ port: UInt16, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) throws -> Result
  ) rethrows -> Result {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = address(port)
    return try withUnsafePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func isListening(_ port: UInt16) -> Bool { withSocket(port) { connect($0, $1, $2) == 0 } }

  private static func freePort() throws -> UInt16 {
    try withSocket(0) { descriptor, address, length in
      var bound = sockaddr_in(), size = length
      let isBound = bind(descriptor, address, length) == 0
      let isKnown = withUnsafeMutablePointer(to: &bound) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) == 0 }
      }
      guard isBound && isKnown else { throw FileProblem("no port is free", of: "127.0.0.1") }
      return UInt16(bigEndian: bound.sin_port)
    }
  }
}

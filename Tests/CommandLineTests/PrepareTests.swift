import BVAEPlatform
import Glibc
import Testing

/// What Scripts/lib/prepare.sh says of a machine on which something is missing. Swift, apt-get and sudo are stand-ins here.
@Suite("Preparing a machine")
struct PrepareTests {
  private let folder: String
  private static let tools = ["bash", "cat", "env", "head", "mktemp", "rm", "sed"]
  private static let swift = "echo 'Swift version 6.1.2 (swift-6.1.2-RELEASE)'"

  init() throws {
    folder = try DocumentTests.folder("prepare-\(UInt64.random(in: 0...UInt64.max))")
    try Files.makeDirectory(Path.join(folder, "bin"))
    for tool in Self.tools {
      let path = try #require(["/usr/bin", "/bin"].map { Path.join($0, tool) }.first(where: Files.exists))
      #expect(symlink(path, Path.join(folder, "bin/\(tool)")) == 0)
    }
  }

  /// Runs `prepare` where only some commands are there.
  /// - Parameters:
  ///   - commands: the scripts of the stand-ins, by their names.
  ///   - lacks: the headers that are missing.
  ///   - isBuilt: whether there has been a build, so that the compiler is not tried.
  private func prepare(_ commands: [String: String], lacks: [String] = [], isBuilt: Bool = true) throws -> Finished {
    for (name, script) in commands {
      let path = Path.join(folder, "bin/\(name)")
      try Files.write("#!/bin/bash\n\(script)\n", to: path)
      #expect(chmod(path, 0o755) == 0)
    }
    if isBuilt { try Files.makeDirectory(Path.join(folder, ".build/release")) }
    let output = Path.join(folder, "output"), error = Path.join(folder, "error")
    for path in [output, error] { try Files.write([], to: path) }
    let headers = lacks.map { "[ \"$1\" != \($0) ]" } + ["true"]
    let script = """
      set -euo pipefail
      . '\(DocumentTests.root)/Scripts/lib/prepare.sh'
      has_header() { \(headers.joined(separator: " && ")); }
      prepare
      echo prepared
      """
    let child = try Child(
      [], standardInput: "/dev/null", standardOutput: output, standardError: error, folder: folder,
      launcher: ["/bin/bash", "-c", script], environment: ["PATH": Path.join(folder, "bin"), "TMPDIR": folder])
    let status = child.wait()
    return Finished(status: status, output: try Files.readText(output), error: try Files.readText(error))
  }

  @Test("Where all is there nothing is said and nothing is installed")
  func complete() throws {
    let finished = try prepare(["swift": Self.swift, "apt-get": "echo called >&2; exit 1", "id": "echo 1000"])
    #expect(finished.status == 0 && finished.output == "prepared\n" && finished.error == "", "\(finished)")
  }

  @Test("Without Swift, or with one that is too old, the place to get it is named")
  func noSwift() throws {
    let none = try prepare([:])
    #expect(none.status == 1 && none.output == "")
    #expect(
      none.error.contains("'swift' is not on the PATH") && none.error.contains("https://www.swift.org/install/linux/"))
    for version in ["5.9.2", "6.0"] {
      let old = try prepare(["swift": "echo 'Apple Swift version \(version) (x)'"])
      #expect(old.status == 1 && old.error.contains("bvae-script needs 6.1 or later"), "\(old)")
    }
    for version in ["6.1", "6.10.1", "7.0"] {
      #expect(try prepare(["swift": "echo 'Swift version \(version) (x)'"]).status == 0, "\(version)")
    }
  }

  @Test(
    "A Swift that cannot start, or cannot build, gives the packages that it needs, before anything is installed",
    arguments: [true, false])
  func brokenSwift(isBuilt: Bool) throws {
    let complaint = "error while loading shared libraries: libncurses.so.6"
    let broken = "echo 'swift: \(complaint)' >&2; exit 127"
    for (id, isSudo, line) in [
      ("0", false, "    apt-get update && apt-get install -y binutils-gold g++ git"),
      ("1000", true, "    sudo apt-get update && sudo apt-get install -y binutils-gold"),
      ("1000", false, "Ask your administrator to run\n    apt-get update && apt-get install -y binutils-gold"),
    ] {
      try Files.remove(Path.join(folder, "bin/sudo"))
      var commands = ["swift": isBuilt ? broken : Self.swift, "swiftc": broken, "id": "echo \(id)"]
      commands["apt-get"] = "echo called; exit 1"
      if isSudo { commands["sudo"] = "exit 0" }
      let finished = try prepare(commands, lacks: ["png.h"], isBuilt: isBuilt)
      #expect(finished.status == 1 && finished.output == "", "\(finished)")
      #expect(finished.error.hasPrefix("swift: \(complaint)\n"), "\(finished.error)")
      #expect(finished.error.contains(line) && finished.error.contains("libncurses-dev"), "\(finished.error)")
      #expect(finished.error.contains("libpng-dev zlib1g-dev"))
    }
  }

  @Test("Without sudo the one line for the administrator is said, with both libraries")
  func noSudo() throws {
    let commands = ["swift": Self.swift, "id": "echo 1000", "apt-get": "echo called; exit 1"]
    for sudo in [nil, "echo 'not in the sudoers file' >&2; exit 1"] {
      var commands = commands
      if let sudo { commands["sudo"] = sudo }
      let finished = try prepare(commands, lacks: ["png.h"])
      #expect(finished.status == 1 && finished.output == "", "\(finished)")
      #expect(
        finished.error.hasSuffix(
          "Ask your administrator to run\n    apt-get update && apt-get install -y libpng-dev zlib1g-dev\n"))
    }
  }

  @Test("What apt-get has to say is shown when it fails, and only then")
  func installing() throws {
    let noisy =
      "for i in 1 2 3; do echo \"Selecting previously unselected package $i\"; done; echo \"$*\" >>\(folder)/calls"
    let done = try prepare(["swift": Self.swift, "id": "echo 0", "apt-get": noisy], lacks: ["zlib.h"])
    #expect(done.status == 0 && done.output == "prepared\n", "\(done)")
    #expect(done.error == "installing zlib1g-dev\n")
    #expect(
      try Files.readText(Path.join(folder, "calls")) == "update\ninstall -y --no-install-recommends zlib1g-dev\n")
    let failed = try prepare(
      ["swift": Self.swift, "id": "echo 0", "apt-get": "echo 'Temporary failure resolving'; exit 100"],
      lacks: ["png.h", "zlib.h"])
    #expect(failed.status == 1 && failed.output == "")
    #expect(
      failed.error == "installing libpng-dev zlib1g-dev\nTemporary failure resolving\n"
        + "error: this did not work: apt-get update\n")
  }
}

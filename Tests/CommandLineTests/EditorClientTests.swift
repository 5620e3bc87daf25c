import BVAEPlatform
import Testing

/// Real editors, where they are installed.
@Suite("Editors as clients")
struct EditorClientTests {
  private static let folder = Path.join(Path.parent(#filePath), "Editors")
  private static let extensionScript = Path.join(DocumentTests.root, "Scripts/editors/vscode/extension.js")

  /// Runs a program to its end.
  private func run(_ program: String, _ arguments: [String]) throws -> (ending: ChildProcess.Ending, text: String) {
    let child = try ChildProcess(program, arguments)
    var text: [UInt8] = []
    let deadline = Machine.seconds + 2 * patience
    reading: while Machine.seconds < deadline {
      switch child.read(waiting: 1) {
      case .bytes(let bytes): text += bytes
      case .end: break reading
      case .nothing: break
      }
    }
    return (child.wait(), String(decoding: text, as: UTF8.self) + child.complaint)
  }

  @Test(
    "the extension for VS Code tells mistakes, completes, explains, renames, mends and runs",
    .enabled(if: Machine.program("node") != nil, "Node is not installed"))
  func vscode() throws {
    let node = try #require(Machine.program("node"))
    let result = try run(node, [Path.join(Self.folder, "vscode.js"), Self.extensionScript, program])
    #expect(result.ending == .exited(0), "\(result.text)")
    #expect(result.text.hasPrefix("ok"))
  }

  @Test(
    "Neovim's client tells mistakes, explains, completes, renames and mends",
    .enabled(if: Machine.program("nvim") != nil, "Neovim is not installed"))
  func neovim() throws {
    let folder = try Folder()
    let script = try folder.write(
      "a.bvs",
      """
      beta = 4
      ones = load mnist digits 1 count 64
      model = vae for ones latents 4
      h = train model on ones epoch 5
      print h.loss, beta

      """)
    let result = try run(
      "/usr/bin/env",
      [
        "-C", folder.path, "PROGRAM=\(program)", "SCRIPT=\(script)", "XDG_STATE_HOME=\(folder.path)/state",
        try #require(Machine.program("nvim")), "--headless", "-u", "NONE", "-S", Path.join(Self.folder, "neovim.lua"),
      ])
    #expect(result.ending == .exited(0), "\(result.text)")
  }
}

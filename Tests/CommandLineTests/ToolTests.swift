import BVAEPlatform
import Glibc
import Testing

/// What the program does by a word in place of a script.
@Suite("doctor, store and --notebook")
struct ToolTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private var store: String { Path.join(folder.path, "store") }

  private func run(_ arguments: [String], environment: [String: String?] = [:]) throws -> Finished {
    let output = Path.join(folder.path, "output"), error = Path.join(folder.path, "error")
    for path in [output, error] { try Files.write("", to: path) }
    let own: [String: String?] = ["BVAE_STORE": store]
    let child = try Child(
      arguments, standardInput: "/dev/null", standardOutput: output, standardError: error, folder: folder.path,
      environment: own.merging(environment) { $1 })
    let status = child.wait()
    return Finished(status: status, output: try Files.readText(output), error: try Files.readText(error))
  }

  private func train(_ latents: Int) throws {
    let script = "ones = load mnist digits 1 count 64\nm = vae for ones latents \(latents) channels 4\n"
    #expect(try run(["-e", script + "train m on ones epochs 1"]).status == 0)
  }

  private func keys() throws -> [String] {
    try run(["store"]).output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
      .filter { $0.count == 16 && $0.allSatisfy(\.isHexDigit) }
  }

  @Test("the store is listed, shown and emptied, and only what is meant is removed")
  func storeTool() throws {
    #expect(try run(["store"]).output.hasPrefix("nothing is kept in \(store)"))
    try train(3)
    try train(4)
    let list = try run(["store"]).output
    #expect(list.contains("vae, beta 4") && list.contains("MNIST train, digit 1") && list.contains("2 models"))
    let keys = try keys()
    try #require(keys.count == 2)
    let shown = try run(["store", "show", String(keys[0].prefix(8))])
    #expect(shown.output.hasPrefix(keys[0]) && shown.output.contains("28x28x1"))
    // Without a keyboard nothing is removed unless that is said; nor what no key is meant by.
    #expect(try run(["store", "remove", keys[0]]).status == 2)
    #expect(try run(["store", "remove", "xyz", "--yes"]).error.contains("has a key that begins with 'xyz'"))
    #expect(try run(["store", "remove", "--yes"]).status == 2)
    #expect(try run(["store", "remove", "xyz", "--yes"]).error.contains("store show KEY"))
    // A key that is named twice is shown once.
    #expect(try run(["store", "show", keys[0], keys[0]]).output.ranges(of: "28x28x1").count == 1)
    #expect(try run(["store", "remove", "--older-than", "1", "--yes"]).output == "nothing to remove\n")
    #expect(try self.keys() == keys)
    #expect(try run(["store", "remove", keys[0], "--yes"]).output.hasPrefix("removed "))
    #expect(try self.keys() == [keys[1]])
    // What is none of the store's stays.
    try Files.write("mine", to: Path.join(store, "notes.txt"))
    #expect(try run(["store", "remove", "--older-than", "0", "--yes"]).status == 0)
    #expect(try Files.list(store) == ["notes.txt"])
  }

  @Test("what a running training holds is not removed")
  func storeInUse() throws {
    try train(3)
    let key = try #require(try keys().first)
    guard case .taken(let lock) = try FileLock.attempt(Path.join(store, "\(key).lock")) else {
      Issue.record("the lock is held")
      return
    }
    #expect(try run(["store", "remove", key, "--yes"]).output.contains("\(key) is being trained and was left alone"))
    #expect(try keys() == [key])
    withExtendedLifetime(lock) {}
  }

  @Test("a damaged file in the store is listed and can be removed")
  func storeDamaged() throws {
    try Files.makeDirectory(store)
    try Files.write("nonsense", to: Path.join(store, "0123456789abcdef.safetensors"))
    #expect(try keys() == ["0123456789abcdef"])
    #expect(try run(["store", "remove", "0123", "--yes"]).status == 0)
    #expect(try keys().isEmpty)
  }

  @Test("doctor tells of the processor, data, models, terminal and notebooks, wherever it runs")
  func doctor() throws {
    let found = try run(["doctor"])
    #expect(found.status == 0)
    for text in ["bvae-script", "Machine", "kernels", "Data", "MNIST", store, "Terminal", "Jupyter kernel"] {
      #expect(found.output.contains(text), "\(text)")
    }
    #expect(found.output.contains("not installed"))
    // A kernel where Jupyter looks for it.
    let kernel = Path.join(folder.path, "jupyter/kernels/bvs")
    try Files.makeDirectory(kernel)
    try Files.write("{\"argv\": [\"python3\", \"-m\", \"bvae_script_kernel\"]}", to: Path.join(kernel, "kernel.json"))
    let again = try run(["doctor"], environment: ["JUPYTER_PATH": Path.join(folder.path, "jupyter")])
    #expect(again.output.contains(kernel))
    let shared = ["XDG_DATA_HOME": folder.path]
    #expect(try run(["doctor"], environment: shared).output.contains(kernel))
    // Data that is not there is said, and is no error.
    #expect(try run(["doctor", "--data", "nowhere"]).output.contains("nowhere (not there)"))
  }

  @Test("a script is a notebook and back without a byte of difference")
  func notebook() throws {
    let scripts = try Files.list(Path.join(DocumentTests.root, "Scripts")).filter { $0.hasSuffix(".bvs") }
    let own = [
      "", "\n", "\n\n\nx = 1", "x = 1\n\n\n\ny = 2\n\n", "# a\n# b\n\n#c\n#\n# d\n",
      "for k in 0..2\n\n  print k\n\nend\n",
      "# a\r\n# b\r\n\r\nx = 1\r\ny = 2\r\n\r\n\r\nprint x", "x = 1\r\n\ny = 2\n\r\n", "x = (7\n% 3)\n",
      "x = [1,\n\n2]\n| # Prose {x[0]}\n|\n", "# \n# ü😀 \"quoted\" \\\n", "x = 1\r\n\r\ny = 2\r\n",
    ]
    let texts = try own + scripts.map { try Files.readText(Path.join(DocumentTests.root, "Scripts/\($0)")) }
    #expect(texts.count > 10)
    for (number, text) in texts.enumerated() {
      let script = try folder.write("s\(number).bvs", text)
      #expect(try run(["--notebook", "s\(number).bvs"]).status == 0)
      #expect(try run(["--notebook", "s\(number).ipynb", "back\(number).bvs"]).status == 0)
      #expect(
        try Files.read(Path.join(folder.path, "back\(number).bvs"), limit: 1 << 20)
          == Files.read(script, limit: 1 << 20))
    }
  }

  @Test("cells are what can run by itself; remarks are text")
  func cells() throws {
    _ = try folder.write("a.bvs", "# What this is.\n\nx = 1\n\nfor k in 0..2\n\n  print k\nend\n")
    #expect(try run(["--notebook", "a.bvs"]).status == 0)
    let notebook = try #require(JSON(try Files.read(Path.join(folder.path, "a.ipynb"), limit: 1 << 20)))
    let cells = notebook["cells"]?.list ?? []
    #expect(cells.map { $0["cell_type"] } == ["markdown", "code", "code"])
    #expect(cells.first?["source"] == ["What this is."])
    #expect(cells.last?["source"] == ["for k in 0..2\n", "\n", "  print k\n", "end"])
  }

  @Test("what is no line of a script comes back as a remark, which is said")
  func foreignCells() throws {
    _ = try folder.write(
      "f.ipynb",
      """
      {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "markdown", "source": ["# Fours\\n", "and nines"]},
        {"cell_type": "raw", "source": "raw"},
        {"cell_type": "code", "source": ["%time\\n", "x = 7\\n", "y = (x\\n", "% 4)"]},
        {"cell_type": "code", "source": "%%bash\\nls"}]}
      """)
    let made = try run(["--notebook", "f.ipynb"])
    #expect(made.status == 0, "\(made.error)")
    #expect(made.error.contains("2 cells of text became remarks") && made.error.contains("remarks in 2 cells"))
    #expect(
      try Files.readText(Path.join(folder.path, "f.bvs"))
        == "# # Fours\n# and nines\n\n# raw\n\n# %time\nx = 7\ny = (x\n% 4)\n\n# %%bash\n# ls\n")
    // A cell behind the last one of a script that had no last line end; text with line ends of Windows.
    _ = try folder.write(
      "g.ipynb",
      """
      {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "code", "metadata": {"bvs": {"behind": ""}}, "source": "y = 2"},
        {"cell_type": "markdown", "source": "a\\r\\nprint 7"}]}
      """)
    #expect(try run(["--notebook", "g.ipynb"]).status == 0)
    #expect(try Files.readText(Path.join(folder.path, "g.bvs")) == "y = 2\n\n# a\n# print 7\n")
    let wrong = try run(["--notebook", "f.ipynb", "f.txt"])
    #expect(wrong.status == 1 && wrong.error.contains("its name ends in .bvs"))
  }

  @Test("an unfinished training is listed with its model, and a word that is nearly a tool's is told")
  func listing() throws {
    try train(3)
    #expect(try run(["store"]).output.contains("paper, 3 latents, seed"))
    let wrong = try run(["stoer"])
    #expect(wrong.status == 2 && wrong.error.contains("did you mean 'bvae-script store'?"), "\(wrong.error)")
    #expect(try run(["help", "store"]).output.contains("Lists, shows and removes"))
  }

  @Test("a file that is there already is not written over, and what is no notebook is said")
  func refusals() throws {
    _ = try folder.write("a.bvs", "x = 1\n")
    _ = try folder.write("a.ipynb", "mine")
    let refused = try run(["--notebook", "a.bvs"])
    #expect(refused.status == 1 && refused.error.contains("there is another file of that name"))
    #expect(try Files.readText(Path.join(folder.path, "a.ipynb")) == "mine")
    #expect(try run(["--notebook", "a.bvs", "b.ipynb"]).status == 0)
    // The same again changes nothing.
    #expect(try run(["--notebook", "a.bvs", "b.ipynb"]).status == 0)
    #expect(try run(["--notebook", "a.ipynb", "c.bvs"]).error.contains("it is not the JSON of a notebook"))
    #expect(try run(["--notebook", "missing.bvs"]).status == 1)
    #expect(try run(["--notebook", "a.txt"]).error.contains("neither a script"))
    _ = try folder.write(
      "p.ipynb", "{\"nbformat\": 4, \"cells\": [], \"metadata\": {\"kernelspec\": {\"language\": \"python\"}}}")
    #expect(try run(["--notebook", "p.ipynb"]).error.contains("its cells are in python"))
  }

  @Test("the shells' completions are made from the declared options", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let script = try run(["--generate-completion-script", shell]).output
    let words = ["check", "watch", "report", "notebook", "server", "doctor", "store", "older-than"]
    for option in words { #expect(script.contains(option), "\(option)") }
    guard let program = ["/bin/\(shell)", "/usr/bin/\(shell)"].first(where: Files.exists) else { return }
    _ = try folder.write("completion", script)
    let child = try ChildProcess(program, ["-n", Path.join(folder.path, "completion")])
    while case .bytes = child.read(waiting: 5) {}
    #expect(child.wait() == .exited(0), "\(child.complaint)")
  }
}

import BVAELanguage
import BVAEPlatform

/// Scripts as Jupyter notebooks (nbformat 4.5), and back.
///
/// A notebook's code cells are the stretches of a script that blank lines separate, as far as each can run by itself: what
/// stands in a block or in brackets stays together. Lines of the report are code too, for they run. A stretch of nothing
/// but remarks, `# …`, is a cell of text. How many blank lines stood behind a cell is kept in its metadata, and
/// whether lines end as those of Windows in the notebook's, so that a script comes back as it was, byte for byte. What is
/// no line of a script, such as Jupyter's own commands, `%time`, becomes a remark.
package enum NotebookFile {
  /// Makes a notebook of a script, or a script of a notebook, by the ending of its name.
  /// - Parameter target: the file that is written; nil for one beside it with the other ending.
  /// - Returns: the file that was written, and what is to be said of it.
  /// - Throws: `FileProblem`, also where another file than this would make is there already.
  package static func convert(_ path: String, to target: String?) throws -> (target: String, remarks: [String]) {
    let isNotebook = Path.fileExtension(path) == "ipynb"
    guard isNotebook || Path.fileExtension(path) == "bvs" else {
      throw FileProblem("it is neither a script, .bvs, nor a notebook, .ipynb", of: path, action: "convert")
    }
    let ending = isNotebook ? "bvs" : "ipynb", kind = isNotebook ? "a script" : "a notebook"
    if let target, Path.fileExtension(target) != ending {
      throw FileProblem(
        "what is made of \(Path.name(path)) is \(kind); its name ends in .\(ending)", of: target, action: "write")
    }
    let bytes = try Files.read(path, limit: Source.largest * (isNotebook ? 16 : 1))
    let (made, remarks) =
      isNotebook ? try script(ofNotebook: bytes, path) : (try notebook(ofScript: bytes, path), [])
    let usual = path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex) + "." + ending
    let target = target ?? String(usual)
    if Files.exists(target), try Files.read(target, limit: 1 << 30) != made {
      throw FileProblem(
        "there is another file of that name; remove it, or name another one behind it: "
          + "--notebook \(Path.name(path)) NAME", of: target, action: "write")
    }
    try Files.write(made, to: target)
    return (target, remarks)
  }

  /// What stands behind a cell unless its metadata say otherwise: an empty line, and at the end none.
  private static func usualEnd(isLast: Bool) -> String { isLast ? "\n" : "\n\n" }

  // MARK: - To a notebook

  private static func notebook(ofScript bytes: [UInt8], _ path: String) throws -> [UInt8] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileProblem("it is not valid UTF-8", of: path, action: "convert")
    }
    // A line end of Windows is one character.
    let isOfWindows = text.contains("\r\n") && !text.contains { $0 == "\n" || $0 == "\r" }
    let stretches = stretches(of: isOfWindows ? text.replacing("\r\n", with: "\n") : text)
    let cells = stretches.enumerated().map { number, stretch -> JSON in
      let remark = remark(stretch.text), isUsual = stretch.behind == usualEnd(isLast: number == stretches.count - 1)
      var cell: [String: JSON] = [
        "cell_type": remark == nil ? "code" : "markdown", "id": .text("cell-\(number + 1)"),
        "metadata": isUsual ? [:] : ["bvs": ["behind": .text(stretch.behind)]],
        "source": .list(lines(remark ?? stretch.text).map { .text($0) }),
      ]
      if remark == nil {
        cell["execution_count"] = .null
        cell["outputs"] = []
      }
      return .object(cell)
    }
    var metadata: [String: JSON] = [
      "kernelspec": ["display_name": "bvae-script", "language": "bvs", "name": "bvae-script"],
      "language_info": ["file_extension": ".bvs", "mimetype": "text/x-bvs", "name": "bvs", "pygments_lexer": "bvs"],
    ]
    if isOfWindows { metadata["bvs"] = ["line_ends": "crlf"] }
    let notebook: JSON = [
      "cells": .list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": .object(metadata),
    ]
    return notebook.bytes + [UInt8(ascii: "\n")]
  }

  /// The stretches of a script, each with the line breaks behind it.
  private static func stretches(of text: String) -> [(text: String, behind: String)] {
    var found: [(text: String, behind: String)] = []
    var current = "", behind = "", collector = StatementCollector()
    func end() {
      if !current.isEmpty || !behind.isEmpty { found.append((current, behind)) }
      (current, behind) = ("", "")
    }
    let all = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (place, line) in all.enumerated() {
      let isLast = place == all.count - 1
      if line.isEmpty, !collector.needsMore {
        // The break of the line before belongs to what is behind it.
        if !isLast { behind += "\n" }
        continue
      }
      if behind.count > 1 || behind.count == 1 && current.isEmpty { end() }
      current += behind + line
      behind = isLast ? "" : "\n"
      _ = collector.add(line.utf8)
    }
    end()
    return found
  }

  /// The text of a stretch of remarks; nil for others, and where the same remarks would not come back.
  private static func remark(_ text: String) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard !text.isEmpty, lines.allSatisfy({ $0 == "#" || $0.hasPrefix("# ") && $0 != "# " }) else { return nil }
    return lines.map { $0.dropFirst(2) }.joined(separator: "\n")
  }

  /// The lines with their breaks, as notebooks keep them.
  private static func lines(_ text: String) -> [String] {
    var lines: [String] = [], rest = text[...]
    while let end = rest.firstIndex(of: "\n") {
      lines.append(String(rest[...end]))
      rest = rest[rest.index(after: end)...]
    }
    return rest.isEmpty ? lines : lines + [String(rest)]
  }

  // MARK: - To a script

  private static func script(
    ofNotebook bytes: [UInt8], _ path: String
  ) throws -> (bytes: [UInt8], remarks: [String]) {
    guard let notebook = JSON(bytes) else {
      throw FileProblem("it is not the JSON of a notebook", of: path, action: "convert")
    }
    guard notebook["nbformat"]?.whole == 4, let cells = notebook["cells"]?.list else {
      throw FileProblem("it is not a notebook of format 4", of: path, action: "convert")
    }
    let language = notebook["metadata"]?["kernelspec"]?["language"]?.text
    if let language, language != "bvs" {
      throw FileProblem("its cells are in \(language), not in bvs", of: path, action: "convert")
    }
    var text = "", texts = 0, foreign = 0
    for (place, cell) in cells.enumerated() {
      let source = cell["source"].map(joined) ?? ""
      if cell["cell_type"]?.text == "code" {
        let script = withoutMagic(source)
        if script != source { foreign += 1 }
        text += script
      } else {
        texts += 1
        text += remarks(source)
      }
      // A cell that another was put behind still ends its line.
      let isLast = place == cells.count - 1, behind = cell["metadata"]?["bvs"]?["behind"]?.text
      text += behind.flatMap { isLast || $0.count > 1 || source.isEmpty ? $0 : nil } ?? usualEnd(isLast: isLast)
    }
    if notebook["metadata"]?["bvs"]?["line_ends"]?.text == "crlf" { text = text.replacing("\n", with: "\r\n") }
    var said: [String] = []
    if texts > 0 {
      said.append(
        "\(counted(texts, "cell")) of text became remarks, # …; what is to stand in the report begins with | instead")
    }
    if foreign > 0 { said.append("Jupyter's own commands, % …, became remarks in \(counted(foreign, "cell"))") }
    return (Array(text.utf8), said)
  }

  /// Jupyter's own commands as remarks: statements that begin with %, and all of a cell that begins with %%.
  private static func withoutMagic(_ source: String) -> String {
    if source.hasPrefix("%%") { return remarks(source) }
    var collector = StatementCollector()
    return source.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("%"), !collector.needsMore { return "# \(line)" }
      _ = collector.add(line.utf8)
      return String(line)
    }.joined(separator: "\n")
  }

  /// Sources are a text, or lines.
  private static func joined(_ source: JSON) -> String {
    source.text ?? source.list?.compactMap(\.text).joined() ?? ""
  }

  private static func remarks(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
      .map { $0.isEmpty ? "#" : "# \($0)" }
      .joined(separator: "\n")
  }
}

import BVAELanguage
import BVAEPlatform

/// Scripts as Jupyter notebooks (nbformat 4.5), and back.
///
/// A notebook's code cells are the stretches of a script that blank lines separate, as far as each can run by itself: what
/// stands in a block or in brackets stays together. Lines of the report are code too, for they run. A stretch of nothing
/// but remarks, `# …`, is a cell of text. How many blank lines stood behind a cell is kept in its metadata, so that a
/// script comes back as it was, byte for byte.
package enum NotebookFile {
  /// Makes a notebook of a script, or a script of a notebook, by the ending of its name.
  /// - Parameter target: the file that is written; nil for one beside it with the other ending.
  /// - Returns: the file that was written.
  /// - Throws: `FileProblem`, also where another file than this would make is there already.
  package static func convert(_ path: String, to target: String?) throws -> String {
    let isNotebook = Path.fileExtension(path) == "ipynb"
    guard isNotebook || Path.fileExtension(path) == "bvs" else {
      throw FileProblem("it is neither a script, .bvs, nor a notebook, .ipynb", of: path, action: "convert")
    }
    let bytes = try Files.read(path, limit: Source.largest * (isNotebook ? 16 : 1))
    let made = isNotebook ? try script(ofNotebook: bytes, path) : try notebook(ofScript: bytes, path)
    let usual = path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex) + (isNotebook ? ".bvs" : ".ipynb")
    let target = target ?? String(usual)
    if Files.exists(target), try Files.read(target, limit: 1 << 30) != made {
      throw FileProblem(
        "there is another file of that name; remove it, or name another one behind it: "
          + "--notebook \(Path.name(path)) NAME", of: target, action: "write")
    }
    try Files.write(made, to: target)
    return target
  }

  /// What stands behind a cell unless its metadata say otherwise: an empty line, and at the end none.
  private static func usualEnd(isLast: Bool) -> String { isLast ? "\n" : "\n\n" }

  // MARK: - To a notebook

  private static func notebook(ofScript bytes: [UInt8], _ path: String) throws -> [UInt8] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileProblem("it is not valid UTF-8", of: path, action: "convert")
    }
    let stretches = stretches(of: text)
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
    let notebook: JSON = [
      "cells": .list(cells), "nbformat": 4, "nbformat_minor": 5,
      "metadata": [
        "kernelspec": ["display_name": "bvae-script", "language": "bvs", "name": "bvae-script"],
        "language_info": ["file_extension": ".bvs", "mimetype": "text/x-bvs", "name": "bvs", "pygments_lexer": "bvs"],
      ],
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

  private static func script(ofNotebook bytes: [UInt8], _ path: String) throws -> [UInt8] {
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
    var text = ""
    for (place, cell) in cells.enumerated() {
      let source = cell["source"].map(joined) ?? ""
      text += cell["cell_type"]?.text == "code" ? source : remarks(source)
      text += cell["metadata"]?["bvs"]?["behind"]?.text ?? usualEnd(isLast: place == cells.count - 1)
    }
    return Array(text.utf8)
  }

  /// Sources are a text, or lines.
  private static func joined(_ source: JSON) -> String {
    source.text ?? source.list?.compactMap(\.text).joined() ?? ""
  }

  private static func remarks(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "#" : "# \($0)" }
      .joined(separator: "\n")
  }
}

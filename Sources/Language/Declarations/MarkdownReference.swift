extension Vocabulary {
  /// The table of commands for the README, a row a command, in the order of the groups.
  package var markdownCommandTable: String {
    var lines = ["| command | does |", "|---|---|"]
    for (_, members) in commandsByGroup {
      for command in members {
        lines.append("| \(command.syntax.markdownCode) | \(command.about.summary.markdownCell) |")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// A section for every command with a table of what it takes and its example.
  package var markdownReference: String {
    var sections = commandsByGroup.flatMap { group, members in ["## \(group.name)"] + members.map(\.markdown) }
    sections.append("## Functions\n\n" + markdownFunctionTable)
    return sections.joined(separator: "\n\n")
  }

  /// The table of functions, a row a function.
  package var markdownFunctionTable: String {
    let rows = functions.map { "| \($0.syntax.markdownCode) | \($0.summary.markdownCell) |" }
    return (["| function | gives |", "|---|---|"] + rows).joined(separator: "\n")
  }
}

extension CommandDeclaration {
  /// The command's section of the reference.
  var markdown: String {
    var parts = ["### \(name)", "`\(syntax)`", about.summary.sentence.markdownText]
    if !about.details.isEmpty { parts.append(about.details.markdownText) }
    if !parameters.isEmpty {
      let hasDefaults = parameters.contains { $0.fallback != nil }
      let rows = parameters.map {
        "| \($0.label.markdownCode) | \($0.summary.markdownCell) |"
          + (hasDefaults ? " \($0.fallback?.text.markdownCell ?? "") |" : "")
      }
      let header = hasDefaults ? ["| takes | | default |", "|---|---|---|"] : ["| takes | |", "|---|---|"]
      parts.append((header + rows).joined(separator: "\n"))
    }
    if about.result != .nothing && about.result != .any { parts.append("Gives \(about.result).") }
    parts.append("```\n\(about.example)\n```")
    return parts.joined(separator: "\n\n")
  }
}

extension String {
  /// As code in a table's cell.
  fileprivate var markdownCode: String { "`\(replacing("|", with: "\\|"))`" }
  /// As text in a table's cell.
  fileprivate var markdownCell: String { markdownText.replacing("|", with: "\\|") }
  /// With characters that Markdown would take for its own.
  fileprivate var markdownText: String {
    replacing("*", with: "\\*").replacing("_", with: "\\_").replacing("<", with: "\\<")
  }
}

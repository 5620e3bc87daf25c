/// Text that may have been copied from the screen of a session, where prompts stand before what was typed and answers
/// between it. No statement begins as a prompt does, so that the two cannot be mistaken for each other.
package struct SessionText {
  private let lines: [Substring]

  package init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// What was typed: without prompts, and without the answers; text that has no prompts as it is. The first line counts
  /// as typed even where its prompt was not copied along.
  package var statements: String {
    let typed = lines.indices.map(typed)
    guard typed.contains(where: { $0 != nil }) else { return lines.joined(separator: "\n") }
    var kept: [Substring] = []
    for (index, line) in lines.enumerated() {
      if let statement = typed[index] {
        kept.append(statement)
      } else if index == 0 || line.isEmpty && index == lines.count - 1 {
        kept.append(line)
      }
    }
    return kept.joined(separator: "\n")
  }

  /// What stands behind the prompt of a line, nil where it has none.
  private func typed(_ index: Int) -> Substring? {
    // Behind a \ the line goes on, and may well go on with a comparison.
    if index > 0, lines[index - 1].hasSuffix("\\"), !lines[index].hasPrefix(EditorLayout.continuation) { return nil }
    for prompt in [EditorLayout.prompt, EditorLayout.continuation] {
      if lines[index].hasPrefix(prompt) { return lines[index].dropFirst(prompt.count) }
      // Blanks at the ends of lines are seldom copied.
      if lines[index] == prompt.dropLast() { return "" }
    }
    return nil
  }
}

import BVAELanguage

/// A key of the prompt, or several that belong together.
package struct PromptKey: Sendable {
  /// The keys, as the help page, the README and the manual name them.
  package let keys: String
  /// What they do.
  package let summary: String

  private init(_ keys: String, _ summary: String) { (self.keys, self.summary) = (keys, summary) }

  /// All of them, in the order in which help lists them.
  package static let all: [PromptKey] = [
    PromptKey("Tab, Shift-Tab", "completes; again, goes through the choices"),
    PromptKey("Right, End, Ctrl-E", "at the end of the line, takes the grey text of the history"),
    PromptKey("Alt-F, Alt-Right", "a word forward; at the end, takes a word of the grey text"),
    PromptKey("Up, Down", "to entries that begin like the line; in a block, its lines"),
    PromptKey("Ctrl-R, Ctrl-S", "searches the history; Enter runs, Esc edits, Ctrl-G leaves"),
    PromptKey("Alt-.", "inserts the last word of earlier lines, one after another"),
    PromptKey("Home, Ctrl-A", "to the beginning of the line"),
    PromptKey("Alt-B, Ctrl-Left", "a word back"),
    PromptKey("Ctrl-K, Ctrl-U", "cuts to the end, to the beginning of the line"),
    PromptKey("Ctrl-W, Alt-D", "cuts back to a blank, to the end of the word"),
    PromptKey("Ctrl-Y, Alt-Y", "inserts the last cut, the one before it"),
    PromptKey("Ctrl-_, Ctrl-T", "undoes the last change, swaps two characters"),
    PromptKey("Ctrl-X Ctrl-E", "edits the line in $VISUAL, $EDITOR or vi"),
    PromptKey("Alt-Enter, Ctrl-L", "starts a new line, clears the screen"),
    PromptKey(
      "Ctrl-C",
      "discards the line (a block stays in the history); stops a running command and keeps what it has done; never "
        + "ends the session"),
    PromptKey("Ctrl-\\", "kills a program that ignores Ctrl-C; unsaved work is lost"),
    PromptKey("Ctrl-D, Ctrl-Z", "ends the session on an empty line; stops it until 'fg'"),
  ]

  /// The README's table.
  package static var markdownTable: String {
    let rows = all.map { "| \($0.keys.replacing("_", with: "\\_")) | \($0.summary) |" }
    return (["| key | does |", "|---|---|"] + rows).joined(separator: "\n")
  }

  /// The page of help.
  static var page: String {
    "At the prompt\n" + Vocabulary.columns(all.map { ($0.keys, $0.summary) })
      + "\n'help prompt' is about the prompt's commands and '_'."
  }
}

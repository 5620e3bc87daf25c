import BVAELanguage

/// What is on the screen while a text is edited: rows of cells, and the cursor's place among them.
package struct EditorLayout: Equatable {
  package private(set) var rows: [[Cell]] = [[]]
  package private(set) var cursorRow = 0
  package private(set) var cursorColumn = 0
  private let columns: Int

  /// What stands before the first line and before further ones.
  package static let prompt = "> "
  package static let continuation = "... "
  private static let tabWidth = 4

  /// The look of an editor on a terminal.
  /// - Parameters:
  ///   - isContinued: whether an unfinished statement goes on.
  ///   - showsColors: whether there are colours, and so hints.
  ///   - isFinal: whether it is what remains on the screen: the text alone.
  package init(
    _ editor: LineEditor, columns: Int, rows height: Int, isContinued: Bool = false, showsColors: Bool = true,
    isFinal: Bool = false
  ) {
    self.columns = max(2, columns)
    let lead: [Cell]
    if let search = editor.search, !isFinal {
      let style = search.isFound ? Cell.Style.prompt : .failure
      lead =
        Cell.cells(search.isFound ? "(search) '" : "(not found) '", style) + Cell.cells("\(search.query)': ", style)
    } else {
      lead = Cell.cells(isContinued ? Self.continuation : Self.prompt, .prompt)
    }
    addPrompt(lead)
    addText(editor, showsColors: showsColors)
    if isFinal { return }
    if showsColors, editor.buffer.isAtEnd {
      let room = self.columns - used - 1
      let hint = editor.hint
      if !hint.isEmpty && room > 0 { rows[rows.count - 1] += Cell.cells(hint, .hint).fitting(columns: room) }
    }
    if let message = editor.message {
      rows.append(Cell.cells("  " + message, .hint).fitting(columns: self.columns - 1))
    }
    if let menu = editor.menu { add(menu, rows: min(10, max(1, height - 2))) }
  }

  private var used: Int { rows[rows.count - 1].columns }

  /// A prompt that leaves no room for the text is cut.
  private mutating func addPrompt(_ cells: [Cell]) {
    for cell in cells.fitting(columns: max(0, columns - 2)) { add(cell) }
  }

  private var column = 0

  private mutating func add(_ cell: Cell) {
    if column + cell.width > columns { startRow() }
    rows[rows.count - 1].append(cell)
    column += cell.width
  }

  private mutating func startRow() {
    rows.append([])
    column = 0
  }

  private mutating func markCursor() {
    if column >= columns { startRow() }
    cursorRow = rows.count - 1
    cursorColumn = column
  }

  private mutating func addText(_ editor: LineEditor, showsColors: Bool) {
    let buffer = editor.buffer
    let roles = showsColors ? editor.roles : []
    let continuation = Cell.cells(Self.continuation, .prompt)
    var match = 0..<0
    if let search = editor.search, search.isFound, !search.query.isEmpty {
      match = buffer.cursor..<buffer.cursor + search.query.count
    }
    for (index, character) in buffer.characters.enumerated() {
      if index == buffer.cursor { markCursor() }
      if character == "\n" {
        startRow()
        addPrompt(continuation)
        continue
      }
      if character == "\t" {
        // To the next stop, as in the messages about mistakes.
        let width = Self.tabWidth - (column + Self.tabWidth - Self.prompt.count) % Self.tabWidth
        for _ in 0..<width { add(Cell(character: " ", width: 1, style: .plain)) }
        continue
      }
      let role = index < roles.count ? roles[index] : nil
      let style = match.contains(index) ? Cell.Style.match : role.map { .role($0) } ?? .plain
      for cell in Cell.cells(character, style) { add(cell) }
    }
    if buffer.isAtEnd { markCursor() }
  }

  private mutating func add(_ menu: CompletionMenu, rows limit: Int) {
    let window = menu.window(rows: limit)
    let width = min(max(8, columns / 2), menu.candidates[window].map { Cell.cells($0.text, .plain).columns }.max() ?? 0)
    for index in window {
      let candidate = menu.candidates[index]
      let isSelected = index == menu.selected
      var cells = Cell.cells(candidate.text, isSelected ? .selected : .plain).fitting(columns: width)
      cells += Cell.cells(String(repeating: " ", count: max(0, width - cells.columns) + 2), .plain)
      cells += Cell.cells(candidate.summary, .hint)
      rows.append((Cell.cells("  ", .plain) + cells).fitting(columns: columns - 1))
    }
    if window.count < menu.candidates.count {
      let rest = menu.candidates.count - window.count
      rows.append(Cell.cells("  … \(rest) more", .hint).fitting(columns: columns - 1))
    }
  }
}

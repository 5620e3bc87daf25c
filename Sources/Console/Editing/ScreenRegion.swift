/// The rows of the screen that the editor draws, and how they become others with few bytes. All movements are relative:
/// where on the screen the region begins is nobody's business.
package struct ScreenRegion {
  private var shown: [[Cell]] = []
  private var cursorRow = 0
  private var cursorColumn = 0
  /// The first row of the layout that is shown, where there are more than fit.
  package private(set) var top: Int
  private let showsColors: Bool
  private var output = ""
  private var style = Cell.Style.plain

  /// An empty region that begins at the line of the cursor.
  package init(showsColors: Bool, top: Int = 0) {
    self.showsColors = showsColors
    self.top = top
  }

  /// What makes the screen show a layout.
  package mutating func show(_ layout: EditorLayout, columns: Int, rows height: Int) -> String {
    let height = max(1, height)
    top = min(max(top, layout.cursorRow - height + 1), layout.cursorRow)
    top = max(0, min(top, layout.rows.count - height))
    let rows = Array(layout.rows[top..<min(layout.rows.count, top + height)])
    for (index, row) in rows.enumerated() { draw(row, at: index, columns: columns) }
    if shown.count > rows.count {
      move(to: rows.count, 0)
      output += "\u{1B}[J"
      shown.removeLast(shown.count - rows.count)
    }
    move(to: layout.cursorRow - top, layout.cursorColumn)
    return taken()
  }

  /// What leaves a layout on the screen, all of its rows, and the cursor behind its end.
  package mutating func leave(_ layout: EditorLayout, columns: Int, rows height: Int) -> String {
    var text = ""
    if layout.rows.count > height || top > 0 {
      move(to: 0, 0)
      output += "\u{1B}[J"
      shown = []
      top = 0
      for (index, row) in layout.rows.enumerated() { draw(row, at: index, columns: columns) }
      text = taken()
    } else {
      text = show(layout, columns: columns, rows: height)
    }
    move(to: shown.count - 1, shown.last?.columns ?? 0)
    text += taken()
    self = ScreenRegion(showsColors: showsColors)
    return text
  }

  /// What clears the region after the terminal has become wider or narrower. Terminals that are narrowed break the rows
  /// that no longer fit.
  package mutating func clearAfterResize(columns: Int) -> String {
    let columns = max(1, columns)
    func height(_ width: Int) -> Int { max(1, (width + columns - 1) / columns) }
    let above = shown.prefix(cursorRow).reduce(0) { $0 + height($1.columns) } + max(0, cursorColumn - 1) / columns
    let text = (above > 0 ? "\u{1B}[\(above)A" : "") + "\r\u{1B}[0m\u{1B}[J"
    self = ScreenRegion(showsColors: showsColors)
    return text
  }

  /// Forgets what is on the screen: something else has cleared it.
  package mutating func forget() { self = ScreenRegion(showsColors: showsColors) }

  private mutating func taken() -> String {
    setStyle(.plain)
    defer { output = "" }
    return output
  }

  private mutating func draw(_ row: [Cell], at index: Int, columns: Int) {
    let isNew = index >= shown.count
    let old = isNew ? [] : shown[index]
    let same = zip(row, old).prefix { $0 == $1 }.count
    if !isNew && same == row.count && same == old.count { return }
    let start = row[..<same].reduce(0) { $0 + $1.width }
    move(to: index, start)
    for cell in row[same...] {
      setStyle(cell.style)
      output.append(cell.character)
      cursorColumn += cell.width
    }
    // At the right edge there is nothing to erase, and erasing would take the last character.
    if !isNew && old.columns > cursorColumn && cursorColumn < columns {
      setStyle(.plain)
      output += "\u{1B}[K"
    }
    if isNew { shown.append(row) } else { shown[index] = row }
  }

  /// Moves the cursor; a row below the last one is made by a line break.
  private mutating func move(to row: Int, _ column: Int) {
    if row < cursorRow {
      output += "\u{1B}[\(cursorRow - row)A"
    } else if row > cursorRow {
      let existing = min(row, max(shown.count - 1, cursorRow))
      if existing > cursorRow { output += "\u{1B}[\(existing - cursorRow)B" }
      if row > existing {
        setStyle(.plain)
        output += String(repeating: "\r\n", count: row - existing)
        cursorColumn = 0
      }
    }
    cursorRow = row
    guard column != cursorColumn else { return }
    output += "\r"
    if column > 0 { output += "\u{1B}[\(column)C" }
    cursorColumn = column
  }

  private mutating func setStyle(_ wanted: Cell.Style) {
    let code = showsColors ? wanted.code : wanted.colorlessCode
    guard code != (showsColors ? style.code : style.colorlessCode) else { return }
    output += "\u{1B}[\(code)m"
    style = wanted
  }
}
